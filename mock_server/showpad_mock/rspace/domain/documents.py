"""Documents and folders: listed, read, created, deleted (RS-DOC, RS-FOLDER)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...state.record import record
from ...state.unit import Unit
from .. import problems
from .items import ITEMS, Field, Item, ItemKind, item_by_id, items_in, parent_for
from .page import Page, PageRequest, Search, SearchField, page_of
from .people import User
from .sequences import Kind, draw
from .shares import SHARES, may_read, received, shares_of

RECEIVED = "sharedWithMe"
FILTERS = (RECEIVED, "favorites")
ORDERS: dict[str, Callable[[Item], Any]] = {
    "name": lambda item: item.name,
    "created": lambda item: item.created_at,
    "lastModified": lambda item: item.modified_at,
}


@record
class NewDocument:
    """What a create asks for; None is what was left out."""

    name: str | None = None
    tags: str | None = None
    parent_id: int | None = None
    contents: tuple[str, ...] = ()


def list_documents(unit: Unit, caller: User, request: PageRequest) -> Page[Item]:
    """List the documents that are the caller's, or shared with the caller."""
    order, is_descending = request.ordering()
    own = [] if request.filter is not None else list(items_in(unit.store, "owner", caller.id))
    # The mock marks no favorites: nobody has any.
    others = [] if request.filter == "favorites" else list(received(unit.store, caller))
    found = [item for item in (*own, *others) if item.kind is ItemKind.DOCUMENT]
    unit.decide("RS-DOCS-OK", *(["RS-DOCS-FILTER"] if request.filter is not None else []))
    if request.query is not None and request.query.strip():
        unit.decide("RS-DOCS-QUERY")
        found = [item for item in found if _holds(item, request.query.strip().casefold())]
    if request.search is not None:
        unit.decide("RS-DOCS-ADVANCED")
        found = [item for item in found if _is_found(item, request.search)]
    found.sort(key=lambda item: item.id)
    found.sort(key=ORDERS[order], reverse=is_descending)
    return page_of(found, request)


def _holds(item: Item, words: str, field: SearchField = SearchField.ALL) -> bool:
    return any(words in text.casefold() for text in _texts(item, field))


def _texts(item: Item, field: SearchField) -> Iterator[str]:
    if field in (SearchField.ALL, SearchField.NAME):
        yield item.name
    if field in (SearchField.ALL, SearchField.TAG):
        yield item.tags or ""
    if field in (SearchField.ALL, SearchField.TEXT):
        yield from (one.content for one in item.fields)


def _is_found(item: Item, search: Search) -> bool:
    held = (_holds(item, words.casefold(), field) for field, words in search.terms)
    return any(held) if search.is_any else all(held)


def get_document(unit: Unit, caller: User, item_id: int) -> Item:
    """Return a document to who may read it; to all others it does not exist (RS-DOC-404)."""
    item = item_by_id(unit.store, item_id)
    if item is None or item.kind is not ItemKind.DOCUMENT or not may_read(unit.store, caller, item):
        raise problems.DOCUMENT_UNKNOWN.error(id=item_id)
    unit.decide("RS-DOC-OK")
    return item


def create_document(unit: Unit, caller: User, new: NewDocument) -> Item:
    """Create a document of the basic form, which has one field."""
    parent = parent_for(unit, caller, new.parent_id)
    unit.decide("RS-DOC-CREATED")
    made = Item(
        id=draw(unit, Kind.ITEM),
        kind=ItemKind.DOCUMENT,
        name=new.name or "Untitled document",
        owner_id=caller.id,
        parent_id=parent.id if parent is not None else None,
        created_at=unit.now,
        modified_at=unit.now,
        tags=new.tags or None,
        fields=tuple(Field(id=draw(unit, Kind.FIELD), content=one) for one in new.contents or ("",)),
    )
    unit.put(ITEMS, made)
    return made


def create_folder(unit: Unit, caller: User, name: str, parent_id: int | None, kind: ItemKind) -> Item:
    """Create a folder or a notebook."""
    parent = parent_for(unit, caller, parent_id)
    unit.decide("RS-FOLDER-CREATED")
    made = Item(
        id=draw(unit, Kind.ITEM),
        kind=kind,
        name=name,
        owner_id=caller.id,
        parent_id=parent.id if parent is not None else None,
        created_at=unit.now,
        modified_at=unit.now,
    )
    unit.put(ITEMS, made)
    return made


def delete_document(unit: Unit, caller: User, item_id: int) -> None:
    """Delete an own document, its shares with it (RS-DOC-DELETED)."""
    item = item_by_id(unit.store, item_id)
    if item is None or item.kind is not ItemKind.DOCUMENT or item.owner_id != caller.id:
        raise problems.DOCUMENT_NOT_YOURS.error(id=item_id)
    unit.decide("RS-DOC-DELETED")
    for share in shares_of(unit.store, item.id):
        unit.delete(SHARES, str(share.id))
    unit.delete(ITEMS, str(item.id))
