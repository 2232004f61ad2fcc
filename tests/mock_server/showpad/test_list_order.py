"""GET /shared-spaces: every order and every page, held against orderings written here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock import MockShowpad

from ...harness.api import Api, in_process

Space = dict[str, Any]

SORTS = ("title", "createdAt", "lastActivityAt", "archivedAt", "updatedAt", "status")
TIMES = ("2024-10-14T10:00:00.000Z", "2025-06-02T08:14:55.000Z", "2026-01-01T00:00:00.000Z")

# Titles that are easily ordered wrongly: equal ones, those that only folding makes equal, control characters.
TRICKY = ("a", "A", "aa", "Zebra", "zebra", "ss", "\xdf", "SS", "\u0130", "i\u0307", "\xe9", "e\u0301", "\ufb01", "fi")
FAR = ("\x00", "\x00a", "a\x00", "\x1f", "\x7f", "\uffff", "\U0001f600", "\ue000", "\xc5", "\u212b", " ", "borealis")
TITLES = st.sampled_from(TRICKY + FAR) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
MADE = st.fixed_dictionaries(
    {"title": TITLES, "at": st.sampled_from(TIMES), "archived": st.none() | st.sampled_from(TIMES)}
)


def make(api: Api, made: list[dict[str, Any]]) -> list[Space]:
    """Create the spaces, archive those that are to be, and give all of the tenant's, the seeded ones among them."""
    spaces: list[Space] = api.get("/shared-spaces").json()["items"]
    for one in made:
        api.tenant.freeze(one["at"])
        space = api.create_space(title=one["title"])
        if one["archived"] is not None:
            api.tenant.freeze(one["archived"])
            space = api.patch(f"/shared-spaces/{space['id']}", {"status": "ARCHIVED"}).json()
        spaces.append(space)
    return spaces


def ordered(spaces: list[Space], sort: str, *, ids_descend: bool = False) -> list[str]:
    """Give the ids as LIST-SORT-TIES has them."""
    name = sort.removeprefix("-")

    def key(space: Space) -> tuple[str, ...]:
        return (space[name].casefold(), space[name]) if name == "title" else (space[name],)

    by_id = sorted(spaces, key=lambda space: space["id"], reverse=ids_descend)
    known = sorted((space for space in by_id if space[name] is not None), key=key)
    if sort.startswith("-"):
        groups = [[space for space in known if key(space) == value] for value in dict.fromkeys(map(key, known))]
        known = [space for group in reversed(groups) for space in group]
    return [space["id"] for space in (*known, *(space for space in by_id if space[name] is None))]


def listed(api: Api, *, as_: str = "admin", **params: str) -> list[str]:
    answer = api.get("/shared-spaces", as_=as_, params=params)
    assert answer.status_code == 200, answer.text
    return [space["id"] for space in answer.json()["items"]]


@pytest.mark.rule("LIST-SORT", "LIST-SORT-TIES")
@settings(max_examples=50, deadline=None)
@given(made=st.lists(MADE, max_size=8))
def test_every_sort_gives_the_order_that_is_written_down(
    showpad_server: MockShowpad, runner: asyncio.Runner, made: list[dict[str, Any]]
) -> None:
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        spaces = make(api, made)
        for sort in SORTS:
            assert listed(api, sort=sort) == ordered(spaces, sort)
            # Whether ids descend too where the sort does, the rule leaves open.
            down = f"-{sort}"
            assert listed(api, sort=down) in (ordered(spaces, down), ordered(spaces, down, ids_descend=True))


# Who asks, and for what: an order must not depend on how the matches were found.
ASKED = st.sampled_from(
    [
        ("admin", {}),
        ("manager", {}),
        ("seller", {}),
        ("admin", {"ownerEmail": "sofia.lindqvist@example.com"}),
        ("admin", {"lastActivitySince": TIMES[1]}),
        ("admin", {"isOwnerDeactivated": "false"}),
        ("partner", {"usergroupId": "3ab7ad5d401e317bc416750d672b5d70"}),
    ]
)


@pytest.mark.rule("LIST-SORT-TIES", "LIST-LIMIT", "CONV-PAGE", "CONV-COUNT")
@settings(max_examples=50, deadline=None)
@given(
    made=st.lists(MADE, max_size=5),
    sort=st.sampled_from([*SORTS, *(f"-{sort}" for sort in SORTS)]),
    asked=ASKED,
)
def test_pages_of_every_size_repeat_nothing_and_skip_nothing(
    showpad_server: MockShowpad,
    runner: asyncio.Runner,
    made: list[dict[str, Any]],
    sort: str,
    asked: tuple[str, dict[str, str]],
) -> None:
    viewer, params = asked
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        spaces = make(api, made)
        whole = listed(api, as_=viewer, **params, sort=sort)
        matching = [space for space in spaces if space["id"] in whole]
        assert whole in (ordered(matching, sort), ordered(matching, sort, ids_descend=sort.startswith("-")))
        for size in range(1, len(whole) + 1):
            assert paged(api, viewer, {**params, "sort": sort, "limit": str(size)}, len(whole)) == whole


