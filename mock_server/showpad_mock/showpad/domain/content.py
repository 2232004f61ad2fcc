"""What a space holds: assets, pages and folders, kept in one batch a request that added them."""

from __future__ import annotations

from collections.abc import Iterator

from ...state.record import record
from ...state.store import RecordType, Store, get_all
from .older import upgrade_batch
from .space import SPACES, Space


@record
class Item:
    """An asset, a page of one, or a folder (then `asset_id` is None); `folder_id` is the folder it lies in."""

    id: str
    asset_id: str | None = None
    page: int | None = None
    name: str | None = None
    description: str | None = None
    folder_id: str | None = None

    @property
    def type(self) -> str:
        """The type as requests name it."""
        return "folder" if self.asset_id is None else "asset"


@record
class Batch:
    """The items that one request added, in its order, by whom and when (in milliseconds).

    They are kept together so that a space is deleted at once.
    """

    id: str
    items: tuple[Item, ...]
    user_id: str
    added_at: int

    def assets(self) -> list[Item]:
        """Return the assets without the folders."""
        return [item for item in self.items if item.asset_id is not None]


def batch_id(space_id: str, number: int) -> str:
    """Name a space's batch; the first has the number 0."""
    return f"{space_id}/{number}"


def _missing_batches(store: Store) -> Iterator[str]:
    for space in store.all(SPACES):
        for number in range(space.batches):
            if store.get(BATCHES, batch_id(space.id, number)) is None:
                yield f'the space {space.id} counts on "{batch_id(space.id, number)}", which is missing'


BATCHES = RecordType(
    "batches",
    Batch,
    key=lambda batch: batch.id,
    # As of spaces: an entry a row of exports.
    indexes={
        "exported": lambda batch: ((batch.added_at, batch.id, nth, batch.id) for nth in range(len(batch.assets())))
    },
    inconsistencies=_missing_batches,
    upgrade=upgrade_batch,
)


def batches_of(store: Store, space: Space) -> Iterator[Batch]:
    """Return what a space holds, a request's after the other's."""
    # Batches go by number, so that no index over items is needed: none is ever taken out of the middle.
    return get_all(store, BATCHES, (batch_id(space.id, number) for number in range(space.batches)))


def items_of(store: Store, space: Space) -> Iterator[Item]:
    """Return what a space holds, in the order it was added."""
    for batch in batches_of(store, space):
        yield from batch.items
