"""What the mock answers of its own: unknown paths, wrong methods, limits, strictness, and the headers it adds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_server import MockShowpad
from mock_server.showpad.rules import LEVELS

from ...api import Api, assert_problem, in_process, rules_of

TEN_MIB = 10 * 1024 * 1024


@pytest.fixture
def strict(runner: asyncio.Runner) -> Iterator[Api]:
    with MockShowpad(strict=True) as server, server.tenant() as tenant:
        yield in_process(tenant, server.app, runner)


def assert_own_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    problem = assert_problem(answer, status)
    assert problem["type"].startswith("/mock-server/")
    assert rules_of(answer) == []
    return problem


def nested(depth: int) -> bytes:
    """A body whose objects and lists lie that deep in each other."""
    return b'{"title": "A", "x": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.rule("CONV-PROBLEM")
@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/shared-space", "/shared-spaces"),
        ("/shared_spaces", "/shared-spaces"),
        ("/user", "/users"),
        ("/share", "/shares"),
    ],
)
def test_an_unknown_path_is_404_and_names_the_nearest_route(api: Api, path: str, nearest: str) -> None:
    assert nearest in assert_own_problem(api.get(path), 404)["detail"]


@pytest.mark.rule("CONV-PROBLEM")
def test_an_unknown_path_below_a_space_names_the_nearest_route(api: Api) -> None:
    answer = api.post(f"/shared-spaces/{api.create_space()['id']}/transfer-owner", {})
    assert "transfer-ownership" in assert_own_problem(answer, 404)["detail"]


@pytest.mark.parametrize("path", ["/shared-spaces/", "/users/", "//shared-spaces", "/shared-spaces//"])
def test_a_slash_too_many_is_no_redirect(api: Api, path: str) -> None:
    assert_own_problem(api.get(path), 404)


def test_a_slash_after_an_id_is_no_redirect(api: Api) -> None:
    assert_own_problem(api.get(f"/shared-spaces/{api.create_space()['id']}/"), 404)


@pytest.mark.rule("CONV-PROBLEM")
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/shared-spaces", {"GET", "POST"}),
        ("PUT", "/shared-spaces/x", {"GET", "PATCH", "DELETE"}),
        ("POST", "/shared-spaces/x", {"GET", "PATCH", "DELETE"}),
        ("GET", "/shared-spaces/x/items", {"POST"}),
        ("GET", "/shared-spaces/x/transfer-ownership", {"POST"}),
        ("GET", "/shares", {"POST"}),
        ("DELETE", "/users", {"GET"}),
    ],
)
def test_a_wrong_method_is_405_and_names_the_right_ones(api: Api, method: str, path: str, allowed: set[str]) -> None:
    answer = api.request(method, path)
    assert_own_problem(answer, 405)
    assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/shared-spaces", "/users", "/shares"])
def test_head_is_405(api: Api, path: str) -> None:
    answer = api.request("HEAD", path)
    assert answer.status_code == 405
    assert "HEAD" not in answer.headers["allow"]


@pytest.mark.rule("CONV-PROBLEM")
@pytest.mark.parametrize(
    ("method", "below"),
    [("GET", ""), ("POST", ""), ("GET", "/q"), ("PATCH", "/q"), ("DELETE", "/q")],
)
def test_a_published_operation_that_is_not_emulated_is_501(api: Api, method: str, below: str) -> None:
    assert_own_problem(api.request(method, f"/shared-spaces/x/quick-actions{below}"), 501)


@pytest.mark.rule("CONV-PROBLEM")
def test_a_body_over_ten_mib_is_413(api: Api) -> None:
    assert_own_problem(api.post("/shared-spaces", content=b" " * (TEN_MIB + 1)), 413)


def test_a_body_of_ten_mib_is_read(api: Api) -> None:
    content = b'{"title": "A"}'
    answer = api.patch(f"/shared-spaces/{api.create_space()['id']}", content=content + b" " * (TEN_MIB - len(content)))
    assert answer.status_code == 200


@pytest.mark.rule("CONV-PROBLEM")
@pytest.mark.parametrize("depth", [101, 5000, 200_000])
def test_json_deeper_than_a_hundred_is_refused(api: Api, depth: int) -> None:
    assert_own_problem(api.patch(f"/shared-spaces/{api.create_space()['id']}", content=nested(depth)), 400)


def test_json_a_hundred_deep_is_read(api: Api) -> None:
    answer = api.patch(f"/shared-spaces/{api.create_space()['id']}", content=nested(100))
    assert (answer.status_code, answer.headers["x-mock-ignored"]) == (200, "body.x")


def test_brackets_in_a_string_are_no_depth(api: Api) -> None:
    space = api.create_space()
    assert api.patch(f"/shared-spaces/{space['id']}", {"title": '["{' * 70}).json()["title"] == '["{' * 70


@pytest.mark.rule("CONV-ORDER")
@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/shared-space", b"", 404),
        ("PUT", "/shared-spaces", b"", 405),
        ("GET", "/shared-spaces/x/quick-actions", b"", 501),
        ("POST", "/shared-spaces", b" " * (TEN_MIB + 1), 413),
        ("POST", "/shared-spaces", nested(101), 400),
    ],
    ids=["404", "405", "501", "413", "400"],
)
def test_the_mocks_own_refusals_come_before_401(api: Api, method: str, path: str, content: bytes, status: int) -> None:
    assert_own_problem(api.request(method, path, as_=None, content=content or None), status)


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


@pytest.mark.parametrize("name", ["\r\nX-Evil: 1", "größe", "\N{GRINNING FACE}", "", "a, body.b", "x" * 20_000])
def test_no_name_that_is_ignored_breaks_the_header(api: Api, name: str) -> None:
    answer = api.patch(f"/shared-spaces/{api.create_space()['id']}", {name: 1})
    assert answer.status_code == 200
    assert "x-mock-ignored" in answer.headers
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("body", [{"ownerID": "x"}, {"owner": {"userId": "x", "email": "x"}}])
def test_strict_refuses_unknown_fields_and_changes_nothing(strict: Api, body: dict[str, Any]) -> None:
    before = strict.tenant.take()
    owner = {"userId": strict.tenant.user_id("seller"), **body.get("owner", {})} | {
        "userId": strict.tenant.user_id("seller")
    }
    assert_problem(strict.post("/shared-spaces", {"title": "A", **body, "owner": owner}), 400)
    assert strict.tenant.take() == before
    assert strict.tenant.events == []


def test_strict_refuses_unknown_parameters(strict: Api) -> None:
    assert_problem(strict.get("/shared-spaces", params={"limt": 1}), 400)
    assert strict.get("/shared-spaces", params={"limit": 1}).status_code == 200


def test_strict_takes_what_is_known(strict: Api) -> None:
    assert strict.create_space(title="A")["title"] == "A"


@pytest.mark.rule("GET-OK")
def test_a_percent_encoded_id_is_the_same_id(api: Api) -> None:
    space = api.create_space()
    encoded = "".join(f"%{ord(character):02X}" for character in space["id"])
    assert api.get(f"/shared-spaces/{encoded}").json() == space


@pytest.mark.rule("GET-404")
@pytest.mark.parametrize(
    "share_id", ["a%2Fb", "a%2fitems", "%00", "%ff", "%F0%9F%98%80", "a%20b", "a%3Fb", "%2e%2e", "100%25"]
)
def test_an_encoded_id_that_no_space_has_is_404(api: Api, share_id: str) -> None:
    assert_problem(api.get(f"/shared-spaces/{share_id}"), 404, "GET-404")