def paged(api: Api, viewer: str, params: dict[str, str], total: int) -> list[str]:
    found = []
    for offset in range(0, total, int(params["limit"])):
        page = api.get("/shared-spaces", as_=viewer, params={**params, "offset": offset}).json()
        assert page["count"] == total
        assert len(page["items"]) == min(int(params["limit"]), total - offset)
        found += [space["id"] for space in page["items"]]
    return found


@pytest.mark.rule("LIST-SORT", "SPACE-ACTIVITY-SET")
def test_the_last_active_comes_first_when_no_order_is_asked_for(api: Api) -> None:
    whole = listed(api)
    assert whole == listed(api, sort="-lastActivityAt")
    assert whole != listed(api, sort="lastActivityAt")
    api.tenant.freeze("2026-01-01T00:00:00.000Z")
    space = api.create_space()
    assert listed(api) == [space["id"], *whole]


@pytest.mark.rule("LIST-SORT", "PATCH-OK")
def test_a_changed_title_takes_its_new_place(api: Api) -> None:
    whole = listed(api, sort="title")
    api.patch(f"/shared-spaces/{whole[0]}", {"title": "zzz, the last"})
    assert listed(api, sort="title") == [*whole[1:], whole[0]]


@pytest.mark.rule("LIST-SORT-TIES")
@pytest.mark.parametrize("sort", ["archivedAt", "-archivedAt"])
def test_spaces_that_were_never_archived_come_last_both_ways(api: Api, sort: str) -> None:
    answer = api.get("/shared-spaces", params={"sort": sort})
    times = [space["archivedAt"] for space in answer.json()["items"]]
    assert times[0] is not None
    assert set(times[1:]) == {None}


@pytest.mark.rule("LIST-LIMIT")
@pytest.mark.parametrize("limit", ["1", "7", "8", "9", "1000"])
def test_a_limit_cuts_the_list(api: Api, limit: str) -> None:
    assert listed(api, limit=limit) == listed(api)[: int(limit)]


@pytest.mark.rule("LIST-LIMIT")
def test_the_first_thousand_are_listed_when_no_limit_is_given(api: Api) -> None:
    for _ in range(993):
        api.create_space()
    answer = api.get("/shared-spaces").json()
    assert answer["count"] == 1001
    assert [space["id"] for space in answer["items"]] == listed(api, limit="1000", offset="0")
    assert len(answer["items"]) == 1000


@pytest.mark.rule("LIST-LIMIT", "CONV-COUNT")
@pytest.mark.parametrize("offset", ["8", "9", "100000"])
def test_an_offset_beyond_the_end_gives_an_empty_page_and_the_count(api: Api, offset: str) -> None:
    answer = api.get("/shared-spaces", params={"offset": offset})
    assert answer.json() == {"count": 8, "items": []}


@pytest.mark.rule("LIST-SORT", "LIST-LIMIT", "LIST-OWNER-EMAIL")
def test_filter_order_and_page_go_together(api: Api) -> None:
    params = {"ownerEmail": "sofia.lindqvist@example.com", "sort": "-title", "limit": "2"}
    answer = api.get("/shared-spaces", params=params).json()
    assert [space["publicUri"] for space in answer["items"]] == ["finch-harbour-renewal-2025", "borealis-bergen"]
    assert answer["count"] == 3


@pytest.mark.rule("LIST-SORT", "ROLE-USER")
def test_an_order_holds_for_what_the_role_sees(api: Api) -> None:
    answer = api.get("/shared-spaces", as_="partner", params={"sort": "createdAt"}).json()
    found = [space["publicUri"] for space in answer["items"]]
    assert found == ["emea-quarterly-review", "dock-sensors-rotterdam", "borealis-bergen", "quayside-pilots"]


@pytest.mark.rule("LIST-LIMIT", "CONV-PAGE")
@pytest.mark.parametrize("path", ["/shared-spaces", "/shared-spaces?title=a", "/users", "/assets", "/themes"])
def test_an_offset_beyond_all_counting_gives_an_empty_page(api: Api, path: str) -> None:
    api.create_space(title="a")
    join = "&" if "?" in path else "?"
    answer = api.get(f"{path}{join}offset={10**30}")
    assert (answer.status_code, answer.json()["items"]) == (200, [])
    assert answer.json()["count"] > 0
