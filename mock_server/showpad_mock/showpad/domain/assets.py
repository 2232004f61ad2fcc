"""Assets: what may be put into spaces and Shares, by whom, and which of its pages."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import NamedTuple

from ...state.record import record
from ...state.store import RecordType, Store
from ...state.unit import Unit
from .changes import given
from .older import upgrade_asset
from .people import Role, User


class PageRange(NamedTuple):
    """Pages from `start` to `end`, both included."""

    start: int
    end: int

    def pages(self) -> range:
        """Return the page numbers."""
        return range(self.start, self.end + 1)

    def is_within(self, picked: Container[int]) -> bool:
        """Return whether every page is picked; stops at the first that is not."""
        return all(page in picked for page in self.pages())


@record
class EnforcedPages:
    """Pages that go along with any pick of pages (ITEMS-ENFORCED)."""

    prepend: tuple[PageRange, ...] = ()
    append: tuple[PageRange, ...] = ()


@record
class Asset:
    """An asset (AROUND-ASSETS). `page_count` is None for what has no pages; `name` may be None.

    Languages and countries are codes; tags and authors are ids. What is not known of its file is None.
    """

    id: str
    handle: str
    name: str | None
    type: str
    status: str
    division_id: str
    is_archived: bool
    is_division_shared: bool
    is_sensitive: bool
    is_shareable: bool
    is_annotatable: bool
    is_editable: bool
    is_only_entire_document_shareable: bool
    locked_pages: tuple[PageRange, ...]
    enforced_pages: EnforcedPages | None
    page_count: int | None
    external_id: str | None
    slug: str
    description: str | None
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    author_ids: tuple[str, ...]
    current_file_id: str | None
    url: str | None
    checksum: str | None
    size: int | None
    duration: int | None
    word_count: int | None
    downloadable_external: tuple[str, ...]
    downloadable_internal: tuple[str, ...]
    created_at: int
    updated_at: int


@record
class AssetChanges:
    """What a change of an asset asks for; None is what was left out."""

    is_archived: bool | None = None
    is_shareable: bool | None = None
    is_only_entire_document_shareable: bool | None = None


ASSETS = RecordType(
    "assets",
    Asset,
    key=lambda asset: asset.id,
    unique={"handle": lambda asset: asset.handle},
    indexes={"created": lambda asset: ((asset.created_at, asset.id),)},
    upgrade=upgrade_asset,
)


def find_asset(store: Store, name: str) -> Asset | None:
    """Return the asset with that id or handle."""
    return store.get(ASSETS, name) or store.find(ASSETS, "handle", name)


def change_asset(unit: Unit, asset: Asset, changes: AssetChanges) -> Asset:
    """Change what is given of an asset; spaces and Shares that hold it already keep it."""
    changed = replace(asset, **given(changes), updated_at=unit.now)
    unit.put(ASSETS, changed)
    return changed


def may_access(user: User, asset: Asset) -> bool:
    """Return whether the user has permissions on the asset: by division; admins on all (ITEMS-INACCESSIBLE, A)."""
    # The guide's own list of these permissions is lost.
    return user.role is Role.ADMIN or asset.division_id in user.division_ids
