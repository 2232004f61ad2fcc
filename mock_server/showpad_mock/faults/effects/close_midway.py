"""Closed in the middle of the answer; the change is made."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...web.call import Call
from ..connection import HalfAnswer
from .effect import Effect, Given


class CloseMidwayForm(TypedDict):
    """Make the change, send half of the answer, end the connection."""

    kind: Literal["close-midway"]


def _act(call: Call, given: Given) -> None:  # noqa: ARG001 - the signature of every effect
    assert call.answer is not None
    call.answer = HalfAnswer(call.answer)


CLOSE_MIDWAY = Effect(kind="close-midway", form=CloseMidwayForm, when="after", act=_act)
