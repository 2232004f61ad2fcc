"""What every answer tells beside Showpad's own: the rules that decided, and what was ignored; --strict refuses that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from showpad_mock import MockShowpad
from showpad_mock.showpad.rules import LEVELS

from ...harness.api import Api, assert_problem, in_process, rules_of


@pytest.fixture
def strict(runner: asyncio.Runner) -> Iterator[Api]:
    with MockShowpad(strict=True) as server, server.tenant() as tenant:
        yield in_process(tenant, server.app, runner)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/shared-spaces"),
        ("POST", "/shared-spaces"),
        ("GET", "/shared-spaces/nowhere"),
        ("PATCH", "/shared-spaces/nowhere"),
        ("DELETE", "/shared-spaces/nowhere"),
        ("POST", "/shared-spaces/nowhere/items"),
        ("POST", "/shared-spaces/nowhere/transfer-ownership"),
        ("POST", "/shares"),
        ("GET", "/users"),
        ("GET", "/users/nobody"),
        ("GET", "/themes"),
        ("GET", "/shared-space-templates"),
        ("GET", "/assets"),
        ("GET", "/divisions"),
        ("GET", "/assets?limit=no"),
    ],
)
@pytest.mark.parametrize("user", ["admin", None])
def test_every_answer_tells_its_rules_and_how_sure_they_are(api: Api, method: str, path: str, user: str | None) -> None:
    told = api.request(method, path, as_=user).headers["x-mock-rules"].split(", ")
    assert told
    for rule, level in (part.split(";") for part in told):
        assert LEVELS[rule] == level


@pytest.mark.rule("CREATE-OK", "GET-OK", "PATCH-OK", "DELETE-OK", "TRANSFER-OK", "ITEMS-OK")
def test_what_succeeds_tells_its_rule_too(api: Api) -> None:
    path, seller = "/shared-spaces", api.tenant.user_id("seller")
    created = api.post(path, {"title": "A", "owner": {"userId": seller}})
    path += f"/{created.json()['id']}"
    asset = {"type": "asset", "assetId": api.tenant.asset_id("link")}
    assert "CREATE-OK" in rules_of(created)
    assert "GET-OK" in rules_of(api.get(path))
    assert "PATCH-OK" in rules_of(api.patch(path, {"title": "B"}))
    assert "ITEMS-OK" in rules_of(api.post(path + "/items", {"items": [asset]}))
    assert "TRANSFER-OK" in rules_of(api.post(path + "/transfer-ownership", {"userId": api.tenant.user_id("partner")}))
    assert "DELETE-OK" in rules_of(api.delete(path))


def test_nothing_ignored_is_not_told(api: Api) -> None:
    assert "x-mock-ignored" not in api.get("/shared-spaces", params={"limit": 1}).headers


def test_all_that_is_ignored_is_told_at_once(api: Api) -> None:
    path = f"/shared-spaces/{api.create_space()['id']}"
    answer = api.patch(path, {"title": "B", "ownerID": "x", "colour": 1}, params={"limt": 1})
    assert set(answer.headers["x-mock-ignored"].split(", ")) == {"body.ownerID", "body.colour", "query.limt"}


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("POST", "", {"title": "A", "owner": {"userId": "3d57fdd4699b20391685706edc3785ef"}}),
        ("GET", "/{id}", None),
        ("PATCH", "/{id}", {}),
        ("DELETE", "/{id}", None),
        ("POST", "/{id}/transfer-ownership", {"userId": "3d57fdd4699b20391685706edc3785ef"}),
        ("POST", "/{id}/items", {"items": [{"type": "folder", "name": "F"}]}),
    ],
)
def test_a_parameter_that_a_call_does_not_take_is_told(api: Api, method: str, below: str, body: Any) -> None:
    path = "/shared-spaces" + below.format(id=api.create_space()["id"])
    answer = api.request(method, path, body, params={"limit": 1})
    assert answer.is_success
    assert answer.headers["x-mock-ignored"] == "query.limit"


@pytest.mark.parametrize("name", ["\r\nX-Evil: 1", "größe", "\N{GRINNING FACE}", "", "a, body.b", "x" * 20_000])
def test_no_name_that_is_ignored_breaks_the_header(api: Api, name: str) -> None:
    answer = api.patch(f"/shared-spaces/{api.create_space()['id']}", {name: 1})
    assert answer.status_code == 200
    assert "x-mock-ignored" in answer.headers
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("body", [{"ownerID": "x"}, {"owner": {"userId": "x", "email": "x"}}])
def test_strict_refuses_unknown_fields_and_changes_nothing(strict: Api, body: dict[str, Any]) -> None:
    before = strict.get("/shared-spaces").json()
    owner = {"userId": strict.tenant.user_id("seller"), **body.get("owner", {})} | {
        "userId": strict.tenant.user_id("seller")
    }
    assert_problem(strict.post("/shared-spaces", {"title": "A", **body, "owner": owner}), 400)
    assert strict.get("/shared-spaces").json() == before
    assert (strict.tenant.events, strict.tenant.outbox) == ([], [])


def test_strict_refuses_unknown_parameters(strict: Api) -> None:
    assert_problem(strict.get("/shared-spaces", params={"limt": 1}), 400)
    assert strict.get("/shared-spaces", params={"limit": 1}).status_code == 200


def test_strict_takes_what_is_known(strict: Api) -> None:
    assert strict.create_space(title="A")["title"] == "A"
