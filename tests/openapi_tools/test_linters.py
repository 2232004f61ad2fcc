from __future__ import annotations

from pathlib import Path

import pytest

from ..harness.installed import run
from .document import DOCUMENT

HERE = Path(__file__).parent
ID = "operationId: theme-get\n      tags"
FAULTY = DOCUMENT.read_text(encoding="utf-8").replace(ID, ID.replace("theme-get", "getUsers"))


def lint(name: str, document: Path, folder: Path) -> tuple[int, str]:
    """Return a linter's exit code for a document, warnings being errors, and what it said."""
    options = {"spectral": ["--fail-severity", "warn", "--ruleset"], "redocly": ["--config"]}[name]
    done = run(name, "lint", document, *options, HERE / f"{name}.yaml", cwd=folder)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["spectral", "redocly"])
def test_a_linter_finds_nothing(name: str, tmp_path: Path) -> None:
    code, told = lint(name, DOCUMENT, tmp_path)
    assert code == 0, told


@pytest.mark.parametrize("name", ["spectral", "redocly"])
def test_a_linter_would_find_something(name: str, tmp_path: Path) -> None:
    faulty = tmp_path / "openapi.yaml"
    faulty.write_text(FAULTY, encoding="utf-8")
    code, told = lint(name, faulty, tmp_path)
    assert code == 1
    assert "operationId" in told
