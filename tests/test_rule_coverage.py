"""Every rule that the mock serves is held by at least one test that bears its id."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from showpad_mock.app import VENDORS

TESTS = Path(__file__).parent
LEVELS = {rule: level for vendor in VENDORS for rule, level in vendor.levels.items()}
NOT_TO_BE_SEEN = {
    "SPACE-ACTIVITY-NULL": "allows what the mock never does: it always has a time",
}


def marked_rules() -> Iterator[tuple[str, str]]:
    """Give every rule id in a `pytest.mark.rule(...)` of the suite, and where it stands."""
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rule":
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value, f"{path.name}:{node.lineno}"


def test_every_rule_that_is_served_has_a_test() -> None:
    untested = set(LEVELS) - {rule for rule, _ in marked_rules()} - set(NOT_TO_BE_SEEN)
    assert not untested


def test_every_marker_names_a_rule_that_exists() -> None:
    assert not [(rule, where) for rule, where in marked_rules() if rule not in LEVELS]
