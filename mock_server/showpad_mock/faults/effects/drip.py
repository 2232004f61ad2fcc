"""Drip: the answer's body comes a few bytes at a time."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...core.waiting import Waiting
from ...web.call import Call, Send
from ...web.render import Answer
from ..connection import take_over, until_gone
from .delay import LONGEST
from .effect import Effect, Given


class DripForm(TypedDict):
    """Send so many bytes, wait so long, and so on; what is left after a minute is sent at once."""

    kind: Literal["drip"]
    bytes: NotRequired[Annotated[int, Field(ge=1, le=1_000_000, description="1 if left out")]]
    milliseconds: NotRequired[Annotated[int, Field(ge=1, le=LONGEST, description="10 if left out")]]


class _Dripping(Answer):
    __slots__ = ("_pause", "_size", "_waiting")

    def __init__(self, answer: Answer, given: Given) -> None:
        super().__init__(answer.status)
        take_over(self, answer)
        self._size: int = given.settings.get("bytes", 1)
        self._pause: float = given.settings.get("milliseconds", 10) / 1000
        self._waiting = given.waiting

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        gone = asyncio.ensure_future(until_gone(scope, receive))
        try:
            sent = await self._drip(send, gone, self._waiting)
        finally:
            gone.cancel()
        await send({"type": "http.response.body", "body": self.body[sent:]})

    async def _drip(self, send: Send, gone: asyncio.Future[None], waiting: Waiting) -> int:
        """Send piece by piece; return how much is sent when the client leaves, the server ends or the time is over."""
        sent = 0
        async with waiting.at_most(LONGEST / 1000):
            while sent + self._size < len(self.body) and not gone.done():
                await send(
                    {"type": "http.response.body", "body": self.body[sent : sent + self._size], "more_body": True}
                )
                sent += self._size
                await asyncio.wait([gone], timeout=self._pause)
        return sent


def _act(call: Call, given: Given) -> None:
    assert call.answer is not None
    call.answer = _Dripping(call.answer, given)


DRIP = Effect(kind="drip", form=DripForm, when="after", act=_act)
