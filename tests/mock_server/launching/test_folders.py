"""A run has a folder of its own; one that a run left behind is removed by the next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from showpad_mock.launching.folders import run_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be locked")
KILLED = """\
import os, sys
from pathlib import Path
from showpad_mock.launching.folders import run_folder
with run_folder(Path(sys.argv[1])) as folder:
    (folder / "left").write_text("behind")
    os.kill(os.getpid(), 9)
"""


def test_a_folder_is_for_its_owner_and_gone_at_the_end(tmp_path: Path) -> None:
    with run_folder(tmp_path / "a" / "runs") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "file").write_text("content")
    assert list((tmp_path / "a" / "runs").iterdir()) == []


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    [left] = tmp_path.iterdir()
    with run_folder(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]
        assert left != folder


def test_the_folder_of_another_run_stays(tmp_path: Path) -> None:
    with run_folder(tmp_path) as one, run_folder(tmp_path) as other:
        assert set(tmp_path.iterdir()) == {one, other}
