"""The list of spaces: what it holds, its order, its pages (LIST-OK, -SORT, -LIMIT, -BAD); filters have their own."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import MissingMember, WrongList
from ..client import Client
from ..lists import SPACES, holds, ids, in_order, instant, lacks, list_of, mark, same_members

KEYS = ("title", "createdAt", "lastActivityAt", "archivedAt", "updatedAt", "status")


def archive(client: Client, space_id: str) -> None:
    """Archive a space of the check's own, at a time of its own."""
    instant()
    client.archive(space_id)


def create_at_a_time_of_its_own(client: Client, title: str) -> str:
    """Create a space; returns its id."""
    instant()
    return str(client.space(title=title)["id"])


def stir(client: Client, space_id: str) -> None:
    """Add some activity to a space of the check's own, at a time of its own."""
    instant()
    with expect.needed("activity", "ITEMS-OK"):
        expect.answered(client.add_items(space_id, [{"type": "folder", "name": "Activity"}]), 201)


@check("LIST-OK", writes=True, always={"archived": (False, True)})
def a_space_is_listed_once_for_those_who_may_see_it(client: Client, *, archived: bool) -> None:
    """LIST-OK: also when it is archived, and as it is."""
    title = mark(client)
    space = client.space(title=title)
    if archived:
        archive(client, space["id"])
    for caller in (client.admin, client.owner):
        found = [item for item in list_of(caller, title=title) if item["id"] == space["id"]]
        same_members(ids(found), [space["id"]], f"the list seen by {caller.name}")
        expect.equal(found[0]["title"], title, "title of the listed space")
        expect.equal(found[0]["status"], "ARCHIVED" if archived else "ACTIVE", "status of the listed space")
    lacks(ids(list_of(client.as_("outsider"), title=title)), space["id"], "the list seen by outsider")


def _no_two_keys_alike(client: Client, own: str) -> list[str]:
    """Create spaces that come in another order by each key, and turned round by none."""
    spaces = [create_at_a_time_of_its_own(client, f"{word} {own}") for word in ("bravo", "alfa", "delta", "charlie")]
    # One stays active, or all of them would be alike by status.
    bravo, _, delta, charlie = spaces
    stir(client, bravo)
    for space in (charlie, bravo, delta):
        archive(client, space)
    instant()
    expect.answered(client.admin.patch(f"{SPACES}/{charlie}", {"description": "Changed last"}), 200)
    return spaces


@check("LIST-SORT", writes=True)
def a_list_comes_in_the_order_asked_for(client: Client) -> None:
    """LIST-SORT: by each key, in either direction, and the latest activity first when nothing is asked for."""
    own = mark(client)
    spaces = _no_two_keys_alike(client, own)
    asked: list[dict[str, Any]] = [{}] + [{"sort": f"{sign}{key}"} for key in KEYS for sign in ("", "-")]
    for params in asked:
        found = [item for item in list_of(client.admin, title=own, **params) if item["id"] in spaces]
        same_members(ids(found), spaces, f"the list with {params}")
        sort = params.get("sort", "-lastActivityAt")
        key = sort.removeprefix("-")
        in_order([item[key] for item in found], f"{key} with {params}", descending=sort != key)
    for sort in (f"{sign}{key}" for key in KEYS for sign in ("", "-")):
        found = [item for item in list_of(client.admin, sort=sort) if item["id"] in spaces]  # some of them, of many
        key = sort.removeprefix("-")
        in_order([item[key] for item in found], f"{key} with sort={sort} alone", descending=sort != key)


words = st.text("aAbBzZäÄßé09-_", min_size=1, max_size=3)


@check(
    "LIST-SORT-TIES",
    writes=True,
    given={"drawn": st.lists(words, min_size=3, max_size=4)},
    always={"drawn": (["b", "A", "a", "B"], ["ß", "ss", "ä"])},
    examples=6,
)
def titles_come_by_casefold_then_code_points_then_id(client: Client, drawn: list[str]) -> None:
    """LIST-SORT-TIES: of titles that are equal the lower id comes first."""
    own = mark(client)
    spaces = [client.space(title=f"{word} {own}") for word in (*drawn[:-1], drawn[0])]
    spaces.sort(key=lambda space: (space["title"].casefold(), space["title"], space["id"]))
    found = list_of(client.admin, title=own, sort="title")
    expect.equal([(item["title"], item["id"]) for item in found], [(s["title"], s["id"]) for s in spaces], "the list")


