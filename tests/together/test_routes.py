"""The mock's routes and the kit's OpenAPI document are two readings of the same reference: they must agree."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures.guides.exchanges import Exchange, read_guides
from fixtures.guides.places import replaced, value_at
from fixtures.guides.table import Values
from showpad_mock.showpad.routes import EXPORTS, ROUTES

from ..harness.openapi import DOCUMENT, faults, operation_for, operations

GUIDES = read_guides()
OPERATIONS = list(operations())


def test_routes_and_operations_are_the_same() -> None:
    routes = {(method, route.path, route.name) for route in (*ROUTES, *EXPORTS) for method in route.methods or ()}
    told = {(operation.method, operation.base + operation.path, operation.name) for operation in OPERATIONS}
    assert {one for one in routes if one[0] != "HEAD"} == told


@pytest.mark.parametrize("name", GUIDES.names)
def test_what_the_guides_show_is_as_the_document_says(name: str) -> None:
    exchange = GUIDES.exchange(name, Values(tenant="acme", token="token"))
    operation = operation_for(exchange.request.method, exchange.request.path)
    body, schema = exchange.request.body, operation.request_schema()
    if body is not None and schema is not None:
        assert faults(body, schema) == []
    assert str(exchange.expected.status) in operation.content["responses"]
    shown, schema = exchange.expected.body, operation.answer_schema(exchange.expected.status)
    assert (shown is None) is (schema is None)
    if shown is not None and schema is not None:
        assert faults(completed(exchange), schema) == []


def completed(exchange: Exchange) -> Any:
    """Give the answer that a guide shows, with the members that it leaves out."""
    whole = DOCUMENT["components"]["examples"]["ActiveSpace"]["value"]
    body = exchange.expected.body
    for at, members in exchange.expected.added.items():
        place = at.removeprefix("response.body").removeprefix(".")
        shown = value_at(body, place) if place else body
        full = {**shown, **{name: whole[name] for name in members}}
        body = replaced(body, place, full) if place else full
    return body


def test_the_document_has_every_status_in_use() -> None:
    used = {status for operation in OPERATIONS for status in operation.content["responses"]}
    assert used - {"default"} == {"200", "201", "204", "400", "401", "403", "404", "429", "500"}
    assert DOCUMENT["openapi"].startswith("3.1")
