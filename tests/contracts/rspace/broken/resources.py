"""Groups, documents and shares that are wrong."""

from __future__ import annotations

import re

from showpad_contracts.rspace.targets import OBSERVED

from ...broken.tampering import query, requery
from ...broken.wrapping import Ask, Seen, Wrong
from .making import SHARE, SHARED, answered, as_alice, asked, coded, each, recoded, telling, with_header, without, wrong


def respell(seen: Seen, old: str, new: str) -> None:
    seen.query = seen.query.replace(old, new)


def upside_down(seen: Seen) -> None:
    seen.answer.reverse()


def members_upside_down(seen: Seen) -> None:
    for group in seen.answer:
        group["members"].reverse()


def only_own(seen: Seen) -> None:
    seen.answer["documents"] = [one for one in seen.answer["documents"] if one["parentFolderId"] is not None]


def ends_all(seen: Seen) -> None:
    seen.answer["directShares"] = seen.answer["directShares"][:0]


class SharesEntriesAgain(Wrong):
    """When a notebook's share ends, those of its entries stay."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", "/share/.*") and seen.status == 204:
            with_header(seen, b"content-type", b"application/json")
            await ask("POST", "/share", {"itemsToShare": [1237], "groups": [{"id": 12345}]})


class EndsForAll(Wrong):
    """With one share all of the same document end."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", "/share/.*"):
            _, listed = await ask("GET", "/share?pageSize=100", None)
            shares = (listed or {}).get("shares", [])
            ended = [one["sharedItemId"] for one in shares if str(one["id"]) == seen.path.rpartition("/")[2]]
            for one in shares:
                if one["sharedItemId"] in ended and str(one["id"]) != seen.path.rpartition("/")[2]:
                    await ask("DELETE", f"/share/{one['id']}", None)


