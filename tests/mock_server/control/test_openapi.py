"""The control API's own OpenAPI document: valid, whole, and true of the answers."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from showpad_mock.control.openapi import adapter
from showpad_mock.control.operation import Operation

from .caller import Caller, exchange


@pytest.fixture
def document(caller: Caller) -> dict[str, Any]:
    answer: dict[str, Any] = caller("GET", "openapi.json").json()
    return answer


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_operation_is_described_once(caller: Caller, document: dict[str, Any]) -> None:
    told = [(method.upper(), path) for path, item in document["paths"].items() for method in item]
    operations = caller.app.control.operations
    assert sorted(told) == sorted((one.method, one.path) for one in operations)
    assert len({one.name for one in operations}) == len(operations)


def test_an_admin_operations_body_is_described(document: dict[str, Any]) -> None:
    operation = document["paths"]["/__admin/tenants/{name}/users/{user}"]["patch"]
    assert operation["summary"] == "Deactivate, license or promote a user"
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    described = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert sorted(described["properties"]) == ["hasContentLicense", "isActive", "role"]


def test_a_body_that_may_be_left_out_is_told_so(document: dict[str, Any]) -> None:
    assert document["paths"]["/__admin/tenants"]["post"]["requestBody"]["required"] is False


def test_parameters_of_path_and_query_are_described(document: dict[str, Any]) -> None:
    wait = next(one for one in document["paths"]["/__admin/requests"]["get"]["parameters"] if one["name"] == "wait")
    assert (wait["in"], wait["schema"]["maximum"]) == ("query", 60)
    [name] = document["paths"]["/__admin/tenants/{name}"]["get"]["parameters"]
    assert (name["name"], name["in"], name["required"]) == ("name", "path", True)


def test_health_asks_for_no_token(document: dict[str, Any]) -> None:
    assert document["paths"]["/livez"]["get"]["security"] == []


def readable(caller: Caller) -> list[Operation]:
    return [one for one in caller.app.control.operations if one.method == "GET" and one.answer is not None]


def test_answers_are_as_described(caller: Caller) -> None:
    caller.create_space()
    caller.app.journal.add(exchange())
    caller("PATCH", "tenants/acme", {"clock": {"offsetSeconds": 1}})
    caller("POST", "tenants/acme/faults", {"name": "slow", "effect": {"kind": "status"}})
    for one in readable(caller):
        path = one.path.replace("{name}", "acme").replace("{fault}", "slow").replace("{number}", "1")
        answer = caller("GET", path)
        adapter(one.answer).validate_json(answer.content, strict=True, extra="forbid")
