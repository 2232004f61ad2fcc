"""Marks of tenants: there whenever something is pending, whoever is killed, and gone where nothing is."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from showpad_mock.state.commits import Commits
from showpad_mock.state.logs.protocol import ChangeLog, ChangeSet, News
from showpad_mock.state.logs.sqlite import SqliteLog
from showpad_mock.state.marks import NAME
from showpad_mock.state.snapshot import restore, take
from showpad_mock.state.tenant import Seed
from showpad_mock.state.tenants import Tenants
from showpad_mock.webhooks.protocol import Endpoint, Source
from showpad_mock.webhooks.queue import Outcome, enqueue, forget, open_queue
from showpad_mock.webhooks.records import RECORD_TYPES
from showpad_mock.webhooks.service import Deliveries, DeliveryOptions

from ...harness.change_log import ListLog, Versions
from ...harness.engines import PATIENCE

TOY = Source(
    types=("toy",), endpoint=lambda *_: Endpoint("toy", "POST", "", (), ()), signed=lambda *_: (), retry_after=()
)
TENANTS = ("ada", "bob")


class Server:
    """One of several servers on a log, which sweeps and delivers all the time; a look at its clock takes a second."""

    def __init__(self, log: ChangeLog) -> None:
        self.log = log
        self.tenants = Tenants(Seed(), random_seed=0)
        clock = partial(next, count(0, 1000))
        self.deliveries = Deliveries(self.tenants, {"toy": TOY}, DeliveryOptions(sweep=0), clock=clock)
        self.deliveries.send = self._send  # type: ignore[method-assign]  # in place of HTTP
        self.tenants.work = self.deliveries
        self.sent: list[str] = []

    async def _send(self, request: Any) -> Outcome:
        self.sent.append(json.loads(request.body)["id"])
        return Outcome(200)

    async def begin(self) -> Server:
        await Commits(self.tenants, self.log, RECORD_TYPES).begin()
        self.deliveries.begin()
        return self

    async def change(self, name: str, act: Callable[[Any], Any]) -> None:
        def within() -> None:
            with self.tenants.transaction(name) as unit:
                act(unit)

        await self.tenants.run(name, within)

    async def emit(self, name: str, event: str) -> None:
        await self.change(name, open_queue)
        await self.change(name, lambda unit: enqueue(unit, "toy", {"id": event, "type": "toy"}, ["s"]))

    async def delete(self, name: str) -> None:
        await self.tenants.run(name, lambda: self.tenants.delete(name))


def pending(bodies: Iterable[bytes]) -> set[str]:
    """Return what is pending of a tenant, as its log has it."""
    found: set[str] = set()
    for body in bodies:
        content = json.loads(body or b"{}")
        if not content or "tenant" in content:
            found.clear()
        content = content.get("change") or content.get("tenant") or {}
        found -= set(content.get("deleted", {}).get("webhookdeliveries", ()))
        for one in content.get("records", {}).get("webhookdeliveries", ()):
            (found.add if one["state"] == "PENDING" else found.discard)(one["id"])
    return found


def bodies(log: ListLog, name: str) -> list[bytes]:
    return [change_set.body for change_set in log.of.get(name, Versions()).change_sets]


def marks_in(bodies: Iterable[bytes]) -> set[str]:
    found: set[str] = set()
    for body in bodies:
        (found.add if body[:1] == b"+" else found.discard)(body[1:].decode())
    return found


def marked(log: ListLog) -> set[str]:
    return marks_in(bodies(log, NAME))


def unmarked(log: ListLog) -> set[str]:
    """Return the tenants that have something pending, and are not marked: who is killed now leaves them undone."""
    return {name for name in TENANTS if pending(bodies(log, name))} - marked(log)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():
            await asyncio.sleep(0)


async def use(server: Server, chance: Random, number: int, tenants: Sequence[str] = TENANTS) -> None:
    """Emit events and now and then delete a tenant."""
    for nth in range(8):
        await (server.emit(chance.choice(tenants), f"{number}.{nth}") if nth % 4 != 3 else server.delete("bob"))
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)


async def race(seed: int) -> None:
    """Let three servers that sweep all the time emit and delete; at each change of the log, look at the marks."""
    chance, log, wrong = Random(seed), ListLog(), set[str]()

    async def dawdle(_: str) -> None:
        for _nth in range(chance.randrange(4)):
            await asyncio.sleep(0)

    async def look(name: str) -> None:
        wrong.update(unmarked(log) if name == "append" else ())
        await dawdle(name)

    log.before, log.after = dawdle, look
    servers = [await Server(log).begin() for _ in range(3)]

    await asyncio.gather(*(use(server, chance, number) for number, server in enumerate(servers)))
    await until(lambda: not marked(log))
    assert wrong == set()
    assert not any(pending(bodies(log, name)) for name in TENANTS)
    for server in servers:
        await server.deliveries.end()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_pending_is_marked_at_any_time_and_nothing_else_for_long(runner: asyncio.Runner, seed: int) -> None:
    runner.run(race(seed))


class MortalLog(SqliteLog):
    """A file that servers share. The one with this end of it stands still at its last append: it was killed."""

    appends = 1_000_000
    is_last_one_there = False

    async def append(self, tenant: str, expected: int, change_sets: Sequence[ChangeSet]) -> bool:
        self.appends -= 1
        if self.appends > 0 or (self.appends == 0 and self.is_last_one_there):
            is_appended = await super().append(tenant, expected, change_sets)
            await asyncio.sleep(0)
        if self.appends <= 0:
            await asyncio.Event().wait()
        return is_appended

    async def since(self, tenant: str, version: int) -> News:
        await asyncio.sleep(0)
        return await super().since(tenant, version)


async def kill_one(file: Path, seed: int) -> None:
    """Let one of three servers on a file be killed; the others, of other tenants, deliver all that it has kept."""
    chance = Random(seed)
    logs = [MortalLog(file, shared=True) for _ in range(4)]
    servers = [await Server(log).begin() for log in logs[:3]]
    logs[0].appends, logs[0].is_last_one_there = chance.randrange(1, 20), bool(seed % 2)
    of = (("ada",), ("bob",), ("bob",))
    using = [asyncio.create_task(use(server, chance, nth, of[nth])) for nth, server in enumerate(servers)]
    await asyncio.gather(*using[1:])
    held: dict[str, Sequence[bytes]] = {}
    async with asyncio.timeout(PATIENCE):
        while not held or marks_in(held[NAME]) or pending(held["ada"]) or pending(held["bob"]):
            held = {name: (await logs[3].since(name, 0)).change_sets for name in (*TENANTS, NAME)}
    kept = {one["id"] for body in held["ada"] for one in json.loads(body)["change"]["records"].get("webhookevents", ())}
    assert kept - {id_ for server in servers for id_ in server.sent} == set()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    for log in logs:
        await log.close()


@pytest.mark.parametrize("seed", range(6))
def test_what_a_killed_server_has_left_in_a_file_the_others_deliver(
    runner: asyncio.Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("showpad_mock.state.commits.SNAPSHOT_FROM", 1_000_000)  # so that all is there to be read
    monkeypatch.setattr("showpad_mock.state.marks.SNAPSHOT_BEHIND", 1_000_000)
    runner.run(kill_one(tmp_path / "state", seed))


class CountingLog(ListLog):
    """Counts how often it was asked after each tenant."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    async def since(self, tenant: str, version: int) -> News:
        self.asked[tenant] += 1
        return await super().since(tenant, version)


