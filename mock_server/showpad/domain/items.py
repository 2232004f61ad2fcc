"""Adding assets, pages and folders to a space; what cannot be added is told and stops nothing else (ITEMS-)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from ...problem import Held
from ...state.record import record
from ...state.unit import Unit
from .. import problems
from .access import Caller, existing_space
from .assets import ASSETS, Asset, PageRange, may_access
from .content import BATCHES, Batch, Item, batch_id, items_of
from .history import activity, emit_items_added, prolonged
from .people import User
from .space import SPACES, Space, Status


class Reason(StrEnum):
    """Why an asset could not be added."""

    ASSET_NOT_FOUND = "ASSET_NOT_FOUND"
    INACCESSIBLE = "INACCESSIBLE"
    ARCHIVED = "ARCHIVED"
    NON_SHAREABLE = "NON_SHAREABLE"
    ONLY_ENTIRE_DOCUMENT_ALLOWED = "ONLY_ENTIRE_DOCUMENT_ALLOWED"
    LOCKED_RANGE_INCOMPLETE = "LOCKED_RANGE_INCOMPLETE"
    ENFORCED_PAGES_INCOMPLETE = "ENFORCED_PAGES_INCOMPLETE"


class AssetWish(NamedTuple):
    """An asset to add, whole or one page of it (1-based)."""

    asset_id: str
    page: int | None


class FolderWish(NamedTuple):
    """A folder to make, and what goes into it."""

    name: str
    description: str | None
    items: Sequence[AssetWish | FolderWish]


@record
class NewItems:
    """What a request asks to add, and the existing folder to add it under (ITEMS-UNDER)."""

    items: Sequence[AssetWish | FolderWish]
    folder_id: str | None = None


class FailedItem(NamedTuple):
    """An asset that was not added (ITEMS-FAILED-FIELDS, -PAGE, -NAME)."""

    asset_id: str
    page: int | None
    name: str | None
    reason: Reason


@record
class Added:
    """How a request ended: assets added, and those that failed in the request's order (ITEMS-COUNT, ITEMS-ORDER)."""

    succeeded: int
    failed: Sequence[FailedItem]


class Pick(NamedTuple):
    """One page of an asset, among all its pages that the request picks."""

    asset: Asset
    page: int
    pages: set[int]


def _is_locked_open(pick: Pick) -> bool:
    """Say whether a page of a locked range is picked without the rest of it; pages outside locked ranges are free."""
    return any(
        range_.start <= pick.page <= range_.end and not range_.is_within(pick.pages)
        for range_ in pick.asset.locked_pages
    )


def _lacks_enforced(pick: Pick) -> bool:
    enforced = pick.asset.enforced_pages
    if enforced is None:
        return False
    ranges: tuple[PageRange, ...] = (*enforced.prepend, *enforced.append)
    return any(not range_.is_within(pick.pages) for range_ in ranges)


# One reason per item, the first that applies (ITEMS-PRECEDENCE, assumed): a real tenant may order them otherwise.
# "Not found" comes before them all: without an asset there is nothing to ask. Those of a page come after the asset's.
def _asset_refusal(user: User, asset: Asset) -> tuple[str, Reason] | None:
    if not may_access(user, asset):
        return "ITEMS-INACCESSIBLE", Reason.INACCESSIBLE
    if asset.is_archived:
        return "ITEMS-ARCHIVED", Reason.ARCHIVED
    if not asset.is_shareable:
        return "ITEMS-NON-SHAREABLE", Reason.NON_SHAREABLE
    return None


def _page_refusal(pick: Pick) -> tuple[str, Reason] | None:
    if pick.asset.is_only_entire_document_shareable:
        return "ITEMS-ENTIRE", Reason.ONLY_ENTIRE_DOCUMENT_ALLOWED
    if pick.page > (pick.asset.page_count or 0):
        return "ITEMS-PAGE-BEYOND", Reason.ASSET_NOT_FOUND
    if _is_locked_open(pick):
        return "ITEMS-LOCKED", Reason.LOCKED_RANGE_INCOMPLETE
    if _lacks_enforced(pick):
        return "ITEMS-ENFORCED", Reason.ENFORCED_PAGES_INCOMPLETE
    return None


