"""Servers that break rules of the list of spaces."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .tampering import (
    answering,
    as_admin,
    asking,
    calling,
    ignoring,
    keeping,
    query,
    refusing,
    requery,
    taking,
    with_status,
)
from .wrapping import App, Ask, Broken, Seen, Wrong

LIST = "/shared-spaces"


def default(name: str, value: str) -> Callable[[App], App]:
    """A parameter has another value when it is not given."""
    return asking("GET", LIST, lambda seen: requery(seen, **{name: query(seen).get(name, value)}))


def first_of_several(text: str) -> str:
    return text.partition(",")[0]


def title_is(test: Callable[[str, str], object]) -> Callable[[App], App]:
    """The title filter is another one than contains."""
    return keeping(
        LIST, lambda seen, item: "title" not in query(seen) or bool(test(query(seen)["title"], item["title"]))
    )


def wildcards(text: str) -> str:
    return re.escape(text).replace("%", ".*").replace("_", ".")


class TitleByWildcards(Wrong):
    """Builds `LIKE '%text%'` without escaping the text."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        title = query(seen).get("title", "") if seen.is_("GET", LIST) else ""
        self._title = title if "%" in title or "_" in title else None
        if self._title is not None:
            requery(seen, title=None)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self._title is not None and seen.status == 200:
            pattern = re.compile(wildcards(self._title), re.IGNORECASE)
            seen.answer["items"] = [item for item in seen.answer["items"] if pattern.search(item["title"])]


def reversed_when_descending(seen: Seen) -> None:
    if query(seen).get("sort", "-").startswith("-"):
        seen.answer["items"].reverse()


def offset_by_pages(seen: Seen) -> None:
    asked = query(seen)
    if "limit" in asked and asked.get("offset", "").isdigit():
        requery(seen, offset=str(int(asked["offset"]) * int(asked["limit"])))


def one_from_the_page_before(seen: Seen) -> None:
    offset = query(seen).get("offset", "0")
    if offset.isdigit() and int(offset) > 0:
        requery(seen, offset=str(int(offset) - 1))


def role_any(name: str, *roles: str) -> Callable[[App], App]:
    return taking(LIST, name, lambda role: "ANY" if not roles or role in roles else role)


def no_item(seen: Seen, name: str) -> bool:
    return name not in query(seen)


def other(value: str) -> str:
    return {"true": "false", "false": "true"}.get(value, value)


def after_the_time(seen: Seen, item: Any) -> bool:
    return bool(item["lastActivityAt"] > query(seen).get("lastActivitySince", ""))


def since_the_day(text: str) -> str:
    return f"{text[:10]}T00:00:00.000Z"


