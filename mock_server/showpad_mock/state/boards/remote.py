"""A board in another process of the same program, by calls to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from ..logs.protocol import Unavailable
from .calls import Calls
from .protocol import Batch, Board, Numbered, Page, Posted


class RemoteBoard:
    """A place at the board that the other end of `calls` shows (`show`); `connect` is awaited first."""

    def __init__(self, calls: Calls, connect: Callable[[], Awaitable[None]]) -> None:
        self._calls = calls
        self._connect = connect

    async def begin(self, flush: Callable[[], Awaitable[None]]) -> None:
        """Take the place."""
        await self._connect()
        self._calls.methods["flush"] = flush
        await self._calls.call("begin")

    async def add(self, batch: Batch) -> None:
        """Add a batch."""
        entries = [tuple(posted) for posted in batch.entries]
        await self._calls.call("add", batch.number, entries, dict(batch.decided), batch.dropped)

    async def gather(self) -> None:
        """Let every server flush."""
        await self._calls.call("gather")

    async def read(self, since: int = 0, *, tenant: str | None = None) -> Page:
        """Return the entries numbered above `since`, and with a tenant its last ones, too."""
        return _page(*await self._calls.call("read", since, tenant))

    async def after(self, number: int) -> Page:
        """Return the entries numbered above `number` once there is one."""
        return _page(*await self._calls.call("after", number))

    async def decided(self) -> Mapping[str, int]:
        """Return how often each rule has decided an answer."""
        told: Mapping[str, int] = await self._calls.call("decided")
        return told

    async def clear(self, tenant: str | None = None) -> None:
        """Drop every entry, or what is kept for a tenant alone."""
        await self._calls.call("clear", tenant)

    async def close(self) -> None:
        """Leave the place."""
        with suppress(Unavailable):  # so it has left
            await self._calls.call("close")


def show(board: Board, calls: Calls) -> None:
    """Let the other end of `calls` use a place at a board."""

    async def flush() -> None:
        await calls.call("flush")

    async def add(number: int, entries: list[tuple[str | None, bytes]], *rest: Any) -> None:
        await board.add(Batch(number, [Posted(*entry) for entry in entries], *rest))

    async def read(since: int, tenant: str | None) -> tuple[Any, ...]:
        return _plain(await board.read(since, tenant=tenant))

    async def after(number: int) -> tuple[Any, ...]:
        return _plain(await board.after(number))

    async def decided() -> dict[str, int]:
        return dict(await board.decided())

    calls.methods |= {
        "begin": lambda: board.begin(flush),
        "add": add,
        "gather": board.gather,
        "read": read,
        "after": after,
        "decided": decided,
        "clear": board.clear,
        "close": board.close,
    }


def _page(entries: list[tuple[int, bytes]], last: int, dropped: int) -> Page:
    return Page([Numbered(*entry) for entry in entries], last, dropped)


def _plain(page: Page) -> tuple[Any, ...]:
    return [tuple(entry) for entry in page.entries], page.last, page.dropped
