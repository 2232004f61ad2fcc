"""Nothing: a turn in a sequence in which the call is answered as ever."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from ...web.call import Call
from .effect import Effect, Given


class NothingForm(TypedDict):
    """Let it pass."""

    kind: Literal["nothing"]


def _act(call: Call, given: Given) -> None:
    """Do nothing."""


NOTHING = Effect(kind="nothing", form=NothingForm, when="after", act=_act)
