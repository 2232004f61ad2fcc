"""What buyers open: the links of Shares, and Shared Spaces by invitation (LINK-, SHARE-TRACK)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from ...core.refusals import shortened
from ...state.store import Store
from ...state.unit import Unit
from .. import problems
from .assets import ASSETS, Asset
from .branding import THEMES, Theme
from .content import Item, items_of
from .history import Recipient, emit_share_reshared, emit_share_viewed
from .invitations import invited
from .leavers import pass_on
from .people import Participant
from .shares import SHARES, Share
from .space import SPACES, Space, Status

TOLD = 200
"""How many characters of a recipient or a platform an event tells."""
ITEMS_SHOWN = 1000
"""How many items the page of a space shows, the first ones: it is made while nobody else is answered."""


class Way(StrEnum):
    """By which of its addresses a Share is opened (SHARE-TRACK)."""

    ANONYMOUS = "anonymous"
    UNTRACKED = "untracked"
    DYNAMIC = "dynamic"


class OpenedShare(NamedTuple):
    """What the page of a Share shows: the assets that are still there, each with the page to open by default."""

    share: Share
    assets: Sequence[tuple[Asset, int | None]]
    theme: Theme
    way: Way


class OpenedSpace(NamedTuple):
    """What the page of a space shows to a participant; whether there is more in it than `items`."""

    space: Space
    visitor: Participant
    items: Sequence[Item]
    has_more: bool
    theme: Theme


def leads_somewhere(store: Store, params: Mapping[str, str]) -> bool:
    """Return whether there is a Share of that `token`, or a space of that `publicUri`."""
    if "publicUri" in params:
        return store.find(SPACES, "publicUri", params["publicUri"]) is not None
    return any(store.find(SHARES, way, params["token"]) is not None for way in ("anonymous", "untracked"))


def open_share(unit: Unit, token: str, *, is_dynamic: bool = False) -> OpenedShare:
    """Return what a Share's link shows; refuses an unknown one and one that has expired."""
    share = unit.store.find(SHARES, "anonymous", token)
    way = Way.DYNAMIC if is_dynamic else Way.ANONYMOUS
    if share is None and not is_dynamic:
        share, way = unit.store.find(SHARES, "untracked", token), Way.UNTRACKED
    if share is None:
        raise problems.LINK_UNKNOWN.error()
    if share.is_expired(unit.now):
        raise problems.LINK_EXPIRED.error()
    unit.decide("LINK-PAGE")
    found = ((unit.store.get(ASSETS, one.id), one.page) for one in share.assets)
    assets = [(asset, page) for asset, page in found if asset is not None]
    return OpenedShare(share, assets, _theme(unit, share.theme_id), way)


def _theme(unit: Unit, theme_id: str) -> Theme:
    theme = unit.store.get(THEMES, theme_id)
    assert theme is not None
    return theme


def viewed(unit: Unit, opened: OpenedShare, recipient: str | None, platform: str | None) -> None:
    """Report that a Share was viewed: by whom where the link tells, not at all by the untracked one (SHARE-TRACK)."""
    unit.decide("SHARE-TRACK")
    if opened.way is Way.UNTRACKED:
        return
    known = opened.way is Way.DYNAMIC
    who = Recipient(_told(recipient), _told(platform)) if known else Recipient()
    emit_share_viewed(unit, opened.share.id, opened.share.title, who)


def _told(text: str | None) -> str | None:
    return shortened(text, TOLD) if text else None


def reshare(unit: Unit, opened: OpenedShare, recipient: str) -> None:
    """Report that a recipient passed the Share on; nobody gets an e-mail."""
    if opened.way is Way.UNTRACKED:
        raise problems.LINK_UNKNOWN.error()
    if "@" not in recipient:
        raise problems.LINK_RECIPIENT.error(at="email")
    unit.decide("SHARE-EVENTS")
    emit_share_reshared(unit, opened.share.id, opened.share.title, Recipient(_told(recipient)))


def download(opened: OpenedShare, asset_id: str) -> Asset:
    """Return an asset of the Share to download; refuses where the Share allows none (SHARE-DOWNLOAD)."""
    if not opened.share.is_download_allowed:
        raise problems.LINK_NO_DOWNLOAD.error()
    asset = next((asset for asset, _ in opened.assets if asset.id == asset_id), None)
    if asset is None:
        raise problems.LINK_UNKNOWN.error()
    return asset


def open_space(unit: Unit, public_uri: str, token: str) -> OpenedSpace:
    """Return what a space's page shows to whom the invitation is for; refuses everybody else (SPACE-INVITE)."""
    space = unit.store.find(SPACES, "publicUri", public_uri)
    if space is None:
        raise problems.LINK_UNKNOWN.error()
    visitor = invited(unit, space, token)
    if space.status is Status.ARCHIVED:
        raise problems.LINK_ARCHIVED.error()
    space = pass_on(unit, space, visitor)
    unit.decide("LINK-PAGE")
    items = list(islice(items_of(unit.store, space), ITEMS_SHOWN + 1))
    has_more = len(items) > ITEMS_SHOWN
    return OpenedSpace(space, visitor, items[:ITEMS_SHOWN], has_more, _theme(unit, space.theme_id))