BROKEN = (
    wrong(
        "RS-GROUPS-OK", "an object", answered("GET", "/groups", lambda s: setattr(s, "answer", {"groups": s.answer}))
    ),
    wrong("RS-GROUPS-OK", "everybody's groups", asked("GET", "/groups", as_alice)),
    wrong(
        "RS-GROUPS-OK",
        "a global id that is a number",
        answered("GET", "/groups", lambda s: [g.update(globalId=g["id"]) for g in s.answer]),
    ),
    wrong(
        "RS-GROUPS-OK", "no folder", answered("GET", "/groups", lambda s: [g.pop("sharedFolderId") for g in s.answer])
    ),
    wrong("RS-GROUPS-ORDER", "upside down", answered("GET", "/groups", upside_down)),
    wrong("RS-GROUP-OK", "no unique name", without("GET", "/groups/.*", "uniqueName")),
    wrong("RS-GROUP-404", "everybody reads groups", asked("GET", "/groups/.*", as_alice)),
    wrong("RS-GROUP-404", "it is 401", recoded("GET", "/groups/.*", 404, 401)),
    wrong("RS-GROUP-MEMBERS", "upside down", answered("GET", "/groups", members_upside_down)),
    wrong("RS-DOCS-OK", "only one's own", answered("GET", "/documents", only_own)),
    wrong("RS-DOCS-OK", "everybody's", asked("GET", "/documents", as_alice)),
    wrong("RS-DOCS-QUERY", "a query is passed over", asked("GET", "/documents", lambda s: requery(s, query=None))),
    wrong("RS-DOCS-FILTER", "a filter is passed over", asked("GET", "/documents", lambda s: requery(s, filter=None))),
    wrong(
        "RS-DOCS-ADVANCED",
        "an advanced query is passed over",
        asked("GET", "/documents", lambda s: requery(s, advancedQuery=None)),
    ),
    wrong("RS-DOCS-ADVANCED", "or is and", asked("GET", "/documents", lambda s: respell(s, "%22or%22", "%22and%22"))),
    wrong("RS-DOCS-ADVANCED-400", "422", recoded("GET", "/documents", 400, 422)),
    wrong(
        "RS-DOCS-TWO-QUERIES", "one of two counts", asked("GET", "/documents", lambda s: requery(s, advancedQuery=None))
    ),
    wrong(
        "RS-DOC-OK",
        "another global id",
        answered("GET", "/documents/.*", lambda s: s.answer.update(globalId=f"DOC{s.answer['id']}")),
    ),
    wrong("RS-DOC-OK", "another name", telling("GET", "/documents/.*", name="Untitled")),
    wrong(
        "RS-DOC-PARENT",
        "everybody is told",
        answered("GET", "/documents", each("documents", lambda d: d.update(parentFolderId=1))),
    ),
    wrong("RS-DOC-CREATED", "200", recoded("POST", "/documents", 201, 200)),
    wrong("RS-DOC-CREATED", "no fields", without("POST", "/documents", "fields")),
    wrong("RS-DOC-CREATED", "tags are lost", asked("POST", "/documents", lambda s: s.body.pop("tags", None))),
    wrong("RS-FOLDER-CREATED", "200", recoded("POST", "/folders", 201, 200)),
    wrong("RS-FOLDER-CREATED", "no path", without("POST", "/folders", "pathToRootFolder")),
    wrong(
        "RS-PARENT",
        "it lies at home",
        asked("POST", "/(documents|folders)", lambda s: s.body.pop("parentFolderId", None)),
    ),
    wrong("RS-SHARES-OK", "those of others", asked("GET", SHARE, as_alice)),
    wrong("RS-SHARES-OK", "no total", without("GET", SHARE, "totalHits")),
    wrong("RS-SHARES-OK", "no links", answered("GET", SHARE, each("shares", lambda one: one.update(_links=[])))),
    wrong("RS-SHARES-OK", "folders always", telling("GET", SHARE, folderShares=[])),
    wrong(
        "RS-SHARES-ORDER",
        "ascending by default",
        asked("GET", SHARE, lambda s: requery(s, orderBy=query(s).get("orderBy", "name asc"))),
    ),
    wrong(
        "RS-SHARES-ORDER",
        "by time",
        answered("GET", SHARE, lambda s: "created" in s.query and s.answer["shares"].sort(key=lambda one: one["id"])),
    ),
    wrong("RS-SHARES-QUERY", "a query is passed over", asked("GET", SHARE, lambda s: requery(s, query=None))),
    wrong(
        "RS-SHARES-QUERY",
        "a bare id will do",
        asked("GET", SHARE, lambda s: requery(s, query=re.sub(r"^(?=\d+$)", "SD", query(s).get("query", "")))),
    ),
    wrong("RS-SHARES-ITEMS", "all shares", asked("GET", SHARE, lambda s: requery(s, sharedItemIds=None))),
    wrong(
        "RS-SHARES-ITEMS",
        "their permissions",
        answered("GET", SHARE, each("shares", lambda one: one.update(permission="EDIT"))),
    ),
    wrong("RS-SHARES-ITEMS", "all are counted", answered("GET", SHARE, lambda s: s.answer.update(totalHits=2))),
    wrong(
        "RS-SHARES-ITEMS",
        "any number",
        asked("GET", SHARE, lambda s: requery(s, sharedItemIds=None) if len(s.query) > 3000 else None),
    ),
    wrong("RS-SHARES-ITEMS", "no folders", without("GET", SHARE, "folderShares")),
    wrong("RS-SHARES-ITEMS-401", "404", recoded("GET", SHARE, 401, 404)),
    wrong(
        "RS-SHARES-FOLDERS",
        "with an id",
        answered("GET", SHARE, lambda s: [one.update(id=1) for one in s.answer.get("folderShares", [])]),
    ),
    wrong(
        "RS-DOC-SHARES-OK",
        "a recipient without a name",
        answered("GET", SHARED, each("directShares", lambda one: one.update(recipientName=""))),
    ),
    wrong("RS-UNSHARE-OK", "200", recoded("DELETE", "/share/.*", 204, 200)),
    wrong("RS-UNSHARE-OK", "nothing ends", asked("DELETE", "/share/.*", lambda s: setattr(s, "status", 204))),
    wrong("RS-UNSHARE-OK", "all end", EndsForAll),
    wrong("RS-UNSHARE-404", "204", recoded("DELETE", "/share/.*", 404, 204)),
    wrong("RS-UNSHARE-404", "another code", coded("DELETE", "/share/.*", 404, 40401)),
    wrong("RS-UNSHARE-FOREIGN", "401", recoded("DELETE", "/share/.*", 404, 401)),
    wrong("RS-UNSHARE-FOREIGN", "everybody may", asked("DELETE", "/share/.*", as_alice)),
    wrong("RS-UNSHARE-NOTEBOOK", "entries stay", SharesEntriesAgain),
    wrong("RS-PERMISSION-OK", "200", recoded("PUT", SHARE, 204, 200)),
    wrong("RS-PERMISSION-OK", "nothing changes", asked("PUT", SHARE, lambda s: setattr(s, "status", 204))),
    wrong("RS-PERMISSION-404", "401", recoded("PUT", SHARE, 404, 401)),
    wrong("RS-PERMISSION-404", "everybody may", asked("PUT", SHARE, as_alice)),
    wrong("RS-PERMISSION-NULL-OBSERVED", "400", recoded("PUT", SHARE, 500, 400), OBSERVED),
    wrong("RS-DOC-SHARES-OK", "no path", answered("GET", SHARED, each("directShares", lambda one: one.pop("path")))),
    wrong("RS-DOC-SHARES-OK", "no shares", answered("GET", SHARED, ends_all)),
    wrong("RS-DOC-SHARES-OK", "no name", without("GET", SHARED, "sharedDocName")),
    wrong("RS-DOC-SHARES-404", "401", recoded("GET", SHARED, 404, 401)),
    wrong("RS-DOC-SHARES-404", "everybody reads them", asked("GET", SHARED, as_alice)),
)
