"""Shares: tracked links to assets (SHARE-)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...core.refusals import Parsed
from ...state.record import record
from ...state.store import RecordType
from ...state.unit import Unit
from .. import problems
from .access import Caller
from .assets import ASSETS, may_access
from .branding import THEMES, global_theme_id
from .history import emit_share_created
from .organisation import organisation


class SharedAsset(NamedTuple):
    """An asset of a Share, and the page it opens at (SHARE-PAGE)."""

    id: str
    page: int | None


@record
class NewShare:
    """What a request asks for; times are in milliseconds."""

    title: str
    origin: str
    assets: Sequence[SharedAsset]
    is_download_allowed: bool = True
    expires_at: int | None = None
    theme_id: str | None = None


@record
class Share:
    """A Share; times are in milliseconds, `expires_at` None for never (SHARE-EXPIRES)."""

    id: str
    title: str
    origin: str
    assets: tuple[SharedAsset, ...]
    is_download_allowed: bool
    expires_at: int | None
    theme_id: str
    anonymous_token: str
    untracked_token: str
    creator_id: str
    created_at: int

    def is_expired(self, now: int) -> bool:
        """Return whether recipients get nothing any more (SHARE-EXPIRED)."""
        return self.expires_at is not None and self.expires_at <= now


SHARES = RecordType(
    "shares",
    Share,
    key=lambda share: share.id,
    unique={"anonymous": lambda share: share.anonymous_token, "untracked": lambda share: share.untracked_token},
    indexes={"created": lambda share: ((share.created_at, share.id),)},
)


def create(unit: Unit, caller: Caller, body: Parsed[NewShare]) -> Share:
    """Create a Share; 403 without API access, 400 for what cannot be shared."""
    if not organisation(unit).features.api_access:
        raise problems.SHARES_NOT_ENABLED.error()
    request = body.require()
    # One fault against the state at a time, in the order of the rules (CONV-META-ALL, assumed).
    if request.expires_at is not None and request.expires_at < unit.now:
        raise problems.SHARE_EXPIRES_PAST.error(at="expiresAt")
    if request.theme_id is not None and unit.store.get(THEMES, request.theme_id) is None:
        raise problems.SHARE_THEME_UNKNOWN.error(at="theme.id", id=request.theme_id)
    for position, asset in enumerate(request.assets):
        _check_asset(unit, caller, asset.id, position)
    unit.decide("SHARE-OK")
    share = Share(
        id=unit.ids.hex32(),
        title=request.title,
        origin=request.origin,
        assets=tuple(request.assets),
        is_download_allowed=request.is_download_allowed,
        expires_at=request.expires_at,
        theme_id=request.theme_id or global_theme_id(unit.store),
        anonymous_token=unit.ids.token(),
        untracked_token=unit.ids.token(),
        creator_id=caller.user.id,
        created_at=unit.now,
    )
    unit.put(SHARES, share)
    emit_share_created(unit, share.id, share.title, share.creator_id)
    return share


def _check_asset(unit: Unit, caller: Caller, asset_id: str, position: int) -> None:
    at = f"assets[{position}].id"
    asset = unit.store.get(ASSETS, asset_id)
    # One refusal for both, as in the guide: it does not tell which assets exist (SHARE-ASSET-UNKNOWN).
    if asset is None or not may_access(caller.user, asset):
        raise problems.SHARE_ASSET_UNKNOWN.error(at=at, id=asset_id)
    # The whole request fails, unlike one that adds items to a space; the 400 is assumed (SHARE-ASSET-400).
    if asset.is_archived or not asset.is_shareable:
        raise problems.SHARE_ASSET_BARRED.error(at=at, id=asset_id)
