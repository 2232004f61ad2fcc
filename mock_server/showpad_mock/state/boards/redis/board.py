"""The board in Redis or Valkey."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import count

from ....core.journal import JOURNAL_BYTES, JOURNAL_ENTRIES, TENANT_ENTRIES
from ...logs.protocol import Unavailable
from ...logs.redis import address
from ...logs.redis.engine import Engine
from ...logs.redis.log import PATIENCE, PREFIX
from .. import protocol
from ..packing import FORM
from ..protocol import Batch, Numbered, Page
from .scripts import ADD, ALIVE, ASK, BEGIN, CLEAR, KEPT, OF_TENANT

FORGET = 3600
"""Seconds for which it is known which batch of a server was the last one."""
LIFE = 4
"""After so many of its turns without a word a server counts as dead."""
PAUSE = 0.2
LEAVE_SECONDS = 0.5


class RedisBoard:
    """A place at the board of an engine.

    Every server listens for requests to flush, and says at each turn, at most `patience` seconds later, that it lives.
    Who is to read asks all who live, and waits until they say that they have; who has not in time is passed over until
    it is heard of again. A batch whose fate is unknown is added again as it was, and known by its number. What fails
    for a moment is tried again for so long.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE, prefix: str = PREFIX) -> None:
        # Of its own, so that no request waits for batches.
        self._engine = Engine(address.read(url), patience=patience)
        self._turn = round(patience * 1000)
        # What is in braces decides on the slot of a cluster.
        self._at = f"{prefix}{{board-{FORM}}}:"
        self._me = secrets.token_hex(8)
        self._calls = count(1)
        self._heard = b"0-0"
        self._flush: Callable[[], Awaitable[None]] | None = None
        self._listener: asyncio.Task[None] | None = None

    async def begin(self, flush: Callable[[], Awaitable[None]]) -> None:
        """Say that this server lives, and listen."""
        self._flush = flush
        keys = [self._at + "servers", self._at + "asks"]
        self._heard = await self._engine.script(BEGIN, keys, self._me, LIFE * self._turn)
        self._listener = asyncio.create_task(self._listen())

    async def add(self, batch: Batch) -> None:
        """Add a batch in one round trip."""
        entries = [part for tenant, body in batch.entries for part in (tenant or "", body)]
        decided = [part for pair in batch.decided.items() for part in pair]
        caps = (JOURNAL_ENTRIES, JOURNAL_BYTES, TENANT_ENTRIES)
        keys = [*self._kept(), self._at + "decided", f"{self._at}added:{self._me}"]
        told = (batch.number, FORGET, batch.dropped, *caps, len(batch.entries))
        await self._engine.script(ADD, keys, *told, *entries, *decided)

    async def gather(self) -> None:
        """Flush, ask the others to, and wait until each says that it has."""
        assert self._flush is not None
        await self._flush()
        answers = f"{self._at}flushed:{self._me}:{next(self._calls)}"
        keys = [self._at + "servers", self._at + "asks"]
        missing = set(await self._engine.script(ASK, keys, self._me, LIFE * self._turn, answers))
        clock = asyncio.get_running_loop().time
        deadline = clock() + protocol.GATHER_SECONDS
        while missing and (seconds := deadline - clock()) > 0:
            command = ("BLMPOP", f"{seconds:.3f}", 1, answers, "LEFT", "COUNT", len(missing))
            answer = await self._engine.wait(answers, *command)
            missing.difference_update(answer[1] if answer is not None else ())
        if missing:
            # Nobody waits for them again until they are heard of.
            await self._engine.command(keys[0], "ZREM", keys[0], *missing)

    async def read(self, since: int = 0, *, tenant: str | None = None) -> Page:
        """Read in one round trip."""
        meta, journal, *_ = kept = self._kept()
        (last, dropped), entries, of_tenant = await asyncio.gather(
            self._engine.command(meta, "HMGET", meta, "last", "dropped"),
            self._engine.command(journal, "XRANGE", journal, f"{since + 1}-0", "+"),
            self._engine.script(OF_TENANT, kept, tenant) if tenant is not None else _nothing(),
        )
        found = {int(name.partition(b"-")[0]): fields[b"body"] for name, fields in entries}
        found |= {int(number): body for number, body in zip(of_tenant[::2], of_tenant[1::2], strict=True)}
        numbered = [Numbered(number, found[number]) for number in sorted(found) if number > since]
        # Others may add between the first of these commands and the second.
        return Page(numbered, max(int(last or 0), *found, 0), int(dropped or 0))

    async def after(self, number: int) -> Page:
        """Wait on a connection of its own."""
        journal = self._at + "journal"
        command = ("XREAD", "COUNT", 1, "BLOCK", self._turn, "STREAMS", journal, f"{number}-0")
        while True:
            if await self._engine.wait(journal, *command) and (page := await self.read(number)).entries:
                return page

    async def decided(self) -> Mapping[str, int]:
        """Read the counts."""
        key = self._at + "decided"
        return {rule.decode(): int(times) for rule, times in (await self._engine.command(key, "HGETALL", key)).items()}

    async def clear(self, tenant: str | None = None) -> None:
        """Drop what is kept, or what is kept for a tenant alone."""
        await self._engine.script(CLEAR, self._kept(), tenant or "")

    async def close(self) -> None:
        """Leave, so that nobody waits for this server, and close all connections."""
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
            key = self._at + "servers"
            with suppress(Unavailable, TimeoutError):
                async with asyncio.timeout(LEAVE_SECONDS):
                    await self._engine.command(key, "ZREM", key, self._me)
        await self._engine.close(at_once=True)

    async def _listen(self) -> None:
        """Flush when somebody asks, and say so; at each turn, say that this server lives."""
        key = self._at + "asks"
        while True:
            command = ("XREAD", "BLOCK", self._turn, "STREAMS", key, self._heard)
            try:
                streams = await self._engine.wait(key, *command)
                asked = streams[0][1] if streams else []
                flushed = await self._answers_to(asked) if asked else []
                keys = [self._at + "servers", *(one.decode() for one in flushed)]
                await self._engine.script(ALIVE, keys, self._me, LIFE * self._turn)
            except Unavailable:
                await asyncio.sleep(PAUSE)

    async def _answers_to(self, asked: list[tuple[bytes, dict[bytes, bytes]]]) -> list[bytes]:
        """Flush for those who ask, other than this server; return where they wait."""
        assert self._flush is not None
        self._heard = asked[-1][0]
        waiting = [ask[b"answer"] for _, ask in asked if ask[b"from"] != self._me.encode()]
        if waiting:
            await self._flush()
        return waiting

    def _kept(self) -> list[str]:
        return [self._at + part for part in KEPT]


async def _nothing() -> list[bytes]:
    return []
