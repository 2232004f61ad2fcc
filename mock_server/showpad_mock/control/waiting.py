"""Waiting for a request to come, as `GET /__admin/requests?wait=` does."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from ..core.journal import Entry, Journal


class Waiting:
    """Who waits for an entry of the journal; `is_open` tells whether anybody may."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._wakers: list[Callable[[], None]] = []
        self.is_open = True

    def open(self) -> None:
        """Let requests wait, after a `close`."""
        self.is_open = True

    def close(self) -> None:
        """Wake who waits, now and from now on; may be called from any thread or signal handler, so takes no lock."""
        self.is_open = False
        for wake in tuple(self._wakers):
            wake()

    @contextmanager
    def entries(self, fits: Callable[[Entry], bool], limit: int) -> Iterator[tuple[asyncio.Event, deque[Entry]]]:
        """Return an event that is set when an entry fits, or on `close`, and the last that did; none is missed."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        came: deque[Entry] = deque(maxlen=limit)

        def wake() -> None:
            with suppress(RuntimeError):  # the loop has ended, and who waited with it
                loop.call_soon_threadsafe(woken.set)

        def take(entry: Entry) -> None:
            if fits(entry):
                came.append(entry)
                wake()

        unlisten = self._journal.listen(take)
        self._wakers.append(wake)
        try:
            yield woken, came
        finally:
            self._wakers.remove(wake)
            unlisten()