def test_a_sweep_asks_for_no_tenant_that_has_nothing_pending(runner: asyncio.Runner) -> None:
    async def look() -> None:
        server = await Server(log := CountingLog()).begin()
        await server.emit("ada", "1")
        await until(lambda: bool(server.sent) and not marked(log))
        await server.deliveries.end()
        log.asked.clear()
        beginner = await Server(log).begin()
        await until(lambda: log.asked[NAME] > 4)
        assert set(log.asked) == {NAME}
        await beginner.deliveries.end()

    runner.run(look())


def test_a_subscription_alone_leaves_nothing_to_do(runner: asyncio.Runner) -> None:
    async def look() -> None:
        server = await Server(log := ListLog()).begin()
        await server.change("ada", open_queue)
        assert NAME not in log.of
        await server.deliveries.end()

    runner.run(look())


def test_what_a_restored_snapshot_has_pending_is_marked(runner: asyncio.Runner) -> None:
    async def look() -> None:
        before = Tenants(Seed(), random_seed=0)
        with before.transaction("ada") as unit:
            open_queue(unit)
            enqueue(unit, "toy", {"id": "1", "type": "toy"}, ["s"])
        document = take(before.open("ada"), RECORD_TYPES)
        server = await Server(log := ListLog()).begin()
        wrong: list[set[str]] = []
        log.after = lambda _: wrong.append(unmarked(log))
        restored = partial(restore, server.tenants, "ada", document, RECORD_TYPES)
        await server.tenants.run("ada", lambda: server.tenants.replace(restored()))
        await until(lambda: server.sent == ["1"] and not marked(log))
        assert not any(wrong)
        await server.deliveries.end()

    runner.run(look())


