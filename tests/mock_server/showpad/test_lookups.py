"""The lookups around spaces: what all of them share, users and divisions. Others: test_lookups_*.py."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from showpad_mock import MockShowpad

from ...harness.api import Api, assert_problem, in_process

RESOURCES = {
    "users": "AROUND-USERS",
    "assets": "AROUND-ASSETS",
    "themes": "AROUND-THEMES",
    "shared-space-templates": "AROUND-TEMPLATES",
    "divisions": "AROUND-DIVISIONS",
}
EACH = pytest.mark.parametrize("resource", RESOURCES)
LIMITED = ("users", "assets", "themes", "shared-space-templates")
EMEA, AMERICAS = "58d33cb250524f55db2ce9423da86c6f", "6f3295024c103b2d6a22795143c51bb7"
UNKNOWN = "0" * 32


def items(answer: httpx2.Response) -> list[dict[str, object]]:
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"count", "items"}
    found: list[dict[str, object]] = answer.json()["items"]
    return found


def with_members(whole: dict[str, Any], some: dict[str, Any]) -> dict[str, Any]:
    """Give an object with the members of another, objects in it by their own members: alone, things tell more."""
    inner = {name: with_members(whole[name], one) for name, one in some.items() if isinstance(one, dict)}
    return {**whole, **some, **inner}


def found(api: Api, resource: str, member: str = "id", **params: str) -> list[object]:
    """Give a member of every one listed; hold that the count is theirs."""
    answer = api.get(f"/{resource}", params=params)
    assert answer.json()["count"] == len(items(answer))
    return [one[member] for one in items(answer)]


@pytest.mark.rule(*RESOURCES.values(), "CONV-PAGE")
@EACH
def test_one_is_what_the_list_shows(api: Api, resource: str) -> None:
    for one in items(api.get(f"/{resource}")):
        answer = api.get(f"/{resource}/{one['id']}")
        assert answer.status_code == 200, answer.text
        assert with_members(answer.json(), one) == answer.json()


@pytest.mark.rule(*RESOURCES.values())
@EACH
@pytest.mark.parametrize("key", [UNKNOWN, "x", "%2F", "..%2Fusers"])
def test_an_unknown_id_is_not_found(api: Api, resource: str, key: str) -> None:
    assert_problem(api.get(f"/{resource}/{key}"), 404, RESOURCES[resource])


@pytest.mark.rule(*RESOURCES.values(), "CONV-AUTH", "CONV-AUTH-401", "CONV-ORDER")
@EACH
def test_a_lookup_needs_a_token(api: Api, resource: str) -> None:
    assert_problem(api.get(f"/{resource}", as_=None), 401)
    assert_problem(api.get(f"/{resource}/{UNKNOWN}", as_=None), 401)


@pytest.mark.rule(*RESOURCES.values(), "CONV-PAGE", "CONV-COUNT")
@EACH
def test_pages_repeat_nothing_and_skip_nothing(api: Api, resource: str) -> None:
    params = {"includeUnpublished": "true"} if resource == "shared-space-templates" else {}
    whole = items(api.get(f"/{resource}", params=params))
    for size in range(1, len(whole) + 1):
        pages = []
        for offset in range(0, len(whole), size):
            answer = api.get(f"/{resource}", params={**params, "limit": size, "offset": offset})
            assert answer.json()["count"] == len(whole)
            pages += items(answer)
        assert pages == whole


@pytest.mark.rule(*RESOURCES.values(), "CONV-COUNT")
@EACH
def test_an_offset_beyond_the_end_gives_an_empty_page_and_the_count(api: Api, resource: str) -> None:
    count = api.get(f"/{resource}").json()["count"]
    assert api.get(f"/{resource}", params={"offset": 100}).json() == {"count": count, "items": []}


@pytest.mark.rule("AROUND-USERS", "AROUND-ASSETS", "CONV-COUNT")
@pytest.mark.parametrize("resource", ["users", "assets"])
def test_a_limit_of_none_gives_the_count_alone(api: Api, resource: str) -> None:
    count = api.get(f"/{resource}").json()["count"]
    assert count > 0
    assert api.get(f"/{resource}", params={"limit": 0}).json() == {"count": count, "items": []}


@pytest.mark.rule(*RESOURCES.values())
@pytest.mark.parametrize(
    ("resource", "name", "value"),
    [
        *((resource, "limit", value) for resource in LIMITED for value in ("-1", "1001", "ten", "1.5")),
        *((resource, "offset", value) for resource in LIMITED for value in ("-1", "two")),
        *((resource, "limit", "0") for resource in ("themes", "shared-space-templates")),
        *(("themes", "sort", value) for value in ("name", "-usageCount", "--title")),
        *(("themes", name, value) for name in ("includeGlobal", "isDefault") for value in ("maybe", "1")),
        *(("shared-space-templates", "sort", value) for value in ("title", "-colour")),
        *(("shared-space-templates", "includeUnpublished", value) for value in ("maybe", "1")),
    ],
)
def test_a_value_that_a_parameter_does_not_take_is_refused_and_named(
    api: Api, resource: str, name: str, value: str
) -> None:
    assert_problem(api.get(f"/{resource}", params={name: value}), 400, at=name)


@pytest.mark.rule(*RESOURCES.values(), "CONV-JSON")
@EACH
def test_a_parameter_that_there_is_not_is_ignored_and_named(api: Api, resource: str) -> None:
    answer = api.get(f"/{resource}", params={"colour": "red"})
    assert items(answer) == items(api.get(f"/{resource}"))
    assert answer.headers["x-mock-ignored"] == "query.colour"


@pytest.fixture(scope="module")
def crowded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockShowpad]:
    """Give a server that has 60 of everything."""
    numbers = range(60)
    users = [{"id": f"u{n}", "email": f"u{n}@example.com", "role": "ADMIN"} for n in numbers]
    themes = [{"id": f"t{n}", "title": f"Theme {n}", "division": "d0"} for n in numbers[1:]]
    seed = {
        "divisions": [{"id": f"d{n}", "name": f"Division {n}"} for n in numbers],
        "themes": [{"id": "t0", "title": "Theme 0", "isGlobal": True}, *themes],
        "users": users,
        "assets": [{"id": f"a{n}", "division": "d0"} for n in numbers],
        "templates": [{"id": f"m{n}", "name": f"Template {n}", "creator": "u0", "division": "d0"} for n in numbers],
    }
    file = tmp_path_factory.mktemp("crowd") / "seed.json"
    file.write_text(json.dumps(seed))
    with MockShowpad(data=str(file)) as server:
        yield server


@pytest.mark.rule("AROUND-USERS", "AROUND-ASSETS", "AROUND-THEMES", "AROUND-TEMPLATES")
@pytest.mark.parametrize("resource", LIMITED)
def test_fifty_are_listed_when_no_limit_is_given(
    crowded_server: MockShowpad, runner: asyncio.Runner, resource: str
) -> None:
    with crowded_server.tenant() as tenant:
        api = in_process(tenant, crowded_server.app, runner)
        whole = items(api.get(f"/{resource}", as_="u0", params={"limit": 1000}))
        assert len(whole) == 60
        assert api.get(f"/{resource}", as_="u0").json() == {"count": 60, "items": whole[:50]}


# Users


@pytest.mark.rule("AROUND-USERS", "CONV-TIME")
def test_a_user_has_these_members(api: Api) -> None:
    seller = api.tenant.user_id("seller")
    assert api.get(f"/users/{seller}").json() == {
        "id": seller,
        "email": "sofia.lindqvist@example.com",
        "firstName": "Sofia",
        "lastName": "Lindqvist",
        "createdAt": "2024-02-05T08:00:00.000Z",
        "updatedAt": "2024-02-05T08:00:00.000Z",
    }


@pytest.mark.rule("AROUND-USERS")
def test_users_are_found_by_ids(api: Api) -> None:
    seller, partner = api.tenant.user_id("seller"), api.tenant.user_id("partner")
    assert found(api, "users", ids=seller) == [seller]
    assert set(found(api, "users", ids=f"{seller},{partner},{UNKNOWN}")) == {seller, partner}
    assert found(api, "users", ids=UNKNOWN) == []


@pytest.mark.rule("AROUND-USERS")
def test_users_are_found_by_e_mails(api: Api) -> None:
    emails = ["sofia.lindqvist@example.com", "marcus.oyelaran@example.com"]
    assert found(api, "users", "email", emails=emails[0]) == emails[:1]
    assert set(found(api, "users", "email", emails=",".join([*emails, "nobody@example.com"]))) == set(emails)
    assert found(api, "users", emails="nobody@example.com") == []


@pytest.mark.rule("AROUND-USERS")
def test_ids_and_e_mails_go_together(api: Api) -> None:
    seller = api.tenant.user_id("seller")
    assert found(api, "users", ids=seller, emails="sofia.lindqvist@example.com") == [seller]
    assert found(api, "users", ids=seller, emails="marcus.oyelaran@example.com") == []


# Divisions


@pytest.mark.rule("AROUND-DIVISIONS")
def test_a_division_has_these_members(api: Api) -> None:
    assert api.get(f"/divisions/{AMERICAS}").json() == {
        "id": AMERICAS,
        "name": "Sales Americas",
        "isAssetSharingEnabled": True,
        "createdAt": "2024-01-15T09:05:00.000Z",
        "updatedAt": "2024-01-15T09:05:00.000Z",
    }


@pytest.mark.rule("AROUND-DIVISIONS")
def test_an_administrator_lists_every_division(api: Api) -> None:
    assert set(found(api, "divisions")) == {EMEA, AMERICAS}
