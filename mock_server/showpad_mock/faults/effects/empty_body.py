"""An empty body, where one was to come; status and content type are as ever."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...web.call import Call
from ..answers import rewrite
from .effect import Effect, Given


class EmptyBodyForm(TypedDict):
    """Make the change, answer without the body."""

    kind: Literal["empty-body"]


def _act(call: Call, given: Given) -> None:  # noqa: ARG001 - the signature of every effect
    assert call.answer is not None
    if call.answer.body:
        rewrite(call.answer, b"")


EMPTY_BODY = Effect(kind="empty-body", form=EmptyBodyForm, when="after", act=_act)
