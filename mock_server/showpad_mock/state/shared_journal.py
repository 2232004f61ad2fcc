"""The journal of all servers that share a log: what this one answers goes to a board, behind the answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

from ..core.journal import Entry, Journal
from .boards.packing import packed, unpacked
from .boards.protocol import Batch, Board, Page, Posted
from .commits import STATE_UNAVAILABLE
from .logs.protocol import Unavailable

BATCH_ENTRIES, BATCH_BYTES = 500, 1024 * 1024
"""Where a batch ends, so that no large one holds up others."""
# What comes within the first goes in one batch; after the second a board that was away is tried again.
DELAY, PAUSE = 0.025, 0.2
END_SECONDS = 1.0


class Read(NamedTuple):
    """Entries, oldest first; the number of the last one there ever was; how many had to make room."""

    entries: Iterator[Entry]
    last: int
    dropped: int


class SharedJournal:
    """What all servers answered. Every method that reads or clears first lets every server add what it has answered.

    What is to be added waits in this server's own journal; where that has no room, the oldest are dropped and counted.
    """

    def __init__(self, journal: Journal, decided: Counter[str], board: Board) -> None:
        self._journal = journal
        self._decided = decided
        self._board = board
        self._taken = 0  # the number, in this server's journal, of the last entry that is in a batch
        self._counted: Counter[str] = Counter()
        self._batches = 0
        self._batch: Batch | None = None
        self._adding = asyncio.Lock()
        self._has_news = asyncio.Event()
        self._adder: asyncio.Task[None] | None = None
        self._unlisten: Callable[[], None] = lambda: None

    async def begin(self) -> None:
        """Begin to add what is answered; raises Unavailable."""
        await self._board.begin(self.flush)
        loop, has_news = asyncio.get_running_loop(), self._has_news

        def note(_: Entry) -> None:
            # In whichever thread answered. Most answers find it set, and cost nothing more.
            if not has_news.is_set():
                loop.call_soon_threadsafe(has_news.set)

        self._unlisten = self._journal.listen(note)
        self._adder = asyncio.create_task(self._add_behind_answers())

    async def end(self) -> None:
        """Add what there is, if that is possible, and leave the board."""
        self._unlisten()
        if self._adder is not None:
            self._adder.cancel()
            with suppress(asyncio.CancelledError):
                await self._adder
        with suppress(Unavailable, TimeoutError):
            async with asyncio.timeout(END_SECONDS):
                await self.flush()
        await self._board.close()

    async def flush(self) -> None:
        """Add all that was answered by now; raises Unavailable."""
        until = self._journal.last
        async with self._adding:
            while self._batch is not None or self._taken < until:
                # Kept until it is known to be there: one that may be there already is added again as it was.
                self._batch = self._batch or self._next_batch()
                await self._board.add(self._batch)
                self._batch = None

    async def read(self, since: int, *, tenant: str | None = None) -> Read:
        """Return the entries numbered above `since`, and with a tenant its last ones, too."""
        with _refusing():
            await self._board.gather()
            return _read(await self._board.read(since, tenant=tenant))

    async def after(self, number: int) -> Read:
        """Return the entries numbered above `number`, once there is one."""
        with _refusing():
            return _read(await self._board.after(number))

    async def decided(self) -> Mapping[str, int]:
        """Return how often each rule has decided an answer."""
        with _refusing():
            await self._board.gather()
            return await self._board.decided()

    async def clear(self, tenant: str | None = None) -> None:
        """Drop every entry, or what is kept for a tenant alone; numbers go on counting."""
        with _refusing():
            await self._board.gather()
            await self._board.clear(tenant)

    async def _add_behind_answers(self) -> None:
        while True:
            await self._has_news.wait()
            await asyncio.sleep(DELAY)
            self._has_news.clear()
            try:
                await self.flush()
            except Unavailable:
                self._has_news.set()
                await asyncio.sleep(PAUSE)

    def _next_batch(self) -> Batch:
        entries: list[Posted] = []
        size, before, taken = 0, self._taken, self._journal.last
        for entry in self._journal.read(since=before):
            if not entries:
                before = entry.number - 1
            entries.append(Posted(entry.tenant, packed(entry)))
            size += len(entries[-1].body)
            if len(entries) == BATCH_ENTRIES or size >= BATCH_BYTES:
                break
        dropped = before - self._taken
        self._taken = before + len(entries) if entries else taken
        decided = self._decided - self._counted
        self._counted += decided
        self._batches += 1
        return Batch(self._batches, entries, decided, dropped)


def _read(page: Page) -> Read:
    return Read((unpacked(*entry) for entry in page.entries), page.last, page.dropped)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Unavailable as error:
        raise STATE_UNAVAILABLE.error(why=error) from None
