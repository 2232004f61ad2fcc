"""The board in Redis and Valkey alone: servers that die and come back, round trips, what is left in the engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from redis.crc import key_slot

from showpad_mock.state.boards import protocol
from showpad_mock.state.boards.protocol import Batch, Posted
from showpad_mock.state.boards.redis import RedisBoard
from showpad_mock.state.logs.protocol import Unavailable
from showpad_mock.state.logs.redis.engine import Engine, Lane
from showpad_mock.state.logs.redis.nodes import Command

from ....harness.engines import PATIENCE, Engines, alone, cluster
from ..test_commits import running

Flush = Callable[[], Awaitable[None]]
PREFIX = "test:"


async def nothing() -> None:
    """Flush nothing."""


@asynccontextmanager
async def boards(url: str, *flushes: Flush, patience: float = 2.0, prefix: str = PREFIX) -> AsyncIterator[Any]:
    """Take a place for each of these, and leave them."""
    places = [RedisBoard(url, patience=patience, prefix=prefix) for _ in flushes]
    try:
        async with asyncio.timeout(PATIENCE):
            for place, flush in zip(places, flushes, strict=True):
                await place.begin(flush)
            yield places
    finally:
        for place in places:
            await place.close()


def kill(board: RedisBoard) -> None:
    """Let a server fall silent, as one does that was killed."""
    assert board._listener is not None
    board._listener.cancel()


def test_a_server_that_was_killed_is_waited_for_once(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "GATHER_SECONDS", 0.1)

    @running
    async def test() -> None:
        async with boards(engines.alone.url, nothing, nothing, prefix=f"{tmp_path}:") as [one, killed]:
            kill(killed)
            waits = counted_waits(one, monkeypatch)
            await one.gather()
            assert len(waits) == 1
            await one.gather()
            assert len(waits) == 1

    test()


def counted_waits(board: RedisBoard, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets an entry each time that a server waits for others to flush."""
    waits: list[str] = []
    wait = board._engine.wait

    async def counted(key: str, *command: Any) -> Any:
        if "flushed" in key:
            waits.append(key)
        return await wait(key, *command)

    monkeypatch.setattr(board._engine, "wait", counted)
    return waits


