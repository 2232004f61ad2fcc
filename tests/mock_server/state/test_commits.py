"""Committing to a log: what servers that share one see of each other, and what is taken back where one was slower."""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock.core.clock import Clock
from showpad_mock.core.refusals import Refusal
from showpad_mock.state.base import Base
from showpad_mock.state.commits import STATE_BUSY, STATE_UNAVAILABLE, Commits
from showpad_mock.state.logs.protocol import Unavailable
from showpad_mock.state.logs.sqlite import SqliteLog
from showpad_mock.state.snapshot import restore, take
from showpad_mock.state.store import RecordType
from showpad_mock.state.tenant import LOG_CAP, Seed
from showpad_mock.state.tenants import TENANTS_FULL, Tenants
from showpad_mock.state.unit import Unit

from ...harness.change_log import ListLog

R = TypeVar("R")


@dataclass(frozen=True)
class Thing:
    key: str
    name: str | None = None


THINGS: RecordType[Thing] = RecordType(
    "things",
    Thing,
    key=lambda thing: thing.key,
    unique={"name": lambda thing: thing.name},
    indexes={"key": lambda thing: [(thing.key,)]},
)
KINDS = (THINGS,)
SEEDED = (Thing("a", "first"), Thing("b"))


@dataclass
class Told:
    n: int

    def shown(self) -> dict[str, Any]:
        return {"n": self.n}


@dataclass
class Server:
    """One of several servers on a log."""

    log: ListLog
    seeded: tuple[Thing, ...] = SEEDED
    written_cap: int = 100
    copies: int | None = None
    tenants: Tenants = field(init=False)

    async def begin(self) -> Server:
        self.tenants = Tenants(Seed(Base({THINGS: self.seeded})), random_seed=0, written_cap=self.written_cap)
        await Commits(self.tenants, self.log, KINDS, copies=self.copies).begin()
        return self

    async def do(self, act: Callable[[Unit], R], name: str = "acme") -> R:
        def in_unit() -> R:
            with self.tenants.transaction(name) as unit:
                return act(unit)

        return await self.tenants.run(name, in_unit)

    async def keys(self, name: str = "acme") -> list[str]:
        return await self.do(lambda unit: list(unit.store.scan(THINGS, "key")), name)

    async def view(self, name: str = "acme") -> Any:
        return await self.do(view, name)


def view(unit: Unit) -> Any:
    """Everything that a tenant holds, by every way it tells it."""
    tenant, store = unit.tenant, unit.store
    return (
        sorted(store.all(THINGS), key=lambda thing: thing.key),
        list(store.scan(THINGS, "key")),
        [store.find(THINGS, "name", name) for name in NAMES],
        (tenant.clock, tenant.ids.stream, tenant.ids.position, tenant.written),
        {name: (log.dropped, log.read()) for name, log in sorted(tenant.logs.items())},
    )


NAMES = ("first", "x", "y")


def put(key: str, name: str | None = None) -> Callable[[Unit], None]:
    return lambda unit: unit.put(THINGS, Thing(key, name))


async def servers(count: int = 2, **options: Any) -> tuple[ListLog, list[Server]]:
    log = ListLog()
    return log, [await Server(log, **options).begin() for _ in range(count)]


