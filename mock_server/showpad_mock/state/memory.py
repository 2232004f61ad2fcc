"""The store in memory: a tenant's own records over a base that all tenants share and nobody writes to.

Indexes are built when they are first asked for, and caught up with the changes since when they are asked again.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from sortedcontainers import SortedList

from .store import EVERYTHING, Entry, Kind, Range

R = TypeVar("R")

STALE_CAP = 100


def entries_of(kind: Kind[R], index: str, records: Iterable[R]) -> Iterator[Entry]:
    """Give the index's entries of the records, each once."""
    entries = kind.indexes[index]
    for record in records:
        yield from dict.fromkeys(entries(record))


def count_within(entries: SortedList[Entry], within: Range) -> int:
    """Count by two searches, not by walking."""
    return max(0, entries.bisect_left(within.high) - entries.bisect_left(within.low))


def walk(entries: SortedList[Entry], within: Range, skip: int = 0, limit: int | None = None) -> Iterator[Entry]:
    """Give the entries of a range from the `skip`th on."""
    start = entries.bisect_left(within.low) + skip
    stop = entries.bisect_left(within.high)
    if limit is not None:
        stop = min(stop, start + limit)
    return entries.islice(start, stop) if start < stop else iter(())


class Base:
    """Records that many tenants share; what is found out about them once is known to all."""

    def __init__(self, records: Mapping[Kind[Any], Iterable[Any]] | None = None) -> None:
        self.records: dict[str, dict[str, Any]] = {
            kind.name: {kind.key(record): record for record in some} for kind, some in (records or {}).items()
        }
        self._indexes: dict[tuple[str, str], SortedList[Entry]] = {}
        self._unique: dict[tuple[str, str], dict[str, str]] = {}

    def of(self, kind: Kind[R]) -> dict[str, R]:
        """Give the base's records of a kind by key."""
        return self.records.get(kind.name, {})

    def index(self, kind: Kind[R], index: str) -> SortedList[Entry]:
        """Give the ordered entries of an index, built once."""
        known = self._indexes.get((kind.name, index))
        if known is None:
            known = SortedList(entries_of(kind, index, self.of(kind).values()))
            self._indexes[kind.name, index] = known
        return known

    def holder(self, kind: Kind[R], unique: str, value: str) -> str | None:
        """Give the key of the record whose unique value that is."""
        holders = self._unique.get((kind.name, unique))
        if holders is None:
            value_of = kind.unique[unique]
            holders = {held: key for key, record in self.of(kind).items() if (held := value_of(record)) is not None}
            self._unique[kind.name, unique] = holders
        return holders.get(value)


class _OverlayIndex:
    """An index over base and own records: the base's entries, less those hidden, and those added."""

    __slots__ = ("added", "base", "hidden", "pending", "stale")

    def __init__(self, base: SortedList[Entry]) -> None:
        self.base = base
        self.added: SortedList[Entry] = SortedList()
        self.hidden: SortedList[Entry] = SortedList()
        # Key -> the own record that the index still shows: None for one that was deleted, ... for none as yet.
        self.pending: dict[str, Any] = {}
        self.stale = 0
        """How many records are pending that are there no longer, and are kept for this index alone."""

    def note(self, key: str, before: Any, *, is_gone: bool) -> None:
        """Note that the record with that key was replaced, or is gone and was the tenant's own."""
        if key not in self.pending:
            self.pending[key] = before
            self.stale += before is not ... and before is not None
        elif is_gone and self.pending[key] is ...:
            del self.pending[key]  # the index never showed it

    def count(self, within: Range) -> int:
        shown = count_within(self.base, within) if self.base else 0
        return shown + count_within(self.added, within) - count_within(self.hidden, within)

    def merged(self, within: Range, skip: int) -> Iterator[Entry]:
        """Give the entries of a range from the `skip`th on, base and added in order; none of those before is walked."""
        first_of_base, first_added = self.base.bisect_left(within.low), self.added.bisect_left(within.low)
        hidden_below = self.hidden.bisect_left(within.low)

        def shown_below(place: int) -> int:
            """Count the base's entries from the range's first up to a place, less those hidden."""
            hidden = self.hidden.bisect_left(self.base[place]) if place < len(self.base) else len(self.hidden)
            return place - first_of_base - (hidden - hidden_below)

        def before_added(nth: int) -> int:
            """Count what comes before the nth entry added."""
            return nth + shown_below(self.base.bisect_left(self.added[first_added + nth]))

        every_added, end_of_base = count_within(self.added, within), self.base.bisect_left(within.high)
        fewest, most = max(0, skip - (end_of_base - first_of_base)), min(skip, every_added)
        added = bisect_left(range(most), skip, lo=min(fewest, most), key=before_added)
        of_base = (
            bisect_left(range(end_of_base), skip - added, lo=first_of_base, key=shown_below) if skip else first_of_base
        )
        base_entries = self.base.islice(of_base, max(of_base, end_of_base))
        shown = (entry for entry in base_entries if entry not in self.hidden)
        return heapq.merge(shown, walk(self.added, within, added))


