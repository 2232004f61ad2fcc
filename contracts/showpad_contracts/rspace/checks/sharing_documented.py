"""Sharing as the guide promises it: what could not be shared is told beside what was (RS-SHARE, documented)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core import expect
from ...core.check import check
from ..assertions import NO_ID, ids, not_shared, only_share, same_ids, texts
from ..client import Client
from ..targets import DOCUMENTED

UNSHAREABLE: dict[str, Callable[[Client], int]] = {
    "unknown": lambda _: NO_ID,
    "another's": lambda client: int(client.target.offer("colleagues_document")),
    "a folder": lambda client: int(client.target.offer("plain_folder")),
    "a file": lambda client: int(client.target.offer("file")),
}
FORBIDDEN: dict[str, Callable[[Client], dict[str, Any]]] = {
    "a group of others": lambda client: {"groups": [{"id": client.target.offer("other_group")["id"]}]},
    "an unknown group": lambda _: {"groups": [{"id": NO_ID}]},
    "no colleague": lambda client: {"users": [client.user("outsider")]},
    "an unknown user": lambda _: {"users": [{"id": NO_ID}]},
}


@check("RS-SHARE-EACH", writes=True)
def every_new_share_is_told(client: Client) -> None:
    """Two items with two targets are four."""
    client.only(DOCUMENTED)
    made = [client.new_id(), client.new_id()]
    exchange = client.share(made, groups=[client.with_group], users=[client.user("colleague")])
    infos = texts(expect.status(exchange, 201), "shareInfos")
    same_ids(ids(infos, "sharedItemId"), sorted(made * 2), "sharedItemId of the shareInfos")


@check("RS-SHARE-FAILED", writes=True, always={"which": tuple(UNSHAREABLE)})
def an_item_that_cannot_be_shared_is_told(client: Client, which: str) -> None:
    """One beside it is shared."""
    client.only(DOCUMENTED)
    document, other = client.new_id(), UNSHAREABLE[which](client)
    exchange = expect.status(client.share([other, document]), 201)
    same_ids(expect.member(expect.json_object(exchange), "failedShareIds"), [other], "failedShareIds")
    same_ids(ids(texts(exchange, "shareInfos"), "sharedItemId"), [document], "sharedItemId of the shareInfos")
    only_share(client, document)


@check("RS-SHARE-FAILED", writes=True, always={"which": tuple(FORBIDDEN)})
def a_target_that_is_not_allowed_fails_the_item(client: Client, which: str) -> None:
    """It is not shared."""
    client.only(DOCUMENTED)
    document = client.new_id()
    answer = expect.answered(client.share([document], **FORBIDDEN[which](client)), 201)
    same_ids(expect.member(answer, "failedShareIds"), [document], "failedShareIds")
    expect.equal(expect.member(answer, "shareInfos"), [], "shareInfos")
    not_shared(client, document)


@check("RS-SHARE-FAILED", writes=True)
def what_is_shared_already_fails(client: Client) -> None:
    """Its permission stays."""
    client.only(DOCUMENTED)
    document = client.new_id()
    client.shared(document)
    answer = expect.answered(client.share([document], groups=[{**client.with_group, "permission": "EDIT"}]), 201)
    same_ids(expect.member(answer, "failedShareIds"), [document], "failedShareIds")
    expect.equal(expect.member(answer, "shareInfos"), [], "shareInfos")
    expect.equal(only_share(client, document).get("permission"), "READ", "permission of the share")


@check("RS-SHARE-FAILED", writes=True)
def where_all_succeeds_nothing_failed(client: Client) -> None:
    """The list is there, and empty."""
    client.only(DOCUMENTED)
    answer = expect.answered(client.share([client.new_id(), client.new_id()]), 201)
    expect.equal(expect.member(answer, "failedShareIds"), [], "failedShareIds")
