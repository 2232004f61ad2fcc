"""What is kept of deleted spaces, so that exports show them with `deletedAt` (AROUND-EXPORTS); nothing else does."""

from __future__ import annotations

from collections.abc import Iterator

from ...state.record import record
from ...state.store import RecordType, Store, get_all
from ...state.unit import Unit
from .content import Item, batches_of
from .people import Participant
from .space import Left, Space

MOST_SPACES = 1000
# Of each: who creates and deletes spaces for ever must not fill the server with what they held.
MOST_PEOPLE = 50
MOST_ITEMS = 50
MOST_DESCRIPTION = 1000


@record
class DeletedItem:
    """An asset that a deleted space held."""

    item: Item
    user_id: str
    added_at: int


@record
class Deleted:
    """The beginning of what a deleted space was; `number` counts deletions. Times are in milliseconds."""

    id: str
    title: str
    description: str
    creator_id: str
    owner_id: str
    created_at: int
    last_activity_at: int
    participants: tuple[Participant, ...]
    left: tuple[Left, ...]
    items: tuple[DeletedItem, ...]
    deleted_at: int
    number: int


DELETED = RecordType(
    "deleted",
    Deleted,
    key=lambda deleted: deleted.id,
    indexes={"number": lambda deleted: ((deleted.number, deleted.id),)},
)


def keep(unit: Unit, space: Space) -> None:
    """Keep a space that is about to be deleted, in the place of the oldest where there are MOST_SPACES."""
    kept = unit.store.count(DELETED, "number")
    last = next(unit.store.scan(DELETED, "number", skip=kept - 1), None) if kept else None
    newest = unit.store.get(DELETED, last) if last is not None else None
    if kept >= MOST_SPACES:
        unit.delete(DELETED, next(unit.store.scan(DELETED, "number")))
    deleted = Deleted(
        id=space.id,
        title=space.title,
        description=space.description[:MOST_DESCRIPTION],
        creator_id=space.creator_id,
        owner_id=space.owner_id,
        created_at=space.created_at,
        last_activity_at=space.last_activity_at,
        participants=space.participants[:MOST_PEOPLE],
        left=space.left,
        items=tuple(_first_items(unit.store, space)),
        deleted_at=unit.now,
        number=newest.number + 1 if newest is not None else 0,
    )
    unit.put(DELETED, deleted)


def _first_items(store: Store, space: Space) -> Iterator[DeletedItem]:
    found = 0
    for batch in batches_of(store, space):
        for item in batch.assets()[: MOST_ITEMS - found]:
            found += 1
            yield DeletedItem(item=item, user_id=batch.user_id, added_at=batch.added_at)
        if found == MOST_ITEMS:
            return


def all_deleted(store: Store) -> Iterator[Deleted]:
    """Return the deleted spaces, in the order of their deletion."""
    return get_all(store, DELETED, store.scan(DELETED, "number"))
