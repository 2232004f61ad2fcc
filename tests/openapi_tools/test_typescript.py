"""openapi-typescript makes types of the document that accept what is right, and refuse the rest."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from showpad_mock import MockTenant

from ..harness.authority import under_run
from ..harness.installed import NODE, TOOLS, environment, run, tool
from .document import DOCUMENT, PROGRAMS, assert_each_operation_succeeded, refusals

TSC_ERROR = re.compile(r"^([\w.]+)\((\d+),\d+\): error (TS\d+)", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the programs, the types that they import, and openapi-fetch."""
    folder = tmp_path_factory.mktemp("typescript")
    for file in (*PROGRAMS.glob("*.ts"), PROGRAMS / "tsconfig.json", TOOLS / "package.json"):
        shutil.copy(file, folder)
    (folder / "node_modules").symlink_to(NODE.parent)
    done = run("openapi-typescript", DOCUMENT, "--output", "showpad.ts", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def compiled(folder: Path) -> subprocess.CompletedProcess[str]:
    return run("tsc", "--pretty", "false", cwd=folder)


def test_the_compiler_accepts_what_is_right_and_refuses_wrong_members(
    compiled: subprocess.CompletedProcess[str],
) -> None:
    wrong = [("wrong_members.ts", str(line), error) for line, error in refusals(PROGRAMS / "wrong_members.ts")]
    assert TSC_ERROR.findall(compiled.stdout) == wrong, compiled.stdout


@pytest.mark.usefixtures("compiled")
def test_the_client_does_each_operation_against_the_mock(folder: Path, showpad: MockTenant) -> None:
    done = run("node", "each_operation.js", showpad.base_url, showpad.token("admin"), cwd=folder)
    assert done.returncode == 0, done.stderr
    assert_each_operation_succeeded(showpad)


@pytest.mark.usefixtures("compiled")
def test_the_client_does_so_by_showpads_own_address(folder: Path, showpad: MockTenant, authority_folder: Path) -> None:
    address = f"https://{showpad.name}.api.showpad.com/v4"
    command = [tool("node"), "each_operation.js", address, showpad.token("admin")]
    done = subprocess.run(
        [*under_run(authority_folder, showpad.origin), *command],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert_each_operation_succeeded(showpad)
