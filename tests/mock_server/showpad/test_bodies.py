"""What a body must be: JSON, an object, of strict types, without nulls; what is unknown in it is ignored."""

from __future__ import annotations

import asyncio
import copy
import json
import re
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock import MockShowpad

from ...harness.api import Api, assert_problem, in_process, rules_of

NORTHERN_LIGHTS = "2de459bf8936bb4a22ffe3b05260a93d"
ONBOARDING = "a4d25ccf-0834-4667-8ea2-d027eb3dce14"
BOOLEANS = (
    "isExternalDownloadAllowed",
    "isExternalInviteAllowed",
    "isExternalUploadAllowed",
    "isCommentAllowed",
    "isSearchAIAllowed",
)
TEXTS = {
    "create": ("owner.userId", "title", "publicUri", "description", "theme.id", "sharedSpaceTemplate.id"),
    "update": ("title", "description", "theme.id", "status"),
    "transfer": ("userId",),
    "items": ("items[0].type", "items[0].assetId", "items[1].name", "items[1].description", "folderItemId"),
    "share": ("title", "assets[0].id", "origin", "expiresAt", "theme.id"),
}
FLAGS = {"create": BOOLEANS, "update": BOOLEANS, "share": ("isDownloadAllowed",)}
NUMBERS = {"items": ("items[0].page",), "share": ("assets[0].page",)}
OBJECTS = {
    "create": ("owner", "theme", "sharedSpaceTemplate"),
    "update": ("theme",),
    "items": ("items[0]",),
    "share": ("assets[0]", "theme"),
}
LISTS = {"items": ("items", "items[1].folderItems"), "share": ("assets",)}
# Rules that say of one field what CONV-TYPES says of all: either may be the one that is told.
OF_THE_FIELD = {
    "items[0].page": "ITEMS-PAGE",
    "assets[0].page": "SHARE-PAGE",
    "items[0].type": "ITEMS-REQUIRED",
    "status": "SPACE-STATUS",
}


def fields(*tables: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(operation, path) for table in tables for operation, paths in table.items() for path in paths]


def good_body(api: Api, operation: str) -> dict[str, Any]:
    asset = api.tenant.asset_id("brochure")
    booleans = dict.fromkeys(BOOLEANS, False)
    space = {"title": "A", "description": "", "theme": {"id": NORTHERN_LIGHTS}, **booleans}
    folder = {"type": "folder", "name": "F", "description": "", "folderItems": []}
    owner = {"owner": {"userId": api.tenant.user_id("seller")}}
    bodies: dict[str, dict[str, Any]] = {
        "create": {**space, **owner, "publicUri": "a", "sharedSpaceTemplate": {"id": ONBOARDING}},
        "update": {**space, "status": "ACTIVE"},
        "transfer": {"userId": api.tenant.user_id("partner")},
        "items": {"items": [{"type": "asset", "assetId": asset, "page": 1}, folder]},
        "share": {"title": "A", "assets": [{"id": asset, "page": 1}], "origin": "test", "isDownloadAllowed": True},
    }
    return bodies[operation]


def send(api: Api, operation: str, body: Any = None, **options: Any) -> httpx2.Response:
    if operation in ("create", "share"):
        return api.post({"create": "/shared-spaces", "share": "/shares"}[operation], body, **options)
    path = f"/shared-spaces/{api.create_space()['id']}"
    if operation == "update":
        return api.patch(path, body, **options)
    return api.post(path + {"transfer": "/transfer-ownership", "items": "/items"}[operation], body, **options)


