"""Closed behind the answer, which did not say so: a pool of connections keeps one that is dead."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...web.call import Call
from ..connection import LastAnswer
from .effect import Effect, Given


class CloseAfterForm(TypedDict):
    """Answer as ever, then end the connection."""

    kind: Literal["close-after"]


def _act(call: Call, given: Given) -> None:  # noqa: ARG001 - the signature of every effect
    assert call.answer is not None
    call.answer = LastAnswer(call.answer)


CLOSE_AFTER = Effect(kind="close-after", form=CloseAfterForm, when="after", act=_act)
