"""The unit of work: all or nothing, logs at the end, and the cap on tenants that were written to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock.core.clock import Clock
from showpad_mock.core.refusals import Refusal
from showpad_mock.state.base import Base
from showpad_mock.state.store import RecordType
from showpad_mock.state.tenant import LOG_CAP, Log, Seed, Tenant, joined
from showpad_mock.state.tenants import TENANTS_FULL, Tenants
from showpad_mock.state.unit import Unit


@dataclass(frozen=True)
class Record:
    key: str
    name: str | None = None
    rank: int = 0


THINGS: RecordType[Record] = RecordType(
    "things",
    Record,
    key=lambda record: record.key,
    unique={"name": lambda record: record.name},
    indexes={"rank": lambda record: [(record.rank, record.key)]},
)
SEEDED = (Record("a", "first", 1), Record("b", None, 2))
View = tuple[list[Record], list[str], int, list[Record | None]]


@dataclass
class Told:
    """Something that happened."""

    n: int

    def shown(self) -> dict[str, Any]:
        return {"n": self.n}


class Broken(Exception):
    """What a unit of these tests fails with."""


@pytest.fixture
def tenants() -> Tenants:
    return new_tenants()


def new_tenants(*, written_cap: int = 100) -> Tenants:
    return Tenants(Seed(Base({THINGS: SEEDED})), random_seed=0, written_cap=written_cap)


def view(tenant: Tenant) -> View:
    """Give everything that a store tells, by every way it tells it."""
    store = tenant.store
    return (
        sorted(store.all(THINGS), key=lambda record: record.key),
        list(store.scan(THINGS, "rank")),
        store.count(THINGS, "rank"),
        [store.find(THINGS, "name", name) for name in ("first", "n-a", "n-b", "n-c", "n-d")],
    )


def write(tenants: Tenants, name: str = "acme", record: Record = Record("c")) -> None:
    with tenants.transaction(name) as unit:
        unit.put(THINGS, record)


def test_what_a_unit_changes_is_there_in_it_and_after_it(tenants: Tenants) -> None:
    tenant = tenants.open("acme")
    with tenants.transaction(tenant.name) as unit:
        unit.put(THINGS, Record("c", rank=0))
        unit.delete(THINGS, "b")
        assert list(unit.store.scan(THINGS, "rank")) == ["c", "a"]
    assert list(tenant.store.scan(THINGS, "rank")) == ["c", "a"]


def add(unit: Unit) -> None:
    unit.put(THINGS, Record("c", "n-c"))


def replace_seeded(unit: Unit) -> None:
    unit.put(THINGS, Record("a", "n-a", 9))


def replace_twice(unit: Unit) -> None:
    unit.put(THINGS, Record("a", "n-a", 9))
    unit.put(THINGS, Record("a", None, 8))


def delete_seeded(unit: Unit) -> None:
    unit.delete(THINGS, "a")


def add_and_delete(unit: Unit) -> None:
    unit.put(THINGS, Record("c"))
    unit.delete(THINGS, "c")


def delete_and_add(unit: Unit) -> None:
    unit.delete(THINGS, "a")
    unit.put(THINGS, Record("a", "n-a", 7))


def move_a_name(unit: Unit) -> None:
    unit.put(THINGS, Record("a"))
    unit.put(THINGS, Record("b", "first"))


CHANGES = [add, replace_seeded, replace_twice, delete_seeded, add_and_delete, delete_and_add, move_a_name]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("error", [Broken, Refusal(TENANTS_FULL, "x"), KeyboardInterrupt])
def test_a_unit_that_raises_takes_everything_back(
    tenants: Tenants, change: Callable[[Unit], None], error: BaseException | type[BaseException]
) -> None:
    tenant = tenants.open("acme")
    before = view(tenant)
    with pytest.raises((Broken, Refusal, KeyboardInterrupt)), tenants.transaction(tenant.name) as unit:
        change(unit)
        raise error
    assert view(tenant) == before


KEYS = st.sampled_from("abcd")
STEPS = st.lists(
    st.one_of(
        st.builds(lambda key: ("delete", Record(key)), KEYS),
        st.builds(lambda key, rank: ("put", Record(key, f"n-{key}", rank)), KEYS, st.integers(0, 3)),
        st.builds(lambda key, rank: ("put", Record(key, None, rank)), KEYS, st.integers(0, 3)),
    ),
    max_size=8,
)


def do(unit: Unit, steps: list[tuple[str, Record]]) -> None:
    for act, record in steps:
        if act == "put":
            unit.put(THINGS, record)
        else:
            unit.delete(THINGS, record.key)


@settings(max_examples=50, deadline=None)
@given(kept=STEPS, taken_back=STEPS)
def test_whatever_a_unit_did_is_taken_back_to_what_was_before(
    kept: list[tuple[str, Record]], taken_back: list[tuple[str, Record]]
) -> None:
    tenants = new_tenants()
    tenant = tenants.open("acme")
    with tenants.transaction(tenant.name) as unit:
        do(unit, kept)
    before = view(tenant)
    with pytest.raises(Broken), tenants.transaction(tenant.name) as unit:
        do(unit, taken_back)
        view(tenant)  # an index that was asked for in between must be taken back too
        raise Broken
    assert view(tenant) == before


def test_a_unit_logs_only_at_its_end(tenants: Tenants) -> None:
    tenant = tenants.open("acme")
    with tenants.transaction(tenant.name) as unit:
        unit.put(THINGS, Record("c"))
        unit.record("events", Told(1))
        unit.record("outbox", Told(3))
        unit.record("events", Told(2))
        assert tenant.log("events").read() == []
    assert tenant.log("events").read() == [{"n": 1}, {"n": 2}]
    assert tenant.log("outbox").read() == [{"n": 3}]


def test_a_unit_that_raises_logs_nothing(tenants: Tenants) -> None:
    tenant = tenants.open("acme")
    with pytest.raises(Broken), tenants.transaction(tenant.name) as unit:
        unit.put(THINGS, Record("c"))
        unit.record("events", Told(1))
        raise Broken
    assert tenant.log("events").read() == []


def test_a_unit_that_failed_does_not_hinder_the_next(tenants: Tenants) -> None:
    tenant = tenants.open("acme")
    with pytest.raises(Broken), tenants.transaction(tenant.name) as unit:
        unit.put(THINGS, Record("c", rank=5))
        raise Broken
    write(tenants, record=Record("c", rank=6))
    assert tenant.store.get(THINGS, "c") == Record("c", rank=6)


def test_a_unit_keeps_the_others_out_until_it_ends(tenants: Tenants) -> None:
    other = threading.Thread(target=write, args=(tenants, "acme", Record("late")))
    with tenants.transaction("acme") as unit:
        other.start()
        other.join(0.05)
        assert unit.store.get(THINGS, "late") is None
    other.join(5)
    assert tenants.open("acme").store.get(THINGS, "late") == Record("late")


def test_a_log_drops_the_oldest_and_counts_them() -> None:
    log = Log()
    for number in range(LOG_CAP + 3):
        log.add(Told(number))
    assert (len(log.read()), log.read()[0], log.dropped) == (LOG_CAP, {"n": 3}, 3)


def test_an_entry_of_a_log_is_shown_once_and_only_when_somebody_reads() -> None:
    shown = []

    class Counted(Told):
        def shown(self) -> dict[str, Any]:
            shown.append(self.n)
            return super().shown()

    log = Log()
    log.add(Counted(1))
    assert shown == []
    assert log.read() == log.read() == [{"n": 1}]
    assert shown == [1]


def test_a_tenant_too_many_is_refused_and_nothing_changed() -> None:
    tenants = new_tenants(written_cap=2)
    write(tenants, "one")
    write(tenants, "two")
    third = tenants.open("three")
    before = view(third)
    with pytest.raises(Refusal) as caught:
        write(tenants, "three")
    assert (caught.value.problem.status, caught.value.problem.type) == (503, "/mock-server/tenants-full")
    assert "2 tenants" in caught.value.detail
    assert (view(third), third.written, third.logs) == (before, False, {})


def test_a_delete_too_many_is_refused_and_nothing_changed() -> None:
    tenants = new_tenants(written_cap=0)
    tenant = tenants.open("acme")
    before = view(tenant)
    with pytest.raises(Refusal), tenants.transaction(tenant.name) as unit:
        unit.record("events", Told(1))
        unit.delete(THINGS, "a")
    assert (view(tenant), tenant.written, tenant.logs) == (before, False, {})


def test_reading_takes_no_place() -> None:
    tenants = new_tenants(written_cap=1)
    for number in range(50):
        with tenants.transaction(f"t{number}") as unit:
            assert unit.store.get(THINGS, "a") == SEEDED[0]
    write(tenants, "writer")
    assert [tenant.name for tenant in tenants.opened() if tenant.written] == ["writer"]


def test_tenants_that_were_written_to_may_be_written_again_at_the_cap() -> None:
    tenants = new_tenants(written_cap=1)
    write(tenants, "one")
    write(tenants, "one", Record("d"))
    assert tenants.open("one").store.get(THINGS, "d") == Record("d")


def test_a_deleted_tenant_makes_room() -> None:
    tenants = new_tenants(written_cap=1)
    write(tenants, "one")
    assert tenants.delete("one")
    write(tenants, "two")
    assert tenants.open("one").store.get(THINGS, "c") is None


def test_tenants_never_see_each_other(tenants: Tenants) -> None:
    write(tenants, "one")
    assert tenants.open("two").store.get(THINGS, "c") is None
    assert tenants.open("one").store.get(THINGS, "c") == Record("c")


def test_a_unit_for_which_there_is_no_room_moves_no_id() -> None:
    tenants = new_tenants(written_cap=0)
    full, empty = tenants.open("acme"), new_tenants().open("acme")
    with pytest.raises(Refusal), tenants.transaction("acme") as unit:
        unit.put(THINGS, Record(unit.ids.hex32()))
    assert full.ids.hex32() == empty.ids.hex32()


def test_a_unit_that_raises_takes_the_clocks_setting_back(tenants: Tenants) -> None:
    tenant = tenants.open("acme")
    with pytest.raises(Broken), tenants.transaction("acme") as unit:
        unit.set_clock(Clock(frozen=5))
        unit.set_clock(Clock(offset=7))
        raise Broken
    assert (tenant.clock.frozen, tenant.clock.offset) == (None, 0)


def test_what_waits_for_the_commit_is_called_once_others_may_work(tenants: Tenants) -> None:
    found: list[Record | None] = []

    def look() -> None:
        with tenants.transaction("acme") as unit:
            found.append(unit.store.get(THINGS, "c"))

    def look_elsewhere() -> None:
        other = threading.Thread(target=look)
        other.start()
        other.join(timeout=10)

    with tenants.transaction("acme") as unit:
        unit.after_commit(look_elsewhere)
        unit.put(THINGS, Record("c"))
        assert found == []
    assert found == [Record("c")]


def test_what_waits_for_the_commit_of_a_unit_that_raises_is_never_called(tenants: Tenants) -> None:
    called: list[str] = []
    with pytest.raises(Broken), tenants.transaction("acme") as unit:
        unit.after_commit(lambda: called.append("called"))
        raise Broken
    write(tenants)
    assert called == []


def test_what_fails_after_the_commit_is_logged_and_spoils_neither_the_unit_nor_what_else_waits(
    tenants: Tenants, caplog: pytest.LogCaptureFixture
) -> None:
    called: list[str] = []
    with tenants.transaction("acme") as unit:
        unit.after_commit(fail)
        unit.after_commit(lambda: called.append("called"))
        unit.put(THINGS, Record("c"))
    assert tenants.open("acme").store.get(THINGS, "c") == Record("c")
    assert called == ["called"]
    assert "acme" in caplog.text
    assert "Broken" in caplog.text


def fail() -> None:
    raise Broken


def test_a_unit_works_on_the_tenant_that_has_the_name_when_it_begins(tenants: Tenants) -> None:
    unit = tenants.transaction("acme")
    write(tenants)
    tenants.reset("acme")
    with unit:
        assert unit.tenant is tenants.open("acme")
        assert unit.store.get(THINGS, "c") is None


class LockAfterAnother:
    """The tenants' lock, of which another thread gets hold first, and opens the same tenant."""

    def __init__(self, tenants: Tenants) -> None:
        self._lock = tenants.lock
        self._other: threading.Thread | None = threading.Thread(target=tenants.open, args=("new",))

    def __enter__(self) -> None:
        other, self._other = self._other, None
        if other is not None:
            other.start()
            other.join(timeout=10)
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def test_two_threads_that_open_a_tenant_get_the_same(tenants: Tenants, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenants, "lock", LockAfterAnother(tenants))
    opened = tenants.open("new")
    assert tenants.opened() == [opened]
    assert tenants.open("new") is opened


def test_two_vendors_cannot_keep_records_of_one_name() -> None:
    with pytest.raises(ValueError, match="two vendors have record types named things"):
        joined([Seed(Base({THINGS: SEEDED})), Seed(Base({THINGS: []}))])
