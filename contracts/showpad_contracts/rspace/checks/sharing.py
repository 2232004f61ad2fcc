"""Sharing, where guide and server agree (RS-SHARE)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import WrongValue
from ..assertions import not_shared, only_share, refused, tells_first, texts
from ..client import Client
from ..strategies.shares import (
    MOST_ITEMS,
    NO_TARGETS,
    TARGETS,
    WRONG_PERMISSIONS,
    permissions,
    targets,
    wrong_permissions,
)

GIVEN: dict[str, st.SearchStrategy[Any]] = {"target": targets, "permission": permissions}
ALWAYS = {"target": TARGETS, "permission": ("EDIT", "read", "READ", "edit")}


def with_target(client: Client, target: str, **fields: Any) -> dict[str, Any]:
    """Return the members of a share with the group, or with the colleague alone."""
    if target == "group":
        return {"groups": [{**client.with_group, **fields}]}
    return {"users": [{**client.user(target), **fields}]}


def id_of(client: Client, target: str) -> int:
    """Return the id of the group or user."""
    return client.group if target == "group" else int(client.user(target)["id"])


@check("RS-SHARE-OK", writes=True, given=GIVEN, always=ALWAYS)
def an_item_is_shared(client: Client, target: str, permission: str) -> None:
    """With the group or the colleague, as answered and as its owner sees it."""
    document = client.new_id()
    info = client.new_share(document, **with_target(client, target, permission=permission))
    kind = "GROUP" if target == "group" else "USER"
    wanted = {"sharedItemId": document, "sharedTargetType": kind, "permission": permission.upper()}
    for name, value in wanted.items():
        expect.equal(expect.member(info, name, of="the ShareInfo"), value, f"{name} of the ShareInfo")
    share = only_share(client, document)
    told = {"shareId": info["id"], "recipientId": id_of(client, target), "permission": permission.upper()}
    for name, value in told.items():
        expect.equal(expect.member(share, name, of="the share"), value, f"{name} of the share")


@check("RS-SHARE-OK", writes=True)
def several_items_are_shared_with_several_targets(client: Client) -> None:
    """Each with each."""
    made = [client.new_id(), client.new_id()]
    expect.status(client.share(made, groups=[client.with_group], users=[client.user("colleague")]), 201)
    for document in made:
        found = sorted(str(share.get("recipientType")) for share in client.shares_of(document))
        expect.equal(found, ["GROUP", "USER"], "recipients of the document")


@check("RS-SHARE-DEFAULT", writes=True, always={"target": TARGETS, "fields": ({}, {"permission": None})})
def the_default_is_to_read(client: Client, target: str, fields: dict[str, Any]) -> None:
    """For the group also in its top shared folder."""
    document = client.new_id()
    info = client.new_share(document, **with_target(client, target, **fields))
    expect.equal(expect.member(info, "permission", of="the ShareInfo"), "READ", "permission of the ShareInfo")
    share = only_share(client, document)
    expect.equal(expect.member(share, "permission", of="the share"), "READ", "permission of the share")
    if target == "group":
        expect.equal(share.get("parentId"), client.target.offer("group")["folder"], "parentId of the share")


@check("RS-SHARE-FIELDS", writes=True, given=GIVEN, always=ALWAYS)
def the_answer_tells_what_was_shared(client: Client, target: str, permission: str) -> None:
    """Each member as promised, whatever the permission was spelled like."""
    document = client.document()
    exchange = client.share([document["id"]], **with_target(client, target, permission=permission))
    [info] = expect.member(expect.answered(exchange, 201), "shareInfos") or [{}]
    wanted = {
        "shareItemName": document["name"],
        "sharedTargetId": id_of(client, target),
        "permission": permission.upper(),
        "_links": [],
    }
    for name, value in wanted.items():
        expect.equal(expect.member(info, name, of="the ShareInfo"), value, f"{name} of the ShareInfo")
    for name in ("failedShares", "_links"):
        expect.equal(expect.member(exchange.received, name), [], name)


@check("RS-SHARE-TWICE", writes=True)
def what_is_named_twice_is_shared_once(client: Client) -> None:
    """An item or a group that is repeated makes no second share."""
    for items, times in ((2, 1), (1, 2)):
        document = client.new_id()
        exchange = expect.status(client.share([document] * items, groups=[client.with_group] * times), 201)
        expect.equal(len(texts(exchange, "shareInfos")), 1, "the number of shareInfos")
        only_share(client, document)


@check("RS-SHARE-FOLDER", writes=True)
def a_share_lies_in_the_folder_that_is_named(client: Client) -> None:
    """A folder in the group's tree."""
    folder, document = client.target.offer("subfolder"), client.new_id()
    client.new_share(document, groups=[{**client.with_group, "sharedFolderId": folder}])
    expect.equal(only_share(client, document).get("parentId"), folder, "parentId of the share")


