from __future__ import annotations

import re
from pathlib import Path

import pytest

from .harness import installed

TESTS = Path(__file__).parent
PACKAGES = (installed.TOOLS / "package-lock.json").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder in which tools are looked for; it is empty."""
    monkeypatch.setattr(installed, "PYTHON", tmp_path)
    monkeypatch.setattr(installed, "NODE", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("environ", [{}, {"CI": ""}, {"CI": "false"}])
def test_without_a_tool_a_test_is_skipped_by_name(environ: dict[str, str]) -> None:
    with pytest.raises(pytest.skip.Exception, match="spectral is not installed: `make tools` installs it"):
        installed.not_installed("spectral", environ)


def test_without_a_tool_a_test_fails_in_ci() -> None:
    with pytest.raises(pytest.fail.Exception, match="spectral is not installed"):
        installed.not_installed("spectral", {"CI": "true"})


def test_a_tool_is_never_the_machines_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/bin")
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception), match="sh is not installed"):
        installed.tool("sh")
    assert installed.program("sh") == "/bin/sh"


def test_what_make_tools_installed_is_found(folder: Path) -> None:
    file = folder / "spectral"
    file.touch(mode=0o755)
    assert installed.tool("spectral") == installed.program("spectral") == str(file)


def test_no_test_skips_itself_in_another_way() -> None:
    """Else it could be skipped in CI."""
    sources = [file for file in TESTS.rglob("*.py") if not {"node_modules", ".venv"} & set(file.parts)]
    skipping = [file.name for file in sources if re.search(r"pytest\.skip\(", file.read_text("utf-8"))]
    assert skipping == ["installed.py"]


def test_no_registry_is_named_where_packages_are_locked() -> None:
    """A lock that names one installs from nowhere else."""
    assert '"resolved"' not in PACKAGES
    assert '"integrity"' in PACKAGES
