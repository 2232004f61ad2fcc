"""Reset (RST), before the change or behind it."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from ...web.call import Call
from ...web.transports import reset
from ..connection import LostAnswer
from .effect import Effect, Given, When


class ResetForm(TypedDict):
    """Reset the connection instead of answering; `after` the change that is made."""

    kind: Literal["reset"]
    when: NotRequired[When]


def _act(call: Call, given: Given) -> None:  # noqa: ARG001 - the signature of every effect
    call.answer = LostAnswer(call.answer, reset)


RESET = Effect(kind="reset", form=ResetForm, when="before", act=_act)
