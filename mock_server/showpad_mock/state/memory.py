"""The store in memory: a tenant's own records over a base that all tenants share and nobody writes to.

Indexes are built when they are first asked for, in the base once for everybody, and caught up with the changes since
when they are asked again; one that nobody asks again, once it holds a hundred records for itself alone. A page deep in
a list is found by halving, not by walking what lies before it, base and own entries alike.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeVar

from sortedcontainers import SortedList

from .base import Base, count_within, entries_of, walk
from .store import EVERYTHING, Entry, Range, RecordType

R = TypeVar("R")

# An index that nobody asks again would otherwise keep every version that its records ever had.
STALE_CAP = 100


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
        """Return the entries of a range from the `skip`th on, base and added in order; none before is walked."""
        first_of_base, first_added = self.base.bisect_left(within.low), self.added.bisect_left(within.low)
        hidden_below = self.hidden.bisect_left(within.low)

        def shown_below(place: int) -> int:
            """Count the base's entries from the range's first up to a place, less those hidden."""
            hidden = self.hidden.bisect_left(self.base[place]) if place < len(self.base) else len(self.hidden)
            return place - first_of_base - (hidden - hidden_below)

        def before_added(nth: int) -> int:
            """Count what comes before the nth entry added."""
            return nth + shown_below(self.base.bisect_left(self.added[first_added + nth]))

        # Halve twice: first for how many of the `skip` lie among the added, then for where the rest ends in the base.
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
    """A tenant's own records of a type, their unique values, and the indexes that were asked for."""

    __slots__ = ("base", "holders", "indexes", "own")

    def __init__(self, record_type: RecordType[Any], base: Base) -> None:
        self.base = base.of(record_type)
        self.own: dict[str, Any] = {}  # None: the base's record is deleted
        self.holders: dict[str, dict[str, str]] = {name: {} for name in record_type.unique}
        self.indexes: dict[str, _OverlayIndex] = {}

    def replace(self, record_type: RecordType[R], key: str, record: R | None) -> R | None:
        """Put a record in the place of another, or none; returns what was there."""
        own = self.own
        # `...` where the tenant has none of its own, since None says that the base's record is deleted.
        before = own.get(key, ...)
        own_before = before if before is not ... else None
        # First let go, then taken: a record that keeps its value must end up holding it.
        for name, value_of in record_type.unique.items():
            holders = self.holders[name]
            # Another record may hold the value by now: change sets put records in any order.
            if own_before is not None and (held := value_of(own_before)) is not None and holders.get(held) == key:
                del holders[held]
            if record is not None and (value := value_of(record)) is not None:
                holders[value] = key
        # Of the base's record a mark must stay that it is deleted; the tenant's own leaves nothing behind.
        is_gone = record is None and key not in self.base
        if is_gone:
            own.pop(key, None)
        else:
            own[key] = record
        if self.indexes:
            self._tell_indexes(record_type, key, before, is_gone=is_gone)
        return self.base.get(key) if before is ... else own_before

    def _tell_indexes(self, record_type: RecordType[Any], key: str, before: Any, *, is_gone: bool) -> None:
        if before is ... and not is_gone:  # as with every create: nothing becomes stale
            for index in self.indexes.values():
                index.pending.setdefault(key, before)
            return
        for index_name, index in self.indexes.items():
            index.note(key, before, is_gone=is_gone)
            if index.stale > STALE_CAP:
                self.catch_up(record_type, index_name)

    def catch_up(self, record_type: RecordType[R], name: str) -> None:
        """Bring an index up to the records as they are now, all changes at once."""
        index = self.indexes[name]
        shown = [record for record in index.pending.values() if record is not ... and record is not None]
        replaced = [key for key, record in index.pending.items() if record is ... and key in self.base]
        present = [record for key in index.pending if (record := self.own.get(key)) is not None]
        # One by one: SortedList has no removal in bulk, while `update` below sorts a large batch at once.
        for entry in entries_of(record_type, name, shown):
            index.added.remove(entry)
        index.hidden.update(entries_of(record_type, name, (self.base[key] for key in replaced)))
        index.added.update(entries_of(record_type, name, present))
        index.pending, index.stale = {}, 0


class MemoryStore:
    """A tenant's records over a shared base; copies nothing until it is written to."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self._tables: dict[str, _Table] = {}

    def _table(self, record_type: RecordType[Any]) -> _Table:
        table = self._tables.get(record_type.name)
        if table is None:
            table = self._tables[record_type.name] = _Table(record_type, self.base)
        return table

    def get(self, record_type: RecordType[R], key: str) -> R | None:
        """Return the record with that key."""
        # Asked without `_table`, which would make one: most tenants read only, and of few types.
        table = self._tables.get(record_type.name)
        if table is None:
            return self.base.of(record_type).get(key)
        record: R | None = table.own.get(key, ...)
        return record if record is not ... else table.base.get(key)

    def find(self, record_type: RecordType[R], unique: str, value: str) -> R | None:
        """Return the record whose unique value that is."""
        table = self._tables.get(record_type.name)
        key = table.holders[unique].get(value) if table is not None else None
        if key is None:
            key = self.base.holder(record_type, unique, value)
            if key is None or (table is not None and key in table.own):
                return None  # the base's record was replaced by one without the value, or deleted
        return self.get(record_type, key)

    def put(self, record_type: RecordType[R], record: R) -> R | None:
        """Add the record, or replace the one with its key; returns what was there."""
        return self._table(record_type).replace(record_type, record_type.key(record), record)

    def delete(self, record_type: RecordType[R], key: str) -> R | None:
        """Delete the record with that key and return it; None where there is none."""
        return (
            self._table(record_type).replace(record_type, key, None) if self.get(record_type, key) is not None else None
        )

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
        known = self._index(record_type, index)
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

    def count(self, record_type: RecordType[R], index: str, within: Range = EVERYTHING) -> int:
        """Count the index's entries in that range."""
        return self._index(record_type, index).count(within)

    def all(self, record_type: RecordType[R]) -> Iterator[R]:
        """Return every record of the type: the base's, then the tenant's own."""
        own = self._table(record_type).own
        yield from (record for key, record in self.base.of(record_type).items() if key not in own)
        yield from (record for record in own.values() if record is not None)

    def may_hold(self, *record_types: RecordType[Any]) -> bool:
        """Return whether there may be records of the types; asked where there hardly ever are, so that it is cheap."""
        tables, base = self._tables, self.base.records
        for record_type in record_types:
            name = record_type.name
            if (name in tables and tables[name].own) or base.get(name):
                return True
        return False

    def changes(self, record_type: RecordType[R]) -> tuple[list[R], list[str]]:
        """Return the tenant's own records of a type, and the keys of the base's that it deleted."""
        table = self._tables.get(record_type.name)
        own: dict[str, R | None] = table.own if table is not None else {}
        return (
            [record for record in own.values() if record is not None],
            [key for key, record in own.items() if record is None],
        )

    def _index(self, record_type: RecordType[R], name: str) -> _OverlayIndex:
        table = self._table(record_type)
        index = table.indexes.get(name)
        if index is None:
            index = _OverlayIndex(self.base.index(record_type, name))
            # To a new index every own record is a change that it has not seen.
            index.pending = dict.fromkeys(table.own, ...)
            table.indexes[name] = index
        if index.pending:
            table.catch_up(record_type, name)
        return index