class _Table:
    """A tenant's own records of a kind, their unique values, and the indexes that were asked for."""

    __slots__ = ("base", "holders", "indexes", "own")

    def __init__(self, kind: Kind[Any], base: Base) -> None:
        self.base = base.of(kind)
        self.own: dict[str, Any] = {}  # None: the base's record is deleted
        self.holders: dict[str, dict[str, str]] = {name: {} for name in kind.unique}
        self.indexes: dict[str, _OverlayIndex] = {}

    def replace(self, kind: Kind[R], key: str, record: R | None) -> R | None:
        """Put a record in the place of another, or none; gives what was there."""
        own = self.own
        before = own.get(key, ...)
        own_before = before if before is not ... else None
        for name, value_of in kind.unique.items():
            holders = self.holders[name]
            if own_before is not None and (held := value_of(own_before)) is not None:
                holders.pop(held, None)
            if record is not None and (value := value_of(record)) is not None:
                holders[value] = key
        is_gone = record is None and key not in self.base
        if is_gone:
            own.pop(key, None)
        else:
            own[key] = record
        if self.indexes:
            self._tell_indexes(kind, key, before, is_gone=is_gone)
        return self.base.get(key) if before is ... else own_before

    def _tell_indexes(self, kind: Kind[Any], key: str, before: Any, *, is_gone: bool) -> None:
        if before is ... and not is_gone:  # as with every create: nothing becomes stale
            for index in self.indexes.values():
                index.pending.setdefault(key, before)
            return
        for index_name, index in self.indexes.items():
            index.note(key, before, is_gone=is_gone)
            if index.stale > STALE_CAP:
                self.catch_up(kind, index_name)

    def catch_up(self, kind: Kind[R], name: str) -> None:
        """Bring an index up to the records as they are now, all changes at once."""
        index = self.indexes[name]
        shown = [record for record in index.pending.values() if record is not ... and record is not None]
        replaced = [key for key, record in index.pending.items() if record is ... and key in self.base]
        present = [record for key in index.pending if (record := self.own.get(key)) is not None]
        for entry in entries_of(kind, name, shown):
            index.added.remove(entry)
        index.hidden.update(entries_of(kind, name, (self.base[key] for key in replaced)))
        index.added.update(entries_of(kind, name, present))
        index.pending, index.stale = {}, 0


class MemoryStore:
    """A tenant's records over a shared base; copies nothing until it is written to."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self._tables: dict[str, _Table] = {}

    def _table(self, kind: Kind[Any]) -> _Table:
        table = self._tables.get(kind.name)
        if table is None:
            table = self._tables[kind.name] = _Table(kind, self.base)
        return table

    def get(self, kind: Kind[R], key: str) -> R | None:
        """Give the record with that key."""
        table = self._tables.get(kind.name)
        if table is None:
            return self.base.of(kind).get(key)
        record: R | None = table.own.get(key, ...)
        return record if record is not ... else table.base.get(key)

    def find(self, kind: Kind[R], unique: str, value: str) -> R | None:
        """Give the record whose unique value that is."""
        table = self._tables.get(kind.name)
        key = table.holders[unique].get(value) if table is not None else None
        if key is None:
            key = self.base.holder(kind, unique, value)
            if key is None or (table is not None and key in table.own):
                return None  # the base's record was replaced by one without the value, or deleted
        return self.get(kind, key)

    def put(self, kind: Kind[R], record: R) -> R | None:
        """Add the record, or replace the one with its key; gives what was there."""
        return self._table(kind).replace(kind, kind.key(record), record)

    def delete(self, kind: Kind[R], key: str) -> R | None:
        """Take the record with that key away and give it; a missing one is no error."""
        return self._table(kind).replace(kind, key, None) if self.get(kind, key) is not None else None

    def scan(
        self, kind: Kind[R], index: str, within: Range = EVERYTHING, *, skip: int = 0, limit: int | None = None
    ) -> Iterator[str]:
        """Give the keys of the index's entries in order."""
        known = self._index(kind, index)
        found: Iterator[Entry]
        if skip >= known.count(within):
            return iter(())  # also for a skip that no machine counts up to
        if not known.base:
            found = walk(known.added, within, skip, limit)
        elif not known.added and not known.hidden:
            found = walk(known.base, within, skip, limit)
        else:
            found = known.merged(within, skip)
            if limit is not None:
                found = islice(found, limit)
        return (entry[-1] for entry in found)

    def count(self, kind: Kind[R], index: str, within: Range = EVERYTHING) -> int:
        """Count the index's entries in that range."""
        return self._index(kind, index).count(within)

    def all(self, kind: Kind[R]) -> Iterator[R]:
        """Give every record of the kind: the base's, then the tenant's own."""
        own = self._table(kind).own
        yield from (record for key, record in self.base.of(kind).items() if key not in own)
        yield from (record for record in own.values() if record is not None)

    def _index(self, kind: Kind[R], name: str) -> _OverlayIndex:
        table = self._table(kind)
        index = table.indexes.get(name)
        if index is None:
            index = _OverlayIndex(self.base.index(kind, name))
            index.pending = dict.fromkeys(table.own, ...)
            table.indexes[name] = index
        if index.pending:
            table.catch_up(kind, name)
        return index
