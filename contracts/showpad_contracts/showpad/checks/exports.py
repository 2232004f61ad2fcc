"""Exports of v3: what they show of what a run did, and what they make visible of items (AROUND-EXPORTS, ITEMS-)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import Inconclusive, WrongList, WrongValue
from ..assertions import refused_somehow, strangers
from ..client import Client
from ..exports import count_of, export, response_of, rows
from ..forms import EXPORT_META, EXPORTED
from ..lists import instant, only
from ..operations import NO_ID
from .shares import share

NAMES = tuple(EXPORTED)
SPACES, PARTICIPANTS, ITEMS, SHARES = NAMES
FOLDER = {"type": "folder", "name": "Folder"}


def row_of(client: Client, space_id: str) -> dict[str, Any]:
    """Return the row of a space, which the export must have once."""
    found = rows(client, SPACES, sharedSpaceId=space_id)
    if len(found) != 1:
        raise WrongList(f"the export {SPACES}", expected=f"one row of {space_id}", received=len(found))
    return found[0]


def filled(client: Client, items: list[dict[str, Any]]) -> str:
    """Return the id of a new space with these items."""
    space_id = str(client.space()["id"])
    with expect.needed("items in a space", "ITEMS-OK"):
        expect.answered(client.add_items(space_id, items), 201)
    return space_id


def asset(asset_id: str, **more: Any) -> dict[str, Any]:
    """Return an asset to add."""
    return {"type": "asset", "assetId": asset_id, **more}


@check("AROUND-EXPORTS", writes=True, always={"name": NAMES[:3]})
def an_export_is_complete(client: Client, name: str) -> None:
    """AROUND-EXPORTS: meta, count and items, each with what is published; the newest rows at least.

    Whether the count is of the page or of all is not published: it is no less than the rows in either case.
    """
    space_id = filled(client, [asset(client.target.offer("good_assets")[0])])
    exchange = export(client, name, limit=100)
    EXPORT_META(expect.member(expect.answered(exchange, 200), "meta"), f"meta of {name}")
    response = response_of(exchange)
    for row in [*response["items"], *rows(client, name, sharedSpaceId=space_id)]:
        EXPORTED[name](row, f"a row of {name}")
    count, least = expect.member(response, "count", of="the response"), len(response["items"])
    expect.of_type(count, int, f"count of {name}")
    if count < least:
        raise WrongValue(f"count of {name}", expected=f"{least} at least, as many as are told", received=count)


@check("AROUND-EXPORTS", writes=True)
def a_space_is_exported_until_and_after_its_deletion(client: Client) -> None:
    """AROUND-EXPORTS: title, description, who made it for whom, and status; deleted with the time of it."""
    space = client.space(description="Exported")
    row = row_of(client, space["id"])
    for name, value in (("title", space["title"]), ("description", "Exported"), ("status", "active")):
        expect.equal(row[name], value, f"{name} of the space as exported")
    expect.equal(row["ownerId"], client.target.user_id("owner"), "ownerId of the space as exported")
    expect.equal(row["creatorId"], client.target.user_id("admin"), "creatorId of the space as exported")
    expect.equal(row["createdAt"], space["createdAt"], "createdAt of the space as exported")
    expect.equal(row["deletedAt"], None, "deletedAt of the space as exported")
    client.archive(space["id"])
    expect.equal(row_of(client, space["id"])["status"], "archived", "status of an archived space as exported")
    _delete(client, space["id"])
    gone = row_of(client, space["id"])
    expect.equal(gone["status"], "deleted", "status of a deleted space as exported")
    EXPORTED[SPACES](gone, "a deleted space as exported")
    expect.of_type(gone["deletedAt"], str, "deletedAt of a deleted space")


def _delete(client: Client, space_id: str) -> None:
    with expect.needed("a deleted space", "DELETE-OK"):
        expect.status(client.delete(space_id), 204)


def _stay_when_deleted(client: Client, name: str, key: str, space_id: str) -> None:
    there = rows(client, name, sharedSpaceId=space_id)
    expect.equal([row["deletedAt"] for row in there], [None] * len(there), f"deletedAt in {name} before the deletion")
    _delete(client, space_id)
    gone = rows(client, name, sharedSpaceId=space_id)
    expect.equal(sorted(row[key] for row in gone), sorted(row[key] for row in there), f"{key} of a deleted space")
    for row in gone:
        EXPORTED[name](row, f"a row of {name} of a deleted space")
        expect.of_type(row["deletedAt"], str, f"deletedAt in {name} of a deleted space")


@check("AROUND-EXPORTS", writes=True)
def the_owner_is_exported_as_a_participant(client: Client) -> None:
    """AROUND-EXPORTS: by the id that the space's row names, with the user's e-mail; deleted with the space."""
    space_id = client.space()["id"]
    (row,) = rows(client, PARTICIPANTS, sharedSpaceId=space_id, userId=client.target.user_id("owner")) or ({},)
    EXPORTED[PARTICIPANTS](row, "the owner as exported")
    named = row_of(client, space_id)["sharedSpaceParticipantsIds"]
    expect.equal(named, [row["sharedSpaceParticipantId"]], "the participants that the space's row names")
    expect.equal(row["accessRevokedAt"], None, "accessRevokedAt of who takes part")
    _stay_when_deleted(client, PARTICIPANTS, "sharedSpaceParticipantId", space_id)


@check("AROUND-EXPORTS", writes=True)
def items_are_exported_with_pages_from_0(client: Client) -> None:
    """AROUND-EXPORTS: the first page is 0, a whole asset has none, each by who added it; deleted with the space."""
    document = client.target.offer("document")["id"]
    space_id = filled(client, [asset(document, page=1), asset(document, page=2), asset(document)])
    found = rows(client, ITEMS, sharedSpaceId=space_id, assetId=document)
    pages = Counter(row["page"] for row in found)
    expect.equal({str(page): number for page, number in pages.items()}, {"0": 1, "1": 1, "None": 1}, "the pages")
    expect.equal({row["userId"] for row in found}, {client.target.user_id("admin")}, "userId of the items")
    _stay_when_deleted(client, ITEMS, "sharedSpaceItemId", space_id)


@check("AROUND-EXPORTS", shares=True)
def a_share_is_exported(client: Client) -> None:
    """AROUND-EXPORTS: with its title, who created it and when."""
    made = share(client)
    found = rows(client, SHARES, shareId=made["id"])
    row = only([{**one, "id": one["shareId"]} for one in found], made["id"], "the Share as exported")
    EXPORTED[SHARES](row, "the Share as exported")
    expect.equal(row["title"], made["title"], "title of the Share as exported")
    expect.equal(row["sharedAt"], made["createdAt"], "sharedAt of the Share")
    expect.equal(row["revokedAt"], None, "revokedAt of the Share")


@check("AROUND-EXPORTS", writes=True, always={"name": NAMES[:3]})
def an_export_comes_in_pages(client: Client, name: str) -> None:
    """AROUND-EXPORTS: parts of the whole by limit and offset; a limit out of range is refused."""
    filled(client, [asset(client.target.offer("good_assets")[0])] * 3)
    whole = response_of(export(client, name, limit=20))["items"]
    pages = [response_of(export(client, name, limit=2, offset=start))["items"] for start in range(0, len(whole), 2)]
    if response_of(export(client, name, limit=20))["items"] != whole:
        raise Inconclusive("the export changed meanwhile")
    expect.equal([row for page in pages for row in page][: len(whole)], whole, f"the pages of {name}")
    for limit in (0, 100_001):
        refused_somehow(export(client, name, limit=limit))


@check("AROUND-EXPORTS-403", always={"name": NAMES})
def exports_are_for_administrators(client: Client, name: str) -> None:
    """AROUND-EXPORTS-403: of each."""
    for stranger in strangers(client, "owner", "manager", "outsider"):
        expect.refused(stranger.get(client.exports(name)), 403)


@check("AROUND-EXPORTS-FORM", writes=True)
def the_oldest_come_first_and_the_deleted_last(client: Client) -> None:
    """AROUND-EXPORTS-FORM: and a bad limit is 400."""
    spaces = []
    for _ in range(3):
        spaces.append(client.space()["id"])
        instant()
    _delete(client, spaces[0])
    found = [row["sharedSpaceId"] for row in rows(client, SPACES) if row["sharedSpaceId"] in spaces]
    expect.equal(found, [*spaces[1:], spaces[0]], "the spaces in the order of the export")
    expect.refused(export(client, SPACES, limit=0), 400)


# What exports make visible


@check("ITEMS-PARTIAL", "ITEMS-OK", writes=True)
def what_is_answered_as_added_is_in_the_space(client: Client) -> None:
    """ITEMS-OK: each asset that succeeded, at every depth, and none that failed."""
    one, other = client.target.offer("good_assets")[:2]
    inner = {**FOLDER, "folderItems": [asset(other), asset(NO_ID)]}
    space_id = filled(client, [asset(one), asset(NO_ID), {**FOLDER, "folderItems": [inner]}])
    found = Counter(row["assetId"] for row in rows(client, ITEMS, sharedSpaceId=space_id) if row["assetId"] is not None)
    expect.equal(dict(found), {one: 1, other: 1}, "the assets in the space as exported")


@check("ITEMS-TWICE", writes=True)
def an_asset_that_is_added_twice_is_there_twice(client: Client) -> None:
    """ITEMS-TWICE: within a request and by two."""
    good = client.target.offer("good_assets")[0]
    space_id = filled(client, [asset(good), asset(good)])
    expect.answered(client.add_items(space_id, [asset(good)]), 201)
    expect.equal(len(rows(client, ITEMS, sharedSpaceId=space_id, assetId=good)), 3, "how often the asset is there")


@check("ITEMS-400", writes=True)
def nothing_is_added_by_a_malformed_request(client: Client) -> None:
    """ITEMS-400: also what is well formed beside it."""
    before = count_of(client, ITEMS)
    space_id = client.space()["id"]
    good = asset(client.target.offer("good_assets")[0])
    expect.refused(client.add_items(space_id, [good, {**FOLDER, "folderItems": [{"type": "asset"}]}]), 400)
    expect.equal(rows(client, ITEMS, sharedSpaceId=space_id), [], "the items after a refused request")
    if count_of(client, ITEMS) < before:
        raise Inconclusive("the export changed meanwhile")


@check("ITEMS-PAGE-IGNORED", writes=True)
def a_page_of_a_picture_is_not_kept(client: Client) -> None:
    """ITEMS-PAGE-IGNORED: it is there as a whole."""
    picture = client.target.offer("picture")
    space_id = filled(client, [asset(picture, page=7)])
    found = [row["page"] for row in rows(client, ITEMS, sharedSpaceId=space_id, assetId=picture)]
    expect.equal(found, [None], "the pages of the picture as exported")
