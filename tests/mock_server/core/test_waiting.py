"""Waiting, for so long at most or until the server ends."""

from __future__ import annotations

import asyncio
from typing import Any

from showpad_mock.core.waiting import Waiting

from ...harness.engines import PATIENCE


def test_who_begins_to_wait_after_the_end_waits_no_longer(runner: asyncio.Runner) -> None:
    async def wait(waiting: Waiting) -> None:
        async with asyncio.timeout(PATIENCE), waiting.at_most(2 * PATIENCE):
            await asyncio.Event().wait()

    waiting = Waiting()
    waiting.close()
    runner.run(wait(waiting))


def test_an_end_just_after_the_wait_disturbs_nobody(runner: asyncio.Runner) -> None:
    told: list[dict[str, Any]] = []

    async def wait(waiting: Waiting) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
        async with waiting.at_most(PATIENCE):
            waiting.close()
        await asyncio.sleep(0)
        asyncio.get_running_loop().set_exception_handler(None)

    runner.run(wait(Waiting()))
    assert told == []
