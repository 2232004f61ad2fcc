"""The wheel as users get it: built, installed into an empty environment, serving from there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from .harness.program import serving

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]


def run(*command: object, cwd: Path = ROOT) -> str:
    done = subprocess.run([str(one) for one in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", out, ROOT)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel and nothing asked for beside it; gives its folder of programs."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel)
    return programs


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
    listed = run(installed / "python", "-m", "pip", "list", "--disable-pip-version-check")
    assert not re.search(r"(?im)^(hypothesis|schemathesis|pytest)\b", listed)
    with serving("-q", command=[str(installed / "showpad-mock")]) as program:
        assert program.get("/shared-spaces", "mock.demo.admin").json()["count"] == 8


def test_the_installed_package_is_typed_for_its_users(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(
        "from showpad_mock import MockShowpad\nwith MockShowpad() as server:\n    reveal_type(server.origin)\n"
    )
    flags = ["--strict", "--python-executable", installed / "python"]
    told = run(sys.executable, "-m", "mypy", *flags, "user.py", cwd=tmp_path)
    assert 'Revealed type is "builtins.str"' in told or 'Revealed type is "str"' in told


def test_version_and_changelog_agree() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["version"]


def test_no_dependency_may_change_its_major_version_under_us() -> None:
    extras, groups = PROJECT["optional-dependencies"], PYPROJECT["dependency-groups"]
    asked = [*PROJECT["dependencies"], *(one for some in (*extras.values(), *groups.values()) for one in some)]
    assert [one for one in asked if "<" not in one.partition(";")[0] and not one.startswith("types-")] == []
