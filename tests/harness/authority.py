"""A certificate authority for tests: made once a process, none of this user's; and `showpad-mock run` under it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an authority that this process's tests share."""
    return tmp_path_factory.mktemp("authority")


def under_run(folder: Path, origin: str) -> list[str]:
    """Return what a command is put behind to reach the mock at an origin by its own hosts, and no other host."""
    run = [sys.executable, "-m", "showpad_mock", "run", "--origin", origin, "--proxy-others", "refuse"]
    return [*run, "--ca-folder", str(folder), "--"]
