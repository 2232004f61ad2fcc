"""What the mock refuses of its own: unknown paths, wrong methods, bodies beyond its limits."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import httpx2
import pytest

from ...harness.api import Api, assert_problem, rules_of

TEN_MIB = 10 * 1024 * 1024


def assert_own_problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
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
        ("POST", "/shared-spaces", b" " * (TEN_MIB + 1), 413),
        ("POST", "/shared-spaces", nested(101), 400),
    ],
    ids=["404", "405", "413", "400"],
)
def test_the_mocks_own_refusals_come_before_401(api: Api, method: str, path: str, content: bytes, status: int) -> None:
    assert_own_problem(api.request(method, path, as_=None, content=content or None), status)


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


@pytest.mark.parametrize(
    ("encoding", "content"),
    [("gzip", gzip.compress(b"{}", mtime=0)), ("deflate", zlib.compress(b"{}")), ("br", b"\x0b\x00\x80{}\x03")],
    ids=["gzip", "deflate", "br"],
)
def test_a_compressed_body_is_refused_in_words(api: Api, encoding: str, content: bytes) -> None:
    answer = api.post("/shared-spaces", content=content, headers={"Content-Encoding": encoding})
    assert encoding in assert_own_problem(answer, 415)["detail"]
    assert answer.headers["Accept-Encoding"] == "identity"


def test_a_body_that_is_said_not_to_be_encoded_is_read(api: Api) -> None:
    answer = api.post("/shared-spaces", content=b" {}", headers={"Content-Encoding": "identity"})
    assert answer.status_code == 400
