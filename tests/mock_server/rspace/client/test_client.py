"""RSpace's own Python client, unmodified, over HTTP: all that it offers for sharing, in both behaviours."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from showpad_mock import MockShowpad

from ....harness import installed

PROGRAM = Path(__file__).parent / "scenarios.py"
PACKAGE = installed.TOOLS / ".venv/lib"
SCENARIOS = [
    name.id
    for node in ast.parse(PROGRAM.read_text(encoding="utf-8")).body
    if isinstance(node, ast.Assign)
    and ast.unparse(node.targets[0]) == "SCENARIOS"
    and isinstance(node.value, ast.Tuple)
    for name in node.value.elts
    if isinstance(name, ast.Name)
]


@pytest.fixture(scope="module", params=["documented", "observed"])
def told(
    request: pytest.FixtureRequest, showpad_server: MockShowpad, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str | None]:
    """How each scenario ended."""
    if not list(PACKAGE.glob("python*/site-packages/rspace_client")):
        installed.not_installed("rspace-client")
    home = tmp_path_factory.mktemp("client")
    # -W: a part of the client that is not used here warns of what it imports.
    done = installed.run("python", "-W", "ignore", PROGRAM, showpad_server.origin, request.param, cwd=home)
    assert done.returncode == 0, done.stderr
    ended: dict[str, str | None] = json.loads(done.stdout)
    return ended


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_official_client_gets_what_it_expects(told: dict[str, str | None], scenario: str) -> None:
    assert told[scenario] is None, told[scenario]


def test_every_scenario_was_run(told: dict[str, str | None]) -> None:
    assert list(told) == SCENARIOS
    assert len(SCENARIOS) == 12
