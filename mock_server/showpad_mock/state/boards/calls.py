"""Calls between two processes of one program, each of which answers the other's."""

from __future__ import annotations

import asyncio
import marshal
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from ..logs.protocol import Unavailable

NOT_READ = "the other process does not read what it is sent"
CALL, CANCEL, ANSWER, REFUSAL = range(4)

Method = Callable[..., Awaitable[Any]]


class Calls:
    """One end: `send` takes its messages, `receive` is given those of the other one. Used in one loop.

    While it `is_full`, since the other one does not read, nothing is asked, and answers are refusals. Arguments and
    values are what `marshal` takes, since only processes of one program read them.
    """

    def __init__(self, send: Callable[[bytes], object], is_full: Callable[[], bool] = lambda: False) -> None:
        self.methods: dict[str, Method] = {}
        """What the other end may call. They raise nothing but Unavailable."""
        self._send = send
        self._is_full = is_full
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._answering: dict[int, asyncio.Task[None]] = {}
        self._is_lost = False

    async def call(self, name: str, *arguments: Any) -> Any:
        """Return what the other end's method returns; raises Unavailable, as that does or because the end is gone."""
        if self._is_lost:
            raise _gone()
        if self._is_full():
            raise Unavailable(NOT_READ)
        number, answer = next(self._numbers), asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._send(marshal.dumps((CALL, number, name, arguments)))
        try:
            return await answer
        except asyncio.CancelledError:
            self._send(marshal.dumps((CANCEL, number)))
            raise
        finally:
            del self._waiting[number]

    def receive(self, message: bytes) -> None:
        """Take a message of the other end."""
        kind, number, *rest = marshal.loads(message)
        if kind == CALL:
            task = self._answering[number] = asyncio.get_running_loop().create_task(self._answer(number, *rest))
            task.add_done_callback(lambda _: self._answering.pop(number))
        elif kind == CANCEL:
            if number in self._answering:
                self._answering[number].cancel()
        elif number in self._waiting and not self._waiting[number].done():
            self._tell(self._waiting[number], kind, *rest)

    def lose(self) -> None:
        """Note that the other end is gone."""
        self._is_lost = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(_gone())
        for task in self._answering.values():
            task.cancel()

    def _tell(self, answer: asyncio.Future[Any], kind: int, value: Any) -> None:
        if kind == ANSWER:
            answer.set_result(value)
        else:
            answer.set_exception(Unavailable(value))

    async def _answer(self, number: int, name: str, arguments: tuple[Any, ...]) -> None:
        try:
            message = (ANSWER, number, await self.methods[name](*arguments))
        except Unavailable as error:
            message = (REFUSAL, number, str(error))
        if self._is_full():
            message = (REFUSAL, number, NOT_READ)
        self._send(marshal.dumps(message))


def _gone() -> Unavailable:
    return Unavailable("the other process is gone")
