"""Asks an engine: calls of the same moment share a round trip, and what fails for a moment is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

from redis import exceptions

from ..protocol import Unavailable
from .address import Address
from .nodes import FAILED, Command, NotACluster, SlotNotCovered, connect
from .scripts import Script

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.2


class NotReplicated(exceptions.RedisError):
    """Too few replicas have what was written."""


# In order: the first that fits is told.
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.AuthenticationError, "does not accept the user or password"),
    (exceptions.NoPermissionError, "does not let this user do what is needed"),
    (exceptions.BusyLoadingError, "is still loading its data"),
    (exceptions.ReadOnlyError, "is a replica, which takes no writes"),
    (exceptions.OutOfMemoryError, "has no memory left"),
    (exceptions.ClusterDownError, "says that its cluster is down"),
    (NotACluster, "is no cluster"),
    (SlotNotCovered, "belongs to a cluster that does not cover all slots"),
    (exceptions.AskError, "is moving keys to another node"),
    (exceptions.TryAgainError, "is moving keys to another node"),
    (NotReplicated, "has too few replicas that confirm what is written"),
    (exceptions.TimeoutError, "does not answer"),
    (TimeoutError, "does not answer"),
    (exceptions.ConnectionError, "cannot be reached"),
    (OSError, "cannot be reached"),
)
LASTING = (NotACluster, exceptions.AuthenticationError, exceptions.NoPermissionError, exceptions.OutOfMemoryError)


def is_passing(error: Exception) -> bool:
    """Say whether the same may well succeed in a moment."""
    return not isinstance(error, LASTING) and any(isinstance(error, kind) for kind, _ in REASONS)


def reason(error: Exception) -> str:
    """Say in plain words why the engine did not do it; its own words may hold names, of users for one."""
    for kind, words in REASONS:
        if isinstance(error, kind):
            return words
    if "compiling script" in str(error):
        return "is too old: Redis 7 or Valkey is needed"
    code = str(error).partition(" ")[0]
    return f"answers {code}" if code.isalpha() and code.isupper() else "answers with an error"


class Way(Enum):
    """How a call travels, so that what is quick waits for nothing."""

    READ = auto()
    WRITE = auto()
    """Waits for replicas, where the URL says so."""
    LOAD = auto()
    """Reads what may be large."""
    STORE = auto()
    """Writes what may be large; waits for replicas as well."""


class Lane(NamedTuple):
    """Calls that go together."""

    node: Any
    way: Way


class Call(NamedTuple):
    """A command on its way, and who waits for its answer."""

    command: Command
    answer: asyncio.Future[Any]


class Engine:
    """An engine as the log asks it, from one event loop.

    On each lane one round trip is under way at a time; what is asked meanwhile goes in the next one. What fails is
    tried again for `patience` seconds, so all that is asked may be asked twice; then it is Unavailable.
    """

    def __init__(self, address: Address, *, patience: float) -> None:
        self._nodes = connect(address, patience)
        self._name = address.name
        self._replicas = address.wait_replicas
        self._patience = patience
        self._waiting: dict[Lane, list[Call]] = {}
        self._senders: dict[asyncio.Task[None], Lane] = {}
        self._under_way: dict[Lane, list[Call]] = {}
        self._waits: set[asyncio.Task[list[Any]]] = set()

    async def command(self, key: str, *command: Any, way: Way = Way.READ) -> Any:
        """Run one command on the node of a key."""
        return await self._persist(lambda: self._send(key, command, way))

    async def script(self, script: Script, keys: Sequence[str], *arguments: Any, way: Way = Way.READ) -> Any:
        """Run a script on the node of its keys."""
        rest = (len(keys), *keys, *arguments)
        try:
            return await self.command(keys[0], "EVALSHA", script.sha, *rest, way=way)
        except exceptions.NoScriptError:
            return await self.command(keys[0], "EVAL", script.text, *rest, way=way)

    async def wait(self, key: str, *command: Any) -> Any:
        """Run a command that waits in the engine, on a connection of its own, so that no other waits with it."""
        return await self._persist(lambda: self._send_alone(key, command))

    async def close(self, *, at_once: bool = False) -> None:
        """Wait for what is awaited, unless at once, but not for what waits in the engine; close all connections."""
        ending = [*self._waits, *(one for one, lane in self._senders.items() if at_once or not self._is_awaited(lane))]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await asyncio.gather(*self._senders)
        await self._nodes.close()

    def _is_awaited(self, lane: Lane) -> bool:
        calls = (*self._under_way.get(lane, ()), *self._waiting.get(lane, ()))
        return not all(call.answer.done() for call in calls)

    async def _persist(self, attempt: Callable[[], Awaitable[Any]]) -> Any:
        clock = asyncio.get_running_loop().time
        deadline, pause = clock() + self._patience, FIRST_PAUSE
        while True:
            try:
                return await attempt()
            except exceptions.NoScriptError:
                raise
            except FAILED as error:
                if not is_passing(error) or clock() + pause > deadline:
                    # Without its cause: what the library says may hold what the URL says.
                    raise Unavailable(f"the engine at {self._name} {reason(error)}") from None
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _send(self, key: str, command: Command, way: Way) -> Any:
        if way is Way.WRITE and not self._replicas:
            way = Way.READ  # neither waits
        lane = Lane(await self._nodes.node_of(key), way)
        call = Call(command, asyncio.get_running_loop().create_future())
        if lane in self._waiting:
            self._waiting[lane].append(call)
        else:
            self._waiting[lane] = [call]
            sender = asyncio.create_task(self._drain(lane))
            self._senders[sender] = lane
            sender.add_done_callback(self._senders.pop)
        return await call.answer

    async def _send_alone(self, key: str, command: Command) -> Any:
        lane = Lane(await self._nodes.node_of(key), Way.READ)
        exchange = asyncio.create_task(self._exchange(lane, [command]))
        self._waits.add(exchange)
        exchange.add_done_callback(self._waits.discard)
        try:
            # Shielded: `asyncio.wait_for` of Python 3.11, which redis-py sends with, may swallow that it is cancelled.
            [reply] = await asyncio.shield(exchange)
        finally:
            exchange.cancel()
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def _drain(self, lane: Lane) -> None:
        while calls := self._waiting[lane]:
            self._waiting[lane], self._under_way[lane] = [], calls
            replies = await self._exchange(lane, [call.command for call in calls])
            for call, reply in zip(calls, replies, strict=True):
                if call.answer.done():  # whoever asked has gone
                    continue
                if isinstance(reply, Exception):
                    call.answer.set_exception(reply)
                else:
                    call.answer.set_result(reply)
        del self._waiting[lane], self._under_way[lane]

    async def _exchange(self, lane: Lane, commands: list[Command]) -> list[Any]:
        is_durable = self._replicas > 0 and lane.way in {Way.WRITE, Way.STORE}
        wait = [("WAIT", self._replicas, round(self._patience * 500))] if is_durable else []
        try:
            replies = await self._nodes.exchange(lane.node, commands + wait)
        except Exception as error:  # those who wait must hear of it, whatever it is
            replies = [error] * len(commands + wait)
        passing = {str(reply): reply for reply in replies if isinstance(reply, Exception) and is_passing(reply)}
        for one in passing.values():
            await self._nodes.recover(lane.node, one)
        if is_durable:
            count = replies.pop()
            if not isinstance(count, int) or count < self._replicas:
                return [reply if isinstance(reply, Exception) else NotReplicated() for reply in replies]
        return replies
