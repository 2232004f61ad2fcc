"""Which tenants something may be left to do for: kept in the log, for a server that begins or outlives another."""

from __future__ import annotations

import asyncio
from itertools import count

from .logs.protocol import ChangeLog, ChangeSet

NAME = "_marked"
"""Where it lies among the tenants, none of which can have this name."""
SNAPSHOT_BEHIND = 200


class Marks:
    """The names that are marked. Every method raises Unavailable; `life` is in the ids of change sets."""

    def __init__(self, log: ChangeLog, life: str) -> None:
        self._log = log
        self._life = life
        self._numbers = count(1)
        self._version = self._behind = 0
        self._names: set[str] = set()
        self._changing = asyncio.Lock()

    async def names(self) -> set[str]:
        """Return what is marked, by whichever server."""
        async with self._changing:
            await self._catch_up()
            return set(self._names)

    async def add(self, name: str) -> None:
        """Mark a tenant, which is kept before this returns."""
        # While a change is under way, a name that is known may be about to go.
        if name not in self._names or self._changing.locked():
            await self._change(name, b"+")

    async def remove(self, name: str) -> None:
        """Take a tenant's mark away."""
        if name in self._names:
            await self._change(name, b"-")

    async def _change(self, name: str, sign: bytes) -> None:
        async with self._changing:
            while (name in self._names) is (sign == b"-"):
                change_set = ChangeSet(f"{self._life}-mark-{next(self._numbers)}", sign + name.encode())
                if await self._log.append(NAME, self._version, [change_set]):
                    self._version += 1
                    self._take(change_set.body)
                else:
                    await self._catch_up()
            if self._behind > SNAPSHOT_BEHIND:
                await self._log.snapshot(NAME, self._version, " ".join(["", *sorted(self._names)]).encode() or b" ")
                self._behind = 0

    async def _catch_up(self) -> None:
        news = await self._log.since(NAME, self._version)
        if news.snapshot is not None:
            self._names, self._behind = set(news.snapshot.decode().split()), 0
        for body in news.change_sets:
            self._take(body)
        self._version = news.version + len(news.change_sets)

    def _take(self, body: bytes) -> None:
        self._behind += 1
        change, name = body[:1], body[1:].decode()
        if change == b"+":
            self._names.add(name)
        else:
            self._names.discard(name)
