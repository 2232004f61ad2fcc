"""The protocol of a log, one suite for every backend: it behaves as lists in a dict do, also when opened again."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from showpad_mock.state.logs.protocol import TAIL, ChangeLog, ChangeSet, News
from showpad_mock.state.logs.redis import RedisLog
from showpad_mock.state.logs.sqlite import SqliteLog

from ....harness.engines import Engines

OpenLog = Callable[[Path, Engines], ChangeLog]

BACKENDS: dict[str, OpenLog] = {
    "sqlite": lambda folder, _: SqliteLog(folder / "state"),
    "sqlite-full": lambda folder, _: SqliteLog(folder / "state", sync="full"),
    "sqlite-shared": lambda folder, _: SqliteLog(folder / "state", shared=True),
    "sqlite-shared-full": lambda folder, _: SqliteLog(folder / "state", shared=True, sync="full"),
    "redis": lambda folder, engines: RedisLog(engines.alone.url, prefix=f"{folder}:"),
    "redis-cluster": lambda folder, engines: RedisLog(engines.cluster.url, prefix=f"{folder}:"),
}
"""How each opens the log that belongs to a folder: the same folder again, the same log."""

SHARED = [name for name in BACKENDS if "shared" in name or "redis" in name]
"""Those that may be open twice at once."""

T = TypeVar("T")
Copy = tuple[bytes, ...]
"""What a copy of a tenant holds: the bodies since the tenant began, in order."""


class Do(Protocol):
    def __call__(self, coroutine: Coroutine[Any, Any, T], /) -> T: ...


@pytest.fixture(name="do")
def do_(runner: asyncio.Runner) -> Do:
    return runner.run


@pytest.fixture(name="open_log", params=BACKENDS)
def open_log_(request: pytest.FixtureRequest, tmp_path: Path, engines: Engines) -> Callable[[], ChangeLog]:
    return partial(BACKENDS[request.param], tmp_path, engines)


@pytest.fixture
def log(open_log: Callable[[], ChangeLog], do: Do) -> Iterator[ChangeLog]:
    log = open_log()
    yield log
    do(log.close())


@pytest.fixture(name="two", params=SHARED)
def two_(
    request: pytest.FixtureRequest, tmp_path: Path, do: Do, engines: Engines
) -> Iterator[tuple[ChangeLog, ChangeLog]]:
    """Two servers on one log."""
    one, other = (BACKENDS[request.param](tmp_path, engines) for _ in range(2))
    yield one, other
    do(one.close())
    do(other.close())


def sets(*texts: str) -> list[ChangeSet]:
    """Return change sets whose ids are their bodies."""
    return [ChangeSet(text, text.encode()) for text in texts]


def gone(id: str) -> list[ChangeSet]:
    return [ChangeSet(id, b"")]


def stored(copy: Copy) -> bytes:
    return json.dumps([body.decode() for body in copy]).encode()


def caught_up(copy: Copy, news: News) -> Copy:
    """Return what a copy is after the news; the empty body, of a snapshot too, lets the tenant begin again."""
    if news.snapshot is not None:
        copy = tuple(text.encode() for text in json.loads(news.snapshot or b"[]"))
    for body in news.change_sets:
        copy = (*copy, body) if body else ()
    return copy


async def read(log: ChangeLog, tenant: str = "ada") -> tuple[int, Copy]:
    """Return a tenant's version and what it holds, as a server finds it that has no copy."""
    news = await log.since(tenant, 0)
    return news.version + len(news.change_sets), caught_up((), news)


# A few bodies are longer than all others together, so that snapshots are smaller and larger than what they stand for.
BODIES = st.sampled_from(["a", "b" * 40, "c" * 5000])
TENANTS = st.sampled_from(["ada", "bob", "Zoë"])


class Batch(NamedTuple):
    expected: int
    change_sets: list[ChangeSet]


