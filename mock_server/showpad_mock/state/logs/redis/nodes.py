"""An engine alone or a cluster, behind one face: which node has a key, and several commands to it in one round trip."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from contextlib import suppress
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import RedisError, ResponseError

from .address import Address, Place

Command = tuple[Any, ...]
FAILED = (RedisError, OSError)
CHECKS = 30
"""How often it is looked whether an engine whose answer takes long is there, before that is given up."""


class SlotNotCovered(RedisError):
    """No node of a cluster has the slot of a key."""


class NotACluster(RedisError):
    """An engine alone was asked which node has what."""


class Nodes(Protocol):
    """The nodes of an engine, each with a name."""

    async def node_of(self, key: str, /) -> Hashable:
        """Return the node that has a key."""

    async def exchange(self, node: Any, commands: Sequence[Command], /) -> list[Any]:
        """Send commands to a node in one go and return what came back, errors among it."""

    async def recover(self, node: Any, error: Exception, /) -> None:
        """Find out what an error of a node says about where things are now."""

    async def close(self) -> None:
        """Close all connections."""


def connect(address: Address, seconds: float) -> Nodes:
    """Return the nodes; no connection is made yet."""
    options = {
        **address.options,
        "socket_connect_timeout": seconds / 2,
        "socket_timeout": None,  # _exchange has its own, which looks whether the engine is there
        "retry": Retry(NoBackoff(), 0),  # Engine tries again, and knows for how long
        "protocol": 2,
        "driver_info": None,
    }
    if address.is_cluster:
        return Cluster(address.places, options, seconds)
    return Alone(address.places[0], options, seconds)


class Alone:
    """One engine. Replicas, where it has some, are its own matter."""

    def __init__(self, place: Place, options: dict[str, Any], seconds: float) -> None:
        self._seconds = seconds
        self._client = Redis(host=place.host, port=place.port, **options)

    async def node_of(self, _key: str, /) -> None:
        """Return the name of the only one."""

    async def exchange(self, _node: None, commands: Sequence[Command], /) -> list[Any]:
        """Send all in one pipeline."""
        return await _exchange(self._client, commands, self._seconds)

    async def recover(self, _node: None, _error: Exception, /) -> None:
        """Let go of all connections: behind the same name there may be another engine by now."""
        await self._client.connection_pool.disconnect(inuse_connections=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


class Cluster:
    """A cluster. Only primaries are asked, since replicas lag behind.

    While a slot is moved from node to node key by key, its tenants may be unavailable: ASK is not followed, since a
    script is refused (TRYAGAIN) as long as one of its keys is missing.

    Not the library's own: that one cannot send WAIT along a pipeline, tries again on its own, and when nodes come and
    go it leaves connections open.
    """

    def __init__(self, places: Sequence[Place], options: dict[str, Any], seconds: float) -> None:
        self._seconds = seconds
        self._options = options
        self._clients: dict[Place, Redis] = {}
        self._named = self._nodes = list(places)
        self._primaries: dict[tuple[int, int], Place] = {}
        self._looking = asyncio.Lock()
        self._looks = 0

    async def node_of(self, key: str, /) -> Place:
        """Return the primary that has the slot of a key."""
        if not self._primaries:
            await self._look(self._nodes)
        slot = key_slot(key.encode())
        for (first, last), primary in self._primaries.items():
            if first <= slot <= last:
                return primary
        await self._look(self._nodes)
        raise SlotNotCovered

    async def exchange(self, node: Place, commands: Sequence[Command], /) -> list[Any]:
        """Send all in one pipeline."""
        return await _exchange(self._client(node), commands, self._seconds)

    async def recover(self, node: Place, _error: Exception, /) -> None:
        """Ask which nodes there are now, last the one that the error came from."""
        await self._client(node).connection_pool.disconnect(inuse_connections=False)
        with suppress(*FAILED):  # what is tried next fails as well, and says why
            await self._look([*(other for other in self._nodes if other != node), node])

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()

    def _client(self, node: Place) -> Redis:
        if node not in self._clients:
            self._clients[node] = Redis(host=node.host, port=node.port, **self._options)
        return self._clients[node]

    async def _look(self, nodes: Sequence[Place]) -> None:
        looks = self._looks
        async with self._looking:
            for node in nodes:
                if looks != self._looks:  # this one told, or somebody else looked meanwhile
                    break
                with suppress(*FAILED):
                    await self._ask(node)
        if looks == self._looks:
            await self._ask(nodes[-1])  # to fail as it does

    async def _ask(self, node: Place) -> None:
        [spans] = await _exchange(self._client(node), [("CLUSTER", "SLOTS")], self._seconds)
        if isinstance(spans, Exception):
            raise NotACluster if "cluster support" in str(spans) else spans
        # A node without a name of its own is where it was asked.
        places = [[Place(place[0].decode() or node.host, place[1]) for place in some] for _, _, *some in spans]
        self._primaries = {(span[0], span[1]): some[0] for span, some in zip(spans, places, strict=True)}
        found = [place for some in places for place in some]
        # Those of the URL too, last: all that were found may be gone one day, and others be there.
        self._nodes = list(dict.fromkeys([*found, *self._named]))
        self._looks += 1


async def _exchange(client: Redis, commands: Sequence[Command], seconds: float) -> list[Any]:
    """Send all in one pipeline. An answer may take long where it is large, while the engine answers others."""
    pipeline = client.pipeline(transaction=False)
    for command in commands:
        pipeline.execute_command(*command)
    answer = asyncio.ensure_future(pipeline.execute(raise_on_error=False))
    try:
        for _ in range(CHECKS):
            await asyncio.wait([answer], timeout=seconds)
            if answer.done():
                return list(answer.result())
            with suppress(ResponseError):
                async with asyncio.timeout(seconds):
                    await client.ping()
        raise TimeoutError
    except RuntimeError as error:  # uvloop's, where the engine closed the connection while more was being sent
        raise ConnectionError(str(error)) from None
    finally:
        # Its connection is closed with it, so that nobody else gets what still comes.
        if answer.cancel():
            await asyncio.wait([answer], timeout=seconds)
        if answer.done() and not answer.cancelled():
            answer.exception()  # else it is reported as one that nobody asked for
