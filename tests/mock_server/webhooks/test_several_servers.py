"""Servers that share a log: one makes a delivery, another takes over what a dead one left."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from showpad_mock.state.logs.protocol import Unavailable
from showpad_mock.webhooks.claims import Turn, take
from showpad_mock.webhooks.service import DeliveryOptions, real_time

from ...harness.change_log import ListLog
from ...harness.receiver import HANG, Receiver
from ..control.caller import Caller

OPTIONS = DeliveryOptions(seconds=5, hold=1, sweep=0.05)
HOLD = 6_000
TRIES = 10_000


def server(runner: asyncio.Runner, log: ListLog) -> Caller:
    """A server on the log that delivers nothing yet: that begins with `begin`."""
    caller = Caller(runner, log=log, deliveries=OPTIONS)
    begin = caller.app.deliveries.begin
    caller.app.deliveries.begin = lambda: None  # type: ignore[method-assign]  # it may die before
    runner.run(caller.app.begin())
    caller.app.deliveries.begin = begin  # type: ignore[method-assign]
    return caller


async def received(receiver: Receiver, count: int) -> None:
    await asyncio.to_thread(receiver.wait, count)


def ids(receiver: Receiver) -> list[str]:
    return [json.loads(one.body)["id"] for one in receiver.received]


def delivering(runner: asyncio.Runner, callers: list[Caller], wait: Callable[[], Awaitable[None]]) -> None:
    """Let servers deliver until what is waited for has happened, then end them."""

    async def act() -> None:
        for caller in callers:
            caller.app.deliveries.begin()
        await wait()
        for caller in callers:
            await caller.app.end()

    runner.run(act())


def test_each_event_is_delivered_by_one_server_and_in_order(runner: asyncio.Runner) -> None:
    callers = [server(runner, log) for log in [ListLog()] for _ in range(3)]
    with Receiver() as receiver:
        callers[0].subscribe(url=receiver.url)
        titles = [callers[n % 3].create_space(title=f"{n}")["title"] for n in range(12)]
        delivering(runner, callers, partial(received, receiver, 12))
    told = [json.loads(one.body)["data"]["sharedSpace"]["name"] for one in receiver.received]
    assert told == titles


def test_what_a_dead_server_had_in_hand_another_one_delivers_with_the_same_id(runner: asyncio.Runner) -> None:
    log = ListLog()
    dead, living = server(runner, log), server(runner, log)
    with Receiver(HANG, 200) as receiver:
        dead.subscribe(url=receiver.url)
        dead.create_space()

        async def die() -> None:
            dead.app.deliveries.begin()
            await received(receiver, 1)
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        runner.run(die())
        living.app.deliveries.clock = lambda: real_time() + HOLD
        delivering(runner, [living], partial(received, receiver, 2))
        first, second = ids(receiver)
        assert first == second
        assert attempts(living) == [(200, "DELIVERED")]


def attempts(caller: Caller) -> list[tuple[Any, ...]]:
    shown = caller("GET", "tenants/acme/webhooks/attempts").json()["attempts"]
    return [(one["status"], one["state"]) for one in shown]


def test_what_another_server_has_in_hand_is_left_to_it(runner: asyncio.Runner) -> None:
    log = ListLog()
    slow, idle = server(runner, log), server(runner, log)

    def take_over() -> Turn:
        deliveries = idle.app.deliveries
        with idle.app.tenants.transaction("acme") as unit:
            return take(unit, deliveries.server({}), deliveries.sources, deliveries.limits())

    async def look() -> None:
        await received(receiver, 1)
        turn = await idle.app.tenants.run("acme", take_over)
        assert turn.jobs == []  # the second event neither: its turn is when the first is answered
        assert turn.wait is not None
        assert 0 < turn.wait <= HOLD

    with Receiver(HANG, 200) as receiver:
        slow.subscribe(url=receiver.url)
        slow.create_space()
        slow.create_space()
        delivering(runner, [slow], look)


def test_a_server_that_begins_goes_on_with_what_was_pending_before(runner: asyncio.Runner) -> None:
    log = ListLog()
    before = server(runner, log)
    with Receiver() as receiver:
        before.subscribe(url=receiver.url)
        before.create_space()
        before.create_space(tenant="other")
        after = server(runner, log)
        delivering(runner, [after], partial(received, receiver, 1))
    assert attempts(after) == [(200, "DELIVERED")]
    assert "_marked" not in runner.run(after.app.tenants.names())


@pytest.mark.parametrize("how", ["reset", "delete"])
def test_nothing_is_delivered_of_a_tenant_that_is_gone(runner: asyncio.Runner, how: str) -> None:
    caller = server(runner, ListLog())
    with Receiver() as receiver:
        caller.subscribe(url=receiver.url)
        caller.create_space()
        path = "tenants/acme/reset" if how == "reset" else "tenants/acme"
        assert caller("POST" if how == "reset" else "DELETE", path).status_code == 204

        async def marks() -> None:
            commits = caller.app.tenants.commits
            assert commits is not None
            for _ in range(TRIES):
                if not await commits.marks.names():
                    return
                await asyncio.sleep(0)
            raise AssertionError("it is marked still")

        delivering(runner, [caller], marks)
    assert receiver.received == []


def test_a_log_that_is_away_is_told_of_once_and_deliveries_are_made_when_it_is_back(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("showpad_mock.webhooks.service.PAUSE", 0.001)
    caller = server(runner, ListLog())
    run, tries = caller.app.tenants.run, itertools.count()

    async def away(name: str, act: Callable[[], Any]) -> Any:
        if next(tries) < 5:
            raise Unavailable("the engine cannot be reached")
        return await run(name, act)

    with Receiver() as receiver:
        caller.subscribe(url=receiver.url)
        caller.create_space()
        monkeypatch.setattr(caller.app.tenants, "run", away)
        delivering(runner, [caller], partial(received, receiver, 1))
    [line] = [one for one in caplog.records if "wait" in one.getMessage()]
    assert "the engine cannot be reached" in line.getMessage()
    assert not line.exc_info
