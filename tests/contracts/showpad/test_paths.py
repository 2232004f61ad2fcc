"""The table of operations against the OpenAPI document, which was written from the same facts."""

from __future__ import annotations

import re

import pytest

from showpad_contracts.showpad.paths import TEMPLATES, operation_of
from showpad_contracts.showpad.stateful.schemathesis_pass import document


def test_it_has_the_operations_of_the_document() -> None:
    told = {
        operation["operationId"]: (method.upper(), re.sub(r"{\w+}", "{}", path))
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "operationId" in operation
    }
    assert told == TEMPLATES


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/shared-spaces?limit=1", "shared-spaces-list"),
        ("GET", "/shared-spaces/7", "shared-space-get"),
        ("POST", "/shared-spaces/7/items", "shared-spaces-items-add"),
        ("PUT", "/shared-spaces/7", ""),
        ("GET", "/shared-spaces/7/8/9", ""),
        ("", "", ""),
    ],
)
def test_a_request_is_one_of_them_or_none(method: str, path: str, operation: str) -> None:
    assert operation_of(method, path) == operation
