"""Why an exchange was answered as it was: rules in words, faulty members, and the nearest to what is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from .caller import Caller, assert_refused

USERS = "/v4/users"


def explained(caller: Caller) -> Any:
    last = caller("GET", "requests").json()["last"]
    answer = caller("GET", f"requests/{last}/explain")
    assert answer.status_code == 200, answer.text
    return answer.json()


def asked_with(caller: Caller, token: str, path: str = USERS, header: str = "Authorization") -> Any:
    caller("GET", path, headers={header: f"Bearer {token}" if header == "Authorization" else token})
    return explained(caller)


def changed(named: Any) -> list[tuple[str | None, str | None]]:
    return [(one["given"], one["nearest"]) for one in named["parts"] if one["given"] != one["nearest"]]


def test_a_refusal_is_explained_by_its_rules_in_words(caller: Caller) -> None:
    caller.v4("GET", f"/shared-spaces/{'0' * 32}")
    told = explained(caller)
    rule = {"id": "GET-404", "level": "D", "source": "guide 000"}
    assert rule.items() <= told["rules"][0].items()
    assert told["rules"][0]["sentence"].endswith(".")
    assert (told["request"], told["status"]) == (f"GET /v4/shared-spaces/{'0' * 32}", 404)


@pytest.mark.parametrize(
    ("path", "nearest", "differ"),
    [
        ("/v4/shared-space/x/item", "/v4/shared-spaces/{shareId}/items", ["shared-space", "x", "item"]),
        ("/shared-spaces", "/v4/shared-spaces", [None]),
        ("/v4/users/x/y", "/v4/users/{userId}", ["x", "y"]),
        ("/api/v1/group", "/api/v1/groups", ["group"]),
    ],
)
def test_an_unknown_path_is_told_the_nearest_segment_by_segment(
    caller: Caller, path: str, nearest: str, differ: list[str | None]
) -> None:
    (named,) = asked_with(caller, "mock.acme.admin", path)["named"]
    assert (named["what"], named["isKnown"], named["nearest"]) == ("path", False, nearest)
    assert [given for given, _ in changed(named)] == differ


@pytest.mark.parametrize(
    ("token", "nearest", "differ"),
    [
        ("mock.acme.adnim", "mock.acme.admin", [("adnim", "admin")]),
        ("mock.acme.seler.oauth", "mock.acme.seller.oauth", [("seler", "seller")]),
        ("mock.acme.admin.oath", "mock.acme.admin.oauth", [("oath", "oauth")]),
    ],
)
def test_an_unknown_token_is_told_the_nearest_member_by_member(
    caller: Caller, token: str, nearest: str, differ: list[tuple[str, str]]
) -> None:
    told = asked_with(caller, token)
    (named,) = told["named"]
    assert (named["what"], named["nearest"], changed(named)) == ("token", nearest, differ)
    assert f"the nearest is {nearest}" in told["needed"][0]


def test_an_unknown_key_of_the_second_api_is_told_the_nearest(caller: Caller) -> None:
    (named,) = asked_with(caller, "mock_my_lab_alcie", "/api/v1/groups", "apiKey")["named"]
    assert (named["nearest"], changed(named)) == ("mock_my_lab_alice", [("alcie", "alice")])


@pytest.mark.parametrize("token", ["guide-token-1x", "mock-access.acme.abcdef", "eyJhbGciOi"])
def test_a_token_of_another_form_is_a_secret_and_neither_told_nor_answered_with_one(caller: Caller, token: str) -> None:
    caller("GET", USERS, headers={"Authorization": f"Bearer {token}"})
    last = caller("GET", "requests").json()["last"]
    answer = caller("GET", f"requests/{last}/explain")
    assert answer.json()["named"] == []
    assert token not in answer.text


def test_ids_are_told_with_who_or_what_they_are_or_the_nearest(caller: Caller) -> None:
    space, user = caller.create_space(title="Plans")["id"], caller.user_id("seller")
    wrong = user[:-1] + ("0" if user[-1] != "0" else "1")
    caller.v4("POST", f"/shared-spaces/{space}/transfer-ownership", {"userId": wrong})
    named = {one["what"]: one for one in explained(caller)["named"]}
    assert named["path.shareId"]["isKnown"]
    assert named["path.shareId"]["who"] == 'Shared Space "Plans" (ACTIVE)'
    assert (named["userId"]["isKnown"], named["userId"]["nearest"]) == (False, user)
    assert named["userId"]["who"].startswith("user seller (")


def test_a_field_error_tells_the_member_what_was_sent_and_what_was_expected(caller: Caller) -> None:
    space = caller.create_space()["id"]
    body = {"items": [{"type": "asset", "assetId": 7}], "password": "s3cret-of-mine"}
    caller.v4("POST", f"/shared-spaces/{space}/items", body)
    told = explained(caller)
    member = next(one for one in told["members"] if one["path"].endswith("assetId"))
    assert member["sent"] == 7
    assert "string" in member["expected"]
    assert "s3cret-of-mine" not in str(told)


def test_a_field_error_of_the_second_api_is_told_as_well(caller: Caller) -> None:
    body = {"itemsToShare": [1], "users": [{"id": 2, "permission": "OWN"}]}
    caller("POST", "/api/v1/share", body, headers={"apiKey": "mock_acme_alice"})
    told = explained(caller)
    assert "OWN" in [one["sent"] for one in told["members"]]
    assert told["rules"][0]["sentence"]


def test_a_wrong_method_is_told_those_there_are(caller: Caller) -> None:
    caller.v4("PUT", "/shared-spaces")
    assert explained(caller)["needed"] == ["a method of GET, POST, not PUT"]


def test_a_mistyped_tenant_is_told_the_one_that_has_been_written_to(caller: Caller) -> None:
    space = caller.create_space(tenant="acme")["id"]
    caller.v4("GET", f"/shared-spaces/{space}", tenant="acne")
    named = {one["what"]: one for one in explained(caller)["named"]}
    assert named["tenant"]["nearest"] == "acme"


def test_to_ask_why_opens_no_tenant(caller: Caller) -> None:
    asked_with(caller, "mock.nobody.adnim")
    assert "nobody" not in [one["name"] for one in caller("GET", "tenants").json()]


def test_what_was_answered_is_explained_too_and_needed_nothing(caller: Caller) -> None:
    caller.create_space()
    told = explained(caller)
    assert told["status"] == 201
    assert told["needed"] == told["members"] == []
    assert "CREATE-OK" in [rule["id"] for rule in told["rules"]]


def test_a_body_nested_beyond_all_measure_is_explained_as_far_as_it_goes(caller: Caller) -> None:
    caller("POST", "/v4/shares", content=b'{"a":' * 9000, headers={"Authorization": "Bearer mock.acme.admin"})
    assert explained(caller)["members"] == []


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 30])
def test_a_number_that_no_exchange_has_is_refused(caller: Caller, number: str) -> None:
    assert_refused(caller("GET", f"requests/{number}/explain"), 404, "no-such-exchange", number)
