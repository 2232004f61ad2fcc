"""Shares on the wire."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...core.clock import iso, parse_time
from ..domain.shares import NewShare, Share, SharedAsset
from .forms import Id, Time, Whole, body_form


class AssetRef(TypedDict):
    """An asset, and the page to open."""

    id: str
    page: NotRequired[Annotated[Whole, Field(ge=1)]]


class ShareBody(TypedDict):
    """What `POST /shares` takes."""

    title: Annotated[str, Field(max_length=200)]
    origin: Annotated[str, Field(max_length=20)]
    assets: Annotated[list[AssetRef], Field(min_length=1, max_length=300)]
    isDownloadAllowed: NotRequired[bool]
    expiresAt: NotRequired[Time]
    theme: NotRequired[Id]


def _new_share(body: ShareBody) -> NewShare:
    return NewShare(
        title=body["title"],
        origin=body["origin"],
        assets=[SharedAsset(asset["id"], asset.get("page")) for asset in body["assets"]],
        is_download_allowed=body.get("isDownloadAllowed", True),
        expires_at=parse_time(body["expiresAt"]) if "expiresAt" in body else None,
        theme_id=body["theme"]["id"] if "theme" in body else None,
    )


CREATE = body_form(
    ShareBody,
    _new_share,
    rules={
        "title:propertyRequired": "SHARE-TITLE",
        "title:propertyLength": "SHARE-TITLE",
        "origin:propertyRequired": "SHARE-ORIGIN",
        "origin:propertyLength": "SHARE-ORIGIN",
        "assets:propertyRequired": "SHARE-ASSETS-LIMIT",
        "assets:propertyLength": "SHARE-ASSETS-LIMIT",
        "page:propertyRange": "SHARE-PAGE",
        "page:propertyType": "SHARE-PAGE",
    },
)


def _asset(asset: SharedAsset) -> dict[str, Any]:
    # `page` is there only where it was given (SHARE-FIELDS); null would be another answer.
    return {"id": asset.id} if asset.page is None else {"id": asset.id, "page": asset.page}


def share_answer(share: Share, subdomain: str) -> dict[str, Any]:
    """Show a Share (SHARE-FIELDS) with its three addresses (SHARE-URLS)."""
    origin = f"https://{subdomain}.showpad.com"
    return {
        "id": share.id,
        "title": share.title,
        "assets": [_asset(asset) for asset in share.assets],
        "origin": share.origin,
        "isDownloadAllowed": share.is_download_allowed,
        "expiresAt": iso(share.expires_at) if share.expires_at is not None else None,
        "theme": {"id": share.theme_id},
        "anonymousUrl": f"{origin}/share/{share.anonymous_token}",
        "untrackedUrl": f"{origin}/share/{share.untracked_token}",
        # The anonymous link's token: guide 003 shows the same in both (SHARE-URLS).
        "dynamicUrl": f"{origin}/catalog/link/{share.anonymous_token}",
        "createdAt": iso(share.created_at),
    }
