"""An engine alone or a cluster, behind one face: which node has a key, and several commands to it in one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, PipelineCommand, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import MovedError, RedisClusterException, RedisError

from .address import Address

Command = tuple[Any, ...]


class Nodes(Protocol):
    """The nodes of an engine, each named by something that can be a key of a dictionary."""

    async def node_of(self, key: str, /) -> Any:
        """Return the node that has a key."""

    async def exchange(self, node: Any, commands: Sequence[Command], /) -> list[Any]:
        """Send commands to a node in one go and return what came back, errors among it."""

    async def recover(self, error: Exception, /) -> None:
        """Find out what an error says about where things are now."""

    async def close(self) -> None:
        """Close all connections."""


def connect(address: Address, seconds: float) -> Nodes:
    """Return the nodes; no connection is made yet."""
    options = {
        **address.options,
        "socket_connect_timeout": seconds / 2,
        "socket_timeout": seconds * 2,
        "retry": Retry(NoBackoff(), 0),  # Engine tries again, and knows for how long
        "protocol": 2,
        "driver_info": None,
    }
    return Cluster(options) if address.is_cluster else Alone(options)


class Alone:
    """One engine. Replicas, where it has some, are its own matter."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._client = Redis(**options)

    async def node_of(self, _key: str, /) -> None:
        """Return the name of the only one."""

    async def exchange(self, _node: None, commands: Sequence[Command], /) -> list[Any]:
        """Send all in one pipeline."""
        pipeline = self._client.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        return list(await pipeline.execute(raise_on_error=False))

    async def recover(self, _error: Exception, /) -> None:
        """Let go of all connections: behind the same name there may be another engine by now."""
        await self._client.connection_pool.disconnect(inuse_connections=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


class Cluster:
    """A cluster. Only primaries are asked, since replicas lag behind."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._client = RedisCluster(**options, require_full_coverage=False)

    async def node_of(self, key: str, /) -> ClusterNode:
        """Return the primary that has the slot of a key."""
        await self._client.initialize()
        return self._client.nodes_manager.get_node_from_slot(self._client.keyslot(key))

    async def exchange(self, node: ClusterNode, commands: Sequence[Command], /) -> list[Any]:
        """Send all in one go."""
        # Not redis-py's own pipeline: that one cannot send WAIT to a node, and tries again on its own.
        batch = [PipelineCommand(position, *command) for position, command in enumerate(commands)]
        await node.execute_pipeline(batch)
        return [command.result for command in batch]

    async def recover(self, error: Exception, /) -> None:
        """Ask which nodes there are, unless the error says where to go."""
        try:
            if isinstance(error, MovedError):
                await self._client.nodes_manager.move_slot(error)
            else:
                await self._client.nodes_manager.initialize()
        except (RedisError, RedisClusterException, OSError):
            return  # what is tried next fails as well, and says why

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()
