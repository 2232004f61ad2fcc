"""The README's section on generated clients is true: its blocks are run, one after the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from showpad_mock import MockShowpad

from ..harness.installed import NODE, TOOLS, environment, program, run, tool
from ..harness.readme import blocks, section
from .document import PROGRAMS

SECTION = section("Generate a client")
MOCK = "http://127.0.0.1:7470"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, showpad_server: MockShowpad) -> Path:
    """Return a folder in which the section's commands were run, and its programs written for the running mock."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "node_modules").symlink_to(NODE.parent)
    for file in (TOOLS / "package.json", PROGRAMS / "tsconfig.json"):
        shutil.copy(file, folder)
    for language, name in (("python", "program.py"), ("typescript", "program.ts")):
        [block] = blocks(SECTION, language)
        (folder / name).write_text(block.replace(MOCK, showpad_server.origin), encoding="utf-8")
    commands = "\n".join(blocks(SECTION, "bash"))
    for name in ("openapi-python-client", "openapi-typescript"):
        tool(name)
    variables = environment(folder)
    variables["PATH"] += os.pathsep + str(Path(sys.executable).parent)
    done = subprocess.run(
        [program("bash"), "-euc", commands], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_python_program_runs(folder: Path) -> None:
    done = run("python", "program.py", cwd=folder)
    assert done.returncode == 0, done.stderr


def test_the_typescript_program_compiles_and_runs(folder: Path) -> None:
    compiled = run("tsc", cwd=folder)
    assert compiled.returncode == 0, compiled.stdout
    done = run("node", "program.js", cwd=folder)
    assert done.stdout.startswith("https://demo.showpad.com/s/"), done.stderr
