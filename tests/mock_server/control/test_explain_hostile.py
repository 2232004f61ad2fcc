"""Explaining what does not look as it should: answers under faults, tokens and hosts of all kinds, large tenants."""

from __future__ import annotations

import asyncio
from hashlib import md5
from typing import Any
from unittest.mock import Mock

import pytest

from showpad_mock.core.names import COMPARED, FEW, TENANT_NAME_RULE
from showpad_mock.explaining import alignment, credentials
from showpad_mock.explaining.nearest import Names

from .caller import Caller
from .test_explain import USERS, asked_with, explained

FORM = "a token of the form mock.TENANT.USER"


def under(caller: Caller, body: Any, path: str, headers: dict[str, str]) -> Any:
    fault = {"name": "broken", "effect": {"kind": "status", "status": 400, "body": body}}
    assert caller("POST", "tenants/acme/faults", fault).status_code == 201
    assert caller("GET", path, headers=headers).status_code == 400
    return explained(caller)


def at_host(caller: Caller, host: str, token: str) -> Any:
    caller("GET", USERS, headers={"Host": host, "Authorization": f"Bearer {token}"})
    return explained(caller)


@pytest.mark.parametrize("meta", [[1], 5, {"a": 1}, None, [{"name": "x"}], [{"name": "x", "reason": "y"}]])
def test_an_answer_under_a_fault_tells_no_members_and_names_the_fault(caller: Caller, meta: object) -> None:
    told = under(caller, {"meta": meta}, USERS, {"Authorization": "Bearer mock.acme.admin"})
    assert (told["members"], told["needed"]) == ([], ["that the fault broken is removed, or does not fit the request"])


@pytest.mark.parametrize("data", [5, [1], {"validationErrors": 5}, {"validationErrors": [{"field": "x"}]}])
def test_an_answer_of_the_second_api_under_a_fault_tells_no_members(caller: Caller, data: object) -> None:
    told = under(caller, {"data": data}, "/api/v1/groups", {"apiKey": "mock_acme_alice"})
    assert (told["members"], len(told["needed"])) == ([], 1)


@pytest.mark.parametrize("token", ["mock.b+d.admin", "mock.-acme.admin", "mock.", f"mock.{'a' * 64}.admin"])
def test_a_token_whose_tenant_can_have_no_such_name_is_not_known_and_told_the_rule(caller: Caller, token: str) -> None:
    told = asked_with(caller, token)
    assert [one["isKnown"] for one in told["named"]] == [False]
    assert TENANT_NAME_RULE in told["needed"][-1]


def test_a_host_of_an_unknown_tenant_is_told_the_nearest_opened_and_the_tokens(caller: Caller) -> None:
    caller.v4("GET", "/users", tenant="demo")
    told = at_host(caller, "Dmo.api.showpad.com:443", "mock.demo.admin")
    (named,) = told["named"]
    assert (named["what"], named["nearest"]) == ("host", "demo.api.showpad.com")
    assert named["parts"] == [{"given": "dmo", "nearest": "demo"}]
    assert told["needed"][-1] == "a host and a token of the same tenant: the host names dmo, the token demo"


def test_a_host_of_another_opened_tenant_is_known_but_not_the_tokens(caller: Caller) -> None:
    caller.v4("GET", "/users", tenant="acme")
    told = at_host(caller, "acme.showpad.biz", "mock.demo.admin")
    assert [(one["what"], one["isKnown"]) for one in told["named"]] == [("host", True)]
    assert told["needed"] == ["a host and a token of the same tenant: the host names acme, the token demo"]


def test_an_unknown_token_is_held_against_the_host_too(caller: Caller) -> None:
    told = at_host(caller, "other.api.showpad.com", "mock.demo.adnim")
    assert [one["nearest"] for one in told["named"]] == ["mock.demo.admin", "demo.api.showpad.com"]
    assert told["needed"][-1].startswith("a host and a token of the same tenant")


@pytest.mark.parametrize("token", ["guide-token-1x", "eyJhbGciOi", "mock-access.acme.abcdef"])
def test_a_token_of_no_known_form_is_told_the_form_and_the_hosts_tenant(caller: Caller, token: str) -> None:
    told = at_host(caller, "demo.api.showpad.com", token)
    assert told["needed"][0].startswith(FORM)
    assert told["needed"][0].endswith("its TENANT is demo, as the host names it")
    assert token not in str(told)


