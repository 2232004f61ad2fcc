"""The log of change sets in Redis or Valkey."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from ..protocol import TAIL, ChangeSet, News
from . import address
from .engine import Engine, Way
from .scripts import APPEND, IS_THERE, SINCE, SNAPSHOT

PREFIX = "showpad-mock:"
"""What the names of all keys begin with."""
FORGET = 3600
"""Seconds for which a tenant's version and the ids of its last change sets outlive it, and its name these."""
PATIENCE = 2.0
AT_ONCE = 1000
"""How many tenants are asked after at a time."""


class RedisLog:
    """A log that servers share.

    `redis://`, `rediss://`, `redis+cluster://`, `rediss+cluster://`, with `?ssl_ca_certs=FILE` and `?wait_replicas=N`
    (an append is answered once N replicas have it). What fails for a moment is tried again for `patience` seconds.
    """

    is_shared = True

    def __init__(self, url: str, *, patience: float = PATIENCE, prefix: str = PREFIX) -> None:
        self._engine = Engine(address.read(url), patience=patience)
        self._prefix = prefix
        self._servers, self._tenants = f"{prefix}servers", f"{prefix}tenants"
        # With what id each tenant's last version was seen: the engine may lose versions, and give them again.
        self._seen: dict[str, tuple[int, str]] = {}
        self._forgotten: dict[str, float] = {}
        """Names of nothing, and since when they are known to be: they may be of what is just being appended."""

    async def begin(self) -> int:
        """Count the servers; who cannot tell whether he was counted is counted twice."""
        return int(await self._engine.command(self._servers, "INCR", self._servers, way=Way.WRITE)) - 1

    async def tenants(self) -> list[str]:
        """Return those names behind which there is something."""
        members = await self._engine.command(self._tenants, "SMEMBERS", self._tenants)
        names = sorted(member.decode() for member in members)
        found: dict[str, int] = {}
        for start in range(0, len(names), AT_ONCE):
            some = names[start : start + AT_ONCE]
            answers = await asyncio.gather(*(self._engine.script(IS_THERE, self._keys(name)) for name in some))
            found |= zip(some, answers, strict=True)
        await self._forget([name for name, is_there in found.items() if is_there < 0])
        return [name for name, is_there in found.items() if is_there > 0]

    async def _forget(self, names: Sequence[str]) -> None:
        """Forget the names of nothing, once they have been that for longer than any append takes."""
        now = time.monotonic()
        self._forgotten = {name: self._forgotten.get(name, now) for name in names}
        long_gone = [name for name, since in self._forgotten.items() if now - since > FORGET]
        if long_gone:
            await self._engine.command(self._tenants, "SREM", self._tenants, *long_gone, way=Way.WRITE)

    async def since(self, tenant: str, version: int) -> News:
        """Return what a copy lacks, in one round trip."""
        way = Way.READ if version else Way.LOAD  # without a copy, all that there is
        answer = await self._engine.script(SINCE, self._keys(tenant), version, self._known(tenant, version), way=way)
        last, last_id, base, snapshot, *change_sets = answer
        self._see(tenant, last, last_id.decode())
        return News(base, snapshot, change_sets)

    async def append(self, tenant: str, expected: int, change_sets: Sequence[ChangeSet]) -> bool:
        """Append in one round trip; for a tenant's first change set there is one more."""
        if expected == 0:
            # Before the append, for the two are in different slots: better a name too many than one too few.
            await self._name(tenant)
        known = self._known(tenant, expected)
        flat = [part for change_set in change_sets for part in change_set]
        arguments = (expected, known, TAIL, FORGET, *flat)
        if not await self._engine.script(APPEND, self._keys(tenant), *arguments, way=Way.WRITE):
            return False
        self._see(tenant, expected + len(change_sets), change_sets[-1].id)
        return True

    async def snapshot(self, tenant: str, version: int, body: bytes) -> None:
        """Let a snapshot stand for all versions up to its own, and trim the log."""
        await self._engine.script(
            SNAPSHOT, self._keys(tenant), version, self._known(tenant, version), TAIL, body, way=Way.STORE
        )
        await self._name(tenant)  # once more: a failover may have lost the name, and kept the tenant

    async def keep(self, name: str, body: bytes) -> None:
        """Keep bytes where they are not there yet."""
        key = f"{self._prefix}kept:{name}"
        await self._engine.command(key, "SET", key, body, "NX", way=Way.STORE)

    async def kept(self, name: str) -> bytes | None:
        """Return what is kept under a name."""
        key = f"{self._prefix}kept:{name}"
        body: bytes | None = await self._engine.command(key, "GET", key, way=Way.LOAD)
        return body

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.close()

    async def _name(self, tenant: str) -> None:
        await self._engine.command(self._tenants, "SADD", self._tenants, tenant, way=Way.WRITE)

    def _known(self, tenant: str, version: int) -> str:
        seen, id_ = self._seen.get(tenant, (0, ""))
        return id_ if seen == version else ""

    def _see(self, tenant: str, version: int, id_: str) -> None:
        if version:
            self._seen[tenant] = version, id_

    def _keys(self, tenant: str) -> list[str]:
        # What is in braces decides on the slot of a cluster.
        return [f"{self._prefix}{{{tenant}}}:{part}" for part in ("head", "log", "snapshot", "ids")]