def running(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run an async test."""

    @functools.wraps(test)
    def run() -> None:
        asyncio.run(test())

    del run.__wrapped__  # pytest would take the test for the async one
    return run


@running
async def test_what_one_server_does_the_others_see() -> None:
    _, (one, other) = await servers()
    assert await other.keys() == ["a", "b"]

    def change(unit: Unit) -> None:
        unit.put(THINGS, Thing(unit.ids.hex32(), "x"))
        unit.put(THINGS, Thing("a"))
        unit.delete(THINGS, "b")
        unit.record("outbox", Told(1))
        unit.set_clock(Clock(frozen=5))

    await one.do(change)
    assert await other.view() == await one.view()
    await other.do(put("c", "first"))
    assert await other.view() == await one.view()


@running
async def test_ids_go_on_where_another_server_was() -> None:
    _, (one, other) = await servers()
    drawn = [await server.do(put_drawn) for server in (one, other)]
    alone = Tenants(Seed(), random_seed=0).fresh("acme").ids
    assert drawn == [alone.hex32(), alone.hex32()]


def put_drawn(unit: Unit) -> str:
    key = unit.ids.hex32()
    unit.put(THINGS, Thing(key))
    return key


def if_free(server: Server, name: str) -> Coroutine[Any, Any, bool]:
    def act(unit: Unit) -> bool:
        if unit.store.find(THINGS, "name", name) is not None:
            return False
        unit.put(THINGS, Thing(unit.ids.hex32(), name))
        return True

    return server.do(act)


@running
async def test_of_all_who_want_a_name_at_once_one_gets_it() -> None:
    _, three = await servers(3)
    got = await asyncio.gather(*(if_free(three[number % 3], "x") for number in range(99)))
    assert got.count(True) == 1
    assert len({str(await server.view()) for server in three}) == 1


@running
async def test_nothing_is_lost_among_servers_that_write_at_once() -> None:
    _, three = await servers(3)
    await asyncio.gather(*(three[number % 3].do(put(f"k{number:03}")) for number in range(300)))
    for server in three:
        assert await server.keys() == ["a", "b", *(f"k{number:03}" for number in range(300))]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["put", "put", "put", "delete", "log", "clock", "draw", "reset", "drop", "refuse"]),
        st.sampled_from("abcd"),
        st.sampled_from([None, *NAMES]),
    ),
    max_size=30,
)


def act_of(step: tuple[int, str, str, str | None]) -> Callable[[Unit], None]:
    _, what, key, name = step

    def act(unit: Unit) -> None:
        holder = unit.store.find(THINGS, "name", name) if name is not None else None
        if what in ("put", "refuse") and (holder is None or holder.key == key):
            unit.put(THINGS, Thing(key, name))
        elif what == "delete":
            unit.delete(THINGS, key)
        elif what == "clock":
            unit.set_clock(Clock(frozen=ord(key)))
        if what in ("log", "refuse"):
            unit.put(THINGS, Thing(unit.ids.hex32()))
            for number in range(LOG_CAP // 2):
                unit.record("events", Told(number))
        if what == "refuse":
            raise TENANTS_FULL.error(cap=0)

    return act


async def do_step(server: Server, step: tuple[int, str, str, str | None]) -> None:
    if step[1] == "reset":
        await server.tenants.run("acme", lambda: server.tenants.reset("acme"))
    elif step[1] == "drop":
        await server.tenants.run("acme", lambda: server.tenants.delete("acme"))
    else:
        try:
            await server.do(act_of(step))
        except Refusal:
            assert step[1] == "refuse"


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, together=st.booleans())
def test_servers_on_one_log_agree_whatever_is_done_and_a_new_one_with_them(
    steps: list[tuple[int, str, str, str | None]], *, together: bool
) -> None:
    async def run() -> None:
        log, two = await servers()
        doing = [do_step(two[step[0]], step) for step in steps]
        if together:
            await asyncio.gather(*doing)
        else:
            for one in doing:
                await one
        views = [await server.view() for server in two]
        assert views[0] == views[1]
        assert await (await Server(log).begin()).view() == views[0]

    asyncio.run(run())


@running
async def test_what_another_server_was_faster_with_is_taken_back_whole() -> None:
    log, (one, other) = await servers()
    await one.do(put("c"))
    seen: list[Any] = []

    async def be_faster(call: str) -> None:
        if call == "append" and len(seen) == 1:
            log.before = lambda _: None
            await other.do(put("faster"))

    def change(unit: Unit) -> None:
        seen.append(view(unit)[3:])
        unit.put(THINGS, Thing(unit.ids.hex32()))
        unit.record("outbox", Told(1))

    log.before = be_faster
    await one.do(change)
    assert len(seen) == 2
    assert seen[0] == seen[1]  # clock, position and logs are those before the first try
    assert len(await one.keys()) == 5
    assert await one.view() == await other.view()


@running
async def test_who_is_always_slower_is_told_so_and_nothing_is_done() -> None:
    log, (one, other) = await servers()
    numbers = itertools.count()

    async def be_faster(call: str) -> None:
        log.before = lambda _: None
        if call == "append":
            await other.do(put(f"faster-{next(numbers)}"))
        log.before = be_faster

    log.before = be_faster
    with pytest.raises(Refusal) as refused:
        await one.do(put("c"))
    assert (refused.value.problem, dict(refused.value.headers)["Retry-After"]) == (STATE_BUSY, "1")
    log.before = lambda _: None
    assert "c" not in await one.keys()
    assert await one.view() == await other.view()


@pytest.mark.parametrize("is_there", [True, False])
def test_where_nobody_knows_whether_a_change_is_there_the_copy_is_right_afterwards(*, is_there: bool) -> None:
    async def run() -> None:
        log, (one, other) = await servers()
        await one.do(put("c"))

        def fail(call: str) -> None:
            if call == "append":
                raise Unavailable("the engine is away")

        log.before, log.after = (log.before, fail) if is_there else (fail, log.after)
        with pytest.raises(Refusal, match="the engine is away") as refused:
            await one.do(put("d"))
        assert refused.value.problem is STATE_UNAVAILABLE
        log.before = log.after = lambda _: None
        assert ("d" in await one.keys()) is is_there
        assert await one.view() == await other.view()

    asyncio.run(run())


@running
async def test_a_log_that_is_not_shared_is_asked_once_a_tenant() -> None:
    log = ListLog()
    log.is_shared = False
    one = await Server(log).begin()
    for number in range(5):
        await one.do(put(f"k{number}"))
        await one.keys()
    assert (log.calls["since"], log.calls["append"]) == (1, 5)


@running
async def test_requests_that_wait_together_share_a_catching_up_and_an_append() -> None:
    log, (one, _) = await servers()
    await asyncio.gather(*(one.do(put(f"k{number}")) for number in range(50)), *(one.keys() for _ in range(50)))
    assert (log.calls["since"], log.calls["append"]) == (2, 2)  # the first to come had nobody to wait with


@running
async def test_a_tenant_that_waits_for_the_log_holds_up_no_other() -> None:
    log, (one, _) = await servers()
    held, go_on = asyncio.Event(), asyncio.Event()

    async def hold(call: str) -> None:
        if call == "append":
            log.before = lambda _: None
            held.set()
            await go_on.wait()

    log.before = hold
    slow = asyncio.create_task(one.do(put("c")))
    await held.wait()
    assert await one.keys("other") == ["a", "b"]
    queued = asyncio.create_task(one.keys())
    await one.do(put("c"), "third")
    assert not slow.done()
    assert not queued.done()
    go_on.set()
    await slow
    assert await queued == ["a", "b", "c"]


@running
async def test_what_waits_for_the_commit_is_called_once_the_log_has_it_and_only_then() -> None:
    log, (one, other) = await servers()
    called: list[int] = []
    lost: list[None] = []

    async def be_faster(call: str) -> None:
        if call == "append" and not lost:
            lost.append(None)
            await other.do(put("faster"))

    def change(unit: Unit) -> None:
        unit.put(THINGS, Thing("c"))
        unit.after_commit(lambda: called.append(len(log.of["acme"].change_sets)))

    log.before = be_faster
    await one.do(change)
    assert called == [2]


def test_what_fails_after_the_commit_is_logged_and_whoever_asked_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    def change(unit: Unit) -> None:
        unit.put(THINGS, Thing("c"))
        unit.after_commit([].pop)

    @running
    async def ask() -> None:
        _, (one, other) = await servers()
        await asyncio.gather(one.do(change), one.do(put("d")))
        assert await other.keys() == ["a", "b", "c", "d"]

    ask()
    assert "IndexError" in caplog.text


@running
async def test_who_is_cancelled_while_waiting_is_left_out_and_the_others_are_answered() -> None:
    log, (one, _) = await servers()
    held, go_on = asyncio.Event(), asyncio.Event()

    async def hold(call: str) -> None:
        log.before = lambda _: None
        held.set()
        await go_on.wait()

    log.before = hold
    first = asyncio.create_task(one.do(put("c")))
    await held.wait()
    left, stays = asyncio.create_task(one.do(put("d"))), asyncio.create_task(one.do(put("e")))
    await asyncio.sleep(0)
    left.cancel()
    go_on.set()
    await asyncio.gather(first, stays)
    assert await one.keys() == ["a", "b", "c", "e"]


@running
async def test_when_the_one_that_does_it_for_all_is_cancelled_the_others_are_told() -> None:
    log, (one, other) = await servers()
    held = asyncio.Event()

    async def hold(call: str) -> None:
        if call == "append":
            log.before = lambda _: None
            held.set()
            await asyncio.Event().wait()

    log.before = hold
    both = [asyncio.create_task(one.do(put(key))) for key in "cd"]
    await held.wait()
    both[0].cancel()
    await one.do(put("e"))
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert await one.view() == await other.view()


@running
async def test_an_error_of_the_log_reaches_all_who_wait_and_leaves_nothing() -> None:
    log, (one, other) = await servers()

    def fail(call: str) -> None:
        if call == "append":
            raise ZeroDivisionError

    log.before = fail
    outcomes = await asyncio.gather(*(one.do(put(key)) for key in "cdef"), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ZeroDivisionError] * 4
    log.before = lambda _: None
    assert await one.view() == await other.view()
    assert await one.keys() == ["a", "b"]


@running
async def test_what_cannot_be_kept_is_not_shown() -> None:
    _, (one, _) = await servers()

    def change(unit: Unit) -> None:
        unit.record("outbox", Told(1))
        unit.put(THINGS, Thing("\ud800"))  # no UTF-8

    with pytest.raises(ValueError, match="surrogates"):
        await one.do(change)
    assert await one.keys() == ["a", "b"]
    assert await one.do(lambda unit: unit.tenant.logs) == {}


@running
async def test_a_long_log_is_stood_for_by_a_snapshot() -> None:
    log, (one, other) = await servers()
    name = "n" * 1000
    for number in range(300):
        await one.do(put(f"{name}{number % 3}"))
    assert 1 < log.calls["snapshot"] < 10
    assert log.of["acme"].snapshot_version > 200
    assert await (await Server(log).begin()).view() == await one.view() == await other.view()


@running
async def test_a_snapshot_that_the_log_does_not_take_is_not_tried_at_every_change() -> None:
    log, (one,) = await servers(1)

    def refuse(call: str) -> None:
        if call == "snapshot":
            raise Unavailable("is too large")

    log.before = refuse
    for number in range(1000):
        await one.do(put(f"{'n' * 1000}{number % 3}"))
    assert 1 < log.calls["snapshot"] < 10
    assert await (await Server(log).begin()).view() == await one.view()


@running
async def test_no_more_copies_are_kept_than_asked_for() -> None:
    _, (one, other) = await servers(copies=2)
    names = ["t0", "t1", "t2", "t3"]
    for name in names:
        await one.do(put("c"), name)
    assert [tenant.name for tenant in one.tenants.opened()] == ["t2", "t3"]
    assert list(await one.tenants.names()) == names
    for name in names:
        assert await one.keys(name) == await other.keys(name) == ["a", "b", "c"]


@running
async def test_a_copy_that_is_read_all_the_time_is_not_the_one_let_go_of() -> None:
    log, (one,) = await servers(1, copies=2)
    log.is_shared = False
    for name in ("t0", "t1", "t0", "t2"):
        await (one.do(put("c"), name) if name != "t0" or not log.of.get("t0") else one.keys(name))
    assert [tenant.name for tenant in one.tenants.opened()] == ["t0", "t2"]


@running
async def test_the_cap_holds_for_tenants_that_are_begun_at_once() -> None:
    _, (one,) = await servers(1, written_cap=3)
    outcomes = await asyncio.gather(*(one.do(put("c"), f"t{number}") for number in range(8)), return_exceptions=True)
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 5
    assert len(await one.tenants.names()) >= 3
    assert sum((await one.tenants.names()).values()) == 3


@running
async def test_a_tenant_keeps_the_seed_data_it_began_from() -> None:
    log, (one,) = await servers(1)
    await one.do(put("c"))
    other = await Server(log, seeded=(Thing("z"),)).begin()
    assert await other.keys() == ["a", "b", "c"]
    assert await other.keys("new") == ["z"]
    await other.do(put("d"))
    assert await one.keys() == ["a", "b", "c", "d"]


@running
async def test_a_restored_tenant_is_the_same_everywhere_and_goes_on() -> None:
    log, (one, other) = await servers()
    await one.do(put("c"))
    document = await one.do(lambda unit: take(unit.tenant, KINDS))
    restored = restore(other.tenants, "copy", document, KINDS)
    await other.tenants.run("copy", lambda: other.tenants.replace(restored))
    await one.do(put("d"), "copy")
    assert await one.keys("copy") == await other.keys("copy") == ["a", "b", "c", "d"]
    assert await (await Server(log).begin()).view("copy") == await one.view("copy")


@running
async def test_a_tenant_that_was_reset_elsewhere_is_fresh_here() -> None:
    _, (one, other) = await servers()
    await one.do(put("c"))
    assert await other.keys() == ["a", "b", "c"]
    await one.tenants.run("acme", lambda: one.tenants.reset("acme"))
    assert await other.keys() == ["a", "b"]
    await other.do(put("d"))
    assert await one.keys() == ["a", "b", "d"]


@running
async def test_the_cap_counts_what_other_servers_wrote_to() -> None:
    log, (one,) = await servers(1, written_cap=2)
    await one.do(put("c"), "t0")
    await one.do(put("c"), "t1")
    other = await Server(log, written_cap=2).begin()
    with pytest.raises(Refusal, match="2 tenants have been written to"):
        await other.do(put("c"), "t2")
    await other.do(put("d"), "t1")
    assert list(await other.tenants.names()) == ["t0", "t1", "t2"]


@pytest.mark.parametrize("is_forgotten", [False, True], ids=["nobody was forgotten", "somebody was"])
def test_what_others_write_to_is_counted_again(
    runner: asyncio.Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_forgotten: bool
) -> None:
    monkeypatch.setattr("showpad_mock.state.commits.COUNTED_AGAIN", 1)

    async def look() -> None:
        logs: list[Any] = [SqliteLog(tmp_path / "state", shared=True) for _ in range(2)]
        one, other = [await Server(log, written_cap=2).begin() for log in logs]
        if is_forgotten:
            await one.do(put("c"), "gone")
            await one.tenants.run("gone", lambda: one.tenants.delete("gone"))
            await logs[0].forget(most=0)
        await one.do(put("c"), "t0")
        await other.do(put("c"), "t1")
        with pytest.raises(Refusal, match="2 tenants have been written to"):
            await one.do(put("c"), "t2")
        for log in logs:
            await log.close()

    runner.run(look())


@running
async def test_what_is_kept_of_a_tenant_and_cannot_be_read_is_told_and_no_half_of_it_is_shown() -> None:
    log, (one, other) = await servers()
    await one.do(put("c"))
    good = log.of["acme"].change_sets[0]
    log.of["acme"].change_sets[0] = good._replace(body=good.body.replace(b'"c"', b"7"))
    for _ in range(2):
        with pytest.raises(Refusal, match='what is kept of tenant "acme" cannot be read'):
            await other.keys()
    log.of["acme"].change_sets[0] = good
    assert await other.keys() == ["a", "b", "c"]


@running
async def test_a_change_that_nothing_would_keep_is_an_error() -> None:
    _, (one, _) = await servers()
    with pytest.raises(RuntimeError, match=r"within Tenants\.run"), one.tenants.transaction("acme") as unit:
        unit.put(THINGS, Thing("c"))


@running
async def test_problems_have_ids_of_the_server_alone() -> None:
    _, two = await servers()
    drawn = [server.tenants.problem_id(server.tenants.peek(name)) for server in two for name in ("acme", "other")]
    assert len(set(drawn)) == 4
