"""Who is let in: every failure is a 401, and never a 403."""

from __future__ import annotations

import pytest

from showpad_mock.core.refusals import Problem
from showpad_mock.rspace import problems

from ...harness.rspace import GROUP, RSpaceApi, assert_refused


@pytest.mark.rule("RS-AUTH-KEY", "RS-BASE", "RS-STATUS")
def test_a_key_opens_its_tenant_for_its_user(lab: RSpaceApi) -> None:
    answer = lab.get("/status", as_="bob")
    assert (answer.status_code, answer.json()["message"]) == (200, "OK")
    [entry] = lab.tenant.requests(path="/status")
    assert (entry.tenant, entry.user) == (lab.tenant.name, "bob")


@pytest.mark.rule("RS-AUTH-BEARER")
def test_a_bearer_token_does_the_same(lab: RSpaceApi) -> None:
    bearer = {"Authorization": f"Bearer   {lab.tenant.key('bob')}"}
    assert GROUP in [group["id"] for group in lab.get("/groups", as_=None, headers=bearer).json()]


@pytest.mark.rule("RS-AUTH-KEY-FIRST")
def test_beside_a_key_the_authorization_header_says_nothing(lab: RSpaceApi) -> None:
    assert lab.get("/status", headers={"Authorization": "nonsense"}).status_code == 200
    bearer = {"Authorization": f"Bearer {lab.tenant.key('alice')}"}
    assert_refused(lab.get("/status", as_=None, headers={"apiKey": "x", **bearer}), 401, 40101, "RS-AUTH-UNKNOWN")
    assert lab.get("/status", as_=None, headers={"apiKey": "", **bearer}).status_code == 200


@pytest.mark.rule("RS-AUTH-401", "RS-AUTH-KEY-FORM", "RS-AUTH-BEARER", "RS-AUTH-UNKNOWN", "RS-ERROR")
@pytest.mark.parametrize(
    ("headers", "rule"),
    [
        ({}, "RS-AUTH-401"),
        ({"apiKey": "no-hyphens"}, "RS-AUTH-KEY-FORM"),
        ({"apiKey": "mock_demo_nobody"}, "RS-AUTH-UNKNOWN"),
        ({"apiKey": "somethingelse"}, "RS-AUTH-UNKNOWN"),
        ({"Authorization": "bearer mock_demo_alice"}, "RS-AUTH-BEARER"),
        ({"Authorization": "Bearer"}, "RS-AUTH-BEARER"),
        ({"Authorization": "Bearer two words"}, "RS-AUTH-BEARER"),
        ({"Authorization": "Bearer unknown"}, "RS-AUTH-UNKNOWN"),
    ],
)
def test_whatever_is_wrong_with_credentials_is_401(lab: RSpaceApi, headers: dict[str, str], rule: str) -> None:
    answer = lab.get("/status", as_=None, headers=headers)
    body = assert_refused(answer, 401, 40101, rule)
    assert (body["status"], len(body["errors"]), body["data"]) == ("UNAUTHORIZED", 1, None)
    assert "www-authenticate" not in answer.headers


@pytest.mark.rule("RS-AUTH-DISABLED")
def test_a_disabled_account_is_refused_and_named_in_the_journal(lab: RSpaceApi) -> None:
    lab.tenant.disable("bob")
    assert_refused(lab.get("/status", as_="bob"), 401, 40101, "RS-AUTH-DISABLED")
    assert_refused(lab.get("/status", as_="erin"), 401, 40101, "RS-AUTH-DISABLED")
    assert [entry.user for entry in lab.tenant.requests(status=401)] == ["bob", "erin"]


@pytest.mark.rule("RS-AUTH-ORDER")
def test_who_asks_is_judged_before_what_is_asked(lab: RSpaceApi) -> None:
    assert_refused(lab.post("/share", {"itemsToShare": []}, as_=None), 401, 40101, "RS-AUTH-401")
    assert_refused(lab.delete("/share/abc", as_=None), 401, 40101, "RS-AUTH-401")


def test_no_refusal_is_a_403() -> None:
    refusals = [one for one in vars(problems).values() if isinstance(one, Problem)]
    assert len(refusals) > 20
    assert 403 not in {one.status for one in refusals}


def test_a_tenant_that_nobody_is_found_in_is_not_opened(lab: RSpaceApi) -> None:
    lab.get("/status", as_=None, headers={"apiKey": "mock_neverseen_nobody"})
    assert not lab.tenant._app.tenants.is_open("neverseen")
