"""Waiting that ends with the server: for a request to come, or for the time that a fault takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress


class Waiting:
    """Who waits for something to happen; `is_open` tells whether anybody may."""

    def __init__(self) -> None:
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

    @asynccontextmanager
    async def at_most(self, seconds: float) -> AsyncIterator[None]:
        """Wait within the block for so long at most, or until `close`: then it ends where it waits, with no error."""
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds) as timeout:

                def end() -> None:
                    with suppress(RuntimeError):  # it has ended in the meantime
                        timeout.reschedule(loop.time())

                def wake() -> None:
                    with suppress(RuntimeError):  # the loop has ended, and who waited with it
                        loop.call_soon_threadsafe(end)

                self._wakers.append(wake)
                try:
                    # Looked at once `close` can wake: it may have come before.
                    if not self.is_open:
                        end()
                    yield
                finally:
                    self._wakers.remove(wake)
