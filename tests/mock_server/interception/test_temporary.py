"""A process has a folder of its own; one that was left behind is removed by the next."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from showpad_mock.interception.temporary import temporary_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be locked")
KILLED = """\
import os, sys
from pathlib import Path
from showpad_mock.interception.temporary import temporary_folder
with temporary_folder(Path(sys.argv[1])) as folder:
    (folder / "left").write_text("behind")
    os.kill(os.getpid(), 9)
"""


def test_a_folder_is_for_its_owner_and_gone_at_the_end(tmp_path: Path) -> None:
    with temporary_folder(tmp_path / "a" / "runs") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "file").write_text("content")
    assert list((tmp_path / "a" / "runs").iterdir()) == []


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    [left] = tmp_path.iterdir()
    with temporary_folder(tmp_path) as folder:
        assert list(tmp_path.iterdir()) == [folder]
        assert left != folder


def test_the_folder_of_another_run_stays(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as one, temporary_folder(tmp_path) as other:
        assert set(tmp_path.iterdir()) == {one, other}


def test_a_file_system_without_locks_is_one_where_nothing_is_swept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    with temporary_folder(tmp_path) as one, temporary_folder(tmp_path) as other:
        assert set(tmp_path.iterdir()) == {one, other}
