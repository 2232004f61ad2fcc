"""What the model holds for a fault of form in a request's body: the rule that refuses it, or None."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

PUBLIC_URI = re.compile(r"[a-z0-9_-]{1,255}")
LONGEST_TITLE = 255
LONGEST_NAME = 255
TYPES: Mapping[str, type] = {
    "title": str,
    "description": str,
    "publicUri": str,
    "status": str,
    "isExternalDownloadAllowed": bool,
    "isExternalInviteAllowed": bool,
    "isExternalUploadAllowed": bool,
    "isCommentAllowed": bool,
    "isSearchAIAllowed": bool,
    "owner": dict,
    "theme": dict,
    "sharedSpaceTemplate": dict,
}
STATUSES = ("ACTIVE", "ARCHIVED")


def create_fault(body: Mapping[str, Any], *, needs_owner: bool) -> str | None:
    """Return what is wrong with a create."""
    if needs_owner and "owner" not in body:
        return "CREATE-OWNER-REQUIRED"
    if "title" not in body:
        return "CREATE-TITLE-REQUIRED"
    if PUBLIC_URI.fullmatch(str(body.get("publicUri", "auto"))) is None:
        return "CREATE-URI-FORM"
    return _type_fault(body) or _title_fault(body, "CREATE-TITLE-LENGTH")


def update_fault(body: Mapping[str, Any], public_uri: str, owner: str) -> str | None:
    """Return what is wrong with an update of a space that has this publicUri and this owner."""
    fault = _type_fault(body) or _title_fault(body, "PATCH-FIELDS")
    if fault is not None:
        return fault
    if body.get("status", "ACTIVE") not in STATUSES:
        return "PATCH-FIELDS"
    if body.get("publicUri", public_uri) != public_uri:
        return "PATCH-URI-400"
    return "PATCH-OWNER" if body.get("owner", {"userId": owner}).get("userId") != owner else None


def items_fault(body: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a request that adds items."""
    items = body.get("items")
    if not isinstance(items, list):
        return "ITEMS-REQUIRED"
    if not items:
        return "ITEMS-EMPTY"
    return None if _are_items(items) else "ITEMS-400"


def _are_items(items: Any) -> bool:
    return isinstance(items, list) and all(map(_is_item, items))


def _is_item(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    if item.get("type") == "asset":
        return isinstance(item.get("assetId"), str) and _is_page(item.get("page", 1))
    name = item.get("name")
    is_folder = item.get("type") == "folder" and isinstance(name, str) and len(name) <= LONGEST_NAME
    return is_folder and isinstance(item.get("description", ""), str) and _are_items(item.get("folderItems", []))


def _is_page(page: Any) -> bool:
    return type(page) is int and page >= 1  # isinstance would take true for 1


def _type_fault(body: Mapping[str, Any]) -> str | None:
    if _has_null(body.values()):
        return "CONV-NULL"
    return "CONV-TYPES" if any(type(body[name]) is not kind for name, kind in TYPES.items() if name in body) else None


def _has_null(values: Iterable[Any]) -> bool:
    return any(value is None or (isinstance(value, dict) and _has_null(value.values())) for value in values)


def _title_fault(body: Mapping[str, Any], rule: str) -> str | None:
    return None if 1 <= len(body.get("title", "-")) <= LONGEST_TITLE else rule
