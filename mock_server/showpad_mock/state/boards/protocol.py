"""The narrow protocol of a board, on which servers that share a log tell what they answered, so that each tells of all.

A server adds its entries in batches behind its answers; the board numbers them, in one sequence over all servers. Who
is to read what was answered by now lets the board `gather` before. Nothing here is durable: an entry that cannot be
added fails no request. Bodies are bytes that only servers understand. A board keeps the caps of `core.journal` over all
servers: JOURNAL_ENTRIES and JOURNAL_BYTES of bodies, and beside them the last TENANT_ENTRIES of each tenant, of which
those of the tenants longest quiet go first when they pass JOURNAL_BYTES, too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

GATHER_SECONDS = 1.0
"""How long a server that does not flush is waited for; it may have died a moment ago."""


class Posted(NamedTuple):
    """An entry of a server's journal, and the tenant that it is about, if any."""

    tenant: str | None
    body: bytes


class Batch(NamedTuple):
    """What a server answered since its last batch. `number` counts the server's batches from 1.

    `decided` says how often each rule has decided an answer since then, `dropped` how many entries the server had to
    drop before they could be added.
    """

    number: int
    entries: Sequence[Posted]
    decided: Mapping[str, int]
    dropped: int


class Numbered(NamedTuple):
    """An entry as the board has it. Numbers count from 1, without gaps."""

    number: int
    body: bytes


class Page(NamedTuple):
    """Entries, oldest first; the number of the last one there ever was; how many had to make room since a `clear`.

    None is missing up to `last` and none is beyond it, so that who asks since it misses nothing.
    """

    entries: Sequence[Numbered]
    last: int
    dropped: int


class Board(Protocol):
    """A server's place at a board. Every method but `close` raises state.logs.protocol.Unavailable."""

    async def begin(self, flush: Callable[[], Awaitable[None]]) -> None:
        """Take a place. `flush` adds all that this server has answered by then; it may be called until `close`."""

    async def add(self, batch: Batch) -> None:
        """Add a batch. Adding the last one again, as whoever lost a connection does, changes nothing."""

    async def gather(self) -> None:
        """Let every server flush, this one too, and return once all have.

        Raises what this one's flush raises. One that does not flush within GATHER_SECONDS, or cannot, is passed over.
        """

    async def read(self, since: int = 0, *, tenant: str | None = None) -> Page:
        """Return the entries numbered above `since`, and with a tenant its last ones, too."""

    async def after(self, number: int) -> Page:
        """Return the entries numbered above `number` once there is one; it may take for ever, and be cancelled."""

    async def decided(self) -> Mapping[str, int]:
        """Return how often each rule has decided an answer of any server."""

    async def clear(self, tenant: str | None = None) -> None:
        """Drop every entry, and count what is dropped from 0; with a tenant, only what is kept for it alone.

        Numbers go on counting, and so does `decided`.
        """

    async def close(self) -> None:
        """Leave: this server is asked no more. What it has to add it adds before."""
