"""Faults that a token names, without a call of the control API."""

from __future__ import annotations

import httpx2
import pytest

from showpad_mock import MockTenant
from showpad_mock.faults.effects import EFFECTS
from showpad_mock.rspace.tokens import MockKey, parse_key
from showpad_mock.showpad.tokens import MockToken, parse_token

from ...harness.api import Api, assert_problem
from .conftest import Control

ENDING = {"close-before", "lost-answer", "reset", "close-midway"}


def asked(api: Api, fault: str, path: str = "/users", suffix: str = "") -> httpx2.Response:
    token = f"Bearer mock.{api.tenant.name}.admin+fault-{fault}{suffix}"
    return api.get(path, as_=None, headers={"authorization": token})


@pytest.mark.parametrize("kind", sorted(EFFECTS.keys() - ENDING - {"delay", "drip"}))
def test_each_effect_has_a_fault_of_its_name(api: Api, kind: str) -> None:
    assert asked(api, kind).headers["x-mock-fault"] == kind


@pytest.mark.parametrize("kind", sorted(ENDING))
def test_so_have_those_that_end_the_connection(api: Api, kind: str) -> None:
    with pytest.raises(ConnectionResetError):
        asked(api, kind)
    assert [entry.fault for entry in api.tenant.requests()] == [kind]


def test_each_rule_that_refuses_is_a_fault(api: Api) -> None:
    assert_problem(asked(api, "CREATE-URI-TAKEN", suffix=".oauth"), 400, "CREATE-URI-TAKEN")


def test_one_that_is_built_in_writes_nothing(api: Api) -> None:
    before = api.tenant.take()
    asked(api, "wrong-content-type")
    asked(api, "empty-body")
    assert api.tenant.take() == before


def test_a_fault_of_the_tenants_own_goes_first_and_is_counted(api: Api, control: Control) -> None:
    effect = {"kind": "status", "status": 418}
    control("POST", {"name": "status", "match": {"named": True}, "effect": effect, "times": 1})
    assert api.get("/users").status_code == 200
    assert [asked(api, "status").status_code for _ in range(2)] == [418, 200]
    assert control("GET", name="status").json()["fired"] == 1


def test_it_goes_alone_where_others_would_be_met(api: Api, showpad: MockTenant) -> None:
    with showpad.fault({"kind": "status", "status": 503}):
        assert asked(api, "empty-body").status_code == 200


def test_a_name_of_nothing_is_told_with_the_nearest(api: Api) -> None:
    refused = asked(api, "CREATE-URI-TAKN")
    assert_problem(refused, 400, detail="the nearest is CREATE-URI-TAKEN")
    assert refused.json()["type"] == "/mock-server/unknown-fault"


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("mock.acme.ann+fault-slow", MockToken("acme", "ann", is_oauth=False, fault="slow")),
        ("mock.acme.ann+fault-slow.oauth", MockToken("acme", "ann", is_oauth=True, fault="slow")),
        ("mock.acme.ann", MockToken("acme", "ann", is_oauth=False)),
        ("mock.acme.ann+fault-", None),
        ("mock.acme.ann+slow", None),
    ],
)
def test_a_token_may_name_a_fault(text: str, token: MockToken | None) -> None:
    assert parse_token(text) == token


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("mock_my_lab_alice_FAULT_lost_answer", MockKey("my-lab", "alice", "lost-answer")),
        ("mock_my_lab_alice_FAULT_RS_GROUP_404", MockKey("my-lab", "alice", "RS-GROUP-404")),
        ("mock_my_lab_alice", MockKey("my-lab", "alice")),
        ("mock_a_FAULT", MockKey("a", "FAULT")),
        ("mock_acme_alice_FAULT_", None),
    ],
)
def test_a_key_may_name_a_fault(text: str, key: MockKey | None) -> None:
    assert parse_key(text) == key
