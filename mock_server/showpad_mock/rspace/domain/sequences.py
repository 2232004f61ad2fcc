"""Ids: numbers that count up, one sequence a kind; the position is a record, and goes with the tenant."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from ...state.record import record
from ...state.store import RecordType, Store
from ...state.unit import Unit


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


def _must_be_there(store: Store) -> Iterator[str]:
    yield from (f"there is no sequence of {kind} ids" for kind in Kind if store.get(SEQUENCES, kind) is None)


SEQUENCES = RecordType("rspace_sequences", Sequence, key=lambda sequence: sequence.kind, inconsistencies=_must_be_there)


def draw(unit: Unit, kind: Kind) -> int:
    """Return the next id of a kind."""
    sequence = unit.store.get(SEQUENCES, kind)
    assert sequence is not None
    unit.put(SEQUENCES, Sequence(kind=kind, following=sequence.following + 1))
    return sequence.following
