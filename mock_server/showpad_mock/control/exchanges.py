"""What the control API asks after exchanges and rules: of this server alone, or of all that share a log."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ..core.journal import Entry, Journal

if TYPE_CHECKING:  # what most servers do not load
    from ..state.shared_journal import Read, SharedJournal


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are asked for: the newest `limit` that fit; with a tenant, its last ones are among them."""

    fits: Callable[[Entry], bool]
    since: int
    tenant: str | None
    limit: int


class Found(NamedTuple):
    """Entries, oldest first; the number up to which all was looked at; how many had to make room."""

    entries: list[Entry]
    last: int
    dropped: int


class Exchanges(Protocol):
    """The journal and the counts of rules as the control API has them."""

    async def find(self, wanted: Wanted) -> Found:
        """Return the entries wanted that are there."""

    async def next(self, wanted: Wanted, last: int) -> Found:
        """Return the entries wanted beyond `last`, once there is one."""

    async def decided(self) -> Mapping[str, int]:
        """Return how often each rule has decided an answer."""

    async def clear(self) -> None:
        """Drop every entry."""

    async def forget_tenant(self, name: str) -> None:
        """Drop what is kept for a tenant alone."""


class OwnExchanges:
    """This server's own."""

    def __init__(self, journal: Journal, decided: Counter[str]) -> None:
        self._journal = journal
        self._decided = decided

    async def find(self, wanted: Wanted) -> Found:
        """Look through the journal."""
        # Other threads add entries meanwhile: none beyond `last` is told, so that nobody misses one who asks since it.
        last = self._journal.last
        kept = {entry.number: entry for entry in self._journal.read(since=wanted.since)}
        if wanted.tenant is not None:  # a tenant's last entries outlive the common ones
            kept = {entry.number: entry for entry in self._journal.last_of(wanted.tenant)} | kept
        entries = (kept[number] for number in sorted(kept) if number <= last)
        return Found(_fitting(entries, wanted), last, self._journal.dropped)

    async def next(self, wanted: Wanted, last: int) -> Found:
        """Take what comes, without asking the journal again."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        came: deque[Entry] = deque(maxlen=wanted.limit)

        def take(entry: Entry) -> None:
            if wanted.fits(entry):
                came.append(entry)
                with suppress(RuntimeError):  # the loop has ended, and who waited with it
                    loop.call_soon_threadsafe(woken.set)

        # Listening before looking, so that what comes in between is not missed.
        unlisten = self._journal.listen(take)
        try:
            if found := _fitting(self._journal.read(since=last), wanted):
                return Found(found, found[-1].number, self._journal.dropped)
            await woken.wait()
        finally:
            unlisten()
        entries = list(came)  # all that fit up to the last of them, since they came in their order
        return Found(entries, entries[-1].number, self._journal.dropped)

    async def decided(self) -> Mapping[str, int]:
        """Return what this server has counted."""
        return self._decided

    async def clear(self) -> None:
        """Drop every entry."""
        self._journal.clear()

    async def forget_tenant(self, name: str) -> None:
        """Drop what is kept for a tenant alone."""
        self._journal.forget_tenant(name)


class SharedExchanges:
    """Those of all servers; what cannot be read is refused as state-unavailable."""

    def __init__(self, journal: SharedJournal) -> None:
        self._journal = journal

    async def find(self, wanted: Wanted) -> Found:
        """Look through what all have answered by now."""
        return _found(await self._journal.read(wanted.since, tenant=wanted.tenant), wanted)

    async def next(self, wanted: Wanted, last: int) -> Found:
        """Look through what comes, until something fits."""
        while True:
            found = _found(await self._journal.after(last), wanted)
            if found.entries:
                return found
            last = found.last

    async def decided(self) -> Mapping[str, int]:
        """Return what all have counted."""
        return await self._journal.decided()

    async def clear(self) -> None:
        """Drop every entry of all."""
        await self._journal.clear()

    async def forget_tenant(self, name: str) -> None:
        """Drop what is kept for a tenant alone."""
        await self._journal.clear(name)


def _found(read: Read, wanted: Wanted) -> Found:
    return Found(_fitting(read.entries, wanted), read.last, read.dropped)


def _fitting(entries: Iterable[Entry], wanted: Wanted) -> list[Entry]:
    return list(deque(filter(wanted.fits, entries), wanted.limit))