class LogMachine(RuleBasedStateMachine):
    """Does the same to a log and to lists of bodies in a dict."""

    open_log: Callable[[Path], ChangeLog]
    do: Do

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.log = self.open_log(Path(self.folder.name))
        self.bodies: dict[str, list[bytes]] = {"ada": [], "bob": [], "Zoë": []}
        self.batches: dict[str, list[Batch]] = {"ada": [], "bob": [], "Zoë": []}
        self.blobs: dict[str, bytes] = {}
        self.begun = 0
        self.ids = map("id{}".format, count())

    def at(self, tenant: str, version: int) -> Copy:
        bodies = self.bodies[tenant][:version]
        begin = max((number for number, body in enumerate(bodies, 1) if not body), default=0)
        return tuple(bodies[begin:])

    @rule(tenant=TENANTS, texts=st.lists(BODIES | st.just(""), min_size=1, max_size=3))
    def append(self, tenant: str, texts: list[str]) -> None:
        batch = Batch(len(self.bodies[tenant]), [ChangeSet(next(self.ids), text.encode()) for text in texts])
        assert self.do(self.log.append(tenant, *batch))
        self.bodies[tenant] += [body for _, body in batch.change_sets]
        if "" in texts:
            self.batches[tenant].clear()  # nothing of the tenant is left, and so not these ids
        self.batches[tenant].append(batch)

    @rule(tenant=TENANTS, off=st.sampled_from([-2, -1, 1, 2]), texts=st.lists(BODIES, min_size=1, max_size=2))
    def append_behind_a_version_that_is_not_the_last(self, tenant: str, off: int, texts: list[str]) -> None:
        change_sets = [ChangeSet(next(self.ids), text.encode()) for text in texts]
        assert not self.do(self.log.append(tenant, len(self.bodies[tenant]) + off, change_sets))

    @precondition(lambda self: any(self.batches.values()))
    @rule(data=st.data())
    def append_again(self, data: st.DataObject) -> None:
        tenant = data.draw(st.sampled_from([name for name, batches in self.batches.items() if batches]))
        expected, change_sets = data.draw(st.sampled_from(self.batches[tenant]))
        assert self.do(self.log.append(tenant, expected, change_sets))

    @precondition(lambda self: any(self.bodies.values()))
    @rule(data=st.data())
    def snapshot(self, data: st.DataObject) -> None:
        tenant = data.draw(st.sampled_from([name for name, bodies in self.bodies.items() if bodies]))
        version = data.draw(st.integers(1, len(self.bodies[tenant])))
        if copy := self.at(tenant, version):
            self.do(self.log.snapshot(tenant, version, stored(copy)))

    @rule(name=st.sampled_from(["x", "y"]))
    def keep(self, name: str) -> None:
        self.blobs[name] = name.encode() * 5000
        self.do(self.log.keep(name, self.blobs[name]))

    @precondition(lambda self: isinstance(self.log, SqliteLog))
    @rule()
    def forget(self) -> None:
        """Forget who is gone; then whoever is not there has as many versions as any of them had at most."""
        assert isinstance(self.log, SqliteLog)
        self.do(self.log.forget(most=0))
        there = {tenant for tenant, bodies in self.bodies.items() if self.at(tenant, len(bodies))}
        highest = max((len(self.bodies[tenant]) for tenant in self.bodies.keys() - there), default=0)
        for tenant in self.bodies.keys() - there:
            self.bodies[tenant] = [b""] * highest
            self.batches[tenant].clear()

    @rule()
    def begin(self) -> None:
        assert self.do(self.log.begin()) == self.begun
        self.begun += 1

    @rule()
    def open_again(self) -> None:
        self.do(self.log.close())
        self.log = self.open_log(Path(self.folder.name))

    @invariant()
    def what_is_kept_is_what_was_kept(self) -> None:
        assert {name: self.do(self.log.kept(name)) for name in "xy"} == {name: self.blobs.get(name) for name in "xy"}

    @invariant()
    def tenants_are_those_that_hold_something(self) -> None:
        there = [tenant for tenant, bodies in self.bodies.items() if self.at(tenant, len(bodies))]
        assert self.do(self.log.tenants()) == sorted(there)

    @invariant()
    def a_copy_of_any_version_is_caught_up(self) -> None:
        for tenant, bodies in self.bodies.items():
            for version in range(len(bodies) + 1):
                news = self.do(self.log.since(tenant, version))
                assert caught_up(self.at(tenant, version), news) == self.at(tenant, len(bodies))
                assert news.version + len(news.change_sets) == len(bodies)
                assert news.snapshot is not None or news.version == version

    def teardown(self) -> None:
        self.do(self.log.close())
        self.folder.cleanup()


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_log_behaves_as_lists_in_a_dict_do(
    backend: str, runner: asyncio.Runner, engines: Engines, tmp_path: Path
) -> None:
    # Here, and not in the machine: where the engine is not installed, the test is skipped.
    runner.run(BACKENDS[backend](tmp_path, engines).close())

    class Machine(LogMachine):
        open_log = staticmethod(lambda folder: BACKENDS[backend](folder, engines))
        do = staticmethod(runner.run)

    run_state_machine_as_test(Machine, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))


def test_a_tenant_nobody_has_written_to_is_of_version_0(log: ChangeLog, do: Do) -> None:
    assert do(read(log)) == (0, ())
    assert do(log.tenants()) == []


def test_versions_count_from_1_one_a_change_set(log: ChangeLog, do: Do) -> None:
    assert do(log.append("ada", 0, sets("a", "b")))
    assert do(log.append("ada", 2, sets("c")))
    assert do(log.since("ada", 1)) == News(1, None, [b"b", b"c"])


