"""Adding assets, pages and folders to a space; what cannot be added is told and stops nothing else (ITEMS-)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from ...core.refusals import Parsed
from ...state.record import record
from ...state.unit import Unit
from .. import problems
from .access import Caller, existing_space
from .assets import ASSETS, Asset, PageRange, may_access
from .content import BATCHES, Batch, Item, batch_id, items_of
from .history import activity, emit_items_added
from .people import User
from .space import Space, Status
from .timeline import put_with_activity


class Reason(StrEnum):
    """Why an asset could not be added."""

    ASSET_NOT_FOUND = "ASSET_NOT_FOUND"
    INACCESSIBLE = "INACCESSIBLE"
    ARCHIVED = "ARCHIVED"
    NON_SHAREABLE = "NON_SHAREABLE"
    ONLY_ENTIRE_DOCUMENT_ALLOWED = "ONLY_ENTIRE_DOCUMENT_ALLOWED"
    LOCKED_RANGE_INCOMPLETE = "LOCKED_RANGE_INCOMPLETE"
    ENFORCED_PAGES_INCOMPLETE = "ENFORCED_PAGES_INCOMPLETE"


class RequestedAsset(NamedTuple):
    """An asset to add, whole or one page of it (1-based)."""

    asset_id: str
    page: int | None


class RequestedFolder(NamedTuple):
    """A folder to make, and what goes into it."""

    name: str
    description: str | None
    items: Sequence[RequestedAsset | RequestedFolder]


@record
class NewItems:
    """What a request asks to add, and the existing folder to add it under (ITEMS-UNDER)."""

    items: Sequence[RequestedAsset | RequestedFolder]
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


class Picked:
    """The pages of an asset that a request picks, wherever in it (ITEMS-LOCKED-SCOPE)."""

    def __init__(self) -> None:
        self.pages: set[int] = set()
        self._open_ranges: list[PageRange] | None = None
        self._lacks_enforced: bool | None = None

    def is_locked_open(self, asset: Asset, page: int) -> bool:
        """Return whether a page of a locked range is picked without the rest of it; other pages are free."""
        # Once for all pages of the asset: a request may pick thousands of them.
        if self._open_ranges is None:
            self._open_ranges = [range_ for range_ in asset.locked_pages if not range_.is_within(self.pages)]
        return any(range_.start <= page <= range_.end for range_ in self._open_ranges)

    def lacks_enforced(self, asset: Asset) -> bool:
        """Return whether pages are picked without those that the asset enforces."""
        if self._lacks_enforced is None:
            enforced = asset.enforced_pages
            ranges = (*enforced.prepend, *enforced.append) if enforced is not None else ()
            self._lacks_enforced = any(not range_.is_within(self.pages) for range_ in ranges)
        return self._lacks_enforced


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


def _page_refusal(asset: Asset, page: int, picked: Picked) -> tuple[str, Reason] | None:
    if asset.is_only_entire_document_shareable:
        return "ITEMS-ENTIRE", Reason.ONLY_ENTIRE_DOCUMENT_ALLOWED
    # The guide has no reason of its own for it (ITEMS-PAGE-BEYOND, assumed).
    if page > (asset.page_count or 0):
        return "ITEMS-PAGE-BEYOND", Reason.ASSET_NOT_FOUND
    if picked.is_locked_open(asset, page):
        return "ITEMS-LOCKED", Reason.LOCKED_RANGE_INCOMPLETE
    if picked.lacks_enforced(asset):
        return "ITEMS-ENFORCED", Reason.ENFORCED_PAGES_INCOMPLETE
    return None


def add(unit: Unit, caller: Caller, space_id: str, body: Parsed[NewItems]) -> Added:
    """Add what can be added. Refuses the whole request for a malformed item anywhere (ITEMS-400)."""
    space = existing_space(unit, space_id, problems.ITEMS_UNKNOWN)
    # A manager who sees the space through a report may not add to it (ITEMS-403, assumed).
    if not caller.is_admin and not space.is_member(caller.user.id):
        raise problems.ITEMS_NOT_YOURS.error()
    request = body.require()
    # One fault against the state at a time, in the order of the rules (CONV-META-ALL, assumed).
    _check_folder(unit, space, request.folder_id)
    if space.status is Status.ARCHIVED:
        raise problems.ITEMS_SPACE_ARCHIVED.error()
    unit.decide("ITEMS-OK")
    adder = ItemAdder(unit, caller.user, request)
    adder.add(request.items, request.folder_id)
    if adder.failed:
        unit.decide("ITEMS-PARTIAL", *adder.rules)
    # Where everything failed the space did not change: no activity, no event, the same `updatedAt`.
    if adder.items:
        _keep(unit, caller, space, tuple(adder.items))
    return Added(succeeded=adder.succeeded, failed=adder.failed)


def _check_folder(unit: Unit, space: Space, folder_id: str | None) -> None:
    if folder_id is None:
        return
    folders = (item.id for item in items_of(unit.store, space) if item.type == "folder")
    if folder_id not in folders:
        raise problems.ITEMS_FOLDER_UNKNOWN.error(at="folderItemId", id=folder_id)


class ItemAdder:
    """Sorts a request's items into those to keep and those that fail, depth first."""

    def __init__(self, unit: Unit, user: User, request: NewItems) -> None:
        self._unit = unit
        self._user = user
        # Before any item is judged: the rest of a locked range may come last (ITEMS-LOCKED-SCOPE, assumed).
        self._picked = _picked_pages(request.items)
        self.items: list[Item] = []
        self.failed: list[FailedItem] = []
        # A dict as an ordered set: `X-Mock-Rules` has each rule once, in the request's order.
        self.rules: dict[str, None] = {}
        self.succeeded = 0

    def add(self, requested: Iterable[RequestedAsset | RequestedFolder], folder_id: str | None) -> None:
        """Add what can be added of the request into a folder, or into the space itself."""
        for request in requested:
            if isinstance(request, RequestedAsset):
                self._add_asset(request, folder_id)
            else:
                folder = Item(
                    id=self._unit.ids.hex32(), name=request.name, description=request.description, folder_id=folder_id
                )
                # Also where all that is in it fails: empty folders are allowed (ITEMS-EMPTY-FOLDER).
                self.items.append(folder)
                self.add(request.items, folder.id)

    def _add_asset(self, request: RequestedAsset, folder_id: str | None) -> None:
        asset_id, page = request
        asset = self._unit.store.get(ASSETS, asset_id)
        if asset is None:
            self._fail(request, None, "ITEMS-NOT-FOUND", Reason.ASSET_NOT_FOUND)
            return
        if asset.page_count is None:
            page = None  # a page of something without pages means nothing (ITEMS-PAGE-IGNORED)
        refusal = _asset_refusal(self._user, asset)
        if refusal is None and page is not None:
            refusal = _page_refusal(asset, page, self._picked[asset_id])
        if refusal is not None:
            self._fail(request, asset.name, *refusal)
            return
        self.succeeded += 1
        item_id = self._unit.ids.hex32()
        self.items.append(Item(id=item_id, asset_id=asset_id, page=page, name=asset.name, folder_id=folder_id))

    def _fail(self, request: RequestedAsset, name: str | None, rule: str, reason: Reason) -> None:
        self.rules[rule] = None
        # The page as it was asked for, also where it was ignored (ITEMS-FAILED-PAGE).
        self.failed.append(FailedItem(request.asset_id, request.page, name, reason))


def _picked_pages(requested: Iterable[RequestedAsset | RequestedFolder]) -> Mapping[str, Picked]:
    picked: defaultdict[str, Picked] = defaultdict(Picked)
    for request in _assets(requested):
        if request.page is not None:
            picked[request.asset_id].pages.add(request.page)
    return picked


def _assets(requested: Iterable[RequestedAsset | RequestedFolder]) -> Iterator[RequestedAsset]:
    for request in requested:
        if isinstance(request, RequestedAsset):
            yield request
        else:
            yield from _assets(request.items)


def _batch(unit: Unit, caller: Caller, space: Space, items: tuple[Item, ...]) -> Batch:
    return Batch(id=batch_id(space.id, space.batches), items=items, user_id=caller.user.id, added_at=unit.now)


def _keep(unit: Unit, caller: Caller, space: Space, items: tuple[Item, ...]) -> None:
    unit.put(BATCHES, _batch(unit, caller, space, items))
    entry = activity(unit, caller, space.participant(caller.user.id), "added content")
    put_with_activity(unit, space, entry, batches=space.batches + 1)
    emit_items_added(unit, space, entry.initiator, items)
