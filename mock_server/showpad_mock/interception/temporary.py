"""Folders for files that outlive no process: each is held while it is used; what a killed one left the next sweeps."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

PREFIX = "run-"


@contextmanager
def temporary_folder(runs: Path) -> Iterator[Path]:
    """Open a folder in `runs` until the end of the block, and remove those that nobody holds any more."""
    runs.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Whoever sweeps waits until a new folder is held.
    with _Held(runs) as all_runs:
        all_runs.wait()
        _sweep(runs)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=runs))
        held = _Held(folder)
        held.take()
    with closing(held):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(runs: Path) -> None:
    for folder in runs.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError), _Held(folder) as left:
            if left.take():
                shutil.rmtree(folder, ignore_errors=True)


class _Held:
    """A folder under a lock, which the system lets go of with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder, os.O_RDONLY) if sys.platform != "win32" else -1

    def take(self) -> bool:
        """Take the lock; return whether it was free."""
        if sys.platform == "win32":  # a folder cannot be locked there: what was killed leaves its files
            return False
        import fcntl

        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # somebody's, or the file system knows no locks: then nothing is swept
            return False
        return True

    def wait(self) -> None:
        """Take the lock once it is free."""
        if sys.platform != "win32":
            import fcntl

            with suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def close(self) -> None:
        """Let go of it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)

    def __enter__(self) -> _Held:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
