"""The store protocol, one suite for every backend: it behaves as a plain dict does, over a base that never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from showpad_mock.state.base import Base
from showpad_mock.state.memory import STALE_CAP, MemoryStore
from showpad_mock.state.store import TOP, Entry, Range, RecordType, Store, get_all, starting_with

BACKENDS: dict[str, Callable[[Base], Store]] = {"memory": MemoryStore}


@dataclass(frozen=True)
class Record:
    """A record with a unique name or none, a rank, and words, each of them an entry of an index."""

    key: str
    name: str | None = None
    rank: int = 0
    words: tuple[str, ...] = ()


def by_word(record: Record) -> Iterator[Entry]:
    return ((word, record.rank, record.key) for word in record.words)


THINGS: RecordType[Record] = RecordType(
    "things",
    Record,
    key=lambda record: record.key,
    unique={"name": lambda record: record.name},
    indexes={"rank": lambda record: [(record.rank, record.key)], "word": by_word},
)
OTHERS: RecordType[Record] = RecordType("others", Record, key=lambda record: record.key)

KEYS = st.sampled_from("abcdefgh")
NAMES = st.sampled_from(["n1", "n2", "n3", "n4"])
WORDS = st.sampled_from(["red", "green", "blue"])
RANKS = st.integers(0, 4)
RECORDS = st.builds(Record, key=KEYS, name=st.none() | NAMES, rank=RANKS, words=st.lists(WORDS, max_size=4).map(tuple))
RANGES = st.one_of(
    st.just(("rank", Range())),
    st.builds(lambda rank: ("rank", starting_with(rank)), RANKS),
    st.builds(lambda low, more: ("rank", Range((low,), (low + more,))), RANKS, RANKS),
    st.builds(lambda low, key: ("rank", Range((low, key), (TOP,))), RANKS, KEYS),
    st.just(("word", Range())),
    st.builds(lambda word: ("word", starting_with(word)), WORDS),
    st.builds(lambda word, rank: ("word", starting_with(word, rank)), WORDS, RANKS),
    st.builds(lambda word, rank: ("word", Range((word, rank), (word, TOP))), WORDS, RANKS),
)


def without_repeated_names(records: Iterable[Record]) -> dict[str, Record]:
    """Give the records by key, the names of those left out whose name is taken: the store trusts its caller in that."""
    kept: dict[str, Record] = {}
    for record in records:
        if record.name is None or record.name not in {one.name for one in kept.values() if one.key != record.key}:
            kept[record.key] = record
    return kept


def entries(records: Iterable[Record], index: str, within: Range) -> list[Entry]:
    """Give what an index holds within a range, found by looking at everything."""
    found = {entry for record in records for entry in THINGS.indexes[index](record)}
    return sorted(entry for entry in found if within.low <= entry < within.high)


class StoreMachine(RuleBasedStateMachine):
    """Does the same to a store and to a dict."""

    open_store: Callable[[Base], Store]

    @initialize(records=st.lists(RECORDS, max_size=6))
    def open(self, records: list[Record]) -> None:
        self.seeded = without_repeated_names(records)
        self.base = Base({THINGS: self.seeded.values()})
        self.store = self.open_store(self.base)
        self.model = dict(self.seeded)

    @rule(record=RECORDS)
    def put(self, record: Record) -> None:
        holders = {one.name for one in self.model.values() if one.key != record.key}
        if record.name is None or record.name not in holders:
            self.store.put(THINGS, record)
            self.model[record.key] = record

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        self.store.delete(THINGS, key)
        self.model.pop(key, None)

    @rule(asked=RANGES, skip=st.integers(0, 5), limit=st.none() | st.integers(0, 5))
    def scan(self, asked: tuple[str, Range], skip: int, limit: int | None) -> None:
        index, within = asked
        expected = [entry[-1] for entry in entries(self.model.values(), index, within)]
        found = list(self.store.scan(THINGS, index, within, skip=skip, limit=limit))
        assert found == expected[skip:][:limit]

    @rule(asked=RANGES)
    def count(self, asked: tuple[str, Range]) -> None:
        index, within = asked
        assert self.store.count(THINGS, index, within) == len(entries(self.model.values(), index, within))

    @rule(name=NAMES)
    def find(self, name: str) -> None:
        holder = next((record for record in self.model.values() if record.name == name), None)
        assert self.store.find(THINGS, "name", name) == holder

    @rule(key=KEYS)
    def get(self, key: str) -> None:
        assert self.store.get(THINGS, key) == self.model.get(key)

    @invariant()
    def all_is_what_the_dict_holds(self) -> None:
        found = list(self.store.all(THINGS))
        assert len(found) == len(self.model)
        assert {record.key: record for record in found} == self.model
        assert list(self.store.all(OTHERS)) == []

    @invariant()
    def the_base_never_changes(self) -> None:
        fresh = self.open_store(self.base)
        assert {record.key: record for record in fresh.all(THINGS)} == self.seeded

    def teardown(self) -> None:
        fresh = self.open_store(self.base)
        for index in THINGS.indexes:
            expected = [entry[-1] for entry in entries(self.seeded.values(), index, Range())]
            assert list(fresh.scan(THINGS, index)) == expected
        for record in self.seeded.values():
            if record.name is not None:
                assert fresh.find(THINGS, "name", record.name) == record


@pytest.fixture(params=BACKENDS)
def open_store(request: pytest.FixtureRequest) -> Callable[[Base], Store]:
    return BACKENDS[request.param]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_store_behaves_as_a_dict_does(backend: str) -> None:
    class Machine(StoreMachine):
        open_store = staticmethod(BACKENDS[backend])

    run_state_machine_as_test(Machine, settings=settings(max_examples=150, stateful_step_count=40, deadline=None))


SEEDED = [Record("a", "n1", 2, ("red", "blue")), Record("b", None, 1, ("red",)), Record("c", "n3", 3)]


def test_two_stores_over_a_base_do_not_meet(open_store: Callable[[Base], Store]) -> None:
    base = Base({THINGS: SEEDED})
    one, other = open_store(base), open_store(base)
    one.put(THINGS, Record("a", "n9", 7))
    one.delete(THINGS, "b")
    assert list(other.scan(THINGS, "rank")) == ["b", "a", "c"]
    assert other.find(THINGS, "name", "n1") == SEEDED[0]
    assert other.find(THINGS, "name", "n9") is None


def test_kinds_do_not_meet(open_store: Callable[[Base], Store]) -> None:
    store = open_store(Base({THINGS: SEEDED}))
    store.put(OTHERS, Record("a", "elsewhere"))
    store.delete(OTHERS, "b")
    assert store.get(THINGS, "a") == SEEDED[0]
    assert store.get(THINGS, "b") == SEEDED[1]


def test_a_name_may_move_to_another_record(open_store: Callable[[Base], Store]) -> None:
    store = open_store(Base({THINGS: SEEDED}))
    store.put(THINGS, Record("a"))
    store.put(THINGS, Record("b", "n1"))
    assert store.find(THINGS, "name", "n1") == Record("b", "n1")
    store.delete(THINGS, "b")
    assert store.find(THINGS, "name", "n1") is None


def test_a_deleted_record_may_come_back(open_store: Callable[[Base], Store]) -> None:
    store = open_store(Base({THINGS: SEEDED}))
    assert list(store.scan(THINGS, "word", starting_with("red"))) == ["b", "a"]
    store.delete(THINGS, "a")
    store.put(THINGS, SEEDED[0])
    assert list(store.scan(THINGS, "word", starting_with("red"))) == ["b", "a"]
    assert store.find(THINGS, "name", "n1") == SEEDED[0]


def test_an_entry_that_a_record_gives_twice_counts_once(open_store: Callable[[Base], Store]) -> None:
    store = open_store(Base())
    store.put(THINGS, Record("a", words=("red", "red")))
    assert store.count(THINGS, "word", starting_with("red")) == 1
    store.put(THINGS, Record("a"))
    assert list(store.scan(THINGS, "word")) == []


@pytest.mark.parametrize("key", ["", "zz", "\x00"])
def test_deleting_what_is_missing_changes_nothing(open_store: Callable[[Base], Store], key: str) -> None:
    store = open_store(Base({THINGS: SEEDED}))
    store.delete(THINGS, key)
    assert list(store.all(THINGS)) == SEEDED


def test_a_range_whose_end_comes_before_its_start_holds_nothing(open_store: Callable[[Base], Store]) -> None:
    store = open_store(Base({THINGS: SEEDED}))
    backwards = Range((3,), (1,))
    assert list(store.scan(THINGS, "rank", backwards)) == []
    assert store.count(THINGS, "rank", backwards) == 0


def ranked(rank: Callable[[Record], list[Entry]]) -> RecordType[Record]:
    return RecordType(
        "things",
        Record,
        key=lambda record: record.key,
        unique={"name": lambda record: record.name},
        indexes={"rank": rank},
    )


def test_a_fresh_store_over_a_base_copies_nothing(open_store: Callable[[Base], Store]) -> None:
    looked_at: list[str] = []

    def rank(record: Record) -> list[Entry]:
        looked_at.append(record.key)
        return [(record.rank, record.key)]

    kind = ranked(rank)
    records = [Record(f"k{number:05}", f"n{number}", number) for number in range(2000)]
    base = Base({kind: records})
    use_up(open_store(base), kind)
    assert len(looked_at) == 2000  # the base's index is built once, at its first use,
    for _ in range(100):
        use_up(open_store(base), kind)
    assert len(looked_at) == 2000  # and serves every store over it


def use_up(store: Store, kind: RecordType[Any]) -> None:
    assert list(store.scan(kind, "rank", skip=10, limit=2)) == ["k00010", "k00011"]
    assert store.count(kind, "rank") == 2000
    assert store.find(kind, "name", "n7") is store.get(kind, "k00007")


def test_a_write_looks_at_no_more_than_what_it_writes(open_store: Callable[[Base], Store]) -> None:
    looked_at: list[str] = []

    def rank(record: Record) -> list[Entry]:
        looked_at.append(record.key)
        return [(record.rank, record.key)]

    kind = ranked(rank)
    store = open_store(Base({kind: [Record(f"k{number:05}", rank=number) for number in range(2000)]}))
    assert store.count(kind, "rank") == 2000
    looked_at.clear()
    store.put(kind, Record("k00007", rank=-1))
    assert list(store.scan(kind, "rank", limit=2)) == ["k00007", "k00000"]
    assert set(looked_at) == {"k00007"}


@dataclass(frozen=True)
class Weighed:
    """A rank that counts how often it is compared."""

    rank: int
    compared: list[int]

    def __eq__(self, other: object) -> bool:
        self.compared.append(1)
        return isinstance(other, Weighed) and self.rank == other.rank

    def __lt__(self, other: object) -> bool:
        return self.rank < other.rank if isinstance(other, Weighed) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.rank)


@pytest.mark.parametrize("skip", [0, 1, 500, 1999, 2999, 3995])
def test_a_scan_walks_over_nothing_that_it_skips(open_store: Callable[[Base], Store], skip: int) -> None:
    compared: list[int] = []
    kind = ranked(lambda record: [(Weighed(record.rank, compared), record.key)])
    records = [Record(f"k{number:05}", rank=number * 2) for number in range(2000)]
    store = open_store(Base({kind: records}))
    for number in range(2000):
        store.put(kind, Record(f"o{number:05}", rank=number * 3))
    for number in range(0, 2000, 7):
        store.delete(kind, f"k{number:05}")
    expected = [record.key for record in sorted(store.all(kind), key=lambda record: (record.rank, record.key))]
    assert store.count(kind, "rank") == len(expected)
    compared.clear()
    assert list(store.scan(kind, "rank", skip=skip, limit=5)) == expected[skip : skip + 5]
    assert len(compared) < 1000


@pytest.mark.parametrize("seeded", [0, 10])
def test_an_index_holds_few_records_that_are_there_no_longer(seeded: int) -> None:
    store = MemoryStore(Base({THINGS: [Record(f"s{number}", rank=number) for number in range(seeded)]}))
    assert store.count(THINGS, "rank") == seeded
    for round_ in range(3):
        records = [Record(f"k{number}", rank=number + round_) for number in range(1000)]
        for record in records:
            store.put(THINGS, record)
        assert store.count(THINGS, "rank") == seeded + 1000
        for record in records:
            store.put(THINGS, Record(record.key, rank=-1))
            store.delete(THINGS, record.key)
        held = [held for held in store._tables["things"].indexes["rank"].pending.values() if isinstance(held, Record)]
        assert len(held) <= STALE_CAP
    assert list(store.scan(THINGS, "rank")) == [f"s{number}" for number in range(seeded)]


def test_an_index_holds_nothing_of_what_came_and_went() -> None:
    store = MemoryStore(Base())
    assert store.count(THINGS, "rank") == 0
    for number in range(1000):
        store.put(THINGS, Record(f"k{number}"))
        store.delete(THINGS, f"k{number}")
    assert store._tables["things"].indexes["rank"].pending == {}


def test_records_are_got_in_the_order_of_the_keys_that_were_scanned() -> None:
    store = MemoryStore(Base({}))
    for record in (Record("a", rank=2), Record("b", rank=1)):
        store.put(THINGS, record)
    assert [one.key for one in get_all(store, THINGS, store.scan(THINGS, "rank"))] == ["b", "a"]


def test_a_key_that_no_record_has_is_not_passed_over() -> None:
    with pytest.raises(AssertionError, match="things has no record a"):
        list(get_all(MemoryStore(Base({})), THINGS, ["a"]))
