"""Files are written whole or not at all, and nothing that is not ours is touched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from showpad_mock.serving.files import CannotWrite, check_writable, write_whole

Write = Callable[[Path], None]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(file: Path) -> None:
    write_whole(file, [b"new"])


both = pytest.mark.parametrize("attempt", [check_writable, write])


def refusal(attempt: Write, file: Path) -> str:
    """Try to write a file; gives why that was refused."""
    with pytest.raises(CannotWrite) as refused:
        attempt(file)
    return str(refused.value)


def test_a_file_is_written(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", [b"new", b"er"])
    assert (tmp_path / "a").read_bytes() == b"newer"
    assert names_in(tmp_path) == ["a"]


def test_a_file_takes_the_place_of_the_former_one_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old, and longer")
    file.chmod(0o640)
    write(file)
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_mode_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write(tmp_path / "a")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_to_check_leaves_nothing_behind(tmp_path: Path) -> None:
    check_writable(tmp_path / "a")
    assert names_in(tmp_path) == []


@both
def test_a_missing_folder_is_named(attempt: Write, tmp_path: Path) -> None:
    file = tmp_path / "no" / "a"
    assert refusal(attempt, file) == f"{file}: there is no folder {file.parent}"


@both
def test_a_folder_that_is_a_file_is_named(attempt: Write, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = tmp_path / "file" / "a"
    assert refusal(attempt, file) == f"{file}: {file.parent} is not a folder"


@both
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here in which not even root may write")
def test_a_folder_that_takes_no_files_is_said_to(attempt: Write) -> None:
    assert refusal(attempt, Path("/proc/a")).startswith("/proc/a: cannot be written: ")


@both
def test_a_folder_is_no_file(attempt: Write, tmp_path: Path) -> None:
    assert refusal(attempt, tmp_path) == f"{tmp_path}: is a folder"


@both
def test_a_device_or_pipe_is_no_file(attempt: Write, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refusal(attempt, pipe) == f"{pipe}: is not a regular file"
    assert pipe.is_fifo()


@both
@pytest.mark.parametrize("is_there", [True, False])
def test_a_symbolic_link_is_refused_and_left_with_what_it_points_to(
    attempt: Write,
    is_there: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    if is_there:
        target.write_bytes(b"somebody's")
    link.symlink_to(target)
    assert refusal(attempt, link) == f"{link}: is a symbolic link, to {target}; name the file itself"
    assert link.is_symlink()
    assert target.exists() == is_there
    assert not is_there or target.read_bytes() == b"somebody's"


def test_a_link_to_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    write(tmp_path / "link" / "a")
    assert (tmp_path / "folder" / "a").read_bytes() == b"new"


def test_whatever_breaks_off_leaves_the_former_file_and_nothing_else(tmp_path: Path) -> None:
    def breaking_off() -> Iterator[bytes]:
        yield b"new"
        raise ConnectionResetError

    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises((ConnectionResetError, CannotWrite)):
        write_whole(tmp_path / "a", breaking_off())
    assert names_in(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_name_of_the_greatest_length_is_written(tmp_path: Path) -> None:
    write(tmp_path / ("a" * 255))
    assert [len(name) for name in names_in(tmp_path)] == [255]
