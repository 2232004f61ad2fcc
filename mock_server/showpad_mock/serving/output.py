"""Lines to a stream that may stop taking them: a pipe that is full or closed, a full disk. Nobody waits for it.

A thread writes them. While the stream takes none, PENDING_BYTES of lines wait; what comes then is lost, and so is what
the stream refuses. Each lost line is counted, and told among the lines as soon as the stream takes some again.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable, Iterator
from threading import Condition, Event, Thread
from typing import NamedTuple, Protocol

PENDING_BYTES = 1024 * 1024
CHUNK_BYTES = 4096
"""How much is written at once. A full pipe takes so much whole or not at all, so that what is lost can be counted."""
PAUSE_SECONDS = 0.02
"""What comes so soon after a line is written with what follows: to wake the thread for each costs half an answer."""
LAST_SECONDS = 0.5
"""How long a stream has at the end to take what waits."""


class Stream(Protocol):
    """An unbuffered stream: what a buffer holds at the end would keep the program from ending."""

    def write(self, data: bytes, /) -> int | None:
        """Take some of the data and return how much; None if a non-blocking stream has no room."""

    def fileno(self) -> int:
        """Return the file descriptor."""


class _Line(NamedTuple):
    """A line, and how many lines are lost with it: itself, or those that it tells of."""

    data: bytes
    lines: int


class LineWriter:
    """Writes lines to a stream without ever waiting for it; safe to use from any thread.

    What an encoding lacks is escaped. `tell_lost` makes the line that tells how many lines were lost before it.
    """

    def __init__(self, stream: Stream, encoding: str, tell_lost: Callable[[int], str]) -> None:
        self._stream = stream
        self._encoding = encoding
        self._tell_lost = tell_lost
        self._pending: list[_Line] = []
        self._size = 0
        self._unprinted = 0
        self._skipped = 0
        self._refused = 0
        self._is_midline = False
        self._is_idle = False
        self._closing = Event()
        self._changed = Condition()
        # A daemon: at the end it may be blocked for good.
        self._thread = Thread(target=self._run, name="showpad-mock-output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Write a line, or several that belong together; lose them if there is no room."""
        line = _Line(self._encoded(text), text.count("\n") + 1)
        with self._changed:
            self._unprinted += line.lines
            # Once lines are lost, they are until half of the room is free: one gap is told better than a hundred.
            room = PENDING_BYTES // 2 if self._skipped else PENDING_BYTES
            if self._size + len(line.data) > room:
                self._skipped += line.lines
                return
            self._tell_skipped()
            self._append(line)

    def close(self, seconds: float = LAST_SECONDS) -> int:
        """Write what the stream still takes in time; return how many lines were neither printed nor told of."""
        with self._changed:
            self._tell_skipped()
            self._closing.set()
            self._changed.notify()
        self._thread.join(seconds)
        with self._changed:
            return self._unprinted

    def _encoded(self, text: str) -> bytes:
        return (text + "\n").encode(self._encoding, "backslashreplace")

    def _tell_skipped(self) -> None:
        if self._skipped:
            self._append(_Line(self._encoded(self._tell_lost(self._skipped)), self._skipped))
            self._skipped = 0

    def _append(self, line: _Line) -> None:
        self._pending.append(line)
        self._size += len(line.data)
        if self._is_idle:
            self._is_idle = False
            self._changed.notify()

    def _run(self) -> None:
        while lines := self._next():
            for chunk in _chunks(lines):
                self._print(chunk)
            # Not a sleep: at the end nobody waits out the pause.
            self._closing.wait(PAUSE_SECONDS)
        # One more try at the end, to tell what was lost.
        if self._refused:
            self._print([])

    def _next(self) -> list[_Line]:
        with self._changed:
            self._is_idle = not self._pending
            self._changed.wait_for(lambda: self._pending or self._closing.is_set())
            lines, self._pending = self._pending, []
            return lines

    def _print(self, lines: list[_Line]) -> None:
        size = sum(len(line.data) for line in lines)
        if self._refused:
            # The stream took half a line: what is told must not go on from there.
            start = b"\n" if self._is_midline else b""
            lines = [_Line(start + self._encoded(self._tell_lost(self._refused)), self._refused), *lines]
        data = b"".join(line.data for line in lines)
        written = self._write(data)
        if written:
            self._is_midline = not data.endswith(b"\n", 0, written)
        whole = sum(line.lines for line in _within(lines, written))
        with self._changed:
            self._size -= size
            self._unprinted -= whole
        self._refused = sum(line.lines for line in lines) - whole

    def _write(self, data: bytes) -> int:
        """Write as much as the stream takes; return how much that was."""
        written = 0
        try:
            while written < len(data):
                count = self._stream.write(data[written:])
                if count is None:  # whoever else has this stream made it non-blocking
                    select.select((), (self._stream.fileno(),), ())
                written += count or 0
        except (OSError, ValueError):  # nobody reads any more, the disk is full, the stream is closed
            pass
        return written


def _chunks(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Yield whole lines, CHUNK_BYTES of them at a time at most; a longer line alone."""
    chunk: list[_Line] = []
    size = 0
    for line in lines:
        if chunk and size + len(line.data) > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(line)
        size += len(line.data)
    if chunk:
        yield chunk


def _within(lines: Iterable[_Line], size: int) -> Iterator[_Line]:
    """Yield the lines that lie whole within the first `size` bytes."""
    for line in lines:
        size -= len(line.data)
        if size < 0:
            return
        yield line
