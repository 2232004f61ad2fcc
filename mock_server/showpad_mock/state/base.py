"""The base: seed records that all tenants share and nobody writes to, with their indexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from sortedcontainers import SortedList

from .store import Entry, Range, RecordType

R = TypeVar("R")


def entries_of(record_type: RecordType[R], index: str, records: Iterable[R]) -> Iterator[Entry]:
    """Return the index's entries of the records, each once."""
    entries = record_type.indexes[index]
    for record in records:
        # A record may name a value twice (two participants with one e-mail): it is counted once.
        yield from dict.fromkeys(entries(record))


def count_within(entries: SortedList[Entry], within: Range) -> int:
    """Count by two searches, not by walking."""
    # A range whose end lies before its start holds nothing.
    return max(0, entries.bisect_left(within.high) - entries.bisect_left(within.low))


def walk(entries: SortedList[Entry], within: Range, skip: int = 0, limit: int | None = None) -> Iterator[Entry]:
    """Return the entries of a range from the `skip`th on."""
    start = entries.bisect_left(within.low) + skip
    stop = entries.bisect_left(within.high)
    if limit is not None:
        stop = min(stop, start + limit)
    return entries.islice(start, stop) if start < stop else iter(())


class Base:
    """Records that many tenants share; what is found out about them once is known to all."""

    def __init__(self, records: Mapping[RecordType[Any], Iterable[Any]] | None = None) -> None:
        self.records: dict[str, dict[str, Any]] = {
            record_type.name: {record_type.key(record): record for record in some}
            for record_type, some in (records or {}).items()
        }
        self._indexes: dict[tuple[str, str], SortedList[Entry]] = {}
        self._unique: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, record_type: RecordType[R]) -> dict[str, R]:
        """Return the base's records of a type by key."""
        return self.records.get(record_type.name, {})

    def index(self, record_type: RecordType[R], index: str) -> SortedList[Entry]:
        """Return the ordered entries of an index, built once."""
        known = self._indexes.get((record_type.name, index))
        if known is None:
            known = SortedList(entries_of(record_type, index, self.of(record_type).values()))
            self._indexes[record_type.name, index] = known
        return known

    def holder(self, record_type: RecordType[R], unique: str, value: str) -> str | None:
        """Return the key of the record whose unique value that is."""
        holders = self._unique.get((record_type.name, unique))
        if holders is None:
            value_of = record_type.unique[unique]
            holders = {
                held: key for key, record in self.of(record_type).items() if (held := value_of(record)) is not None
            }
            self._unique[record_type.name, unique] = holders
        return holders.get(value)
