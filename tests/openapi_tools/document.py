"""The kit's OpenAPI document as a file, and the programs that are tried with what tools make of it."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from showpad_mock import MockTenant

from ..harness.openapi import operation_for, operations

DOCUMENT = Path(str(files("showpad_contracts.showpad") / "openapi.yaml"))
AROUND = {"CRM", "Exports", "Quick actions", "Mutual action plans"}
PROGRAMS = Path(__file__).parent / "programs"
REFUSED = re.compile(r"(?://|#) (TS\d+|[a-z-]+)$")


def assert_each_operation_succeeded(tenant: MockTenant) -> None:
    """Hold what arrived at the mock: each operation of the document once or more, each with a success."""
    done = [(operation_for(one.method, one.path.removeprefix("/v4")).name, one.status) for one in tenant.exchanges]
    # What lies around the sharing side is called in the same way, and some of it under another base URL.
    wanted = [one for one in operations() if AROUND.isdisjoint(one.content["tags"])]
    assert {name for name, _ in done} == {operation.name for operation in wanted}
    assert [name for name, status in done if status >= 300] == []


def refusals(program: Path) -> list[tuple[int, str]]:
    """Return which lines of a program are to be refused, and with which error: it says so at their ends."""
    lines = program.read_text(encoding="utf-8").splitlines()
    marks = [(number, REFUSED.search(line)) for number, line in enumerate(lines, 1)]
    return [(number, mark[1]) for number, mark in marks if mark]
