"""The list of shares (RS-SHARES)."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import ExtraMember, WrongForm, WrongList
from ..assertions import VALIDATION, ids, refused, shares, things
from ..client import Client
from ..strategies.documents import WORDS
from ..strategies.pages import ORDERS

MOST_ASKED = 1000


def listed(client: Client, share: int, *, by: str = "owner", **params: Any) -> dict[str, Any] | None:
    """Return a share as somebody's list shows it; None where it does not."""
    return next((one for one in shares(client.as_(by), **params) if one.get("id") == share), None)


def found(client: Client, share: int, **params: Any) -> dict[str, Any]:
    """Return a share that the owner's list must show."""
    one = listed(client, share, **params)
    if one is None:
        raise WrongList(f"shares for {params}", expected=f"the share {share}", received="it is not there")
    return one


def not_found(client: Client, share: int, *, by: str = "owner", **params: Any) -> None:
    """Require that somebody's list does not show a share."""
    one = listed(client, share, by=by, **params)
    if one is not None:
        raise WrongList(f"shares of {by} for {params}", expected=f"no share {share}", received=one)


@check("RS-SHARES-OK", writes=True, always={"target": ("group", "colleague")})
def the_owner_lists_its_shares(client: Client, target: str) -> None:
    """With what the answer to sharing told of them, and a link of their own."""
    document = client.document()
    targets = {} if target == "group" else {"users": [client.user(target)]}
    info = client.shared(document["id"], **targets)
    share = found(client, info["id"])
    link = f"/share/{info['id']}"
    wanted = {**{name: info.get(name) for name in ("sharedItemId", "sharedTargetType", "permission", "sharedTargetId")}}
    for name, value in {**wanted, "shareItemName": document["name"]}.items():
        expect.equal(expect.member(share, name, of="the share"), value, f"{name} of the share")
    links = expect.member(share, "_links", of="the share")
    if not (isinstance(links, list) and len(links) == 1 and str(links[0].get("link")).endswith(link)):
        raise WrongForm("_links of the share", expected=f"one to {link}", received=links)
    expect.equal(links[0].get("rel"), "self", "rel of the link")


@check("RS-SHARES-OK", writes=True)
def only_what_is_shared_is_listed_and_to_its_owner(client: Client) -> None:
    """Neither who receives it nor an outsider lists it."""
    document = client.new_id()
    total = expect.member(expect.answered(client.owner.get("/share", params={"pageSize": 1}), 200), "totalHits")
    expect.of_type(total, int, "totalHits")
    share = client.shared(document)["id"]
    for actor in ("colleague", "outsider"):
        not_found(client, share, by=actor)
    page = expect.answered(client.owner.get("/share"), 200)
    expect.members(page, ("totalHits", "pageNumber", "shares", "_links"), "the list of shares")
    if "folderShares" in page:
        raise ExtraMember("the list of shares", expected="no folderShares", received=page["folderShares"])


@check("RS-SHARES-ORDER", writes=True, always={"order": ("", *ORDERS)})
def shares_are_sorted_by_name(client: Client, order: str) -> None:
    """Whatever the order names, only its direction counts."""
    # They are made in neither order.
    made = {letter: client.shared(client.new_id(name=f"{letter} {client.name()}"))["id"] for letter in "bca"}
    params = {"orderBy": order} if order else {}
    there = [one.get("id") for one in shares(client.owner, **params) if one.get("id") in made.values()]
    wanted = [made[letter] for letter in ("abc" if order.endswith("asc") else "cba")]
    expect.equal(there, wanted, f"the new shares in the list by {order or 'default'}")


@check("RS-SHARES-QUERY", writes=True, given={"word": WORDS}, always={"word": ("gel",)})
def a_query_finds_shares_by_name(client: Client, word: str) -> None:
    """By the whole name and a part of it."""
    name = f"{word} {client.name()}"
    share, other = (client.shared(client.new_id(name=one))["id"] for one in (name, client.name()))
    found(client, share, query=name)
    found(client, share, query=name[: len(word) + 4])
    not_found(client, other, query=name)


@check("RS-SHARES-QUERY", writes=True)
def a_query_finds_shares_by_target(client: Client) -> None:
    """By the name of the group."""
    share = client.shared(client.new_id())["id"]
    groups = expect.status(client.owner.get("/groups"), 200).received
    [name] = [group["name"] for group in groups if group["id"] == client.group]
    found(client, share, query=name)
    not_found(client, share, query=f"no such {name}")


@check("RS-SHARES-QUERY", writes=True)
def a_query_finds_shares_by_global_id(client: Client) -> None:
    """Not by a longer one, nor by the bare id."""
    document = client.document()
    share, other = client.shared(document["id"])["id"], client.shared(client.new_id())["id"]
    found(client, share, query=f"SD{document['id']}")
    not_found(client, other, query=f"SD{document['id']}")
    not_found(client, share, query=f"SD{document['id']}0")
    if str(document["id"]) not in document["name"]:
        not_found(client, share, query=str(document["id"]))


@check("RS-SHARES-ITEMS", writes=True, always={"apart": (False, True)})
def the_shares_of_some_items_are_listed(client: Client, *, apart: bool) -> None:
    """Ids joined by commas or repeated, and all told as READ."""
    made = [client.new_id() for _ in range(3)]
    edit = {"groups": [{**client.with_group, "permission": "EDIT"}]}
    wanted = [client.shared(document, **edit)["id"] for document in made]
    asked = made[:2] if apart else ",".join(map(str, made[:2]))
    page = client.owner.get("/share", params={"sharedItemIds": asked})
    told = things(page, "shares")
    expect.equal(sorted(ids(told)), sorted(wanted[:2]), f"shares of {page.name}")
    expect.equal(ids(told, "permission"), ["READ", "READ"], "permissions of the shares")
    expect.equal(expect.member(page.received, "folderShares"), [], "folderShares")
    expect.equal(expect.member(page.received, "totalHits"), 2, "totalHits")
    end = client.owner.get("/share", params={"sharedItemIds": asked, "pageNumber": 1000})
    expect.equal((things(end, "shares"), expect.member(end.received, "totalHits")), ([], 0), f"the end of {end.name}")


@check("RS-SHARES-ITEMS")
def no_more_than_a_thousand_items_are_asked_for(client: Client) -> None:
    """One more is refused, whichever they are."""
    asked = ",".join(map(str, range(1, MOST_ASKED + 2)))
    refused(client.owner.get("/share", params={"sharedItemIds": asked}), 400, *VALIDATION)


@check("RS-SHARES-ITEMS-401", writes=True)
def items_of_others_are_refused(client: Client) -> None:
    """An outsider asks for a document of the owner's."""
    document = client.new_id()
    client.shared(document)
    refused(client.as_("outsider").get(f"/share?sharedItemIds={document}"), 401, 40101)


@check("RS-SHARES-FOLDERS")
def a_shared_folder_is_told_apart(client: Client) -> None:
    """That of the group."""
    folder = client.target.offer("group")["folder"]
    page = client.owner.get("/share", params={"sharedItemIds": folder})
    [told] = things(page, "folderShares") or [{}]
    for name, value in {"id": None, "sharedItemId": folder, "permission": "READ", "_links": []}.items():
        expect.equal(expect.member(told, name, of="the share of a folder"), value, f"{name} of the share of a folder")
    expect.equal(expect.member(page.received, "totalHits"), 1, "totalHits")
