"""A log of change sets in a list: the plainest that keeps the protocol, with places where tests step in."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from showpad_mock.state.logs.protocol import ChangeSet, News


@dataclass
class Versions:
    """A tenant's log: its change sets, and the snapshot that stands for the first ones."""

    change_sets: list[ChangeSet] = field(default_factory=list)
    snapshot: bytes | None = None
    snapshot_version: int = 0


class ListLog:
    """Keeps all in memory, for several servers of one test. Each call lets others go on first, as a wire does.

    `before` and `after` are called with each call's name, and may raise or wait; `calls` counts them.
    """

    is_shared = True

    def __init__(self) -> None:
        self.of: dict[str, Versions] = {}
        self.blobs: dict[str, bytes] = {}
        self.servers = 0
        self.calls: Counter[str] = Counter()
        self.before: Callable[[str], Awaitable[None] | None] = lambda _: None
        self.after: Callable[[str], Awaitable[None] | None] = lambda _: None

    async def _call(self, name: str) -> None:
        self.calls[name] += 1
        await asyncio.sleep(0)
        if (waiting := self.before(name)) is not None:
            await waiting

    async def _end(self, name: str) -> None:
        if (waiting := self.after(name)) is not None:
            await waiting

    async def begin(self) -> int:
        await self._call("begin")
        self.servers += 1
        return self.servers - 1

    async def tenants(self) -> list[str]:
        await self._call("tenants")
        return sorted(name for name, versions in self.of.items() if versions.change_sets[-1].body)

    async def since(self, tenant: str, version: int) -> News:
        await self._call("since")
        versions = self.of.get(tenant, Versions())
        if version < versions.snapshot_version:
            rest = versions.change_sets[versions.snapshot_version :]
            news = News(versions.snapshot_version, versions.snapshot, [one.body for one in rest])
        else:
            news = News(version, None, [one.body for one in versions.change_sets[version:]])
        await self._end("since")
        return news

    async def append(self, tenant: str, expected: int, change_sets: Sequence[ChangeSet]) -> bool:
        await self._call("append")
        known = self.of.setdefault(tenant, Versions()).change_sets
        is_next = len(known) == expected
        if is_next:
            known += change_sets
        there = [one.id for one in known[expected : expected + len(change_sets)]]
        await self._end("append")
        return there == [one.id for one in change_sets]

    async def snapshot(self, tenant: str, version: int, body: bytes) -> None:
        await self._call("snapshot")
        versions = self.of[tenant]
        if version > versions.snapshot_version:
            versions.snapshot, versions.snapshot_version = body, version

    async def keep(self, name: str, body: bytes) -> None:
        await self._call("keep")
        self.blobs.setdefault(name, body)

    async def kept(self, name: str) -> bytes | None:
        await self._call("kept")
        return self.blobs.get(name)

    async def close(self) -> None:
        await self._call("close")