def add(unit: Unit, caller: Caller, space_id: str, body: Held[NewItems]) -> Added:
    """Add what can be added. Refuses the whole request for a malformed item anywhere (ITEMS-400)."""
    space = existing_space(unit, space_id, problems.ITEMS_UNKNOWN)
    if not caller.is_admin and not space.is_member(caller.user.id):
        raise problems.ITEMS_NOT_YOURS.error()
    wish = body.open()
    if space.status is Status.ARCHIVED:
        raise problems.ITEMS_SPACE_ARCHIVED.error()
    _check_folder(unit, space, wish.folder_id)
    unit.decide("ITEMS-OK")
    gathering = _Gathering(unit, caller.user, wish)
    gathering.gather(wish.items, wish.folder_id)
    if gathering.failed:
        unit.decide("ITEMS-PARTIAL", *gathering.rules)
    if gathering.items:
        _keep(unit, caller, space, tuple(gathering.items))
    return Added(succeeded=gathering.succeeded, failed=gathering.failed)


def _check_folder(unit: Unit, space: Space, folder_id: str | None) -> None:
    if folder_id is None:
        return
    folders = (item.id for item in items_of(unit.store, space) if item.type == "folder")
    if folder_id not in folders:
        raise problems.ITEMS_FOLDER_UNKNOWN.error(at="folderItemId", id=folder_id)


class _Gathering:
    """Sorts a request's items into those to keep and those that fail, depth first."""

    def __init__(self, unit: Unit, user: User, wish: NewItems) -> None:
        self._unit = unit
        self._user = user
        self._pages = _picked_pages(wish.items)
        self.items: list[Item] = []
        self.failed: list[FailedItem] = []
        self.rules: dict[str, None] = {}
        self.succeeded = 0

    def gather(self, wishes: Iterable[AssetWish | FolderWish], folder_id: str | None) -> None:
        for wish in wishes:
            if isinstance(wish, AssetWish):
                self._gather_asset(wish, folder_id)
            else:
                folder = Item(
                    id=self._unit.ids.hex32(), name=wish.name, description=wish.description, folder_id=folder_id
                )
                self.items.append(folder)
                self.gather(wish.items, folder.id)

    def _gather_asset(self, wish: AssetWish, folder_id: str | None) -> None:
        asset_id, page = wish
        asset = self._unit.store.get(ASSETS, asset_id)
        if asset is None:
            self._fail(wish, None, "ITEMS-NOT-FOUND", Reason.ASSET_NOT_FOUND)
            return
        if asset.page_count is None:
            page = None  # a page of something without pages means nothing (ITEMS-PAGE-IGNORED)
        refusal = _asset_refusal(self._user, asset)
        if refusal is None and page is not None:
            refusal = _page_refusal(Pick(asset, page, self._pages[asset_id]))
        if refusal is not None:
            self._fail(wish, asset.name, *refusal)
            return
        self.succeeded += 1
        item_id = self._unit.ids.hex32()
        self.items.append(Item(id=item_id, asset_id=asset_id, page=page, name=asset.name, folder_id=folder_id))

    def _fail(self, wish: AssetWish, name: str | None, rule: str, reason: Reason) -> None:
        self.rules[rule] = None
        self.failed.append(FailedItem(wish.asset_id, wish.page, name, reason))


def _picked_pages(wishes: Iterable[AssetWish | FolderWish]) -> Mapping[str, set[int]]:
    """Give the pages that the request picks of each asset, wherever in it (ITEMS-LOCKED-SCOPE)."""
    pages: defaultdict[str, set[int]] = defaultdict(set)
    for wish in _assets(wishes):
        if wish.page is not None:
            pages[wish.asset_id].add(wish.page)
    return pages


def _assets(wishes: Iterable[AssetWish | FolderWish]) -> Iterator[AssetWish]:
    for wish in wishes:
        if isinstance(wish, AssetWish):
            yield wish
        else:
            yield from _assets(wish.items)


def _keep(unit: Unit, caller: Caller, space: Space, items: tuple[Item, ...]) -> None:
    unit.put(BATCHES, Batch(id=batch_id(space.id, space.batches), items=items))
    entry = activity(unit, caller, space.participant(caller.user.id), "added content")
    timeline, dropped = prolonged(space, entry)
    changed = replace(
        space,
        batches=space.batches + 1,
        updated_at=unit.now,
        last_activity_at=unit.now,
        timeline=timeline,
        timeline_dropped=dropped,
    )
    unit.put(SPACES, changed)
    emit_items_added(unit, space, entry.initiator, items)
