"""Every answer of every look-up of the mock is complete, as the kit's OpenAPI document has it (AROUND-)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from showpad_mock import MockShowpad
from showpad_mock.web.seed_data import BUILT_IN

from ..harness.api import Api, in_process
from ..harness.openapi import DOCUMENT, faults, operations, resolved

LISTS = ("users", "assets", "themes", "shared-space-templates", "divisions")
SCHEMAS = {operation.path: operation.answer_schema(200) for operation in operations() if operation.method == "GET"}
USERS = {"demo": ("admin", "manager", "seller", "outsider"), "guides": ("admin", "owner")}


@pytest.fixture(params=BUILT_IN)
def tenant(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[tuple[Api, tuple[str, ...]]]:
    """A tenant of each built-in seed, and some of its users."""
    with MockShowpad(data=request.param) as server, server.tenant() as tenant:
        yield in_process(tenant, server.app, runner), USERS[request.param]


def schema(path: str) -> dict[str, Any]:
    found = SCHEMAS[path]
    assert found is not None
    return found


@pytest.mark.parametrize("name", LISTS)
def test_every_answer_is_as_the_document_says(tenant: tuple[Api, tuple[str, ...]], name: str) -> None:
    api, users = tenant
    (alone,) = (path for path in SCHEMAS if path.startswith(f"/{name}/{{") and path.count("/") == 2)
    for user in users:
        listed = api.get(f"/{name}", as_=user).json()
        assert faults(listed, schema(f"/{name}")) == []
        for one in listed["items"]:
            assert faults(api.get(f"/{name}/{one['id']}", as_=user).json(), schema(alone)) == []


def objects(part: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every object in a schema and in those it refers to, and where it stands."""
    if isinstance(part, dict):
        if "$ref" in part:
            yield from objects(resolved(part), part["$ref"])
        if "properties" in part:
            yield name, part
        for key, inner in part.items():
            yield from objects(inner, f"{name}.{key}")
    elif isinstance(part, list):
        for inner in part:
            yield from objects(inner, name)


@pytest.mark.parametrize("name", ["User", "Asset", "Theme", "WholeTheme", "Template", "WholeTemplate", "Division"])
def test_every_member_of_a_look_up_is_required(name: str) -> None:
    for where, one in objects(DOCUMENT["components"]["schemas"][name], name):
        assert set(one.get("required", ())) == set(one["properties"]), where
