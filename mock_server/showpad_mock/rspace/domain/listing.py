"""The list of shares, and the shares of one document (RS-SHARES, RS-DOC-SHARES)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ...state.record import record
from ...state.store import Store
from ...state.unit import Unit
from .. import problems
from .features import is_observed
from .groups import GROUPS, Group
from .items import Item, ItemKind, is_in_shared_folder, item_by_id, items_in, with_ancestors
from .page import Page, PageRequest, page_of
from .people import User, user_by_id
from .shares import Permission, Share, TargetType, may_read, shares_of, target_name


@record
class FolderShare:
    """A folder that a group shares: shown as a share without an id."""

    folder: Item
    group: Group


Listed = tuple[Share, Item] | FolderShare


@record
class DocumentShares:
    """The shares of a document, and those of the notebook that it lies in."""

    item: Item
    direct: list[Share]
    of_notebook: list[Share]


@record
class Place:
    """Where the target of a share finds the item."""

    parent_id: int | None
    grandparent_id: int | None
    path: str | None


def list_shares(unit: Unit, caller: User, request: PageRequest) -> Page[Listed]:
    """List the shares of the caller's own items, or those of the items asked for."""
    # Judged before anything else, as what is wrong with the order (RS-PAGE-ORDER-SPACING).
    _, is_descending = request.ordering()
    if request.item_ids is not None:
        return _of_items(unit, caller, request)
    unit.decide("RS-SHARES-OK", "RS-SHARES-ORDER")
    store = unit.store
    found = [(share, item) for item in items_in(store, "owner", caller.id) for share in shares_of(store, item.id)]
    if request.query is not None and request.query.strip():
        unit.decide("RS-SHARES-QUERY")
        found = [(share, item) for share, item in found if _matches(store, caller, share, item, request.query.strip())]
    # By the item's name whatever was asked for; the share's id decides between equals (assumed).
    found.sort(key=lambda one: one[0].id)
    found.sort(key=lambda one: one[1].name, reverse=is_descending)
    return page_of(found, request)


def _matches(store: Store, caller: User, share: Share, item: Item, query: str) -> bool:
    if query == item.global_id and item.kind in (ItemKind.DOCUMENT, ItemKind.NOTEBOOK):
        return True
    texts = [item.name, target_name(store, share), caller.username, caller.full_name]
    target = user_by_id(store, share.target_id) if share.target_type is TargetType.USER else None
    if target is not None:
        texts.append(target.username)
    return any(_is_like(text, query) for text in texts)


def _is_like(text: str, query: str) -> bool:
    """Return whether a text holds the query as SQL's LIKE has it: % stands for any text, _ for one character."""
    end = 0
    # Part by part, each at its first place: one pattern with many `.*` would try every place of every part.
    for part in query.split("%"):
        pattern = re.escape(part).replace("_", ".")
        found = re.compile(pattern, re.IGNORECASE | re.DOTALL).search(text, end)
        if found is None:
            return False
        end = found.end()
    return True


def _of_items(unit: Unit, caller: User, request: PageRequest) -> Page[Listed]:
    unit.decide("RS-SHARES-ITEMS")
    wanted = dict.fromkeys(request.item_ids or ())
    page = page_of([one for item_id in wanted for one in _of_item(unit, caller, item_id)], request)
    # Past the end nothing is counted, unlike elsewhere.
    return page if page.items else Page(total=0, items=[])


def _of_item(unit: Unit, caller: User, item_id: int) -> Iterator[Listed]:
    store = unit.store
    item = item_by_id(store, item_id)
    if item is None or not (may_read(store, caller, item) or is_in_shared_folder(store, caller, item)):
        raise problems.SHARES_UNREADABLE.error(id=item_id)
    # What they permit is not loaded on this way: READ is told of all.
    yield from ((replace(share, permission=Permission.READ), item) for share in shares_of(store, item_id))
    for group in sorted(store.all(GROUPS), key=lambda group: group.id):
        if item.id == group.shared_folder_id:
            unit.decide("RS-SHARES-FOLDERS")
            yield FolderShare(folder=item, group=group)


def document_shares(unit: Unit, caller: User, item_id: int) -> DocumentShares:
    """Return the shares of a document to its owner; to all others it does not exist (RS-DOC-SHARES-404)."""
    item = item_by_id(unit.store, item_id)
    if item is None:
        is_failure = is_observed(unit.store)
        unknown = problems.SHARED_DOCUMENT_FAILURE if is_failure else problems.SHARED_DOCUMENT_UNKNOWN
        raise unknown.error(id=item_id)
    if item.owner_id != caller.id:
        raise problems.SHARED_DOCUMENT_HIDDEN.error(id=item_id)
    unit.decide("RS-DOC-SHARES-OK")
    notebook = item_by_id(unit.store, item.parent_id) if item.parent_id is not None else None
    is_entry = item.kind is ItemKind.DOCUMENT and notebook is not None and notebook.kind is ItemKind.NOTEBOOK
    of_notebook = shares_of(unit.store, notebook.id) if is_entry and notebook is not None else []
    return DocumentShares(item=item, direct=shares_of(unit.store, item.id), of_notebook=of_notebook)


def place_of(store: Store, share: Share) -> Place:
    """Return where the target of a share finds the item."""
    if share.target_type is TargetType.USER:
        people = [user_by_id(store, one) for one in (share.sharer_id, share.target_id) if one is not None]
        names = [user.username for user in people if user is not None]
        return Place(parent_id=None, grandparent_id=None, path="-".join(names) if len(names) == 2 else None)
    folder = item_by_id(store, share.folder_id) if share.folder_id is not None else None
    if folder is None:
        return Place(parent_id=None, grandparent_id=None, path=None)
    line = with_ancestors(store, folder)
    grandparent = line[1].id if len(line) > 1 else None
    path = "/".join(one.name for one in reversed(line))
    return Place(parent_id=folder.id, grandparent_id=grandparent, path=path)
