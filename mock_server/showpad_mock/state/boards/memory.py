"""A board in the memory of one process, for servers that reach it: each takes a `Seat`."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import islice

from ...core.journal import JOURNAL_BYTES, JOURNAL_ENTRIES, TENANT_ENTRIES
from ..logs.protocol import Unavailable
from . import protocol
from .protocol import Batch, Numbered, Page, Posted

Flush = Callable[[], Awaitable[None]]


class MemoryBoard:
    """What is on the board, and who has a seat; used in one loop. Numbers go on behind `last`."""

    def __init__(self, last: int = 0) -> None:
        self.decided: Counter[str] = Counter()
        self.dropped = 0
        self.flushes: dict[Seat, Flush] = {}
        self._entries: deque[Numbered] = deque()
        self._bytes = 0
        self._of_tenant: OrderedDict[str, deque[Numbered]] = OrderedDict()  # the first is the one longest quiet
        self._tenant_bytes = 0
        self._last = last
        self._came = asyncio.Event()

    def put(self, batch: Batch) -> None:
        """Number the entries of a batch and keep them within the caps."""
        for posted in batch.entries:
            self._put(posted)
        self.decided.update(batch.decided)
        self.dropped += batch.dropped
        came, self._came = self._came, asyncio.Event()
        came.set()

    async def came_after(self, number: int) -> None:
        """Wait for an entry numbered above `number`."""
        while self._last <= number:
            await self._came.wait()

    def page(self, since: int, tenant: str | None) -> Page:
        """Return entries as `Board.read` does."""
        first = self._last - len(self._entries) + 1  # the numbers have no gaps
        common = islice(self._entries, max(0, since + 1 - first), None)
        kept = self._of_tenant.get(tenant, ()) if tenant is not None else ()
        older = (entry for entry in kept if since < entry.number < first)
        return Page([*older, *common], self._last, self.dropped)

    def clear(self) -> None:
        """Drop every entry."""
        self._entries.clear()
        self._of_tenant.clear()
        self._bytes = self._tenant_bytes = self.dropped = 0

    def drop_tenant(self, tenant: str) -> None:
        """Drop what is kept for a tenant alone."""
        self._tenant_bytes -= sum(len(entry.body) for entry in self._of_tenant.pop(tenant, ()))

    def _put(self, posted: Posted) -> None:
        self._last += 1
        entry = Numbered(self._last, posted.body)
        self._entries.append(entry)
        self._bytes += len(entry.body)
        while len(self._entries) > JOURNAL_ENTRIES or self._bytes > JOURNAL_BYTES:
            self._bytes -= len(self._entries.popleft().body)
            self.dropped += 1
        if posted.tenant is not None:
            self._keep_for_tenant(posted.tenant, entry)

    def _keep_for_tenant(self, tenant: str, entry: Numbered) -> None:
        kept = self._of_tenant.setdefault(tenant, deque())
        self._of_tenant.move_to_end(tenant)
        kept.append(entry)
        self._tenant_bytes += len(entry.body)
        if len(kept) > TENANT_ENTRIES:
            self._tenant_bytes -= len(kept.popleft().body)
        while self._tenant_bytes > JOURNAL_BYTES and len(self._of_tenant) > 1:
            self.drop_tenant(next(iter(self._of_tenant)))


class Seat:
    """A server's place at a board in memory."""

    def __init__(self, board: MemoryBoard) -> None:
        self._board = board
        self._added = 0

    async def begin(self, flush: Flush) -> None:
        """Take the place."""
        self._board.flushes[self] = flush

    async def add(self, batch: Batch) -> None:
        """Add a batch, unless it is there."""
        if batch.number > self._added:
            self._added = batch.number
            self._board.put(batch)

    async def gather(self) -> None:
        """Let every server flush, this one first."""
        await self._board.flushes[self]()
        await asyncio.gather(*(_in_time(flush) for seat, flush in self._board.flushes.items() if seat is not self))

    async def read(self, since: int = 0, *, tenant: str | None = None) -> Page:
        """Return the entries numbered above `since`, and with a tenant its last ones, too."""
        return self._board.page(since, tenant)

    async def after(self, number: int) -> Page:
        """Return the entries numbered above `number` once there is one."""
        await self._board.came_after(number)
        return self._board.page(number, None)

    async def decided(self) -> Mapping[str, int]:
        """Return how often each rule has decided an answer."""
        return dict(self._board.decided)

    async def clear(self, tenant: str | None = None) -> None:
        """Drop every entry, or what is kept for a tenant alone."""
        if tenant is None:
            self._board.clear()
        else:
            self._board.drop_tenant(tenant)

    async def close(self) -> None:
        """Leave the place."""
        self._board.flushes.pop(self, None)


async def _in_time(flush: Flush) -> None:
    with suppress(TimeoutError, Unavailable):
        async with asyncio.timeout(protocol.GATHER_SECONDS):
            await flush()
