"""Sharing as the server does it: what may not be shared refuses the request (RS-SHARE, observed)."""

from __future__ import annotations

from ...core import expect
from ...core.check import check
from ..assertions import NO_ID, ids, not_shared, only_share, refused, same_ids, texts
from ..client import Client
from ..targets import OBSERVED


@check("RS-SHARE-FIRST", writes=True)
def one_share_an_item_is_told(client: Client) -> None:
    """That with the group, which comes first; the others exist."""
    client.only(OBSERVED)
    made = [client.new_id(), client.new_id()]
    exchange = client.share(made, groups=[client.with_group], users=[client.user("colleague")])
    infos = texts(expect.status(exchange, 201), "shareInfos")
    same_ids(ids(infos, "sharedItemId"), made, "sharedItemId of the shareInfos")
    expect.equal(ids(infos, "sharedTargetType"), ["GROUP", "GROUP"], "sharedTargetType of the shareInfos")
    for document in made:
        expect.equal(len(client.shares_of(document)), 2, "the number of shares of a document")


@check("RS-SHARE-AGAIN", writes=True, always={"permission": ("READ", "EDIT")})
def what_is_shared_already_is_passed_over(client: Client, permission: str) -> None:
    """Whatever permission is asked for."""
    client.only(OBSERVED)
    document = client.new_id()
    client.shared(document)
    answer = expect.answered(client.share([document], groups=[{**client.with_group, "permission": permission}]), 201)
    for name in ("shareInfos", "failedShares"):
        expect.equal(expect.member(answer, name), [], name)
    expect.equal(only_share(client, document).get("permission"), "READ", "permission of the share")


@check("RS-SHARE-NOT-OWNER", writes=True)
def anothers_item_is_refused(client: Client) -> None:
    """Also one that was shared with the caller."""
    client.only(OBSERVED)
    refused(client.share([client.target.offer("colleagues_document")]), 401, 40101)
    document = client.new_id()
    client.shared(document, groups=[{**client.with_group, "permission": "EDIT"}])
    refused(client.share([document], by=client.colleague, users=[client.user("owner")]), 401, 40101)


@check("RS-SHARE-KIND", writes=True, always={"kind": ("plain_folder", "file")})
def another_kind_of_item_is_refused(client: Client, kind: str) -> None:
    """A folder and a file."""
    client.only(OBSERVED)
    refused(client.share([client.target.offer(kind)]), 401, 40101)


@check("RS-SHARE-NOT-MEMBER", writes=True)
def a_group_of_others_is_refused(client: Client) -> None:
    """And nothing is shared."""
    client.only(OBSERVED)
    document = client.new_id()
    refused(client.share([document], groups=[{"id": client.target.offer("other_group")["id"]}]), 401, 40101)
    not_shared(client, document)


@check("RS-SHARE-NOT-COLLEAGUE", writes=True)
def a_user_of_no_common_group_is_refused(client: Client) -> None:
    """And nothing is shared."""
    client.only(OBSERVED)
    document = client.new_id()
    refused(client.share([document], users=[client.user("outsider")]), 401, 40101)
    not_shared(client, document)


@check("RS-SHARE-ATOMIC", writes=True)
def one_target_that_is_not_allowed_ends_it_for_all(client: Client) -> None:
    """The group of one's own gets nothing either."""
    client.only(OBSERVED)
    document, other = client.new_id(), {"id": client.target.offer("other_group")["id"]}
    for groups in ([client.with_group, other], [other, client.with_group]):
        refused(client.share([document], groups=groups), 401, 40101)
        not_shared(client, document)


@check("RS-SHARE-ALL-FAIL", writes=True)
def where_all_fails_the_request_is_refused(client: Client) -> None:
    """Another's document and a folder."""
    client.only(OBSERVED)
    refused(client.share([client.target.offer("colleagues_document"), client.target.offer("plain_folder")]), 401, 40101)


@check("RS-SHARE-SOME-FAIL", writes=True)
def where_some_fails_nothing_is_shared(client: Client) -> None:
    """Not even what could be."""
    client.only(OBSERVED)
    document = client.new_id()
    expect.status(client.share([document, client.target.offer("colleagues_document")]), 500)
    not_shared(client, document)


@check("RS-SHARE-INTO-NOTEBOOK", writes=True)
def a_notebook_is_no_folder_to_share_into(client: Client) -> None:
    """And nothing is shared."""
    client.only(OBSERVED)
    document, notebook = client.new_id(), client.target.offer("notebook")["id"]
    refused(client.share([document], groups=[{**client.with_group, "sharedFolderId": notebook}]), 422, 42201)
    not_shared(client, document)


@check("RS-SHARE-ITEM-UNKNOWN", writes=True)
def an_unknown_item_is_an_error(client: Client) -> None:
    """Of the server's own."""
    client.only(OBSERVED)
    refused(client.share([NO_ID]), 500, 50001)


@check("RS-SHARE-TARGET-UNKNOWN", writes=True, always={"name": ("groups", "users")})
def an_unknown_target_is_an_error(client: Client, name: str) -> None:
    """Of the server's own, and nothing is shared."""
    client.only(OBSERVED)
    document, targets = client.new_id(), {name: [{"id": NO_ID}]}
    refused(client.owner.post("/share", {"itemsToShare": [document], **targets}), 500, 50001)
    not_shared(client, document)


@check("RS-SHARE-FOLDER-UNKNOWN", writes=True)
def an_unknown_folder_is_an_error(client: Client) -> None:
    """Of the server's own, and nothing is shared."""
    client.only(OBSERVED)
    document = client.new_id()
    refused(client.share([document], groups=[{**client.with_group, "sharedFolderId": NO_ID}]), 500, 50001)
    not_shared(client, document)
