from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from openapi_spec_validator import validate

from showpad_contracts.showpad.catalogue import CATALOGUE

from ...harness.openapi import DOCUMENT, Operation, faults, operations, resolved

OPERATIONS = {operation.name: operation for operation in operations()}


def examples(part: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Give every example in a part of the document with the schema it belongs to."""
    if isinstance(part, list):
        for one in part:
            yield from examples(one)
    elif isinstance(part, dict):
        schema = part.get("schema")
        if isinstance(schema, dict):
            if "example" in part:
                yield part["example"], schema
            yield from ((resolved(one)["value"], schema) for one in part.get("examples", {}).values())
        for one in part.values():
            yield from examples(one)


def test_the_document_is_valid() -> None:
    validate(DOCUMENT)


def test_every_example_is_as_its_schema_says() -> None:
    found = list(examples(DOCUMENT["paths"]))
    assert len(found) > 10
    assert [fault for value, schema in found for fault in faults(value, schema)] == []


def test_every_operation_has_an_id_of_its_own() -> None:
    assert len(OPERATIONS) == len(list(operations()))


def test_every_rule_that_the_document_names_is_in_the_catalogue() -> None:
    text = (files("showpad_contracts.showpad") / "openapi.yaml").read_text(encoding="utf-8")
    families = "|".join({rule.partition("-")[0] for rule in CATALOGUE})
    named = set(re.findall(rf"\b(?:{families})-[A-Z0-9-]*[A-Z0-9]", text))
    assert len(named) > 100
    assert named <= set(CATALOGUE)


def test_every_operation_needs_a_token() -> None:
    assert DOCUMENT["security"] == [{"token": []}]
    assert DOCUMENT["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert not [name for name, operation in OPERATIONS.items() if "security" in operation.content]


def test_every_link_leads_to_an_operation() -> None:
    for operation in OPERATIONS.values():
        for answer in operation.content["responses"].values():
            for link in resolved(answer).get("links", {}).values():
                assert resolved(link)["operationId"] in OPERATIONS


@pytest.mark.parametrize("operation", [pytest.param(one, id=one.name) for one in OPERATIONS.values()])
def test_every_operation_tells_its_refusals_as_problems(operation: Operation) -> None:
    for status, answer in operation.content["responses"].items():
        if status.startswith(("4", "5")):
            assert list(resolved(answer)["content"]) == ["application/problem+json"]


def test_every_operation_of_the_catalogue_is_in_the_document() -> None:
    named = {name.strip() for rule in CATALOGUE.values() for name in rule.operation.split(",")} - {"", "all"}
    assert named <= set(OPERATIONS)
    assert set(OPERATIONS) <= named
