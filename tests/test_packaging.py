"""The wheel as users get it: built, installed into an empty environment, serving from there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from .harness.program import serving

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
TAKEN = ("contracts", "mock_server", "tests", "fixtures")
"""Folders of ours that other projects may well have too."""
ITS_TESTS = """
import contracts.own, fixtures.own, mock_server.own, tests.own

def test_its_own_modules_are_imported(pytestconfig):
    assert [one.own.__name__ for one in (contracts, fixtures, mock_server, tests)] == [
        "contracts.own", "fixtures.own", "mock_server.own", "tests.own"
    ]
    assert pytestconfig.pluginmanager.has_plugin("showpad_contracts")

def test_the_mock_is_there(showpad):
    assert showpad.user_id("admin")
"""
TELLS_MODULES = "import sys\n\ndef pytest_unconfigure():\n    print('LOADED', *sorted(sys.modules))\n"


def run(*command: object, cwd: Path = ROOT, **variables: str) -> str:
    env = {**os.environ, **variables}
    done = subprocess.run([str(one) for one in command], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel and nothing asked for beside it; its folder of programs."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder)
    run(*PIP, "--python", folder, "install", "--quiet", wheel)
    return folder / ("Scripts" if sys.platform == "win32" else "bin")


@pytest.fixture(scope="module")
def run_pytest(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Runs pytest in a folder, with the wheel's plugins; pytest lies beside that environment, which stays as it is."""
    beside = tmp_path_factory.mktemp("beside")
    run(*PIP, "install", "--quiet", "--target", beside, "pytest")

    def run_there(folder: Path, *arguments: str) -> str:
        return run(installed / "python", "-m", "pytest", *arguments, cwd=folder, PYTHONPATH=str(beside))

    return run_there


def test_the_wheel_holds_both_packages_their_types_and_the_seed_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "showpad_mock/py.typed",
        "showpad_contracts/py.typed",
        "showpad_contracts/showpad/rules.toml",
    ):
        assert name in names
    assert "showpad_mock/showpad/seed/demo.json" in names
    assert not [name for name in names if name.startswith(("tests/", "fixtures/", "bench/"))]


def test_the_installed_program_serves_without_hypothesis(installed: Path, tmp_path: Path) -> None:
    listed = run(*PIP, "--python", installed / "python", "list")
    assert not re.search(r"(?im)^(hypothesis|schemathesis|pytest)\b", listed)
    with serving("-q", command=[str(installed / "showpad-mock")]) as program:
        assert program.get("/shared-spaces", "mock.demo.admin").json()["count"] == 8


def test_state_on_an_engine_without_its_extra_names_it(installed: Path) -> None:
    command = [str(installed / "showpad-mock"), "serve", "--port", "0", "--state", "redis://127.0.0.1:1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith("needs the package redis: pip install 'showpad-mock[shared]'\n")


def test_the_installed_package_is_typed_for_its_users(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(
        "from showpad_mock import MockShowpad\nwith MockShowpad() as server:\n    reveal_type(server.origin)\n"
    )
    flags = ["--strict", "--python-executable", installed / "python"]
    told = run(sys.executable, "-m", "mypy", *flags, "user.py", cwd=tmp_path)
    assert 'Revealed type is "builtins.str"' in told or 'Revealed type is "str"' in told


def test_a_project_with_folders_of_the_same_names_runs_its_tests(
    run_pytest: Callable[..., str], tmp_path: Path
) -> None:
    for name in TAKEN:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "own.py").touch()
    (tmp_path / "tests" / "test_own.py").write_text(ITS_TESTS)
    assert "2 passed" in run_pytest(tmp_path, "-q")


def test_the_plugins_load_next_to_nothing_where_nobody_uses_them(
    run_pytest: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "test_nothing.py").write_text("def test_nothing(): pass")
    (tmp_path / "conftest.py").write_text(TELLS_MODULES)
    without = loaded(run_pytest(tmp_path, "-p", "no:showpad_mock", "-p", "no:showpad_contracts"))
    assert loaded(run_pytest(tmp_path)) - without == {
        "showpad_contracts",
        "showpad_contracts.arguments",
        "showpad_contracts.pytest_plugin",
        "showpad_contracts.suites",
        "showpad_mock",
        "showpad_mock.pytest_plugin",
    }


def loaded(printed: str) -> set[str]:
    """Return the modules that a run told at its end."""
    (line,) = (line for line in printed.splitlines() if line.startswith("LOADED"))
    return set(line.split()[1:])


def test_version_and_changelog_agree() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["version"]


def test_no_dependency_may_change_its_major_version_under_us() -> None:
    extras, groups = PROJECT["optional-dependencies"], PYPROJECT["dependency-groups"]
    asked = [*PROJECT["dependencies"], *(one for some in (*extras.values(), *groups.values()) for one in some)]
    assert [one for one in asked if "<" not in one.partition(";")[0] and not one.startswith("types-")] == []


def test_every_dependency_is_named_with_its_reason() -> None:
    named = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").lower()
    project, groups = PYPROJECT["project"], PYPROJECT["dependency-groups"]
    asked = (*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra))
    every = {re.split(r"[<>=~;\[ ]", one)[0] for one in (*asked, *(one for group in groups.values() for one in group))}
    assert [one for one in sorted(every) if not one.startswith("types-") and one.lower() not in named] == []