def test_a_copy_that_is_the_newest_lacks_nothing(log: ChangeLog, do: Do) -> None:
    do(log.append("ada", 0, sets("a")))
    for _ in range(3):
        version, snapshot, change_sets = do(log.since("ada", 1))
        assert (version, snapshot, list(change_sets)) == (1, None, [])


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_nothing_of_a_batch_is_appended_behind_another_version(log: ChangeLog, do: Do, expected: int) -> None:
    do(log.append("ada", 0, sets("a", "b")))
    assert not do(log.append("ada", expected, sets("x", "y")))
    assert do(read(log)) == (2, (b"a", b"b"))


def test_tenants_do_not_meet(log: ChangeLog, do: Do) -> None:
    assert do(log.append("bob", 0, [ChangeSet("1", b"b")]))
    assert do(log.append("ada", 0, [ChangeSet("2", b"a")]))
    assert do(log.tenants()) == ["ada", "bob"]
    assert do(read(log, "ada")) == (1, (b"a",))
    assert do(read(log, "bob")) == (1, (b"b",))


def test_bodies_are_bytes_of_any_kind(log: ChangeLog, do: Do) -> None:
    bodies = [bytes(range(256)), b"\x00", b"\xff" * 300_000]
    do(log.append("ada", 0, [ChangeSet(str(number), body) for number, body in enumerate(bodies)]))
    do(log.keep("hash", bodies[2]))
    assert do(log.since("ada", 0)).change_sets == bodies
    assert do(log.kept("hash")) == bodies[2]


def test_what_was_appended_already_is_not_appended_twice(log: ChangeLog, do: Do) -> None:
    do(log.append("ada", 0, sets("a", "b")))
    do(log.append("ada", 2, sets("c")))
    assert do(log.append("ada", 0, sets("a", "b")))
    assert do(read(log)) == (3, (b"a", b"b", b"c"))


def test_a_batch_of_which_a_part_is_there_is_not_appended(log: ChangeLog, do: Do) -> None:
    do(log.append("ada", 0, sets("a")))
    assert not do(log.append("ada", 0, sets("a", "b")))
    assert do(read(log)) == (1, (b"a",))


MANY = tuple(b"a%d" % number for number in range(TAIL + 50))
"""More than are kept behind a snapshot."""


@pytest.fixture
def long_log(log: ChangeLog, do: Do) -> ChangeLog:
    do(log.append("ada", 0, sets(*(body.decode() for body in MANY))))
    return log


def test_a_change_set_is_known_while_it_is_among_the_last(long_log: ChangeLog, do: Do) -> None:
    do(long_log.snapshot("ada", len(MANY), stored(MANY)))
    assert do(long_log.append("ada", 50, sets("a50")))
    assert not do(long_log.append("ada", 49, sets("unknown")))
    assert do(read(long_log)) == (len(MANY), MANY)


def test_a_snapshot_stands_for_what_came_before_it(long_log: ChangeLog, do: Do) -> None:
    do(long_log.snapshot("ada", TAIL + 40, stored(MANY[:140])))
    assert do(long_log.since("ada", 0)) == News(TAIL + 40, stored(MANY[:140]), list(MANY[140:]))
    assert do(long_log.since("ada", TAIL + 40)) == News(TAIL + 40, None, list(MANY[140:]))


def test_who_has_nothing_gets_the_snapshot_though_all_change_sets_are_there_still(log: ChangeLog, do: Do) -> None:
    do(log.append("ada", 0, sets("a", "b", "c")))
    do(log.snapshot("ada", 2, stored((b"a", b"b"))))
    assert do(log.since("ada", 0)) == News(2, stored((b"a", b"b")), [b"c"])


def test_an_older_snapshot_is_ignored(long_log: ChangeLog, do: Do) -> None:
    do(long_log.snapshot("ada", 140, stored(MANY[:140])))
    for older in (1, 20, 120):
        do(long_log.snapshot("ada", older, stored(MANY[:older])))
        assert do(long_log.since("ada", 0)).version == 140
        assert do(read(long_log)) == (len(MANY), MANY)


def test_a_later_snapshot_takes_the_place_of_the_former(long_log: ChangeLog, do: Do) -> None:
    for version in (20, 60, len(MANY)):
        do(long_log.snapshot("ada", version, stored(MANY[:version])))
        assert do(long_log.since("ada", 0)).version == version
        assert do(read(long_log)) == (len(MANY), MANY)


