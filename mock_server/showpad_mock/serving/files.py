"""Files that are written whole or not at all: what was there stays until something whole takes its place.

A symbolic link is refused, not followed and not replaced: what it points to may be somebody else's.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


class CannotWrite(Exception):
    """A file cannot be written; the message names it and says why."""


def check_writable(file: Path) -> None:
    """Raise CannotWrite for what can be known before there is anything to write."""
    _check_kind(file)
    partial = partial_of(file)
    try:
        # Root passes every check of permissions, and no check knows all file systems: only trying tells.
        partial.open("xb").close()
        partial.unlink()
    except OSError as error:
        raise _because(file, error) from None


def write_whole(file: Path, chunks: Iterable[bytes]) -> None:
    """Write a file; raise CannotWrite and leave the former one as it was if that fails."""
    _check_kind(file)
    partial = partial_of(file)
    try:
        # x: whoever could guess the name might have put a link there.
        with partial.open("xb") as opened:
            opened.writelines(chunks)
            opened.flush()
            os.fsync(opened.fileno())  # some file systems tell only then that they are full
        with suppress(FileNotFoundError):
            # Who could read the former file can read the new one, and nobody else.
            shutil.copymode(file, partial)
        partial.replace(file)
    except OSError as error:
        raise _because(file, error) from None
    finally:
        with suppress(OSError):
            partial.unlink()


def partial_of(file: Path) -> Path:
    """Return a path in the same folder that nobody can have foreseen."""
    # In the same folder, since only within a file system a rename replaces whole.
    return file.with_name(f".showpad-mock-{secrets.token_hex(8)}.part")


def _check_kind(file: Path) -> None:
    try:
        # lstat, since stat would follow the link that is to be refused.
        mode = file.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise _because(file, error) from None
    if stat.S_ISLNK(mode):
        raise CannotWrite(f"{file}: is a symbolic link, to {file.readlink()}; name the file itself")
    if not stat.S_ISREG(mode):
        raise CannotWrite(f"{file}: is {'a folder' if stat.S_ISDIR(mode) else 'not a regular file'}")


def _because(file: Path, error: OSError) -> CannotWrite:
    if not file.parent.exists():
        return CannotWrite(f"{file}: there is no folder {file.parent}")
    if not file.parent.is_dir():
        return CannotWrite(f"{file}: {file.parent} is not a folder")
    return CannotWrite(f"{file}: cannot be written: {error.strerror}")
