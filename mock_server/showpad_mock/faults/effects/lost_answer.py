"""The change is made, its answer is lost: the connection ends without a byte of it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...web.call import Call
from ..connection import LostAnswer
from .effect import Effect, Given


class LostAnswerForm(TypedDict):
    """Make the change, then end the connection instead of answering."""

    kind: Literal["lost-answer"]


def _act(call: Call, given: Given) -> None:  # noqa: ARG001 - the signature of every effect
    call.answer = LostAnswer(call.answer)


LOST_ANSWER = Effect(kind="lost-answer", form=LostAnswerForm, when="after", act=_act)
