"""Servers that break rules of exports, and of items as exports show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .acting import as_somebody
from .tampering import Make, answering, asking, query, requery
from .wrapping import App, Ask, Broken, Seen, Wrong

RULE = "AROUND-EXPORTS"
ITEMS = "/exports/sharedspace-items.json"
SPACES = "/exports/sharedspaces.json"
PARTICIPANTS = "/exports/sharedspaceparticipants.json"
SHARES = "/exports/shares.json"
ADD = "/shared-spaces/[^/]+/items"


def each(path: str, change: Callable[[dict[str, Any]], object]) -> Make:
    """Every row is told otherwise."""

    def tell(seen: Seen) -> None:
        for row in seen.answer["response"]["items"]:
            change(row)

    return answering("GET", path, tell)


def keeping(path: str, test: Callable[[dict[str, Any]], bool]) -> Make:
    """An export leaves out more than it should."""

    def keep(seen: Seen) -> None:
        response = seen.answer["response"]
        response["items"] = [row for row in response["items"] if test(row)]

    return answering("GET", path, keep)


def from_1(row: dict[str, Any]) -> None:
    if row["page"] is not None:
        row["page"] += 1


def never_deleted(row: dict[str, Any]) -> None:
    row["deletedAt"] = None


def is_there(row: dict[str, Any]) -> bool:
    return row["deletedAt"] is None


def by_its_owner(row: dict[str, Any]) -> None:
    row["creatorId"] = row["ownerId"]


def by_its_asset(row: dict[str, Any]) -> None:
    row["userId"] = row["assetId"]


def counting_nothing(seen: Seen) -> None:
    seen.answer["response"]["count"] = 0


def most(seen: Seen) -> None:
    if int(query(seen).get("limit", "1")) > 100_000:
        requery(seen, limit="100000")


def halved(right: App) -> App:
    """Of what beside a failure is answered as added, nothing is kept."""

    class Halved(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("GET", ITEMS) and seen.status == 200:
                response = seen.answer["response"]
                response["items"] = [row for row in response["items"] if row["sharedSpaceId"] not in spoilt]
            elif seen.is_("POST", ADD) and seen.status == 201 and seen.answer["failedItems"]:
                spoilt.add(seen.path.split("/")[2])

    spoilt: set[str] = set()
    return Halved(right)


BROKEN = (
    Broken(RULE, "a space has no creator", each(SPACES, lambda row: row.pop("creatorId"))),
    Broken(RULE, "a status is told in capitals", each(SPACES, lambda row: row.update(status=row["status"].upper()))),
    Broken(RULE, "deleted spaces are not exported", keeping(SPACES, lambda row: row["status"] != "deleted")),
    Broken(RULE, "a deleted space has no deletedAt", each(SPACES, never_deleted)),
    Broken(RULE, "a space is exported as created by its owner", each(SPACES, by_its_owner)),
    Broken(RULE, "items of deleted spaces have no deletedAt", each(ITEMS, never_deleted)),
    Broken(RULE, "items of deleted spaces are not exported", keeping(ITEMS, is_there)),
    Broken(RULE, "items are exported as added by their assets", each(ITEMS, by_its_asset)),
    Broken(RULE, "participants of deleted spaces have no deletedAt", each(PARTICIPANTS, never_deleted)),
    Broken(RULE, "participants of deleted spaces are not exported", keeping(PARTICIPANTS, is_there)),
    Broken(RULE, "an export counts nothing", answering("GET", ITEMS, counting_nothing)),
    Broken(RULE, "pages of items count from 1", each(ITEMS, from_1)),
    Broken(RULE, "a participant has no e-mail address", each(PARTICIPANTS, lambda row: row.pop("emailAddress"))),
    Broken(RULE, "an export of Shares is empty", keeping(SHARES, lambda _: False)),
    Broken(
        RULE,
        "meta has no serverTime",
        answering("GET", PARTICIPANTS, lambda seen: seen.answer["meta"].pop("serverTime")),
    ),
    Broken(RULE, "an export has no offset", asking("GET", ITEMS, lambda seen: requery(seen, offset=None))),
    Broken(RULE, "an export takes any limit", asking("GET", SPACES, most)),
    Broken(f"{RULE}-403", "whoever asks may export", as_somebody("admin", "GET", SHARES)),
    Broken(
        f"{RULE}-FORM",
        "an export begins with the newest",
        answering("GET", SPACES, lambda seen: seen.answer["response"]["items"].reverse()),
    ),
    Broken("ITEMS-PARTIAL", "of what is added beside a failure nothing is kept", halved),
)
