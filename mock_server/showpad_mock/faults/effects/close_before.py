"""Closed before the answer: the change is not made, and no byte comes."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...web.call import Call
from ..connection import LostAnswer
from .effect import Effect, Given


class CloseBeforeForm(TypedDict):
    """End the connection instead of making the change."""

    kind: Literal["close-before"]


def _act(call: Call, given: Given) -> None:  # noqa: ARG001 - the signature of every effect
    call.answer = LostAnswer(None)


CLOSE_BEFORE = Effect(kind="close-before", form=CloseBeforeForm, when="before", act=_act)
