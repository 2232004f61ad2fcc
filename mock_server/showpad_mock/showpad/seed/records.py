"""From one part of a seed document to its record; the defaults of members that are left out are here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...core.clock import parse_time
from ..domain.assets import Asset, EnforcedPages, PageRange
from ..domain.branding import Theme
from ..domain.crm import CrmRecord, LinkedTo
from ..domain.oauth import GRANT_TYPES, SCOPES, OAuthClient
from ..domain.organisation import Division
from ..domain.people import Role, User
from ..domain.quick_actions import Extension
from ..domain.space import CustomerLogo
from ..wire import seed as wire

DEFAULT_TIME = parse_time("2025-01-01T00:00:00.000Z")
NO_SLUG = re.compile("[^a-z0-9]+")


def time_of(text: str | None, otherwise: int) -> int:
    """Return a time in milliseconds."""
    return parse_time(text) if text is not None else otherwise


def created_at(one: wire.Dated) -> int:
    """Return when something was created."""
    return time_of(one.get("createdAt"), DEFAULT_TIME)


def updated_at(one: wire.Dated) -> int:
    """Return when something was last changed."""
    return time_of(one.get("updatedAt"), created_at(one))


def handle_of(one: wire.UserPart | wire.AssetPart) -> str:
    """Return the short name of a user or asset."""
    return one.get("handle") or one["id"]


def division_of(one: wire.DivisionPart) -> Division:
    """Make a division."""
    return Division(
        id=one["id"],
        name=one["name"],
        is_asset_sharing_enabled=one.get("isAssetSharingEnabled", True),
        created_at=created_at(one),
        updated_at=updated_at(one),
    )


def theme_of(one: wire.ThemePart) -> Theme:
    """Make a theme."""
    shown, colours = one.get("displayData", {}), one.get("colorSettings", {})
    return Theme(
        id=one["id"],
        title=one["title"],
        is_global=one.get("isGlobal", False),
        is_default=one.get("isDefault", False),
        about_description=shown.get("aboutDescription", ""),
        logo=shown.get("logo"),
        display_image=shown.get("displayImage"),
        header_color=colours.get("headerColor", "FFFFFF"),
        header_font_color=colours.get("headerFontColor", "1A1A1A"),
        accent_color=colours.get("accentColor", "0A6CFF"),
        accent_font_color=colours.get("accentFontColor", "FFFFFF"),
        division_id=one.get("division"),
        experience_ids=tuple(one.get("experiences", [])),
        created_at=created_at(one),
        updated_at=updated_at(one),
    )


def user_of(one: wire.UserPart, manager_id: str | None) -> User:
    """Make a user."""
    return User(
        id=one["id"],
        handle=handle_of(one),
        email=one["email"],
        first_name=one.get("firstName", ""),
        last_name=one.get("lastName", ""),
        role=Role(one.get("role", "USER")),
        manager_id=manager_id,
        division_ids=tuple(one.get("divisions", [])),
        is_active=one.get("isActive", True),
        has_content_license=one.get("hasContentLicense", True),
        company=one.get("company", ""),
        job_title=one.get("jobTitle", ""),
        created_at=created_at(one),
        updated_at=updated_at(one),
    )


def client_of(one: wire.OAuthClientPart) -> OAuthClient:
    """Make an OAuth client."""
    return OAuthClient(
        id=one["id"],
        name=one.get("name", one["id"]),
        secret=one.get("secret"),
        redirect_uris=tuple(one.get("redirectUris", ())),
        grant_types=tuple(one.get("grantTypes", GRANT_TYPES)),
        scopes=tuple(one.get("scopes", SCOPES)),
    )


def asset_of(one: wire.AssetPart, author_ids: tuple[str, ...]) -> Asset:
    """Make an asset; its authors are users' ids."""
    permissions = one.get("permissions", {})
    return Asset(
        id=one["id"],
        handle=handle_of(one),
        name=one.get("name"),
        type=one.get("type", "document"),
        status=one.get("status", "active"),
        division_id=one["division"],
        is_archived=one.get("isArchived", False),
        is_division_shared=one.get("isDivisionShared", False),
        is_sensitive=one.get("isSensitive", False),
        is_shareable=permissions.get("isShareable", True),
        is_annotatable=permissions.get("isAnnotatable", True),
        is_editable=permissions.get("isEditable", False),
        is_only_entire_document_shareable=one.get("isOnlyEntireDocumentShareable", False),
        locked_pages=_ranges(one.get("lockedPages", [])),
        enforced_pages=_enforced(one.get("enforcedPages")),
        page_count=one.get("pageCount"),
        external_id=one.get("externalId"),
        # A slug is a text, never null (AROUND-ASSETS).
        slug=one.get("slug") or _slug(one),
        description=one.get("description"),
        tags=tuple(one.get("tags", [])),
        languages=tuple(one.get("languages", [])),
        countries=tuple(one.get("countries", [])),
        author_ids=author_ids,
        current_file_id=one.get("currentFile"),
        url=one.get("url"),
        checksum=one.get("checksum"),
        size=one.get("size"),
        duration=one.get("duration"),
        word_count=one.get("wordCount"),
        downloadable_external=tuple(one.get("downloadableExternal", [])),
        downloadable_internal=tuple(one.get("downloadableInternal", [])),
        created_at=created_at(one),
        updated_at=updated_at(one),
    )


def _slug(one: wire.AssetPart) -> str:
    return NO_SLUG.sub("-", (one.get("name") or "").lower()).strip("-") or one["id"]


def extension_of(one: wire.ExtensionPart) -> Extension:
    """Make a Shared Space extension."""
    return Extension(id=one["id"], name=one["name"], description=one.get("description"), icon=one.get("icon"))


def crm_record_of(one: wire.CrmRecordPart, space: wire.SpacePart) -> CrmRecord:
    """Make a record of a CRM that belongs to a space."""
    return CrmRecord(
        id=one["id"],
        linked_to=LinkedTo.SPACE,
        linked_id=space["id"],
        type=one["type"],
        name=one["name"],
        url=one.get("url"),
        account_id=one.get("accountId"),
        created_at=created_at(space),
    )


def logo_of(part: wire.CustomerLogoPart | None) -> CustomerLogo | None:
    """Make a customer's logo, None without one."""
    return CustomerLogo(part["url"], part["height"], part.get("isTransparent", False)) if part is not None else None


def _enforced(part: wire.EnforcedPagesPart | None) -> EnforcedPages | None:
    if part is None:
        return None
    return EnforcedPages(prepend=_ranges(part.get("prepend", [])), append=_ranges(part.get("append", [])))


def _ranges(parts: Iterable[wire.PageRangePart]) -> tuple[PageRange, ...]:
    return tuple(PageRange(part["start"], part["end"]) for part in parts)