BROKEN = (
    Broken("LIST-OK", "archived spaces are not listed", keeping(LIST, lambda _, item: item["status"] == "ACTIVE")),
    Broken("LIST-OK", "everybody sees what the administrator sees", asking("GET", LIST, as_admin)),
    Broken("LIST-OK", "the list is answered 206", answering("GET", LIST, with_status(206))),
    Broken(
        "LIST-OK",
        "a space is listed once for each member",
        answering("GET", LIST, lambda seen: seen.answer.update(items=seen.answer["items"] * 2)),
    ),
    Broken("LIST-EMAIL", "participantEmail is ignored", ignoring(LIST, "participantEmail")),
    Broken("LIST-EMAIL", "only the owner's address is looked at", calling(LIST, "participantEmail", "ownerEmail")),
    Broken(
        "LIST-EMAIL-MINE",
        "mine is taken for an address",
        taking(LIST, "participantEmail", lambda text: "mine@nowhere.example" if text == "mine" else text),
    ),
    Broken("LIST-EMAIL-MINE", "mine is everything that the requester sees", ignoring(LIST, "participantEmail")),
    Broken(
        "LIST-OWNER-EMAIL", "no owner is found by address", keeping(LIST, lambda seen, _: no_item(seen, "ownerEmail"))
    ),
    Broken("LIST-TITLE", "title is ignored", ignoring(LIST, "title")),
    Broken("LIST-TITLE", "title is compared with the publicUri", title_is(lambda text, _: text.isalnum())),
    Broken(
        "LIST-TITLE-CONTAINS", "a title must start with the text", title_is(lambda text, title: title.startswith(text))
    ),
    Broken("LIST-TITLE-CONTAINS", "a title must be the text", title_is(lambda text, title: title == text)),
    Broken("LIST-TITLE-CONTAINS", "% and _ stand for any character", TitleByWildcards),
    Broken("LIST-DEACTIVATED", "isOwnerDeactivated is ignored", ignoring(LIST, "isOwnerDeactivated")),
    Broken("LIST-DEACTIVATED", "isOwnerDeactivated=true lists the others", taking(LIST, "isOwnerDeactivated", other)),
    Broken(
        "LIST-DEACTIVATED",
        "any value of isOwnerDeactivated counts as true",
        taking(LIST, "isOwnerDeactivated", lambda _: "true"),
    ),
    Broken("LIST-SINCE", "lastActivitySince is ignored", ignoring(LIST, "lastActivitySince")),
    Broken("LIST-SINCE", "the time itself is left out", keeping(LIST, after_the_time)),
    Broken("LIST-SINCE", "only the day of the time counts", taking(LIST, "lastActivitySince", since_the_day)),
    Broken("LIST-OWNER", "ownerUserId is ignored", ignoring(LIST, "ownerUserId")),
    Broken("LIST-OWNER", "only the first of several owners counts", taking(LIST, "ownerUserId", first_of_several)),
    Broken("LIST-USER", "userId is ignored", ignoring(LIST, "userId", "userRole")),
    Broken("LIST-USER", "only the first of several users counts", taking(LIST, "userId", first_of_several)),
    Broken("LIST-USER", "userRole is ignored", ignoring(LIST, "userRole")),
    Broken("LIST-USER", "userRole is OWNER when it is not given", default("userRole", "OWNER")),
    Broken("LIST-USER", "owners count as participants", role_any("userRole", "PARTICIPANT")),
    Broken("LIST-MANAGER", "managerId is ignored", ignoring(LIST, "managerId", "teamRole")),
    Broken("LIST-MANAGER", "teamRole is ignored", ignoring(LIST, "teamRole")),
    Broken("LIST-MANAGER", "only the manager's own spaces are the team's", calling(LIST, "managerId", "userId")),
    Broken("LIST-MANAGER", "teamRole is OWNER when it is not given", default("teamRole", "OWNER")),
    Broken(
        "LIST-MANAGER",
        "a manager may not ask for mine",
        refusing("GET", LIST, lambda seen: "managerId=mine" in seen.query, code=403),
    ),
    Broken("LIST-GROUP", "usergroupId is ignored", ignoring(LIST, "usergroupId", "usergroupRole")),
    Broken("LIST-GROUP", "usergroupRole is ignored", ignoring(LIST, "usergroupRole")),
    Broken("LIST-GROUP", "owners count as participants", role_any("usergroupRole", "PARTICIPANT")),
    Broken("LIST-GROUP", "usergroupRole is PARTICIPANT when it is not given", default("usergroupRole", "PARTICIPANT")),
    Broken("LIST-SORT", "sort is ignored", ignoring(LIST, "sort")),
    Broken("LIST-SORT", "the - for descending is ignored", answering("GET", LIST, reversed_when_descending)),
    Broken("LIST-SORT", "the default is the newest first", default("sort", "-createdAt")),
    Broken(
        "LIST-SORT",
        "archivedAt sorts by creation",
        taking(LIST, "sort", lambda text: text.replace("archivedAt", "createdAt")),
    ),
    Broken("LIST-SORT", "updatedAt is unknown to sort", refusing("GET", LIST, lambda seen: "updatedAt" in seen.query)),
    Broken("LIST-LIMIT", "offset is ignored", ignoring(LIST, "offset")),
    Broken("LIST-LIMIT", "limit is ignored", ignoring(LIST, "limit")),
    Broken("LIST-LIMIT", "offset counts pages", asking("GET", LIST, offset_by_pages)),
    Broken(
        "LIST-LIMIT", "a page repeats the last space of the page before", asking("GET", LIST, one_from_the_page_before)
    ),
    Broken("LIST-LIMIT", "limit is 5 when it is not given", default("limit", "5")),
    Broken(
        "LIST-LIMIT",
        "a limit above 100 is refused",
        refusing("GET", LIST, lambda seen: query(seen).get("limit") == "1000"),
    ),
)
