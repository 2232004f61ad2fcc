"""GET /shared-spaces: random filters together, against a model that looks at every space."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import showpad_mock
from showpad_mock import MockShowpad

from ...harness.api import Api, in_process

SEED = json.loads((Path(showpad_mock.__file__).parent / "showpad/seed/demo.json").read_text())
USERS = {user["handle"]: user for user in SEED["users"]}
GROUP = SEED["userGroups"][0]
OUTSIDE = ("lena.hoffmann@example.org", "omar.haddad@example.net", "new.buyer@example.org")
NOBODY = "0" * 32
OWNERS = ("admin", "manager", "seller", "partner", "outsider")
ROLES = ("OWNER", "PARTICIPANT", "ANY")


@dataclass
class Modelled:
    """What the model knows of a space; people are handles, or e-mails of people from outside."""

    id: str
    title: str
    owner: str
    active_at: str
    others: set[str] = field(default_factory=set)

    def has(self, people: set[str], role: str) -> bool:
        owned = self.owner in people
        took_part = bool(people & self.others)
        return {"OWNER": owned, "PARTICIPANT": took_part, "ANY": owned or took_part}[role]


def seeded() -> list[Modelled]:
    return [
        Modelled(
            space["id"],
            space["title"],
            space["owner"],
            space["lastActivityAt"],
            {one.get("user") or one["email"] for one in space.get("participants", [])},
        )
        for space in SEED["spaces"]
    ]


def visible(space: Modelled, viewer: str) -> bool:
    team = {viewer} | {handle for handle, user in USERS.items() if user.get("manager") == viewer}
    return viewer == "admin" or space.has(team, "ANY")


def handles(user_ids: str) -> set[str]:
    return {handle for handle, user in USERS.items() if user["id"] in user_ids.split(",")}


def matches(space: Modelled, params: dict[str, str]) -> bool:
    """Tell whether every filter lets the space through (LIST-NOBODY: they combine with AND)."""
    get = params.get
    tests: dict[str, Callable[[str], bool]] = {
        "participantEmail": lambda value: value in space.others,
        "ownerEmail": lambda value: USERS[space.owner]["email"] == value,
        "title": lambda value: value.casefold() in space.title.casefold(),
        "isOwnerDeactivated": lambda value: (space.owner == "deactivated") == (value == "true"),
        "lastActivitySince": lambda value: space.active_at >= value,
        "ownerUserId": lambda value: space.owner in handles(value),
        "userId": lambda value: space.has(handles(value), get("userRole", "ANY")),
        "usergroupId": lambda value: space.has(
            set(GROUP["users"]) if value == GROUP["id"] else set(), get("usergroupRole", "ANY")
        ),
    }
    return all(test(params[name]) for name, test in tests.items() if name in params)


USER_IDS = st.lists(st.sampled_from([*(user["id"] for user in USERS.values()), NOBODY]), min_size=1, max_size=3).map(
    ",".join
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "participantEmail": st.sampled_from([*OUTSIDE, "nobody@example.com"]),
        "ownerEmail": st.sampled_from([*(user["email"] for user in USERS.values()), "nobody@example.com"]),
        "title": st.sampled_from(["a", "FOR", "dock", "Straße", "STRA", " ", "2025", "x y"]),
        "isOwnerDeactivated": st.sampled_from(["true", "false"]),
        "lastActivitySince": st.sampled_from(
            [*(space["lastActivityAt"] for space in SEED["spaces"]), "2025-04-01T00:00:00.000Z"]
        ),
        "ownerUserId": USER_IDS,
        "userId": USER_IDS,
        "userRole": st.sampled_from(ROLES),
        "usergroupId": st.sampled_from([GROUP["id"], NOBODY]),
        "usergroupRole": st.sampled_from(ROLES),
    },
)
MADE = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["Straße", "dock two", "x Y z", "2025"]),
        "owner": st.sampled_from(OWNERS),
        "others": st.sets(st.sampled_from(["manager", "seller", "partner", "outsider", *OUTSIDE]), max_size=3),
        "at": st.sampled_from(["2024-12-18T10:05:00.000Z", "2025-06-16T14:03:27.000Z"]),
    }
)


def make(api: Api, one: dict[str, Any]) -> Modelled:
    api.tenant.freeze(one["at"])
    others = one["others"] - {one["owner"]}
    space = api.create_space(owner=one["owner"], title=one["title"])
    for person in sorted(others):
        api.tenant.add_participant(space["id"], **({"email": person} if "@" in person else {"user": person}))
    return Modelled(space["id"], one["title"], one["owner"], one["at"], others)


@pytest.mark.rule("LIST-NOBODY", "LIST-USER", "LIST-GROUP", "LIST-OWNER", "LIST-EMAIL", "ROLE-MANAGER", "ROLE-USER")
@settings(max_examples=50, deadline=None)
@given(
    made=st.lists(MADE, max_size=3),
    asked=st.lists(st.tuples(st.sampled_from(OWNERS), FILTERS), min_size=8, max_size=16),
)
def test_filters_find_what_a_look_at_every_space_finds(
    showpad_server: MockShowpad,
    runner: asyncio.Runner,
    made: list[dict[str, Any]],
    asked: list[tuple[str, dict[str, str]]],
) -> None:
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        spaces = [*seeded(), *(make(api, one) for one in made)]
        for viewer, params in asked:
            answer = api.get("/shared-spaces", as_=viewer, params=params).json()
            found = {space.id for space in spaces if visible(space, viewer) and matches(space, params)}
            assert {space["id"] for space in answer["items"]} == found
            assert answer["count"] == len(answer["items"]) == len(found)
