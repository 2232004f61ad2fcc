"""Delay: fixed, and up to some jitter longer. It runs in real time, whatever the tenant's clock shows."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...web.call import Call
from ..connection import UnheardAnswer, until_gone
from .effect import Effect, Given, When

LONGEST = 60_000
Milliseconds = Annotated[int, Field(ge=0, le=LONGEST)]


class DelayForm(TypedDict):
    """Wait, before the change or behind it. It ends when the client leaves: before the change nothing is done then."""

    kind: Literal["delay"]
    milliseconds: NotRequired[Annotated[Milliseconds, Field(description="1,000 if left out")]]
    jitter: NotRequired[Annotated[Milliseconds, Field(description="up to so many milliseconds more, by chance")]]
    when: NotRequired[When]


def _act(call: Call, given: Given) -> Awaitable[None]:
    settings = given.settings
    milliseconds = settings.get("milliseconds", 1000) + settings.get("jitter", 0) * given.chance
    return _wait(call, given, min(milliseconds, LONGEST) / 1000)


async def _wait(call: Call, given: Given, seconds: float) -> None:
    async with given.waiting.at_most(seconds):
        await until_gone(call.scope, call.receive)
        # Not reached while the client waits. Nobody is there to be answered, and a change is not made for nobody.
        call.answer = UnheardAnswer(call.answer)


DELAY = Effect(kind="delay", form=DelayForm, when="before", act=_act)
