from __future__ import annotations

from pathlib import Path

import pytest

from showpad_mock.serving.files import CannotWrite
from showpad_mock.serving.listeners import Addresses
from showpad_mock.serving.ready_file import ReadyFile


def test_it_is_there_while_the_server_answers(tmp_path: Path) -> None:
    path = tmp_path / "ready"
    file = ReadyFile(path)
    assert not path.exists()
    file.write(Addresses("http://127.0.0.1:1"))
    assert path.read_text() == "http://127.0.0.1:1\n"
    file.remove()
    assert not path.exists()


def test_one_that_a_killed_server_left_is_removed_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "ready"
    path.write_text("http://127.0.0.1:1\n")
    ReadyFile(path)
    assert not path.exists()


def test_one_that_another_server_has_written_since_is_left_to_it(tmp_path: Path) -> None:
    first, second = ReadyFile(tmp_path / "ready"), ReadyFile(tmp_path / "ready")
    first.write(Addresses("http://127.0.0.1:1"))
    second.write(Addresses("http://127.0.0.1:2"))
    first.remove()
    assert (tmp_path / "ready").read_text() == "http://127.0.0.1:2\n"


def test_a_server_that_never_answered_removes_nothing(tmp_path: Path) -> None:
    file = ReadyFile(tmp_path / "ready")
    (tmp_path / "ready").write_text("http://127.0.0.1:2\n")
    file.remove()
    assert (tmp_path / "ready").exists()


def test_a_folder_that_is_not_there_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="there is no folder"):
        ReadyFile(tmp_path / "no" / "ready")


def test_what_a_link_points_to_is_not_removed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("somebody's")
    (tmp_path / "ready").symlink_to(tmp_path / "target")
    with pytest.raises(CannotWrite, match="symbolic link"):
        ReadyFile(tmp_path / "ready")
    assert (tmp_path / "target").read_text() == "somebody's"


def test_where_tls_and_the_proxy_are_stands_below_the_origin(tmp_path: Path) -> None:
    file = ReadyFile(tmp_path / "ready")
    file.write(Addresses("http://127.0.0.1:1", "https://127.0.0.1:2", "http://127.0.0.1:3"))
    assert (tmp_path / "ready").read_text().splitlines() == [
        "http://127.0.0.1:1",
        "https://127.0.0.1:2",
        "proxy http://127.0.0.1:3",
    ]
