"""Exports: what can be read back of spaces, participants, items and Shares, deleted ones among them (AROUND-EXPORTS).

A page is chosen within the unit of work, by halving; its rows are made afterwards, of records that never change.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import chain, groupby, islice
from typing import NamedTuple, TypeVar

from ...core.refusals import Parsed
from ...state.record import record
from ...state.store import Range, RecordType, Store, get_all
from ...state.unit import Unit
from .. import problems
from .access import Caller
from .content import BATCHES, Batch, Item
from .deleted import Deleted, all_deleted
from .people import Participant
from .shares import SHARES, Share
from .space import SPACES, Space

R = TypeVar("R")
T = TypeVar("T")


@record
class ExportQuery:
    """Which part of an export is asked for."""

    limit: int = 1000
    offset: int = 0


class Export(NamedTuple):
    """How many rows there are, and those asked for, which are made when they are walked."""

    total: int
    rows: Iterator[object]


class ParticipantRow(NamedTuple):
    """Somebody who takes part in a space, or took part."""

    space_id: str
    participant: Participant
    revoked_at: int | None


class ItemRow(NamedTuple):
    """An asset in a space."""

    space_id: str
    item: Item
    user_id: str
    added_at: int
    deleted_at: int | None


def spaces(unit: Unit, caller: Caller, query: Parsed[ExportQuery]) -> Export:
    """Return spaces, oldest first, then deleted ones in the order of their deletion (AROUND-EXPORTS-FORM)."""
    request = _allowed(unit, caller, query)
    there, gone = unit.store.count(SPACES, "createdAt"), list(all_deleted(unit.store))
    keys = unit.store.scan(SPACES, "createdAt", skip=request.offset, limit=request.limit)
    found = list(get_all(unit.store, SPACES, keys))
    return Export(there + len(gone), chain(found, _after(iter(gone), there, request)))


def shares(unit: Unit, caller: Caller, query: Parsed[ExportQuery]) -> Export:
    """Return Shares, oldest first."""
    request = _allowed(unit, caller, query)
    keys = unit.store.scan(SHARES, "created", skip=request.offset, limit=request.limit)
    found: list[Share] = list(get_all(unit.store, SHARES, keys))
    return Export(unit.store.count(SHARES, "created"), iter(found))


def participants(unit: Unit, caller: Caller, query: Parsed[ExportQuery]) -> Export:
    """Return who takes part in spaces, and who took part."""
    request = _allowed(unit, caller, query)
    there = unit.store.count(SPACES, "exported")
    parts = _parts(unit.store, SPACES, lambda space: (space.created_at, space.id), request)
    found = (row for space, start, stop in parts for row in participants_of(space)[start:stop])
    gone = list(all_deleted(unit.store))
    ended = (row for one in gone for row in _ended(one))
    total = there + sum(len(one.participants) + len(one.left) for one in gone)
    return Export(total, chain(found, _after(ended, there, request)))


def participants_of(space: Space | Deleted) -> list[ParticipantRow]:
    """Return who takes part in a space, then who left it."""
    present = [ParticipantRow(space.id, one, None) for one in space.participants]
    return [*present, *(ParticipantRow(space.id, *one) for one in space.left)]


def _ended(deleted: Deleted) -> Iterator[ParticipantRow]:
    for row in participants_of(deleted):
        yield row if row.revoked_at is not None else row._replace(revoked_at=deleted.deleted_at)


def items(unit: Unit, caller: Caller, query: Parsed[ExportQuery]) -> Export:
    """Return the assets in spaces."""
    request = _allowed(unit, caller, query)
    there = unit.store.count(BATCHES, "exported")
    parts = _parts(unit.store, BATCHES, lambda batch: (batch.added_at, batch.id), request)
    found = (row for batch, start, stop in parts for row in _items_of(batch, start, stop))
    gone = list(all_deleted(unit.store))
    ended = (
        ItemRow(one.id, kept.item, kept.user_id, kept.added_at, one.deleted_at) for one in gone for kept in one.items
    )
    return Export(there + sum(len(one.items) for one in gone), chain(found, _after(ended, there, request)))


def _items_of(batch: Batch, start: int, stop: int) -> Iterator[ItemRow]:
    space_id = batch.id.rpartition("/")[0]
    for item in batch.assets()[start:stop]:
        yield ItemRow(space_id, item, batch.user_id, batch.added_at, None)


def _allowed(unit: Unit, caller: Caller, query: Parsed[ExportQuery]) -> ExportQuery:
    if not caller.is_admin:
        raise problems.EXPORTS_FOR_ADMINS.error()
    request = query.require()
    unit.decide("AROUND-EXPORTS")
    return request


def _parts(
    store: Store, record_type: RecordType[R], place: Callable[[R], tuple[int, str]], request: ExportQuery
) -> list[tuple[R, int, int]]:
    """Return the records whose rows are on the page, each with the first of its rows there and the end of them."""
    # The index has an entry a row: the keys of one record's rows stand next to each other.
    keys = store.scan(record_type, "exported", skip=request.offset, limit=request.limit)
    found: list[tuple[R, int, int]] = []
    for key, rows in groupby(keys):
        (one,) = get_all(store, record_type, [key])
        # Of the first record alone some rows may lie before the page.
        start = 0 if found else request.offset - store.count(record_type, "exported", Range(high=place(one)))
        found.append((one, start, start + sum(1 for _ in rows)))
    return found


def _after(ended: Iterator[T], there: int, request: ExportQuery) -> Iterator[T]:
    """Return what of the deleted ones is on the page, which stand after those that are there."""
    start, stop = request.offset - there, request.offset + request.limit - there
    # An offset may be larger than what islice takes.
    return islice(ended, *(min(max(0, place), sys.maxsize) for place in (start, stop)))
