"""Which tenants something may be left to do for: kept in the log, for a server that begins or outlives another.

A tenant is marked before a change that leaves something to do for it is kept. Its mark is taken away in two steps:
first a version of the tenant is made in which nothing is left, then the mark goes, unless it was made anew since it was
looked at. Whoever was about to keep something on the version before runs again, sees that, and marks the tenant anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from .logs.protocol import ChangeLog, ChangeSet, Unavailable

NAME = "_marked"
"""Where it lies among the tenants, none of which can have this name."""
SNAPSHOT_BEHIND = 200


@dataclass(eq=False, slots=True)
class _Change:
    """A mark to make; with `made_at` one to take away, unless it was made anew since that version."""

    name: str
    made_at: int | None = None

    @property
    def body(self) -> bytes:
        return (b"+" if self.made_at is None else b"-") + self.name.encode()


class Marks:
    """The names that are marked. Every method raises Unavailable; `life` is in the ids of change sets."""

    def __init__(self, log: ChangeLog, life: str) -> None:
        self._log = log
        self._life = life
        self._numbers = count(1)
        self._version = self._behind = 0
        self._made_at: dict[str, int] = {}
        self._asked: list[_Change] = []
        self._changing = asyncio.Lock()

    async def names(self) -> dict[str, int]:
        """Return what is marked, by whichever server, each with the version that `remove` is told."""
        async with self._changing:
            await self._catch_up()
            return dict(self._made_at)

    async def add(self, name: str) -> None:
        """Mark a tenant, which is kept before this returns: anew where it is marked, so that no removal takes it."""
        await self._change(_Change(name))

    async def remove(self, name: str, made_at: int) -> None:
        """Take a tenant's mark away, unless it was made anew since `made_at`."""
        await self._change(_Change(name, made_at))

    async def _change(self, change: _Change) -> None:
        """Let a change be kept, all those with it that wait meanwhile."""
        self._asked.append(change)
        async with self._changing:
            if change not in self._asked:  # the one before did it for all
                return
            asked, self._asked = self._asked, []
            try:
                await self._keep(asked)
            except BaseException:
                self._asked += [one for one in asked if one is not change]  # each tries for itself
                raise

    async def _keep(self, asked: Iterable[_Change]) -> None:
        while bodies := [one.body for one in self._due(asked)]:
            change_sets = [ChangeSet(f"{self._life}-mark-{next(self._numbers)}", body) for body in bodies]
            if await self._log.append(NAME, self._version, change_sets):
                for body in bodies:
                    self._take(body)
                break
            await self._catch_up()
        if self._behind > max(SNAPSHOT_BEHIND, len(self._made_at)):
            self._behind = 0
            with suppress(Unavailable):  # what was asked for is kept
                # Also of none not empty, which would be a tenant that is gone.
                await self._log.snapshot(NAME, self._version, f" {' '.join(sorted(self._made_at))}".encode())

    def _due(self, asked: Iterable[_Change]) -> Iterator[_Change]:
        added = set()
        for one in asked:
            if one.made_at is None:
                added.add(one.name)
                yield one
            elif one.name not in added and self._made_at.get(one.name) == one.made_at:
                yield one

    async def _catch_up(self) -> None:
        news = await self._log.since(NAME, self._version)
        self._version = news.version
        if news.snapshot is not None:
            self._made_at, self._behind = dict.fromkeys(news.snapshot.decode().split(), news.version), 0
        for body in news.change_sets:
            self._take(body)

    def _take(self, body: bytes) -> None:
        self._version += 1
        self._behind += 1
        change, name = body[:1], body[1:].decode()
        if change == b"+":
            self._made_at[name] = self._version
        else:
            self._made_at.pop(name, None)
