"""A board for servers of one machine that share a file: one of them has it in memory, the others reach it by a socket.

Beside FILE stands `FILE-board`, the socket of whoever came first; whoever may write FILE may connect. When that server
ends, another takes its place with an empty board; one after the other, by `FILE-board-lock`, looks whether it is first.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from ..logs.protocol import Unavailable
from .calls import Calls
from .memory import MemoryBoard, Seat
from .protocol import Batch, Board, Page
from .remote import RemoteBoard, show

SECONDS = 5.0
"""How long the server that has the board may take to answer; it may have been stopped."""
LOCK_SECONDS, LOCK_PAUSE = 2.0, 0.01
"""How long the lock, which others hold for a moment, is tried, and how often."""
MOST_UNSENT = 4 * 1024 * 1024
"""Bytes that may wait for the other end: beyond these nothing is asked of it until it reads."""
LONGEST_PATH = 100
"""Bytes of a socket's path that every system takes."""
HEAD_BYTES = 4


class LocalBoard:
    """A place at the board beside a file; taken anew when it is lost."""

    def __init__(self, file: Path) -> None:
        self._file = file.resolve()
        self._path = self._file.with_name(f"{self._file.name}-board")
        self._flush: Callable[[], Awaitable[None]] | None = None
        self._place: Board | None = None
        self._taking = asyncio.Lock()
        self._last = 0
        self._lines: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None

    async def begin(self, flush: Callable[[], Awaitable[None]]) -> None:
        """Take a place."""
        self._flush = flush
        async with self._at_the_board():
            pass

    async def add(self, batch: Batch) -> None:
        """Add a batch."""
        async with self._at_the_board() as board:
            await board.add(batch)

    async def gather(self) -> None:
        """Let every server flush."""
        async with self._at_the_board() as board:
            await board.gather()

    async def read(self, since: int = 0, *, tenant: str | None = None) -> Page:
        """Return the entries numbered above `since`, and with a tenant its last ones, too."""
        async with self._at_the_board() as board:
            return self._seen(await board.read(since, tenant=tenant))

    async def after(self, number: int) -> Page:
        """Return the entries numbered above `number` once there is one."""
        async with self._at_the_board() as board:
            pass
        return self._seen(await board.after(number))

    async def decided(self) -> Mapping[str, int]:
        """Return how often each rule has decided an answer."""
        async with self._at_the_board() as board:
            return await board.decided()

    async def clear(self, tenant: str | None = None) -> None:
        """Drop every entry, or what is kept for a tenant alone."""
        async with self._at_the_board() as board:
            await board.clear(tenant)

    async def close(self) -> None:
        """Leave; who is still at the board finds another."""
        async with self._taking:  # a place that is being taken is left as well
            self._flush, place, self._place = None, self._place, None
        if place is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS):
                    await place.close()
        if self._server is not None:  # before it closes, since until then nobody else puts a socket there
            await _leave(self._path, self._file)
        while lines := dict(self._lines):
            for task in lines:
                task.cancel()
            await asyncio.gather(*lines, return_exceptions=True)
            for writer in lines.values():  # of one that had not even begun, too
                await _closed(writer)
        if self._server is not None:
            self._server.close()

    def _seen(self, page: Page) -> Page:
        self._last = max(self._last, page.last)
        return page

    @asynccontextmanager
    async def _at_the_board(self) -> AsyncIterator[Board]:
        """Return the place, taken if it is not; raises Unavailable where nobody answers there in time."""
        try:
            async with asyncio.timeout(SECONDS):
                async with self._taking:
                    self._place = self._place or await self._taken()
                yield self._place
        except TimeoutError:
            raise Unavailable(f"{self._path}: the server that has the board does not answer") from None

    async def _taken(self) -> Board:
        if self._flush is None:
            raise Unavailable(f"{self._path}: this server has left the board")
        try:
            async with _turn(self._path, self._file):
                found, is_first = _find(self._path, self._file)
            place = await (self._as_first(found) if is_first else self._as_another(found))
        except OSError as error:
            raise Unavailable(f"{self._path}: {error.strerror or error}") from None
        await place.begin(self._flush)
        return place

    async def _as_first(self, listener: socket.socket) -> Board:
        # Numbers go on, as far as this server has seen them, so that who asks since one misses nothing.
        board = MemoryBoard(self._last)

        async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seat = Seat(board)
            calls = _calls(writer)
            show(seat, calls)
            try:
                await _hear(reader, calls)
            finally:
                await seat.close()
                writer.close()

        def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._hold(writer, welcome(reader, writer))

        self._server = await asyncio.start_unix_server(come, sock=listener)
        return Seat(board)

    async def _as_another(self, connected: socket.socket) -> Board:
        reader, writer = await asyncio.open_unix_connection(sock=connected)
        calls = _calls(writer)

        async def hear() -> None:
            try:
                await _hear(reader, calls)
            finally:
                self._place = None
                writer.close()
            with suppress(Unavailable):  # at once, so that others find what is answered here; or else when it is needed
                async with self._at_the_board():
                    pass

        self._hold(writer, hear())
        return RemoteBoard(calls, _nothing)

    def _hold(self, writer: asyncio.StreamWriter, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._lines[task] = writer
        task.add_done_callback(self._lines.pop)


async def _nothing() -> None:
    """Be connected already."""


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()  # closing would wait until the other end, which may have been stopped, reads what is left
    with suppress(OSError):
        await writer.wait_closed()


def _calls(writer: asyncio.StreamWriter) -> Calls:
    return Calls(partial(_send, writer), lambda: writer.transport.get_write_buffer_size() > MOST_UNSENT)


def _send(writer: asyncio.StreamWriter, message: bytes) -> None:
    if not writer.is_closing():
        writer.write(len(message).to_bytes(HEAD_BYTES) + message)


async def _hear(reader: asyncio.StreamReader, calls: Calls) -> None:
    """Take messages until the other end is gone."""
    try:
        while True:
            size = int.from_bytes(await reader.readexactly(HEAD_BYTES))
            calls.receive(await reader.readexactly(size))
    except (asyncio.IncompleteReadError, OSError):
        pass
    finally:
        calls.lose()


# None of this waits: a thread, which no time-out ends, would go on with what it does when nobody has its turn.
def _find(path: Path, file: Path) -> tuple[socket.socket, bool]:
    """Return a socket that is connected to the server at a path, or one that listens there for others, and which."""
    if path.exists() and not path.is_socket():
        raise OSError(0, "is there and is no socket")
    found = socket.socket(socket.AF_UNIX)
    with _short(path) as name:
        try:
            found.settimeout(0)
            found.connect(name)
        except (ConnectionRefusedError, FileNotFoundError):
            found.close()
            path.unlink(missing_ok=True)  # of a server that was killed
            return _listening(name, file), True
        except BaseException as error:
            found.close()
            if isinstance(error, BlockingIOError):  # as many wait as the system lets wait
                raise OSError(0, "the server that has the board takes in nobody") from None
            raise
    return found, False


def _listening(name: str, file: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(name)
        Path(name).chmod(file.stat().st_mode & 0o666)
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener


async def _leave(path: Path, file: Path) -> None:
    """Remove a socket at which this server listens."""
    with suppress(OSError, Unavailable):  # what stays behind is as of a server that was killed
        async with _turn(path, file):
            path.unlink()


@asynccontextmanager
async def _turn(path: Path, file: Path) -> AsyncIterator[None]:
    """Let one server after the other look who is there; raises Unavailable where it does not come to be its turn."""
    lock = path.with_name(f"{path.name}-lock")
    try:
        opened = _open(lock, file)
    except OSError as error:
        raise Unavailable(f"{lock}: {error.strerror}") from None
    try:
        try:
            async with asyncio.timeout(LOCK_SECONDS):
                while not _is_locked(opened):
                    await asyncio.sleep(LOCK_PAUSE)  # the system tells nobody who waits without blocking
        except TimeoutError:
            raise Unavailable(f"{lock}: is locked by another process, expected for a moment only") from None
        yield
    finally:
        os.close(opened)


def _open(lock: Path, file: Path) -> int:
    """Open a lock, which is for whoever may write the file and nobody else."""
    opened = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if os.fstat(opened).st_uid == os.geteuid():
        writers = file.stat().st_mode & 0o222
        os.fchmod(opened, writers | writers << 1)
    return opened


def _is_locked(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """Yield a path's name, or one by a link where it is longer than that of a socket may be."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield str(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder, "to")
        link.symlink_to(path.parent, target_is_directory=True)
        yield str(link / path.name)
