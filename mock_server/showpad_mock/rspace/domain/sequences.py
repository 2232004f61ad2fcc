"""Ids: numbers that count up, one sequence a kind; the position is a record, and goes with the tenant."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from ...state.record import record
from ...state.store import RecordType, Store
from ...state.unit import Unit
from .items import ITEMS
from .shares import SHARES


class Kind(StrEnum):
    """What is numbered: items and folders together, fields of documents, shares."""

    ITEM = "item"
    FIELD = "field"
    SHARE = "share"


@record
class Sequence:
    """How far a sequence has come: `following` is the next id."""

    kind: Kind
    following: int


def _would_repeat(store: Store) -> Iterator[str]:
    used = {Kind.ITEM: [item.id for item in store.all(ITEMS)], Kind.SHARE: [share.id for share in store.all(SHARES)]}
    used[Kind.FIELD] = [field.id for item in store.all(ITEMS) for field in item.fields]
    for kind, ids in used.items():
        if max(ids, default=0) >= _following(store, kind):
            yield f"the next {kind} id would be one that there is, or less"


SEQUENCES = RecordType("rspace_sequences", Sequence, key=lambda sequence: sequence.kind, inconsistencies=_would_repeat)


def _following(store: Store, kind: Kind) -> int:
    sequence = store.get(SEQUENCES, kind)
    return sequence.following if sequence is not None else 1


def draw(unit: Unit, kind: Kind) -> int:
    """Return the next id of a kind."""
    drawn = _following(unit.store, kind)
    unit.put(SEQUENCES, Sequence(kind=kind, following=drawn + 1))
    return drawn
