"""Calls between two processes, here between two ends in one loop."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from showpad_mock.state.boards.calls import Calls
from showpad_mock.state.logs.protocol import Unavailable

from ....harness.engines import PATIENCE


def two_ends() -> tuple[Calls, Calls]:
    one = Calls(lambda message: asyncio.get_running_loop().call_soon(other.receive, message))
    other = Calls(lambda message: asyncio.get_running_loop().call_soon(one.receive, message))
    return one, other


class Called:
    """A method that never returns, and notes what becomes of it."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.was_cancelled = asyncio.Event()

    async def __call__(self) -> None:
        self.began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_cancelled.set()
            raise


def in_time(coroutine: Any) -> Any:
    async def within() -> Any:
        async with asyncio.timeout(PATIENCE):
            return await coroutine

    return asyncio.run(within())


def test_who_no_longer_waits_ends_the_call_at_the_other_end() -> None:
    async def give_up() -> None:
        one, other = two_ends()
        other.methods["hang"] = called = Called()
        call = asyncio.create_task(one.call("hang"))
        await called.began.wait()
        call.cancel()
        await called.was_cancelled.wait()

    in_time(give_up())


def test_an_end_that_goes_refuses_who_waits_and_whoever_comes() -> None:
    async def lose() -> None:
        one, other = two_ends()
        other.methods["hang"] = called = Called()
        call = asyncio.create_task(one.call("hang"))
        await called.began.wait()
        one.lose()
        for waiting in (call, one.call("hang")):
            with pytest.raises(Unavailable, match="is gone"):
                await waiting

    in_time(lose())


def test_what_an_end_that_goes_had_asked_for_is_ended() -> None:
    async def lose() -> None:
        one, other = two_ends()
        other.methods["hang"] = called = Called()
        call = asyncio.create_task(one.call("hang"))
        await called.began.wait()
        other.lose()
        await called.was_cancelled.wait()
        call.cancel()

    in_time(lose())


def test_an_end_that_does_not_read_is_asked_nothing_and_answered_little() -> None:
    async def fill() -> None:
        full: set[str] = set()
        one = Calls(lambda message: asyncio.get_running_loop().call_soon(other.receive, message), lambda: "one" in full)
        other = Calls(lambda message: asyncio.get_running_loop().call_soon(one.receive, message))

        async def page() -> str:
            full.add("one")
            return "a long page"

        one.methods["page"] = page
        for asking in (other.call("page"), one.call("page")):
            with pytest.raises(Unavailable, match="does not read"):
                await asking

    in_time(fill())
