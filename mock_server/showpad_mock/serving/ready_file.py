"""The ready file: there while a server answers, with the origin at which it does."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from .files import check_writable, write_whole


class ReadyFile:
    """A file that tells others where a server answers. One that a former server left is removed at once.

    Raises CannotWrite, from the beginning on where that can be known.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._written: bytes | None = None
        check_writable(file)
        # At once: who waits for the file must not be sent to a server that is gone.
        file.unlink(missing_ok=True)

    def write(self, origin: str) -> None:
        """Write the origin, now that the server answers there."""
        told = f"{origin}\n".encode()
        write_whole(self._file, [told])
        self._written = told

    def remove(self) -> None:
        """Remove the file, unless another server has written it since."""
        with suppress(OSError):
            if self._file.read_bytes() == self._written:
                self._file.unlink()