@check("LIST-SORT-TIES", writes=True)
def spaces_without_the_time_come_last_either_way(client: Client) -> None:
    """LIST-SORT-TIES: sorted by archivedAt, a space that is not archived is the last one."""
    own = mark(client)
    active, archived = ids([client.space(title=f"{word} {own}") for word in ("active", "archived")])
    archive(client, archived)
    for sort in ("archivedAt", "-archivedAt"):
        expect.equal(ids(list_of(client.admin, title=own, sort=sort)), [archived, active], f"the list with sort={sort}")


@check("LIST-SORT-TIES", writes=True, always={"limit": (1, 2, 3)})
def pages_of_equal_spaces_neither_repeat_nor_skip(client: Client, limit: int) -> None:
    """LIST-SORT-TIES: also where all titles are the same."""
    own = mark(client)
    spaces = ids([client.space(title=own) for _ in range(4)])
    pages = [list_of(client.admin, title=own, sort="title", limit=limit, offset=at) for at in range(0, 4, limit)]
    same_members([one for page in pages for one in ids(page)], spaces, "the pages together")


@check("LIST-LIMIT", writes=True)
def pages_hold_what_their_limit_and_offset_say(client: Client) -> None:
    """LIST-LIMIT: each page is the part of the whole list that its limit and offset name."""
    own = mark(client)
    spaces = ids([client.space(title=f"{word} {own}") for word in ("alfa", "bravo", "charlie")])
    asked: list[dict[str, int]] = [{}, {"limit": 1000}, {"offset": 0}, {"limit": 1000, "offset": 0}]
    asked += [{"limit": limit} for limit in (1, 2, 3)] + [{"offset": offset} for offset in (1, 2, 3, 4)]
    asked += [{"limit": limit, "offset": offset} for limit, offset in itertools.product((1, 2), (1, 2))]
    for params in asked:
        found = ids(list_of(client.admin, title=own, sort="title", **params))
        start = params.get("offset", 0)
        expected = spaces[start : start + params.get("limit", 1000)]
        if found != expected:
            raise WrongList(f"the page with {params}", expected=expected, received=found)


@check("LIST-LIMIT")
def without_a_limit_a_list_shows_as_much_as_with_the_highest(client: Client) -> None:
    """LIST-LIMIT: what a list of 1000 holds before and after, one without a limit holds in between."""
    before, default, after = (
        ids(list_of(client.admin, sort="createdAt", **params)) for params in ({"limit": 1000}, {}, {"limit": 1000})
    )
    if max(len(before), len(after)) >= 1000:
        expect.equal(len(default), 1000, "the number of spaces listed without a limit")
        return
    for space in set(before) & set(after):  # what others create or delete meanwhile is left out
        holds(default, space, "the list without a limit")


BAD: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("limit", {"limit": value}) for value in (0, -1, 1001, "many", "1.5", "")),
    *(("offset", {"offset": value}) for value in (-1, "none", "0.5")),
    *(("sort", {"sort": value}) for value in ("publicUri", "--title", "title,status", "+title", "")),
    *(("userRole", {"userId": "x", "userRole": value}) for value in ("GUEST", "owner")),
    ("teamRole", {"managerId": "mine", "teamRole": "BOSS"}),
    ("usergroupRole", {"usergroupId": "x", "usergroupRole": "MEMBER"}),
    *(("isOwnerDeactivated", {"isOwnerDeactivated": value}) for value in ("yes", "1", "")),
    *(("lastActivitySince", {"lastActivitySince": value}) for value in ("yesterday", "2025-01-09", "1736422686")),
)
"""A parameter, and a query in which it alone is bad."""


@check("LIST-BAD", always={"bad": BAD})
def a_bad_parameter_is_refused_by_name(client: Client, bad: tuple[str, dict[str, Any]]) -> None:
    """LIST-BAD: 400, and meta names the parameter."""
    name, params = bad
    problem = expect.refused(client.admin.get(SPACES, params=params), 400)
    named = [fault["name"] for fault in expect.member(problem, "meta", of="the problem")]
    if name not in named:
        raise MissingMember("meta of the problem", expected=f"an entry for {name}", received=named)