def test_no_key_of_the_second_api_is_told_the_form(caller: Caller) -> None:
    caller("GET", "/api/v1/groups")
    assert explained(caller)["needed"][0].startswith("a key of the form mock_TENANT_USER")


def test_a_request_for_a_token_is_told_the_form_of_a_client(caller: Caller) -> None:
    caller("POST", "/api/v3/oauth2/token", content=b"grant_type=password&client_id=x")
    assert explained(caller)["needed"][0].startswith("a client_id of the form mock.TENANT.CLIENT")


def test_a_host_that_no_tenant_can_have_is_told_the_rule(caller: Caller) -> None:
    told = at_host(caller, "a_b.api.showpad.com", "mock.demo.admin")
    assert TENANT_NAME_RULE in told["needed"][-1]


def test_a_strict_server_tells_the_member_it_refused_with_the_nearest(runner: asyncio.Runner) -> None:
    caller = Caller(runner, strict=True)
    body = {"owner": {"userId": caller.user_id("seller")}, "title": "Plans", "descripton": "All of them"}
    assert caller.v4("POST", "/shared-spaces", body).status_code == 400
    (member,) = explained(caller)["members"]
    assert (member["path"], member["sent"]) == ("descripton", "All of them")
    assert member["expected"] == "This means nothing here; the nearest is description."


def test_a_strict_server_of_the_second_api_tells_what_it_refused(runner: asyncio.Runner) -> None:
    caller = Caller(runner, strict=True)
    caller("GET", "/api/v1/groups?limt=3", headers={"apiKey": "mock_acme_alice"})
    told = explained(caller)
    assert told["members"] == [{"path": "limt", "sent": "3", "expected": "it means nothing here"}]
    assert told["needed"] == ["limt: it means nothing here"]


def test_an_unknown_fault_of_a_token_is_told_the_nearest(caller: Caller) -> None:
    (needed,) = asked_with(caller, "mock.acme.admin+fault-stauts")["needed"]
    assert "the nearest is status" in needed


def crowd(runner: asyncio.Runner) -> Caller:
    """A server whose tenants have more users than are compared, each with an id of hex digits that says nothing."""
    admin = {"id": "a" * 32, "handle": "admin", "email": "admin@example.com", "role": "ADMIN"}
    ids = [md5(str(number).encode(), usedforsecurity=False).hexdigest() for number in range(2 * COMPARED)]
    others = [{"id": one, "handle": f"h{one}", "email": f"{one}@example.com"} for one in sorted(ids)]
    return Caller(
        runner, data={"users": [admin, *others], "themes": [{"id": "b" * 32, "title": "Plain", "isGlobal": True}]}
    )


@pytest.mark.parametrize("place", [0, 15, -1])
def test_an_id_is_told_the_nearest_of_more_than_a_thousand(runner: asyncio.Runner, place: int) -> None:
    caller = crowd(runner)
    letters = list(meant := caller("GET", "tenants/acme/users").json()[-1]["id"])
    letters[place] = "x"
    caller.v4("GET", f"/users/{''.join(letters)}")
    (named,) = explained(caller)["named"]
    assert (named["nearest"], named["areMore"]) == (meant, True)


def test_that_nothing_is_like_an_id_is_said_of_those_compared_alone(runner: asyncio.Runner) -> None:
    caller = crowd(runner)
    caller.v4("GET", "/users/!")
    told = explained(caller)
    assert (told["named"][0]["nearest"], told["named"][0]["areMore"]) == (None, True)
    assert "none of the 1,000" in told["needed"][0]
    assert "nothing there" not in told["needed"][0]


def test_a_token_is_told_the_nearest_of_more_than_a_thousand_and_few_are_aligned(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, compared = crowd(runner), Mock(wraps=alignment.aligned)
    monkeypatch.setattr(credentials, "aligned", compared)
    meant = caller("GET", "tenants/acme/users").json()[-1]["handle"]
    (named,) = asked_with(caller, f"mock.acme.{meant}{'.' * 20}x")["named"]
    assert named["nearest"].startswith(f"mock.acme.{meant}")
    assert compared.call_count <= FEW


def test_no_more_than_a_thousand_are_compared_among_many() -> None:
    names = Names(f"{number:08}" for number in range(5 * COMPARED))
    assert names.are_many
    assert len(names.nearest("00002500", most=5 * COMPARED, like=0)) <= COMPARED
    assert names.nearest("00002500") == ["00002500"]