def test_a_tenant_that_is_gone_keeps_its_version(log: ChangeLog, do: Do) -> None:
    do(log.append("ada", 0, sets("a", "b")))
    do(log.snapshot("ada", 2, stored((b"a", b"b"))))
    assert do(log.append("ada", 2, gone("end")))
    assert do(log.tenants()) == []
    assert [do(read(log)), caught_up((b"a",), do(log.since("ada", 1)))] == [(3, ()), ()]
    assert not do(log.append("ada", 0, sets("c")))


def test_a_tenant_that_was_gone_begins_again(log: ChangeLog, do: Do) -> None:
    do(log.append("ada", 0, sets("a")))
    do(log.append("ada", 1, gone("end")))
    assert do(log.append("ada", 2, sets("c")))
    assert do(log.tenants()) == ["ada"]
    assert do(read(log)) == (3, (b"c",))


def test_a_snapshot_of_before_does_not_bring_back_who_is_gone(log: ChangeLog, do: Do) -> None:
    do(log.append("ada", 0, sets("a", "b")))
    do(log.append("ada", 2, gone("end")))
    do(log.snapshot("ada", 2, stored((b"a", b"b"))))
    assert do(log.tenants()) == []
    assert do(read(log)) == (3, ())


def test_a_deletion_is_known_by_its_id_too(log: ChangeLog, do: Do) -> None:
    batch = [*sets("a"), *gone("end"), *sets("b")]
    do(log.append("ada", 0, batch))
    assert do(log.append("ada", 0, batch))
    assert do(read(log)) == (3, (b"b",))


def test_a_server_is_counted_when_it_begins(open_log: Callable[[], ChangeLog], do: Do) -> None:
    begun = []
    for _ in range(3):
        log = open_log()
        begun.append(do(log.begin()))
        do(log.close())
    assert begun == [0, 1, 2]


def test_what_is_kept_first_stays(log: ChangeLog, do: Do) -> None:
    assert do(log.kept("hash")) is None
    do(log.keep("hash", b"first"))
    do(log.keep("hash", b"second"))
    assert do(log.kept("hash")) == b"first"


def test_everything_is_there_when_it_is_opened_again(open_log: Callable[[], ChangeLog], do: Do) -> None:
    log = open_log()
    do(log.append("ada", 0, sets("a", "b")))
    do(log.snapshot("ada", 1, stored((b"a",))))
    do(log.close())
    log = open_log()
    assert do(read(log)) == (2, (b"a", b"b"))
    assert do(log.append("ada", 0, sets("a", "b")))
    do(log.close())


@pytest.mark.parametrize("backend", BACKENDS)
def test_it_says_whether_others_may_append(backend: str, tmp_path: Path, do: Do, engines: Engines) -> None:
    log = BACKENDS[backend](tmp_path, engines)
    assert log.is_shared == (backend in SHARED)
    do(log.close())


def test_one_server_sees_what_the_other_appended(two: tuple[ChangeLog, ChangeLog], do: Do) -> None:
    for version in range(0, 6, 2):
        for one, other in (two, two[::-1]):
            assert do(one.since("ada", version)).change_sets in ([], ())
            assert do(other.append("ada", version, sets(f"a{version}")))
            assert do(one.since("ada", version)).change_sets == [b"a%d" % version]
            version += 1


def test_of_two_servers_that_expect_the_same_version_one_appends(two: tuple[ChangeLog, ChangeLog], do: Do) -> None:
    async def both() -> list[bool]:
        return await asyncio.gather(*(log.append("ada", 0, sets(str(side))) for side, log in enumerate(two)))

    assert sorted(do(both())) == [False, True]
    assert [do(read(log))[0] for log in two] == [1, 1]


def test_appends_of_many_tasks_come_one_after_the_other(two: tuple[ChangeLog, ChangeLog], do: Do) -> None:
    async def append(log: ChangeLog, id: str) -> None:
        while not await log.append("ada", (await read(log))[0], sets(id)):
            pass

    async def all_of_them() -> None:
        await asyncio.gather(*(append(log, f"{side}{number}") for number in range(20) for side, log in enumerate(two)))

    do(all_of_them())
    version, bodies = do(read(two[0]))
    assert version == 40
    assert {body.decode() for body in bodies} == {f"{side}{number}" for number in range(20) for side in range(2)}


def test_a_deletion_by_one_server_is_news_to_the_other(two: tuple[ChangeLog, ChangeLog], do: Do) -> None:
    one, other = two
    do(one.append("ada", 0, sets("a")))
    assert do(other.since("ada", 0)).change_sets == [b"a"]
    do(one.append("ada", 1, gone("end")))
    assert caught_up((b"a",), do(other.since("ada", 1))) == ()
    assert do(other.tenants()) == []


def test_servers_that_share_are_counted_together(two: tuple[ChangeLog, ChangeLog], do: Do) -> None:
    assert [do(log.begin()) for log in (*two, *two)] == [0, 1, 2, 3]
