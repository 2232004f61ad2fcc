"""The end of a share, its permission, and the shares of one document (RS-UNSHARE, RS-PERMISSION, RS-DOC-SHARES)."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import WrongList
from ..assertions import NO_ID, listed_document, not_in_list, only_share, refused
from ..client import Client
from ..targets import DOCUMENTED, OBSERVED
from .shares import found, not_found

ENTRY = ("sharerId", "sharerName", "recipientName", "parentId", "grandparentId", "path")
"""The members of a share of a document whose values a check does not know."""


@check("RS-UNSHARE-OK", writes=True)
def a_share_ends_alone(client: Client) -> None:
    """Another one of the same document stays, until it ends too."""
    document = client.new_id()
    ended = client.shared(document)["id"]
    kept = client.shared(document, users=[client.user("colleague")])["id"]
    expect.nothing(client.owner.delete(f"/share/{ended}"))
    expect.equal(only_share(client, document).get("shareId"), kept, "the share that is left")
    not_found(client, ended)
    found(client, kept)
    expect.nothing(client.owner.delete(f"/share/{kept}"))
    not_in_list(listed_document(client.colleague, document, orderBy="created desc"), "what is shared no longer")


@check("RS-UNSHARE-OK", writes=True)
def an_item_can_be_shared_anew(client: Client) -> None:
    """With another permission."""
    document = client.new_id()
    expect.nothing(client.owner.delete(f"/share/{client.shared(document)['id']}"))
    client.new_share(document, groups=[{**client.with_group, "permission": "EDIT"}])
    expect.equal(only_share(client, document).get("permission"), "EDIT", "permission of the new share")


@check("RS-UNSHARE-404", writes=True)
def a_share_ends_once(client: Client) -> None:
    """The second time it is unknown, as one that never was."""
    share = client.shared(client.new_id())["id"]
    expect.status(client.owner.delete(f"/share/{share}"), 204)
    for gone in (share, NO_ID):
        refused(client.owner.delete(f"/share/{gone}"), 404, 50301)


@check("RS-UNSHARE-FOREIGN", writes=True, always={"actor": ("colleague", "outsider")})
def nobody_ends_anothers_share(client: Client, actor: str) -> None:
    """Neither who receives it nor an outsider."""
    document = client.new_id()
    share = client.shared(document, users=[client.user("colleague")])["id"]
    refused(client.as_(actor).delete(f"/share/{share}"), 404, 50301)
    only_share(client, document)


@check("RS-UNSHARE-NOTEBOOK", writes=True)
def with_a_notebook_its_entries_are_unshared(client: Client) -> None:
    """From the same target, not from another one."""
    client.only_on_its_own("shares and unshares a notebook that was there before")
    notebook = client.target.offer("notebook")
    shared = {item: client.shared(notebook[item])["id"] for item in ("id", "entry")}
    apart = client.shared(notebook["entry"], users=[client.user("colleague")])["id"]
    try:
        expect.status(client.owner.delete(f"/share/{shared['id']}"), 204)
        there = [share.get("shareId") for share in client.shares_of(notebook["entry"])]
        if there != [apart]:
            raise WrongList("shares of the notebook's entry", expected=[apart], received=there)
    finally:
        for share in (*shared.values(), apart):
            client.owner.delete(f"/share/{share}")


@check("RS-PERMISSION-OK", writes=True, always={"permission": ("EDIT", "edit", "READ", "read")})
def a_permission_is_changed_in_place(client: Client, permission: str) -> None:
    """Twice, and the list tells it too."""
    document = client.new_id()
    other = "READ" if permission.upper() == "EDIT" else "EDIT"
    share = client.shared(document, groups=[{**client.with_group, "permission": other}])["id"]
    for _ in range(2):
        expect.nothing(client.owner.put("/share", {"shareId": share, "permission": permission}))
        now = only_share(client, document)
        expect.equal(now.get("permission"), permission.upper(), "permission of the share")
        expect.equal(now.get("shareId"), share, "id of the share")
    expect.equal(found(client, share).get("permission"), permission.upper(), "permission as listed")


@check("RS-PERMISSION-404", writes=True)
def only_ones_own_share_is_changed(client: Client) -> None:
    """Others' attempts, an unknown share and none change nothing."""
    document = client.new_id()
    share = client.shared(document)["id"]
    for actor in ("colleague", "outsider"):
        sent = {"shareId": share, "permission": "EDIT"}
        refused(client.as_(actor).put("/share", sent), 404, 50301)
    for body in ({"shareId": NO_ID, "permission": "EDIT"}, {"permission": "EDIT"}):
        refused(client.owner.put("/share", body), 404, 50301)
    expect.equal(only_share(client, document).get("permission"), "READ", "permission of the share")


