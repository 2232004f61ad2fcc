"""Malformed JSON: the body lacks its last character. An answer without a body stays without."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...web.call import Call
from ..answers import rewrite
from .effect import Effect, Given


class MalformedJsonForm(TypedDict):
    """Make the change, answer with what is no JSON."""

    kind: Literal["malformed-json"]


def _act(call: Call, given: Given) -> None:  # noqa: ARG001 - the signature of every effect
    assert call.answer is not None
    if call.answer.body:
        rewrite(call.answer, call.answer.body.rstrip()[:-1])


MALFORMED_JSON = Effect(kind="malformed-json", form=MalformedJsonForm, when="after", act=_act)
