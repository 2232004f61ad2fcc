"""What tests need beyond Python, git and make: `make tools` installs it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

TOOLS = Path(__file__).parent.parent / "tools"
PYTHON = TOOLS / ".venv/bin"
NODE = TOOLS / "node_modules/.bin"
SECONDS = 120
"""After which a tool that still runs is ended."""


def tool(name: str) -> str:
    """Return the program that `make tools` installed; without it the test is skipped, and in CI it fails."""
    return shutil.which(name, path=os.pathsep.join([str(PYTHON), str(NODE)])) or not_installed(name)


def program(name: str) -> str:
    """Return a program that the machine may have of its own, in any version, or else what `make tools` installed."""
    return shutil.which(name) or tool(name)


def not_installed(name: str, environ: Mapping[str, str] = os.environ) -> NoReturn:
    """Skip the test that needs it, by name; in CI, where nothing may be left untried, fail it."""
    told = f"{name} is not installed: `make tools` installs it"
    if environ.get("CI") == "true":
        pytest.fail(told, pytrace=False)
    pytest.skip(told)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a tool: its own programs first, none of this machine's settings, nothing told."""
    path = os.pathsep.join([str(PYTHON), str(NODE), os.environ["PATH"]])
    return {"PATH": path, "HOME": str(home), "NO_COLOR": "1", "REDOCLY_TELEMETRY": "off"}


def run(name: str, *arguments: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a tool to its end."""
    return subprocess.run(
        [tool(name), *map(str, arguments)],
        cwd=cwd,
        env={**environment(cwd), **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
