"""The ready file: there while a server answers, with the origin at which it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .files import check_writable, write_whole
from .listeners import Addresses


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

    def write(self, addresses: Addresses) -> None:
        """Write the origin, now that the server answers there; then those of TLS and the proxy, where there are."""
        told = "".join(f"{one}\n" for one in _lines(addresses)).encode()
        write_whole(self._file, [told])
        self._written = told

    def remove(self) -> None:
        """Remove the file, unless another server has written it since."""
        with suppress(OSError):
            if self._file.read_bytes() == self._written:
                self._file.unlink()


def _lines(addresses: Addresses) -> Iterator[str]:
    yield addresses.http
    if addresses.tls is not None:
        yield addresses.tls
    if addresses.proxy is not None:
        yield f"proxy {addresses.proxy}"