def with_value(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    place: Any = changed
    steps = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    for step in steps[:-1]:
        place = place[step] if isinstance(step, int) else place.setdefault(step, {})
    place[steps[-1]] = value
    return changed


def assert_refused_at(api: Api, operation: str, path: str, value: Any, *rules: str) -> None:
    answer = send(api, operation, with_value(good_body(api, operation), path, value))
    assert_problem(answer, 400, at=path)
    assert set(rules_of(answer)) & set(rules)


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize("operation", TEXTS)
def test_the_bodies_of_these_tests_are_good_ones(api: Api, operation: str) -> None:
    assert send(api, operation, good_body(api, operation)).is_success


@pytest.mark.rule("CONV-NULL")
@pytest.mark.parametrize(("operation", "path"), fields(TEXTS, FLAGS, NUMBERS, OBJECTS, LISTS))
def test_null_is_refused_for_every_field(api: Api, operation: str, path: str) -> None:
    assert_refused_at(api, operation, path, None, "CONV-NULL")


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize("value", [3, True, ["A"], {"id": "A"}])
@pytest.mark.parametrize(("operation", "path"), fields(TEXTS))
def test_a_text_is_a_string(api: Api, operation: str, path: str, value: Any) -> None:
    assert_refused_at(api, operation, path, value, "CONV-TYPES", OF_THE_FIELD.get(path, "CONV-TYPES"))


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize("value", [1, 0, "true", "false", 1.0, []])
@pytest.mark.parametrize(("operation", "path"), fields(FLAGS))
def test_a_flag_is_true_or_false(api: Api, operation: str, path: str, value: Any) -> None:
    assert_refused_at(api, operation, path, value, "CONV-TYPES", OF_THE_FIELD.get(path, "CONV-TYPES"))


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize("value", ["3", "3.0", 1.5, True, [3]])
@pytest.mark.parametrize(("operation", "path"), fields(NUMBERS))
def test_a_page_is_an_integer(api: Api, operation: str, path: str, value: Any) -> None:
    assert_refused_at(api, operation, path, value, "CONV-TYPES", OF_THE_FIELD.get(path, "CONV-TYPES"))


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize(("operation", "path"), fields(NUMBERS))
def test_a_page_without_a_fraction_is_an_integer(api: Api, operation: str, path: str) -> None:
    assert send(api, operation, with_value(good_body(api, operation), path, 3.0)).status_code == 201


@pytest.mark.rule("SHARE-PAGE", "CONV-TYPES")
def test_a_page_comes_back_as_the_integer_it_is(api: Api) -> None:
    shared = send(api, "share", with_value(good_body(api, "share"), "assets[0].page", 3.0))
    assert '"page":3}' in shared.text


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize("number", ["1e400", "-1e400", "1.5e1000"])
@pytest.mark.parametrize(("operation", "path"), fields(NUMBERS))
def test_a_number_that_no_number_type_holds_is_refused(api: Api, operation: str, path: str, number: str) -> None:
    body = json.dumps(with_value(good_body(api, operation), path, 271828)).replace("271828", number)
    assert_problem(send(api, operation, content=body.encode()), 400, at=path)


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize("operation", NUMBERS)
def test_a_number_of_more_digits_than_are_read_is_refused(api: Api, operation: str) -> None:
    body = json.dumps({**good_body(api, operation), "ignored": 271828}).replace("271828", "9" * 5000)
    assert_problem(send(api, operation, content=body.encode()), 400, "CONV-JSON")


@pytest.mark.rule("CONV-TYPES", "ITEMS-PAGE-BEYOND")
@pytest.mark.parametrize("page", [1e300, 10**300])
def test_a_page_beyond_all_documents_is_a_page(api: Api, page: float) -> None:
    answer = send(api, "items", with_value(good_body(api, "items"), "items[0].page", page))
    assert answer.json()["failedItems"][0]["page"] == int(page)


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize("value", ["A", 3, True, []])
@pytest.mark.parametrize(("operation", "path"), fields(OBJECTS))
def test_an_object_is_an_object(api: Api, operation: str, path: str, value: Any) -> None:
    assert_refused_at(api, operation, path, value, "CONV-TYPES", OF_THE_FIELD.get(path, "CONV-TYPES"))


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize("value", ["A", 3, True, {}])
@pytest.mark.parametrize(("operation", "path"), fields(LISTS))
def test_a_list_is_a_list(api: Api, operation: str, path: str, value: Any) -> None:
    assert_refused_at(api, operation, path, value, "CONV-TYPES", OF_THE_FIELD.get(path, "CONV-TYPES"))


@pytest.mark.rule("CONV-TYPES")
@pytest.mark.parametrize("escape", [rb"\ud800", rb"\udfff", rb"a\udc00b", rb"\udc00\ud800"])
def test_a_lone_surrogate_is_refused(api: Api, escape: bytes) -> None:
    assert_problem(send(api, "update", content=b'{"title": "' + escape + b'"}'), 400, "CONV-TYPES")


@pytest.mark.rule("CONV-TYPES")
def test_a_pair_of_surrogates_is_one_character(api: Api) -> None:
    answer = send(api, "update", content=b'{"title": "' + rb"\ud83d\ude00" * 255 + b'"}')
    assert answer.json()["title"] == "\N{GRINNING FACE}" * 255


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize("operation", TEXTS)
@pytest.mark.parametrize(
    "content",
    [b"", b" ", b"not JSON", b'{"title": "A"', b'{"title": "A"} {}', b"{'title': 'A'}", b'{"title": "A",}'],
)
def test_what_is_not_json_is_refused(api: Api, operation: str, content: bytes) -> None:
    assert_problem(send(api, operation, content=content), 400, "CONV-JSON")


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(api: Api, number: bytes) -> None:
    assert_problem(send(api, "update", content=b'{"title": "A", "x": ' + number + b"}"), 400, "CONV-JSON")


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize(
    "content", [b'{"title": "\xff"}', b'{"title": "\xed\xa0\x80"}', '{"title": "A"}'.encode("utf-16")]
)
def test_what_is_not_utf_8_is_refused(api: Api, content: bytes) -> None:
    assert_problem(send(api, "update", content=content), 400, "CONV-JSON")


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize("operation", TEXTS)
@pytest.mark.parametrize("content", [b"[]", b"[{}]", b"null", b"true", b"3", b'"A"'])
def test_what_is_not_an_object_is_refused(api: Api, operation: str, content: bytes) -> None:
    assert_problem(send(api, operation, content=content), 400, "CONV-JSON")


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize("operation", TEXTS)
def test_unknown_fields_are_ignored_and_told(api: Api, operation: str) -> None:
    answer = send(api, operation, {**good_body(api, operation), "ownerID": "x"})
    assert answer.is_success
    assert answer.headers["x-mock-ignored"] == "body.ownerID"


@pytest.mark.rule("CONV-JSON")
def test_unknown_fields_within_others_are_ignored_and_told(api: Api) -> None:
    body = {**good_body(api, "create"), "owner": {"userId": api.tenant.user_id("seller"), "email": 1}}
    answer = send(api, "create", body)
    assert answer.status_code == 201
    assert answer.headers["x-mock-ignored"] == "body.owner.email"


@pytest.mark.rule("CONV-JSON")
def test_unknown_parameters_are_ignored_and_told(api: Api) -> None:
    answer = api.get("/shared-spaces", params={"limt": "1", "limit": "2"})
    assert len(answer.json()["items"]) == 2
    assert answer.headers["x-mock-ignored"] == "query.limt"


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize("value", [b"1e999", b"-0", b'"\\u0000"', b'{"a": {"a": [{}]}}'])
def test_no_value_of_an_unknown_field_matters(api: Api, value: bytes) -> None:
    answer = send(api, "update", content=b'{"title": "B", "x": ' + value + b"}")
    assert (answer.status_code, answer.headers["x-mock-ignored"]) == (200, "body.x")


@pytest.mark.rule("CONV-JSON")
@given(st.dictionaries(st.text(), st.booleans() | st.integers() | st.text() | st.lists(st.integers()), max_size=5))
@settings(max_examples=25, deadline=None)
def test_no_unknown_field_changes_a_space(
    showpad_server: MockShowpad, runner: asyncio.Runner, unknown: dict[str, Any]
) -> None:
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        space = api.create_space()
        answer = api.patch(f"/shared-spaces/{space['id']}", unknown)
        assert (answer.status_code, answer.json()) == (200, space)
