"""The server itself through the control API: index, rules, version, shutdown, health, and what there is not."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from showpad_mock.core.version import installed_version

from ...harness import asgi
from .caller import Caller, assert_refused


def test_the_index_lists_every_operation(caller: Caller) -> None:
    index = caller("GET", "/__admin/").json()
    assert index["openapi"] == "/__admin/openapi.json"
    told = [(one["method"], one["path"]) for one in index["operations"]]
    assert told == [(one.method, one.path) for one in caller.app.control.operations]


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/__admin", "/__admin/"),
        ("/__admin/tenant", "/__admin/tenants"),
        ("/__admin/tenants/", "/__admin/tenants"),
        ("/__admin/tenants/acme/user", "/__admin/tenants/{name}/users"),
    ],
)
def test_an_unknown_path_is_told_the_nearest(caller: Caller, path: str, nearest: str) -> None:
    assert_refused(caller("GET", path), 404, "unknown-path", f"The nearest one is {nearest}.")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/__admin/tenants", "GET, POST"),
        ("POST", "/__admin/tenants/acme", "DELETE, GET, PATCH"),
        ("DELETE", "/__admin/tenants/acme/state", "GET, PUT"),
        ("GET", "/__admin/shutdown", "POST"),
        ("POST", "/livez", "GET"),
        ("OPTIONS", "/__admin/rules", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(caller: Caller, method: str, path: str, allowed: str) -> None:
    answer = caller(method, path)
    assert_refused(answer, 405, "wrong-method")
    assert answer.headers["allow"] == allowed


def test_a_path_that_only_begins_alike_is_not_the_control_apis(caller: Caller) -> None:
    assert "/v4" in caller("GET", "/__administration").json()["detail"]


def test_rules_are_listed_with_how_often_they_decided(caller: Caller) -> None:
    caller.create_space()
    rules = {rule["id"]: rule for rule in caller("GET", "rules").json()}
    assert len(rules) == sum(len(vendor.levels) for vendor in caller.app.vendors)
    assert {rule["vendor"] for rule in rules.values()} == {"showpad", "rspace"}
    assert rules["CREATE-OK"] == {
        "id": "CREATE-OK",
        "level": caller.app.vendors[0].levels["CREATE-OK"],
        "vendor": "showpad",
        "decided": 1,
    }
    assert rules["DELETE-OK"]["decided"] == 0


def test_the_version_is_the_installed_one(caller: Caller) -> None:
    shown = caller("GET", "version").json()
    assert (shown["version"], shown["snapshotVersion"]) == (installed_version(), 6)
    assert shown["python"].startswith("3.")


def test_shutdown_is_answered_before_it_happens(caller: Caller) -> None:
    happened: list[asgi.Message] = []
    caller.app.end_with(lambda: happened.append({"type": "shutdown"}))
    scope = asgi.scope_of("POST", b"/__admin/shutdown", [(b"host", b"localhost")])
    caller.run(asgi.drive(caller.app, scope, asgi.each([{"type": "http.request", "body": b""}]), happened))
    assert [one["type"] for one in happened] == ["http.response.start", "http.response.body", "shutdown"]


def test_shutdown_is_accepted(caller: Caller) -> None:
    caller.app.end_with(lambda: None)
    answer = caller("POST", "shutdown")
    assert (answer.status_code, answer.json()) == (202, {"status": "ending"})


def test_shutdown_is_accepted_once_somebody_can_end_the_server(caller: Caller) -> None:
    assert_refused(caller("POST", "shutdown"), 409, "cannot-shut-down")
    caller.app.end_with(lambda: None)
    assert caller("POST", "shutdown").status_code == 202


def test_a_server_that_cannot_be_shut_down_says_so(caller: Caller) -> None:
    assert_refused(caller("POST", "shutdown"), 409, "cannot-shut-down")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
@pytest.mark.parametrize("content", [None, b"{"], ids=["plain", "with a body"])
def test_health_is_told(caller: Caller, method: str, path: str, content: bytes | None) -> None:
    answer = caller(method, path, content=content)
    assert answer.status_code == 200
    assert (answer.headers["content-type"], answer.headers["content-length"]) == ("application/json", "15")


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_takes_neither_a_query_nor_a_body_beyond_the_cap(caller: Caller, path: str) -> None:
    assert_refused(caller("GET", f"{path}?verbose"), 400, "invalid-request", "query.verbose")
    assert_refused(caller("GET", path, content=b" " * (10 * 1024 * 1024 + 1)), 413, "body-too-large")


def test_a_body_beyond_the_cap_is_refused(caller: Caller) -> None:
    answer = caller("POST", "tenants", content=b" " * (10 * 1024 * 1024 + 1))
    assert_refused(answer, 413, "body-too-large")


def test_a_body_that_nests_too_deep_is_refused(caller: Caller) -> None:
    assert_refused(caller("POST", "tenants", content=b"[" * 101), 400, "too-deep")


def test_a_query_where_none_is_taken_is_refused(caller: Caller) -> None:
    assert_refused(caller("GET", "tenants?limit=1"), 400, "invalid-request", "query.limit: Extra inputs")


def test_a_compressed_body_is_refused_in_words(caller: Caller) -> None:
    content = gzip.compress(b'{"name": "acme"}')
    answer = caller("POST", "tenants", content=content, headers={"Content-Encoding": "gzip"})
    assert_refused(answer, 415, "body-encoded", "gzip")


@pytest.mark.parametrize("admin_token", [None, "secret"])
def test_the_address_itself_tells_what_there_is(runner: asyncio.Runner, admin_token: str | None) -> None:
    answer = Caller(runner, admin_token=admin_token)("GET", "/")
    assert answer.status_code == 200
    told = answer.json()
    showpad, rspace = told["apis"]
    assert (showpad["name"], showpad["basePath"], told["control"]) == ("showpad", "/v4", "/__admin")
    assert (rspace["name"], rspace["basePath"]) == ("rspace", "/api/v1")
    assert "POST /v4/shared-spaces/{shareId}/items" in showpad["operations"]
    for path, api in (("/v4/users", showpad), ("/api/v1/groups", rspace)):
        assert Caller(runner)("GET", path, headers={"Authorization": api["authorization"]}).status_code == 200
    assert "secret" not in answer.text


def test_the_address_itself_is_only_read(caller: Caller) -> None:
    assert caller("HEAD", "/").content == b""
    assert caller("POST", "/").status_code == 404
