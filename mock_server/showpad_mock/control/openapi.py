"""The control API described: an index to read, and an OpenAPI document made from its operations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from ..core.version import installed_version
from . import health
from .operation import ControlRequest, Operation, Server

PARAMETER = re.compile(r"\{(\w+)\}")
REFERENCE = "#/components/schemas/{model}"
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "meta": {"type": "array", "items": {"type": "object"}},
    },
}
PROBLEM_REF = {"$ref": REFERENCE.format(model="Problem")}


class IndexEntry(TypedDict):
    """One operation."""

    method: str
    path: str
    summary: str


class Index(TypedDict):
    """What there is under /__admin."""

    openapi: str
    operations: list[IndexEntry]


async def show_index(server: Server, _: ControlRequest) -> Index:
    """List all operations, this one among them."""
    entries: list[IndexEntry] = [
        {"method": one.method, "path": one.path, "summary": one.summary} for one in server.operations
    ]
    return {"openapi": "/__admin/openapi.json", "operations": entries}


async def show_openapi(server: Server, _: ControlRequest) -> dict[str, Any]:
    """Describe all operations, this one among them."""
    return openapi_document(server.operations)


@lru_cache(maxsize=256)
def adapter(shape: Any) -> TypeAdapter[Any]:
    """Return what describes a type, made once."""
    return TypeAdapter(shape)


def openapi_document(operations: Sequence[Operation]) -> dict[str, Any]:
    """Describe the operations as OpenAPI 3.1."""
    shapes = [shape for one in operations for shape in (one.body, one.answer) if shape is not None]
    schemas, components = TypeAdapter.json_schemas(
        [(repr(shape), "validation", adapter(shape)) for shape in dict.fromkeys(shapes)], ref_template=REFERENCE
    )
    told = {shape: schema for (shape, _), schema in schemas.items()}
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _described(one, told)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Control API of showpad-mock", "version": installed_version()},
        "paths": paths,
        "components": {
            "schemas": {**components.get("$defs", {}), "Problem": PROBLEM},
            "securitySchemes": {"adminToken": {"type": "http", "scheme": "bearer"}},
        },
        # The token is asked for only where the server listens beyond loopback.
        "security": [{}, {"adminToken": []}],
    }


def _described(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_path_parameters(one), *_query_parameters(one)],
        "responses": {
            str(one.status): _answer(one, schemas),
            "default": _content("A refusal", "problem+json", PROBLEM_REF),
        },
    }
    if one.path in health.PATHS:
        described["security"] = []
    if one.body is not None or one.takes_snapshot:
        schema = schemas[repr(one.body)] if one.body is not None else {"type": "object"}
        required = not one.is_body_optional
        described["requestBody"] = {"required": required, "content": {"application/json": {"schema": schema}}}
    return described


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in PARAMETER.findall(one.path)
    ]


def _query_parameters(one: Operation) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    schema = adapter(one.query).json_schema()
    return [{"name": name, "in": "query", "schema": part} for name, part in schema["properties"].items()]


def _answer(one: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    if one.status == 204:
        return {"description": "Done"}
    return _content(one.summary, "json", schemas[repr(one.answer)] if one.answer is not None else {})


def _content(description: str, subtype: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {f"application/{subtype}": {"schema": schema}}}
