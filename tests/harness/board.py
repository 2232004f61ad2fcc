"""A board in lists: the plainest that keeps the protocol, with places where tests step in."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from showpad_mock.core.journal import JOURNAL_BYTES, JOURNAL_ENTRIES, TENANT_ENTRIES
from showpad_mock.state.boards import protocol
from showpad_mock.state.boards.protocol import Batch, Numbered, Page
from showpad_mock.state.logs.protocol import Unavailable

Flush = Callable[[], Awaitable[None]]


class ListBoard:
    """Keeps all in memory, for several servers of one test; each takes a `Seat`."""

    def __init__(self) -> None:
        self.entries: deque[Numbered] = deque()
        self.of: OrderedDict[str, deque[Numbered]] = OrderedDict()
        self.counts: Counter[str] = Counter()
        self.last = 0
        self.dropped = 0
        self.flushes: dict[Seat, Flush] = {}
        self.came = asyncio.Condition()
        self.calls: Counter[str] = Counter()
        self.before: Callable[[str], Awaitable[None] | None] = lambda _: None
        """Called with each call's name; may raise or wait."""

    async def call(self, name: str) -> None:
        """Count a call; it lets others go on first, as a wire does."""
        self.calls[name] += 1
        await asyncio.sleep(0)
        if (waiting := self.before(name)) is not None:
            await waiting

    def put(self, tenant: str | None, body: bytes) -> None:
        """Number an entry and keep it, within the caps."""
        self.last += 1
        entry = Numbered(self.last, body)
        self.entries.append(entry)
        while len(self.entries) > JOURNAL_ENTRIES or _size(self.entries) > JOURNAL_BYTES:
            self.entries.popleft()
            self.dropped += 1
        if tenant is not None:
            self.of.setdefault(tenant, deque(maxlen=TENANT_ENTRIES)).append(entry)
            self.of.move_to_end(tenant)
            while sum(map(_size, self.of.values())) > JOURNAL_BYTES and len(self.of) > 1:
                self.of.popitem(last=False)


def _size(entries: deque[Numbered]) -> int:
    return sum(len(entry.body) for entry in entries)


class Seat:
    """A server's place at a board of lists."""

    def __init__(self, board: ListBoard) -> None:
        self._board = board
        self._added = 0

    async def begin(self, flush: Flush) -> None:
        await self._board.call("begin")
        self._board.flushes[self] = flush

    async def add(self, batch: Batch) -> None:
        await self._board.call("add")
        if batch.number <= self._added:
            return
        self._added = batch.number
        for tenant, body in batch.entries:
            self._board.put(tenant, body)
        self._board.counts.update(batch.decided)
        self._board.dropped += batch.dropped
        async with self._board.came:
            self._board.came.notify_all()

    async def gather(self) -> None:
        await self._board.call("gather")
        await self._board.flushes[self]()
        others = [flush for seat, flush in self._board.flushes.items() if seat is not self]
        await asyncio.gather(*map(_flush_in_time, others))

    async def read(self, since: int = 0, *, tenant: str | None = None) -> Page:
        await self._board.call("read")
        kept = {*self._board.entries, *(self._board.of.get(tenant, ()) if tenant is not None else ())}
        entries = sorted(entry for entry in kept if entry.number > since)
        return Page(entries, self._board.last, self._board.dropped)

    async def after(self, number: int) -> Page:
        await self._board.call("after")
        async with self._board.came:
            await self._board.came.wait_for(lambda: self._board.last > number)
        return await self.read(number)

    async def decided(self) -> Mapping[str, int]:
        await self._board.call("decided")
        return dict(self._board.counts)

    async def clear(self, tenant: str | None = None) -> None:
        await self._board.call("clear")
        if tenant is not None:
            self._board.of.pop(tenant, None)
            return
        self._board.entries.clear()
        self._board.of.clear()
        self._board.dropped = 0

    async def close(self) -> None:
        self._board.flushes.pop(self, None)


async def _flush_in_time(flush: Flush) -> None:
    with suppress(TimeoutError, Unavailable):
        async with asyncio.timeout(protocol.GATHER_SECONDS):
            await flush()