def change_to_nothing(client: Client, code: int, *internal: int) -> None:
    """Change a share without telling the permission, which must be refused so."""
    document = client.new_id()
    share = client.shared(document, groups=[{**client.with_group, "permission": "EDIT"}])["id"]
    for body in ({"shareId": share}, {"shareId": share, "permission": None}):
        refused(client.owner.put("/share", body), code, *internal)
    expect.equal(only_share(client, document).get("permission"), "EDIT", "permission of the share")


@check("RS-PERMISSION-NULL", writes=True)
def a_change_needs_a_permission(client: Client) -> None:
    """Without one nothing is changed."""
    client.only(DOCUMENTED)
    change_to_nothing(client, 400, 40002)


@check("RS-PERMISSION-NULL-OBSERVED", writes=True)
def a_change_without_a_permission_is_an_error(client: Client) -> None:
    """Nothing is changed."""
    client.only(OBSERVED)
    change_to_nothing(client, 500, 50001)


@check("RS-DOC-SHARES-OK", writes=True, always={"target": ("group", "colleague")})
def the_owner_reads_the_shares_of_a_document(client: Client, target: str) -> None:
    """None at first, then the one with the group or the colleague."""
    document = client.document()
    path = f"/share/document/{document['id']}"
    about = {"sharedDocId": document["id"], "sharedDocName": document["name"], "notebookShares": []}
    holds(expect.answered(client.owner.get(path), 200), {**about, "directShares": []})
    targets = {} if target == "group" else {"users": [client.user(target)]}
    share = client.shared(document["id"], **targets)["id"]
    told = expect.answered(client.owner.get(path), 200)
    holds(told, about)
    kind, recipient = ("GROUP", client.group) if target == "group" else ("USER", client.user(target)["id"])
    wanted = {"shareId": share, "recipientId": recipient, "recipientType": kind, "permission": "READ"}
    [entry] = expect.member(told, "directShares") or [{}]
    holds(entry, {**wanted, "sharerId": int(client.target.user_id("owner"))})
    expect.members(entry, ENTRY, "the share of the document")
    expect.matches(entry["recipientName"], r"(?s).*\S.*", "recipientName of the share of the document")


def holds(told: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Require these members with these values."""
    for name, value in wanted.items():
        expect.equal(expect.member(told, name, of="the answer"), value, name)


@check("RS-DOC-SHARES-404", writes=True)
def the_shares_of_anothers_document_are_not_found(client: Client) -> None:
    """Neither by who receives it nor by an outsider."""
    document = client.new_id()
    client.shared(document)
    for actor in ("colleague", "outsider"):
        refused(client.as_(actor).get(f"/share/document/{document}"), 404, 50301)


@check("RS-DOC-SHARES-UNKNOWN")
def the_shares_of_no_document_are_not_found(client: Client) -> None:
    """Nothing has that id."""
    client.only(DOCUMENTED)
    refused(client.owner.get(f"/share/document/{NO_ID}"), 404, 50301)


@check("RS-DOC-SHARES-UNKNOWN-OBSERVED")
def the_shares_of_no_document_are_an_error(client: Client) -> None:
    """Nothing has that id."""
    client.only(OBSERVED)
    refused(client.owner.get(f"/share/document/{NO_ID}"), 500, 50001)