@check("RS-SHARE-FOLDER-OTHER", writes=True)
def a_folder_of_another_group_is_passed_over(client: Client) -> None:
    """The item lies in its own group's top folder."""
    document = client.new_id()
    foreign = client.target.offer("other_group")["folder"]
    client.new_share(document, groups=[{**client.with_group, "sharedFolderId": foreign}])
    top = client.target.offer("group")["folder"]
    expect.equal(only_share(client, document).get("parentId"), top, "parentId of the share")


@check("RS-SHARE-ITEMS-400", writes=True, always={"sent": ({"itemsToShare": []}, {})})
def a_share_needs_items(client: Client, sent: dict[str, Any]) -> None:
    """None, or an empty list, is told by its name."""
    exchange = client.owner.post("/share", {**sent, "groups": [client.with_group]})
    error = refused(exchange, 400, 40002)
    tells_first(error, "itemsToShare")
    told = expect.member(error, "data.validationErrors", of="the error")
    expect.equal(expect.member(told[0], "objectName", of="the validation error"), "sharePost", "objectName")


@check("RS-SHARE-ITEMS-400", writes=True)
def a_share_has_no_more_items(client: Client) -> None:
    """255 are shared, 256 are not."""
    document = client.new_id()
    tells_first(refused(client.share([document] * (MOST_ITEMS + 1)), 400, 40002), "itemsToShare")
    not_shared(client, document)
    expect.status(client.share([document] * MOST_ITEMS), 201)


@check("RS-SHARE-TARGETS-400", writes=True, always={"none": NO_TARGETS})
def a_share_needs_a_target(client: Client, none: dict[str, Any]) -> None:
    """It is told, and beside a lack of items told second."""
    document = client.new_id()
    error = refused(client.owner.post("/share", {"itemsToShare": [document], **none}), 400, 40002)
    tells_first(error, "sharePost")
    both = refused(client.owner.post("/share", {"itemsToShare": [], **none}), 400, 40002)
    tells_first(both, "itemsToShare")
    expect.equal(len(both["errors"]), 2, "the number of errors")


@check("RS-SHARE-TARGET-ID-400", writes=True, always={"name": ("groups", "users"), "target": ({}, {"id": None})})
def a_target_needs_an_id(client: Client, name: str, target: dict[str, Any]) -> None:
    """A group or user without one is refused, and nothing shared."""
    document, named = client.new_id(), {name: [{**target, "permission": "READ"}]}
    refused(client.owner.post("/share", {"itemsToShare": [document], **named}), 400, 40002)
    not_shared(client, document)


@check(
    "RS-SHARE-PERMISSION-400",
    writes=True,
    given={"target": targets, "permission": wrong_permissions},
    always={"target": TARGETS, "permission": WRONG_PERMISSIONS},
)
def another_permission_is_refused(client: Client, target: str, permission: str) -> None:
    """Nothing is shared with it."""
    document = client.new_id()
    exchange = client.share([document], **with_target(client, target, permission=permission))
    error = refused(exchange, 400, 40002)
    if not any("permission" in str(one) for one in error.get("errors") or ()):
        raise WrongValue("errors of the error", expected="one about the permission", received=error.get("errors"))
    not_shared(client, document)


@check(
    "RS-SHARE-PERMISSION-400",
    writes=True,
    given={"permission": wrong_permissions},
    always={"permission": WRONG_PERMISSIONS},
)
def no_share_gets_another_permission(client: Client, permission: str) -> None:
    """A change to one is refused, and changes nothing."""
    document = client.new_id()
    share = client.shared(document)["id"]
    refused(client.owner.put("/share", {"shareId": share, "permission": permission}), 400, 40002)
    expect.equal(only_share(client, document).get("permission"), "READ", "permission of the share")
