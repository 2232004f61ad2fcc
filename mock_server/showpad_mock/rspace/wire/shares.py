"""Shares on the wire: what is sent to make and change them, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NotRequired

from typing_extensions import TypedDict

from ...core.refusals import shortened
from ...state.store import Store
from ...web.call import Call
from ..domain.features import is_observed
from ..domain.items import Item
from ..domain.listing import DocumentShares, FolderShare, Listed, place_of
from ..domain.people import user_by_id
from ..domain.shares import Permission, Share, TargetType, target_name
from ..domain.sharing import SharePost, ShareResult, Target
from .forms import Number, body_form, read_body
from .pages import Links, links_to
from .violations import Violation, refuse

MOST_ITEMS = 255
PERMISSIONS = {name: one for one in Permission for name in (one.value, one.value.lower())}


class TargetPart(TypedDict, total=False):
    """A user to share with, or a group, which may name a folder."""

    id: Number | None
    permission: str | None
    sharedFolderId: Number | None


class UserPart(TypedDict, total=False):
    """A user to share with."""

    id: Number | None
    permission: str | None


class ShareBody(TypedDict, total=False):
    """What `POST /share` takes."""

    itemsToShare: list[Number] | None
    groups: list[TargetPart] | None
    users: list[UserPart] | None


class PermissionBody(TypedDict):
    """What `PUT /share` takes."""

    shareId: NotRequired[Number | None]
    permission: NotRequired[str | None]


SHARE = body_form(ShareBody)
PERMISSION = body_form(PermissionBody)
# In violations the lists have the names that they have in the server's code.
JAVA_NAMES = {TargetType.GROUP: "groupSharePostItems", TargetType.USER: "userSharePostItems"}


def read_share_post(call: Call) -> SharePost:
    """Read the body of `POST /share`; refuses with 400 whatever is wrong in it, all at once."""
    body = read_body(call, SHARE)
    items, groups, users = body.get("itemsToShare") or [], body.get("groups") or [], body.get("users") or []
    refuse(_violations(items, groups, users))
    targets = [*_targets(TargetType.GROUP, groups), *_targets(TargetType.USER, users)]
    return SharePost(item_ids=tuple(items), targets=tuple(targets))


def _violations(items: Sequence[int], groups: Sequence[TargetPart], users: Sequence[UserPart]) -> Iterator[Violation]:
    if not 1 <= len(items) <= MOST_ITEMS:
        reason = f"must name 1 to {MOST_ITEMS} items"
        rejected = list(items[: MOST_ITEMS + 1])
        yield Violation("sharePost", "itemsToShare", rejected, reason, "RS-SHARE-ITEMS-400")
    yield from _target_violations(TargetType.GROUP, groups)
    yield from _target_violations(TargetType.USER, users)
    if not groups and not users:
        reason = "at least one group or user is needed"
        yield Violation("sharePost", None, None, reason, "RS-SHARE-TARGETS-400")


def _target_violations(
    target_type: TargetType, parts: Sequence[TargetPart] | Sequence[UserPart]
) -> Iterator[Violation]:
    for place, part in enumerate(parts):
        at = f"{JAVA_NAMES[target_type]}[{place}]"
        if part.get("id") is None:
            yield Violation("sharePost", f"{at}.id", None, "must not be null", "RS-SHARE-TARGET-ID-400")
        yield from _permission_violations("sharePost", f"{at}.permission", part.get("permission"))


def _permission_violations(object_name: str, at: str, given: str | None) -> Iterator[Violation]:
    if given is not None and given not in PERMISSIONS:
        yield Violation(object_name, at, shortened(given), "must be READ or EDIT", "RS-SHARE-PERMISSION-400")


def _targets(target_type: TargetType, parts: Sequence[TargetPart] | Sequence[UserPart]) -> Iterator[Target]:
    for part in parts:
        folder: Any = part.get("sharedFolderId")
        yield Target(
            type=target_type, id=part["id"] or 0, permission=_permission(part.get("permission")), folder_id=folder
        )


def _permission(given: str | None) -> Permission:
    return PERMISSIONS[given] if given is not None else Permission.READ


def read_permission(call: Call) -> tuple[int, Permission | None]:
    """Read the body of `PUT /share`: the share's id, where it is left out 0, and the permission.

    That is None where none was sent, which the server finds out only once it has the share (observed behaviour).
    """
    body = read_body(call, PERMISSION)
    refuse(_change_violations(body.get("permission"), is_needed=not is_observed(call.unit.store)))
    given = body.get("permission")
    return body.get("shareId") or 0, PERMISSIONS[given] if given is not None else None


def _change_violations(given: str | None, *, is_needed: bool) -> Iterator[Violation]:
    yield from _permission_violations("sharePermissionUpdate", "permission", given)
    if given is None and is_needed:
        yield Violation("sharePermissionUpdate", "permission", None, "must not be null", "RS-PERMISSION-NULL")


def _share_info(share: Share, item: Item, links: Links) -> dict[str, Any]:
    return {
        "id": share.id,
        "sharedItemId": share.item_id,
        "shareItemName": item.name,
        "sharedTargetId": share.target_id,
        "sharedTargetType": share.target_type,
        "permission": share.permission,
        "_links": links,
    }


def result_answer(result: ShareResult, items: dict[int, Item]) -> dict[str, Any]:
    """Show what was shared; what was not goes by the guide's name and by the wire's (RS-SHARE-FAILED)."""
    return {
        "shareInfos": [_share_info(share, items[share.item_id], []) for share in result.shares],
        "failedShares": result.failed,
        "failedShareIds": result.failed,
        "_links": [],
    }


def listed_answer(listed: Listed, url: str) -> dict[str, Any]:
    """Show an entry of the list: a share, or a folder that a group shares."""
    if not isinstance(listed, FolderShare):
        share, item = listed
        return _share_info(share, item, links_to(f"{url}/{share.id}"))
    return {
        "id": None,
        "sharedItemId": listed.folder.id,
        "shareItemName": listed.folder.name,
        "sharedTargetId": listed.group.id,
        "sharedTargetType": TargetType.GROUP,
        "permission": Permission.READ,
        "_links": [],
    }


def document_shares_answer(shares: DocumentShares, store: Store) -> dict[str, Any]:
    """Show the shares of one document."""
    return {
        "sharedDocId": shares.item.id,
        "sharedDocName": shares.item.name,
        "directShares": [_document_share(share, store) for share in shares.direct],
        "notebookShares": [_document_share(share, store) for share in shares.of_notebook],
    }


def _document_share(share: Share, store: Store) -> dict[str, Any]:
    sharer = user_by_id(store, share.sharer_id) if share.sharer_id is not None else None
    place = place_of(store, share)
    return {
        "shareId": share.id,
        "sharerId": share.sharer_id,
        "sharerName": sharer.full_name if sharer is not None else None,
        "recipientId": share.target_id,
        "recipientName": target_name(store, share),
        "recipientType": share.target_type,
        "permission": share.permission,
        "parentId": place.parent_id,
        "grandparentId": place.grandparent_id,
        "path": place.path,
    }