def test_a_mark_that_a_dead_server_left_is_taken_away(runner: asyncio.Runner) -> None:
    async def look() -> None:
        log = ListLog()
        dead = await Server(log).begin()
        await dead.deliveries.end()
        assert dead.tenants.commits is not None
        await dead.tenants.commits.marks.add("ada")
        living = await Server(log).begin()
        await until(lambda: not marked(log))
        await living.deliveries.end()

    runner.run(look())


class HeldLog(ListLog):
    """Holds up the first append for a tenant until it is let go."""

    def __init__(self, tenant: str) -> None:
        super().__init__()
        self.tenant: str | None = tenant
        self.let_go = asyncio.Event()

    async def append(self, tenant: str, *arguments: Any, **more: Any) -> bool:
        if tenant == self.tenant:
            self.tenant = None
            await self.let_go.wait()
        return await super().append(tenant, *arguments, **more)


def test_who_is_about_to_begin_a_tenant_marks_it_anew_where_the_mark_went_meanwhile(runner: asyncio.Runner) -> None:
    def begin(unit: Any) -> None:
        open_queue(unit)
        enqueue(unit, "toy", {"id": "1", "type": "toy"}, ["s"])

    async def look() -> None:
        log, wrong = HeldLog("bob"), list[set[str]]()
        slow, sweeping = [await Server(log).begin() for _ in range(2)]
        log.after = lambda _: wrong.append(unmarked(log))
        beginning = asyncio.create_task(slow.change("bob", begin))
        await until(lambda: marked(log) == {"bob"})
        await until(lambda: not marked(log))
        log.let_go.set()
        await beginning
        assert not any(wrong)
        for server in (slow, sweeping):
            await server.deliveries.end()

    runner.run(look())


def test_what_becomes_pending_together_with_the_version_that_had_nothing_keeps_its_mark(runner: asyncio.Runner) -> None:
    async def look() -> None:
        server = Server(log := HeldLog("nobody"))
        await Commits(server.tenants, log, RECORD_TYPES).begin()
        await server.emit("ada", "1")
        await server.change("ada", lambda unit: forget(unit, "1.s"))
        await server.deliveries.marking.sweep(())
        log.tenant = "ada"
        first = server.change("ada", lambda unit: unit.set_clock(unit.tenant.clock))
        emit = server.change("ada", lambda unit: enqueue(unit, "toy", {"id": "2", "type": "toy"}, ["s"]))
        waiting = (server.deliveries.marking.let_go("ada"), emit)
        asking = [asyncio.create_task(one) for one in (first, *waiting)]
        await until(lambda: log.tenant is None)
        log.let_go.set()
        await asyncio.gather(*asking)
        assert (pending(bodies(log, "ada")), marked(log)) == ({"2.s"}, {"ada"})

    runner.run(look())
