"""Effects on what is answered."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx2
import pytest

from showpad_mock import MockTenant
from showpad_mock.faults.effects import EFFECTS

from ....harness.api import Api, assert_problem

Create = Callable[..., httpx2.Response]


def test_a_problem_is_refused_as_its_rule_does(showpad: MockTenant, create: Create) -> None:
    with showpad.fault({"kind": "problem", "rule": "CREATE-URI-TAKEN"}):
        assert_problem(create(), 400, "CREATE-URI-TAKEN", detail="is already in use")
    assert showpad.events == []


def test_a_problem_after_the_change_leaves_it_made(showpad: MockTenant, create: Create) -> None:
    with showpad.fault({"kind": "problem", "rule": "CREATE-URI-TAKEN", "when": "after"}):
        assert_problem(create(), 400, "CREATE-URI-TAKEN")
    assert len(showpad.events) == 1


def test_a_status_comes_with_its_headers_and_body(showpad: MockTenant, api: Api) -> None:
    effect = {"kind": "status", "status": 418, "body": {"tea": True}, "headers": {"X-Pot": "é"}}
    with showpad.fault(effect):
        answer = api.get("/users")
    assert (answer.status_code, answer.json()) == (418, {"tea": True})
    assert (answer.headers["content-type"], answer.headers["x-pot"]) == ("application/json", "é")


def test_a_text_is_sent_as_it_is(showpad: MockTenant, api: Api) -> None:
    with showpad.fault({"kind": "status", "status": 502, "body": "<h1>", "headers": {"Content-Type": "text/html"}}):
        answer = api.get("/users")
    assert (answer.text, answer.headers.get_list("content-type")) == ("<h1>", ["text/html"])


def test_without_a_body_a_status_has_the_apis_own_form(showpad: MockTenant, api: Api) -> None:
    with showpad.fault({"kind": "status", "status": 503, "headers": {"Retry-After": "3"}}):
        answer = api.get("/users")
    assert assert_problem(answer, 503)["title"] == "Service Unavailable"
    assert answer.headers["retry-after"] == "3"


def test_secrets_in_a_body_are_not_in_the_journal(showpad: MockTenant, api: Api) -> None:
    space = api.create_space()["id"]  # whose answer is known to hold none
    with showpad.fault({"kind": "status", "body": {"password": "hunter2"}, "when": "after"}):
        assert api.get(f"/shared-spaces/{space}").json() == {"password": "hunter2"}
    assert showpad.requests()[-1].response_json == {"password": "[redacted]"}


@pytest.mark.parametrize("status", [204, 304])
def test_some_have_no_body_also_after_the_change(showpad: MockTenant, create: Create, status: int) -> None:
    with showpad.fault({"kind": "status", "status": status, "when": "after"}):
        answer = create()
    assert (answer.status_code, answer.content, len(showpad.events)) == (status, b"", 1)
    assert "content-length" not in answer.headers


def test_too_many_requests_say_how_long_to_wait(showpad: MockTenant, api: Api) -> None:
    with showpad.fault({"kind": "rate-limited", "seconds": 7}):
        answer = api.get("/users")
    assert_problem(answer, 429, "CONV-RATE")
    assert answer.headers["retry-after"] == "7"


def test_malformed_json_is_of_a_change_that_was_made(showpad: MockTenant, create: Create) -> None:
    with showpad.fault("malformed-json"):
        answer = create()
    assert (answer.status_code, len(showpad.events)) == (201, 1)
    assert answer.headers["content-length"] == str(len(answer.content))
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_an_empty_body_is_said_to_be_json(showpad: MockTenant, api: Api) -> None:
    with showpad.fault("empty-body"):
        answer = api.get("/users")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["content-type"], answer.headers["content-length"]) == ("application/json", "0")


def test_a_wrong_content_type_stands_with_the_right_body(showpad: MockTenant, api: Api) -> None:
    right = api.get("/users").json()
    with showpad.fault("wrong-content-type"):
        answer = api.get("/users")
    assert (answer.headers.get_list("content-type"), answer.json()) == (["text/html; charset=utf-8"], right)


def test_a_truncated_page_lacks_items_that_are_counted(showpad: MockTenant, api: Api) -> None:
    whole = api.get("/users").json()
    with showpad.fault({"kind": "truncated-page", "items": 2}):
        page = api.get("/users").json()
    assert page == {**whole, "items": whole["items"][:2]}


def test_what_is_no_page_is_not_truncated(showpad: MockTenant, api: Api, create: Create) -> None:
    with showpad.fault("truncated-page"):
        assert api.get("/users/none").json()["detail"]
        assert create().json()["title"] == "A space"


def test_a_turn_may_have_no_effect(showpad: MockTenant, api: Api) -> None:
    with showpad.fault("status", "nothing", "status") as fault:
        answers = [api.get("/users") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 200, 500, 200]
    assert fault.fired == 3


@pytest.mark.parametrize("kind", sorted(EFFECTS))
def test_each_effect_acts_with_no_settings_and_says_when(showpad: MockTenant, kind: str) -> None:
    with showpad.fault(kind) as fault:
        assert fault.fired == 0
    assert EFFECTS[kind].when in ("before", "after")


def test_a_delay_after_the_change_holds_back_its_answer_alone(showpad: MockTenant, create: Create) -> None:
    with showpad.fault({"kind": "delay", "milliseconds": 1, "jitter": 1, "when": "after"}):
        assert create().status_code == 201
