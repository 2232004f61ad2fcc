"""openapi-python-client makes a client of the document that works against the mock."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from showpad_mock import MockTenant

from ..harness.authority import under_run
from ..harness.installed import environment, run, tool
from ..harness.openapi import DOCUMENT as CONTENT
from .document import DOCUMENT, PROGRAMS, assert_each_operation_succeeded, refusals

MYPY_ERROR = re.compile(r"^([\w.]+):(\d+): error: .*\[([a-z-]+)\]$", re.MULTILINE)
MODELS = {name for name, one in CONTENT["components"]["schemas"].items() if one.keys() & {"properties", "allOf"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the generated package showpad_client."""
    folder = tmp_path_factory.mktemp("python")
    where = ["--meta", "none", "--output-path", "showpad_client"]
    done = run("openapi-python-client", "generate", "--fail-on-warning", "--path", DOCUMENT, *where, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout + done.stderr == "Generating showpad_client\n"
    return folder


def test_each_model_is_generated(folder: Path) -> None:
    models = (folder / "showpad_client/models/__init__.py").read_text(encoding="utf-8")
    assert set(re.findall(r"^from \.\w+ import (\w+)$", models, re.MULTILINE)) >= MODELS
    assert len(MODELS) > 25


def test_the_client_does_each_operation_against_the_mock(folder: Path, showpad: MockTenant) -> None:
    done = run(
        "python",
        PROGRAMS / "each_operation.py",
        *(showpad.base_url, showpad.token("admin")),
        cwd=folder,
        PYTHONPATH=str(folder),
    )
    assert done.returncode == 0, done.stderr
    assert_each_operation_succeeded(showpad)


def test_the_client_does_so_by_showpads_own_address(folder: Path, showpad: MockTenant, authority_folder: Path) -> None:
    address = f"https://{showpad.name}.api.showpad.com/v4"
    command = [tool("python"), str(PROGRAMS / "each_operation.py"), address, showpad.token("admin")]
    done = subprocess.run(
        [*under_run(authority_folder, showpad.origin), *command],
        env={**environment(folder), "PYTHONPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert_each_operation_succeeded(showpad)


def test_a_type_checker_accepts_what_is_right_and_refuses_wrong_members(folder: Path) -> None:
    programs = [PROGRAMS / "each_operation.py", PROGRAMS / "wrong_members.py"]
    options = ["--config-file=", "--strict", "--follow-imports=silent", f"--python-executable={tool('python')}"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *programs],
        cwd=folder,
        env={"MYPYPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    found = MYPY_ERROR.findall(done.stdout.replace(f"{PROGRAMS}/", ""))
    assert found == [("wrong_members.py", str(line), error) for line, error in refusals(programs[1])], done.stdout
