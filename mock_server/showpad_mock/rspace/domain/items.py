"""Items: documents, notebooks, snippets, folders and files, each somebody's, in a tree of folders (RS-ITEM)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from ...state.record import record
from ...state.store import RecordType, Store, get_all, starting_with
from ...state.unit import Unit
from ..problems import PARENT_UNKNOWN
from .groups import groups_of
from .people import User

DEEPEST = 50
"""How far up a tree is followed: a snapshot may hold folders that lie in each other."""


class ItemKind(StrEnum):
    """What an item is, by the two letters of its global id."""

    DOCUMENT = "SD"
    NOTEBOOK = "NB"
    SNIPPET = "ST"
    FOLDER = "FL"
    FILE = "GL"


SHAREABLE = (ItemKind.DOCUMENT, ItemKind.NOTEBOOK, ItemKind.SNIPPET)
CONTAINERS = (ItemKind.FOLDER, ItemKind.NOTEBOOK)


@record
class Field:
    """A field of a document."""

    id: int
    content: str


@record
class Item:
    """Something in the tree; times are in milliseconds, `parent_id` None for a root."""

    id: int
    kind: ItemKind
    name: str
    owner_id: int
    parent_id: int | None
    created_at: int
    modified_at: int
    tags: str | None = None
    fields: tuple[Field, ...] = ()

    @property
    def global_id(self) -> str:
        """The id with its two letters, such as SD1234."""
        return f"{self.kind}{self.id}"


ITEMS = RecordType(
    "rspace_items",
    Item,
    key=lambda item: str(item.id),
    indexes={
        "owner": lambda item: ((item.owner_id, str(item.id)),),
        "parent": lambda item: ((item.parent_id, str(item.id)),) if item.parent_id is not None else (),
    },
)


def item_by_id(store: Store, item_id: int) -> Item | None:
    """Return the item with that id."""
    return store.get(ITEMS, str(item_id))


def items_in(store: Store, index: str, value: int) -> Iterator[Item]:
    """Return the items of an owner, or those in a folder."""
    return get_all(store, ITEMS, store.scan(ITEMS, index, starting_with(value)))


def with_ancestors(store: Store, item: Item) -> list[Item]:
    """Return the item and what it lies in, up to the root."""
    line = [item]
    while line[-1].parent_id is not None and len(line) < DEEPEST:
        parent = item_by_id(store, line[-1].parent_id)
        if parent is None:
            break
        line.append(parent)
    return line


def is_within(store: Store, item: Item, folder_id: int) -> bool:
    """Return whether the item is that folder or lies somewhere in it."""
    return any(one.id == folder_id for one in with_ancestors(store, item))


def is_in_shared_folder(store: Store, caller: User, item: Item) -> bool:
    """Return whether the item lies in the shared folder of one of the caller's groups, or is it."""
    shared = {group.shared_folder_id for group in groups_of(store, caller.id)}
    return any(one.id in shared for one in with_ancestors(store, item))


def parent_for(unit: Unit, caller: User, folder_id: int | None) -> Item | None:
    """Return where something new goes: the own home folder, an own folder, or one that a group shares (RS-PARENT)."""
    store, wanted = unit.store, folder_id if folder_id is not None else caller.home_folder_id
    folder = item_by_id(store, wanted)
    if folder_id is None and folder is None:
        return None
    if folder is None or folder.kind not in CONTAINERS:
        raise PARENT_UNKNOWN.error(id=wanted)
    if folder.owner_id != caller.id and not is_in_shared_folder(store, caller, folder):
        raise PARENT_UNKNOWN.error(id=wanted)
    unit.decide("RS-PARENT")
    return folder
