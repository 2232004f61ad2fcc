"""The narrow protocol through which every domain reads and writes; no word of any domain in it.

A `RecordType` names a type of record and how it may be found: by its key, by a unique value, or along an ordered index.
An index is a function from a record to its entries: tuples that sort as the index does and end with the record's key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

R = TypeVar("R")
Entry = tuple[Any, ...]


# Entries mix numbers and text, so that no value of a type of its own could end every range.
class _Top:
    """Sorts after everything but itself: the open end of a range."""

    def __lt__(self, other: object) -> bool:
        return False

    def __le__(self, other: object) -> bool:
        return self is other

    def __gt__(self, other: object) -> bool:
        return self is not other

    def __ge__(self, other: object) -> bool:
        return True


TOP = _Top()


class Range(NamedTuple):
    """The entries from `low` up to `high`, which itself is not one."""

    low: Entry = ()
    high: Entry = (TOP,)


def starting_with(*prefix: Any) -> Range:
    """Return the range of all entries that start with `prefix`."""
    return Range(prefix, (*prefix, TOP))


@dataclass(frozen=True, eq=False, slots=True)
class RecordType(Generic[R]):
    """A type of record: its name, its type, its key, its unique values, its ordered indexes.

    `inconsistencies` names, in phrases, what the vendor's code relies on and a restored snapshot lacks. `upgrade` adds
    to a record, as JSON, what a snapshot of an older version lacks; it gets the version and all records by type.
    `parts` names records that one of an older version held in itself: a change of that version tells no more of them.
    """

    name: str
    type: type[R]
    key: Callable[[R], str]
    unique: Mapping[str, Callable[[R], str | None]] = field(default_factory=dict)
    indexes: Mapping[str, Callable[[R], Iterable[Entry]]] = field(default_factory=dict)
    inconsistencies: Callable[[Store], Iterable[str]] = lambda _: ()
    upgrade: Callable[[dict[str, Any], int, Mapping[str, Any]], None] = lambda _record, _version, _records: None
    parts: Callable[[Store, R], Iterable[tuple[RecordType[Any], str]]] = lambda _store, _record: ()


EVERYTHING = Range()


class Store(Protocol):
    """Records by type and key. Records are never changed, only replaced."""

    def get(self, record_type: RecordType[R], key: str) -> R | None:
        """Return the record with that key."""

    def find(self, record_type: RecordType[R], unique: str, value: str) -> R | None:
        """Return the record whose unique value that is."""

    def put(self, record_type: RecordType[R], record: R) -> R | None:
        """Add the record, or replace the one with its key; returns what was there."""

    def delete(self, record_type: RecordType[R], key: str) -> R | None:
        """Delete the record with that key and return it; None where there is none."""

    def scan(
        self,
        record_type: RecordType[R],
        index: str,
        within: Range = EVERYTHING,
        *,
        skip: int = 0,
        limit: int | None = None,
    ) -> Iterator[str]:
        """Return the keys of the index's entries in order."""

    def count(self, record_type: RecordType[R], index: str, within: Range = EVERYTHING) -> int:
        """Count the index's entries in that range."""

    def all(self, record_type: RecordType[R]) -> Iterator[R]:
        """Return every record of the type, in no stated order."""


def get_all(store: Store, record_type: RecordType[R], keys: Iterable[str]) -> Iterator[R]:
    """Return the records with those keys, which were scanned and are there as long as nothing is deleted meanwhile."""
    for key in keys:
        found = store.get(record_type, key)
        assert found is not None, f"{record_type.name} has no record {key}"
        yield found