def test_a_server_that_has_been_silent_for_long_is_not_waited_for(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @running
    async def test() -> None:
        async with boards(engines.alone.url, nothing, prefix=f"{tmp_path}:") as [board]:
            servers = board._at + "servers"
            await board._engine.command(servers, "ZADD", servers, 1, "a server of yesterday")
            waits = counted_waits(board, monkeypatch)
            await board.gather()
            assert waits == []

    test()


def test_an_answer_that_comes_too_late_does_not_stay(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_flush = asyncio.Event()

    async def flush() -> None:
        await may_flush.wait()

    @running
    async def test() -> None:
        async with boards(engines.alone.url, nothing, flush, prefix=f"{tmp_path}:") as [one, _]:
            monkeypatch.setattr(protocol, "GATHER_SECONDS", 0.05)
            await one.gather()
            monkeypatch.setattr(protocol, "GATHER_SECONDS", PATIENCE)
            may_flush.set()
            # Passed over, it is asked again once it has answered, and answers in order.
            while not await one._engine.command(one._at, "EXISTS", f"{one._at}flushed:{one._me}:1"):
                await one.gather()
            assert await one._engine.command(one._at, "TTL", f"{one._at}flushed:{one._me}:1") > 0

    test()


def test_a_server_that_was_passed_over_is_asked_again_once_it_is_heard_of(engines: Engines, tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def flush() -> None:
        asked.set()

    @running
    async def test() -> None:
        async with boards(engines.alone.url, nothing, flush, patience=0.1, prefix=f"{tmp_path}:") as [one, other]:
            servers = one._at + "servers"
            await one._engine.command(servers, "ZREM", servers, other._me)
            while not asked.is_set():
                await one.gather()

    test()


def test_a_batch_takes_one_round_trip_and_a_read_another(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @running
    async def test() -> None:
        async with boards(engines.alone.url, nothing, prefix=f"{tmp_path}:") as [board]:
            kill(board)  # it listens on a connection of its own
            trips = []
            for number in (1, 2):  # the first time the engine learns the scripts
                trips = counted_trips(board._engine, monkeypatch)
                await board.add(Batch(number, [Posted("acme", b"a")], {"A": 1}, 0))
                await board.read(tenant="acme")
            assert trips == [1, 3]

    test()


def counted_trips(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets, for every round trip from now on, how many commands go in it."""
    trips: list[int] = []
    exchange = Engine._exchange

    async def counted(lane: Lane, commands: list[Command]) -> list[Any]:
        trips.append(len(commands))
        return await exchange(engine, lane, commands)

    monkeypatch.setattr(engine, "_exchange", counted)
    return trips


def test_who_asks_since_the_last_number_misses_nothing_that_came_while_it_was_read(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @running
    async def test() -> None:
        async with boards(engines.alone.url, nothing, nothing, prefix=f"{tmp_path}:") as [one, other]:
            command = one._engine.command

            async def slow(key: str, *words: Any) -> Any:
                if words[0] == "XRANGE":  # the number of the last one is read by then
                    await other.add(Batch(1, [Posted(None, b"a")], {}, 0))
                return await command(key, *words)

            monkeypatch.setattr(one._engine, "command", slow)
            page = await one.read()
            assert ([entry.number for entry in page.entries], page.last) == ([1], 1)

    test()


def test_who_asks_an_engine_that_is_away_is_told_so_and_who_waits_too(tmp_path: Path) -> None:
    @running
    async def test() -> None:
        with alone(tmp_path) as engine:
            async with boards(engine.url, nothing, patience=0.1) as [board]:
                waiting = asyncio.create_task(board.after(0))
                await asyncio.sleep(0)
                engine.kill()
                for asking in (waiting, board.read(), board.gather(), board.clear(), board.decided()):
                    with pytest.raises(Unavailable, match="cannot be reached"):
                        await asking

    test()


def test_servers_find_each_other_again_in_an_engine_that_has_forgotten_all(tmp_path: Path) -> None:
    asked: list[int] = []

    async def flush() -> None:
        asked.append(1)

    @running
    async def test() -> None:
        with alone(tmp_path) as engine:
            async with boards(engine.url, nothing, flush, patience=0.2) as [one, other]:
                await one.gather()
                engine.kill()
                for _ in range(3):  # for longer than anybody tries
                    with pytest.raises(Unavailable):
                        await one.read()
                engine.start()
                while len(asked) < 2:
                    await one.gather()
                await other.add(Batch(1, [Posted(None, b"a")], {}, 0))
                assert [entry.body for entry in (await one.read()).entries] == [b"a"]

    test()


def test_a_board_goes_on_by_itself_when_its_primary_is_killed(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def flush() -> None:
        asked.set()

    @running
    async def test() -> None:
        with cluster(tmp_path) as processes:
            async with boards(processes.url, nothing, flush, patience=10) as [one, other]:
                waiting = asyncio.create_task(one.after(0))
                primary, replica = processes.shard(key_slot(one._at.encode()) * 3 // 16384)
                await asyncio.to_thread(primary.kill)
                await asyncio.to_thread(replica.wait_until_told, "Failover election won")
                await one.gather()
                await other.add(Batch(1, [Posted(None, b"a")], {}, 0))
                assert [entry.body for entry in (await waiting).entries] == [b"a"]
                while not asked.is_set():
                    await one.gather()

    test()


def test_keys_of_servers_that_have_gone_do_not_stay(engines: Engines, tmp_path: Path) -> None:
    @running
    async def test() -> None:
        async with boards(engines.alone.url, nothing, nothing, prefix=f"{tmp_path}:") as [one, _]:
            await one.add(Batch(1, [], {}, 0))
            await one.gather()

    test()
    with engines.alone.client() as client:
        keys = client.keys(f"{tmp_path}:*")
        lasting = sorted(key.rpartition(b":")[2].decode() for key in keys if client.ttl(key) == -1)
    assert lasting == ["asks", "meta"]
