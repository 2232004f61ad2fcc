"""The kit's OpenAPI document as tests read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml
from openapi_schema_validator import OAS31Validator

DOCUMENT: dict[str, Any] = yaml.safe_load(
    (files("showpad_contracts.showpad") / "openapi.yaml").read_text(encoding="utf-8")
)
METHODS = ("get", "post", "patch", "delete", "put")


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    content: dict[str, Any]
    base: str = "/v4"
    """The path of the server that it lies under."""

    @property
    def name(self) -> str:
        return str(self.content["operationId"])

    def request_schema(self) -> dict[str, Any] | None:
        body = resolved(self.content.get("requestBody", {}))
        return schema_of(body)

    def answer_schema(self, status: int) -> dict[str, Any] | None:
        return schema_of(resolved(self.content["responses"][str(status)]))


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference within the document."""
    found: Any = part
    while "$ref" in found:
        reference = found["$ref"]
        found = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    return dict(found)


def schema_of(part: dict[str, Any]) -> dict[str, Any] | None:
    """Give the schema of a body, request's or answer's; None without one."""
    contents = list(part.get("content", {}).values())
    return contents[0].get("schema") if contents else None


def operations() -> Iterator[Operation]:
    for path, item in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in item:
                servers = item.get("servers", DOCUMENT["servers"])
                yield Operation(method.upper(), path, item[method], "/" + servers[0]["url"].split("/", 3)[3])


def operation_for(method: str, path: str) -> Operation:
    """Return the operation that a request means."""
    for operation in operations():
        pattern = re.sub(r"\\{[^}]*\\}|\{[^}]*\}", "[^/]+", re.escape(operation.path))
        if operation.method == method and re.fullmatch(pattern, path.partition("?")[0]):
            return operation
    raise LookupError(f"no operation of the document is {method} {path}")


def faults(value: Any, schema: dict[str, Any]) -> list[str]:
    """Give what is wrong with a value by a schema of the document."""
    validator = OAS31Validator({**schema, "components": DOCUMENT["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
