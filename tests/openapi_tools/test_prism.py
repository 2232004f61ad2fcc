"""Prism serves the document."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import httpx2
import pytest

from ..harness.installed import environment, tool
from ..harness.openapi import Operation, operations, resolved
from .document import DOCUMENT


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Return a client of a running Prism, which tells its origin once it listens."""
    folder = tmp_path_factory.mktemp("prism")
    command = [tool("prism"), "mock", str(DOCUMENT), "--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = []
        try:
            for line in process.stdout:
                said.append(line)
                if found := re.search(r"Prism is listening on (http://\S+)", line):
                    break
            else:
                pytest.fail("".join(said))
            with httpx2.Client(base_url=found[1], headers={"Authorization": "Bearer token"}, trust_env=False) as client:
                yield client
        finally:
            process.kill()
    with pytest.raises(httpx2.ConnectError):  # what was killed is Prism, and no program that only started it
        httpx2.get(found[1], trust_env=False)


def needed(operation: Operation) -> Iterator[tuple[str, str]]:
    """Give the parameters of the query that cannot be left out."""
    for parameter in map(resolved, operation.content.get("parameters", ())):
        if parameter["in"] == "query" and parameter.get("required"):
            yield parameter["name"], parameter["schema"].get("enum", ["95e63d4a4d049cb63fea74de4bcb2c90"])[0]


@pytest.mark.parametrize("operation", [pytest.param(one, id=one.name) for one in operations()])
def test_an_operation_is_answered(operation: Operation, prism: httpx2.Client) -> None:
    bodies = operation.content.get("requestBody", {}).get("content", {})
    example = next((one for body in bodies.values() for one in body["examples"].values()), None)
    path = re.sub(r"\{\w+\}", "95e63d4a4d049cb63fea74de4bcb2c90", operation.path)
    params = dict(needed(operation))
    answer = prism.request(operation.method, path, params=params, json=resolved(example)["value"] if example else None)
    assert str(answer.status_code) == next(iter(operation.content["responses"])), answer.text
