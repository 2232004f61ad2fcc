"""Servers that write as fast as they are answered, and what became of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from showpad_mock.state.logs.protocol import ChangeSet, Unavailable
from showpad_mock.state.logs.redis import RedisLog

from .opened import opened

TENANTS = [f"tenant-{number}" for number in range(6)]
"""They lie on all three primaries of a cluster."""


class Load:
    """Two servers write to each tenant."""

    def __init__(self, url: str, padding: bytes) -> None:
        self.url = url
        self._padding = padding
        self.answered: dict[str, list[bytes]] = {tenant: [] for tenant in TENANTS}
        self._copies: list[tuple[RedisLog, str, list[bytes]]] = []
        self._is_over = False
        self._count = 0
        self._more = asyncio.Condition()

    async def wait_for_more(self, count: int) -> None:
        """Wait until so many more were answered for each tenant."""
        aims = {tenant: len(answered) + count for tenant, answered in self.answered.items()}
        async with self._more:
            await self._more.wait_for(lambda: all(len(self.answered[tenant]) >= aims[tenant] for tenant in TENANTS))

    async def write(self, log: RedisLog, tenant: str) -> None:
        """Append until told to end; what is not answered is asked again until its fate is known."""
        copy: list[bytes] = []
        while not self._is_over:
            self._count += 1
            change_set = ChangeSet(f"id-{self._count}", b"%d" % self._count + self._padding)
            while not await self._appended(log, tenant, len(copy), change_set):
                await self._catch_up(log, tenant, copy)
            copy.append(change_set.body)
            async with self._more:
                self.answered[tenant].append(change_set.body)
                self._more.notify_all()
        self._copies.append((log, tenant, copy))

    async def _appended(self, log: RedisLog, tenant: str, version: int, change_set: ChangeSet) -> bool:
        while True:
            try:
                return await log.append(tenant, version, [change_set])
            except Unavailable:
                continue

    async def _catch_up(self, log: RedisLog, tenant: str, copy: list[bytes]) -> None:
        try:
            news = await log.since(tenant, len(copy))
        except Unavailable:
            return
        copy[news.version :] = news.change_sets

    def end(self) -> None:
        """Let each server write no more than what it has begun."""
        self._is_over = True

    async def compare(self) -> None:
        """Hold that each server's copy, brought up to date, is what the log tells whoever begins."""
        for log, tenant, copy in self._copies:
            await self._catch_up(log, tenant, copy)
            assert copy == (await log.since(tenant, 0)).change_sets

    async def outcome(self) -> tuple[int, int]:
        """Return how many change sets that were answered are lost, and how many of all are there twice."""
        lost = twice = 0
        async with opened(self.url) as log:
            for tenant in TENANTS:
                there = Counter((await log.since(tenant, 0)).change_sets)
                lost += len(set(self.answered[tenant]) - there.keys())
                twice += sum(count - 1 for count in there.values())
        return lost, twice


@asynccontextmanager
async def under_load(url: str, *, padding: bytes = b"") -> AsyncIterator[Load]:
    """Write while the block runs, each body with a padding."""
    load = Load(url, padding)
    async with opened(url) as one, opened(url) as other:
        async with asyncio.TaskGroup() as writers:
            for tenant in TENANTS:
                for log in (one, other):
                    writers.create_task(load.write(log, tenant))
            yield load
            load.end()
        await load.compare()
