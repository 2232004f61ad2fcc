"""Wrong in one member of users, assets, themes, templates or divisions: alone, listed, or wherever they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..wrapping import Broken, Seen
from .members import ARRAY, BOOLEAN, CLOCK, INTEGER, NULLABLE, NULLABLE_TEXT, OBJECT, TEXT, WAYS, wrong

Thing = dict[str, Any]
EITHER = ("is missing", "is null", "is a text", "is a number", "is in an array", "has no milliseconds", "has an offset")
"""Ways that are wrong whichever the value is: they can be found without another place to compare with."""

USERS: dict[str, tuple[str, ...]] = {"id": TEXT, "email": TEXT, "firstName": NULLABLE_TEXT, "lastName": NULLABLE_TEXT}
DIVISIONS: dict[str, tuple[str, ...]] = {"id": TEXT, "name": TEXT, "isAssetSharingEnabled": BOOLEAN}
RANGES = {
    "lockedPages": ARRAY,
    "lockedPages.*.start": INTEGER,
    "lockedPages.*.end": INTEGER,
    "enforcedPages": NULLABLE,
    "enforcedPages.prepend": ARRAY,
    "enforcedPages.append": ARRAY,
    "enforcedPages.prepend.*.start": INTEGER,
    "enforcedPages.append.*.end": INTEGER,
}
ASSETS = {
    "id": TEXT,
    "name": NULLABLE_TEXT,
    "type": TEXT,
    "status": TEXT,
    "division": OBJECT,
    "division.id": TEXT,
    "isArchived": BOOLEAN,
    "isDivisionShared": BOOLEAN,
    "isSensitive": BOOLEAN,
    "permissions": OBJECT,
    "permissions.isShareable": BOOLEAN,
    "permissions.isAnnotatable": BOOLEAN,
    "permissions.isEditable": BOOLEAN,
    "isOnlyEntireDocumentShareable": BOOLEAN,
    **RANGES,
    "pageCount": ("is missing", "has another value", "is a text"),
    "externalId": NULLABLE_TEXT,
    "slug": TEXT,
    "description": NULLABLE_TEXT,
    "tags": ARRAY,
    "tags.*.id": TEXT,
    "languages": ARRAY,
    "languages.*.code": TEXT,
    "countries": ARRAY,
    "countries.*.code": TEXT,
    "authors": ARRAY,
    "currentFile": NULLABLE,
    "url": ("is missing",),
    "checksum": ("is missing",),
    "size": ("is missing",),
    "duration": ("is missing",),
    "wordCount": ("is missing",),
    "downloadableExternal": ("is missing",),
    "downloadableInternal": ("is missing",),
}
COLORS = ("headerColor", "headerFontColor", "accentColor", "accentFontColor")
THEMES = {
    "id": TEXT,
    "title": TEXT,
    "isGlobal": BOOLEAN,
    "isDefault": BOOLEAN,
    "displayData": OBJECT,
    "displayData.aboutDescription": TEXT,
    "displayData.logo": NULLABLE,
    "displayData.displayImage": NULLABLE,
    "colorSettings": OBJECT,
    **{f"colorSettings.{name}": ("is missing", "is null", "has another value", "is a number") for name in COLORS},
    "division": NULLABLE,
    "division.id": TEXT,
}
TEMPLATES = {
    "id": TEXT,
    "isPublished": BOOLEAN,
    "creator": OBJECT,
    "creator.id": TEXT,
    "name": TEXT,
    "description": ("is missing", "has another value", "is a number"),
    "division.id": TEXT,
    "sharedSpaceData": OBJECT,
    "sharedSpaceData.title": NULLABLE,
    "sharedSpaceData.description": NULLABLE,
    "sharedSpaceData.theme": OBJECT,
    "sharedSpaceData.theme.id": TEXT,
    "usageCount": ("is missing", "is null", "is a text", "has another value"),
}
LOOK_UPS: dict[str, tuple[str, str, dict[str, tuple[str, ...]]]] = {
    "/users": ("AROUND-USERS", "a user", USERS),
    "/assets": ("AROUND-ASSETS", "an asset", ASSETS),
    "/themes": ("AROUND-THEMES", "a theme", THEMES),
    "/shared-space-templates": ("AROUND-TEMPLATES", "a template", TEMPLATES),
    "/divisions": ("AROUND-DIVISIONS", "a division", DIVISIONS),
}
"""By path: the rule, how stories call one, and of each member the ways in which it can be wrong."""
ALONE_ONLY: dict[str, dict[str, tuple[str, ...]]] = {
    "/themes": {"experiences": ("is missing",)},
    "/shared-space-templates": {
        "users": ARRAY,
        "userGroups": ARRAY,
        "sharedSpaceData.theme.title": ("is missing",),
        "sharedSpaceData.theme.displayData": ("is missing",),
        "sharedSpaceData.theme.colorSettings": ("is missing",),
    },
}
"""What only an object shows that is asked for alone."""


def alone(path: str) -> Callable[[Seen], list[Thing]]:
    """Find an object that is asked for alone."""
    return lambda seen: [seen.answer] if seen.is_("GET", f"{path}/[^/]+") and seen.status == 200 else []


def listed(path: str) -> Callable[[Seen], list[Thing]]:
    """Find the objects of a list."""
    return lambda seen: list(seen.answer["items"]) if seen.is_("GET", path) and seen.status == 200 else []


def anywhere(path: str) -> Callable[[Seen], list[Thing]]:
    """Find the objects wherever they are shown."""
    one, many = alone(path), listed(path)
    return lambda seen: [*one(seen), *many(seen)]


def _of_one(path: str) -> Iterator[Broken]:
    rule, noun, members = LOOK_UPS[path]
    for member, ways in {**members, "createdAt": CLOCK, "updatedAt": CLOCK}.items():
        for way in ways:
            if way in EITHER:
                yield wrong(rule, f"{member} of {noun} {way}", anywhere(path), member, WAYS[way])
            if way in ("is missing", "has another value", "is missing where it is null"):
                yield wrong(rule, f"{member} of {noun} {way} alone", alone(path), member, WAYS[way])
                yield wrong(rule, f"{member} of {noun} {way} in a list", listed(path), member, WAYS[way])
    for member, ways in ALONE_ONLY.get(path, {}).items():
        for way in ways:
            if way != "has another value":  # which is right is known to nobody
                yield wrong(rule, f"{member} of {noun} {way} alone", alone(path), member, WAYS[way])


BROKEN = tuple(wrong_one for path in LOOK_UPS for wrong_one in _of_one(path))
