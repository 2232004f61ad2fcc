"""Marks in a log: which tenants something may be left to do for, as every server sees it."""

from __future__ import annotations

import asyncio
from typing import Any

from showpad_mock.state.marks import NAME, SNAPSHOT_BEHIND, Marks

from ...harness.change_log import ListLog


def test_each_server_sees_what_the_others_marked(runner: asyncio.Runner) -> None:
    log = ListLog()
    first, second = Marks(log, "first"), Marks(log, "second")
    runner.run(first.add("acme"))
    runner.run(second.add("other"))
    assert runner.run(first.names()) == runner.run(second.names()) == {"acme", "other"}
    runner.run(second.remove("acme"))
    assert runner.run(first.names()) == {"other"}


class SlowLog(ListLog):
    """Appends in a while."""

    async def append(self, *arguments: Any, **more: Any) -> bool:
        await asyncio.sleep(0)
        return await super().append(*arguments, **more)


def test_a_mark_that_is_taken_away_meanwhile_is_made_again(runner: asyncio.Runner) -> None:
    async def meanwhile() -> set[str]:
        marks = Marks(SlowLog(), "life")
        await marks.add("acme")
        removing = asyncio.create_task(marks.remove("acme"))
        await asyncio.sleep(0)
        await marks.add("acme")
        await removing
        return await marks.names()

    assert runner.run(meanwhile()) == {"acme"}


def test_both_may_mark_at_once(runner: asyncio.Runner) -> None:
    log = ListLog()
    first, second = Marks(log, "first"), Marks(log, "second")

    async def both() -> None:
        names = [f"t{number}" for number in range(20)]
        await asyncio.gather(*(marks.add(name) for name in names for marks in (first, second)))

    runner.run(both())
    assert len(runner.run(Marks(log, "third").names())) == 20


def test_what_is_marked_again_and_again_does_not_grow_the_log(runner: asyncio.Runner) -> None:
    log = ListLog()
    marks = Marks(log, "one")
    for number in range(SNAPSHOT_BEHIND + 1):
        runner.run(marks.add(f"t{number}"))
    calls = log.calls["append"]
    runner.run(marks.add("t0"))
    assert log.calls["append"] == calls
    assert log.of[NAME].snapshot_version == calls
    assert len(runner.run(Marks(log, "another").names())) == SNAPSHOT_BEHIND + 1
