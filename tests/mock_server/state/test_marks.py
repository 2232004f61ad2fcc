"""Marks in a log: which tenants something may be left to do for, as every server sees it."""

from __future__ import annotations

import asyncio
from typing import Any

from showpad_mock.state.logs.protocol import Unavailable
from showpad_mock.state.marks import NAME, SNAPSHOT_BEHIND, Marks

from ...harness.change_log import ListLog


async def unmark(marks: Marks, name: str) -> None:
    await marks.remove(name, (await marks.names())[name])


def test_each_server_sees_what_the_others_marked(runner: asyncio.Runner) -> None:
    log = ListLog()
    first, second = Marks(log, "first"), Marks(log, "second")
    runner.run(first.add("acme"))
    runner.run(second.add("other"))
    assert set(runner.run(first.names())) == set(runner.run(second.names())) == {"acme", "other"}
    runner.run(unmark(second, "acme"))
    assert set(runner.run(first.names())) == {"other"}


def test_a_mark_that_was_made_anew_is_not_taken_away(runner: asyncio.Runner) -> None:
    log = ListLog()
    first, second = Marks(log, "first"), Marks(log, "second")

    async def meanwhile() -> None:
        await first.add("acme")
        made_at = (await second.names())["acme"]
        await first.add("acme")
        await second.remove("acme", made_at)

    runner.run(meanwhile())
    assert set(runner.run(first.names())) == {"acme"}


class SlowLog(ListLog):
    """Appends in a while."""

    async def append(self, *arguments: Any, **more: Any) -> bool:
        await asyncio.sleep(0)
        return await super().append(*arguments, **more)


def test_a_mark_that_is_taken_away_meanwhile_is_made_again(runner: asyncio.Runner) -> None:
    async def meanwhile() -> dict[str, int]:
        marks = Marks(SlowLog(), "life")
        await marks.add("acme")
        removing = asyncio.create_task(unmark(marks, "acme"))
        await asyncio.sleep(0)
        await marks.add("acme")
        await removing
        return await marks.names()

    assert set(runner.run(meanwhile())) == {"acme"}


def test_both_may_mark_at_once(runner: asyncio.Runner) -> None:
    log = ListLog()
    first, second = Marks(log, "first"), Marks(log, "second")

    async def both() -> None:
        names = [f"t{number}" for number in range(20)]
        await asyncio.gather(*(marks.add(name) for name in names for marks in (first, second)))

    runner.run(both())
    assert len(runner.run(Marks(log, "third").names())) == 20


def test_what_waits_together_is_kept_together(runner: asyncio.Runner) -> None:
    log = ListLog()
    marks = Marks(log, "one")

    async def many() -> None:
        await asyncio.gather(*(marks.add(f"t{number}") for number in range(20)))

    runner.run(many())
    assert log.calls["append"] == 2
    assert len(runner.run(Marks(log, "another").names())) == 20


def test_who_waits_beside_one_that_fails_tries_again(runner: asyncio.Runner) -> None:
    log = ListLog()
    marks = Marks(log, "one")
    failures = iter([Unavailable("away")])

    async def fail_once(name: str) -> None:
        if name == "append" and (failure := next(failures, None)) is not None:
            raise failure

    async def many() -> list[BaseException | None]:
        log.before = fail_once
        return await asyncio.gather(*(marks.add(f"t{number}") for number in range(3)), return_exceptions=True)

    assert [type(one) for one in runner.run(many())] == [Unavailable, type(None), type(None)]
    assert set(runner.run(Marks(log, "another").names())) == {"t1", "t2"}


def test_what_is_marked_again_and_again_does_not_grow_the_log(runner: asyncio.Runner) -> None:
    log = ListLog()
    marks = Marks(log, "one")
    for number in range(SNAPSHOT_BEHIND + 1):
        runner.run(marks.add(f"t{number % 7}"))
    assert log.of[NAME].snapshot_version == log.calls["append"]
    assert len(runner.run(Marks(log, "another").names())) == 7


def test_a_mark_is_kept_whether_or_not_a_snapshot_is(runner: asyncio.Runner) -> None:
    log = ListLog()
    marks = Marks(log, "one")

    async def refuse(name: str) -> None:
        if name == "snapshot":
            raise Unavailable("too large")

    log.before = refuse
    for number in range(2 * SNAPSHOT_BEHIND):
        runner.run(marks.add(f"t{number % 7}"))
    assert log.calls["snapshot"] == 1
    assert len(runner.run(Marks(log, "another").names())) == 7
