"""Round trips, and what becomes of them when connections break or the engine is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from redis.exceptions import ConnectionError

from showpad_mock.state.logs.protocol import News, Unavailable
from showpad_mock.state.logs.redis import RedisLog, address
from showpad_mock.state.logs.redis.address import Place
from showpad_mock.state.logs.redis.nodes import Cluster, connect

from .....harness.engines import EngineProcess, Engines, alone, free_ports
from .....harness.proxy import proxy_before
from .opened import change, in_a_loop, opened


@pytest.fixture(name="engine")
def engine_(engines: Engines) -> Iterator[EngineProcess]:
    yield engines.alone
    with engines.alone.client() as client:
        client.flushall()


async def trips(engine: EngineProcess, calls: Callable[[], Awaitable[object]]) -> int:
    """Return how often the engine had something to read during calls."""
    with engine.client() as client:
        before = client.info("stats")["total_reads_processed"]
        await calls()
        return int(client.info("stats")["total_reads_processed"] - before - 1)


@contextmanager
def stopped(engine: EngineProcess) -> Iterator[None]:
    """Let it hang while the block runs."""
    engine.signal(SIGSTOP)
    try:
        yield
    finally:
        engine.signal(SIGCONT)


async def warmed_up(log: RedisLog) -> None:
    """Have connections made and scripts loaded, and a tenant there."""
    await log.append("acme", 0, [change(1)])
    await log.since("acme", 0)
    await log.snapshot("acme", 1, b"snapshot")


@in_a_loop
async def test_what_a_copy_lacks_comes_in_one_round_trip(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await warmed_up(log)
        assert await trips(engine, lambda: log.since("acme", 0)) == 1
        assert await trips(engine, lambda: log.since("acme", 1)) == 1


@in_a_loop
async def test_an_append_is_one_round_trip(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await warmed_up(log)
        assert await trips(engine, lambda: log.append("acme", 1, [change(2), change(3)])) == 1


@in_a_loop
async def test_calls_of_the_same_moment_share_a_round_trip(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await warmed_up(log)
        reads = [log.since(f"tenant-{number}", 1) for number in range(20)]
        assert await trips(engine, lambda: asyncio.gather(*reads, log.append("acme", 1, [change(2)]))) == 1


@in_a_loop
async def test_calls_that_come_while_others_are_under_way_share_the_next_round_trip(engine: EngineProcess) -> None:
    async with proxy_before(engine.port) as (proxy, port), opened(f"redis://127.0.0.1:{port}") as log:
        await warmed_up(log)
        async with proxy.holding_answers() as asked:
            calls = [asyncio.create_task(log.since("acme", 1))]
            await asked.wait()
            calls += [asyncio.create_task(log.since(f"tenant-{number}", 1)) for number in range(20)]
            await asyncio.sleep(0)
        assert await trips(engine, lambda: asyncio.gather(*calls)) == 1


@pytest.mark.parametrize("method", ["keep", "kept", "snapshot", "since"])
@in_a_loop
async def test_a_large_body_holds_up_nothing_else(engine: EngineProcess, method: str) -> None:
    async with proxy_before(engine.port) as (proxy, port), opened(f"redis://127.0.0.1:{port}") as log:
        await warmed_up(log)
        async with proxy.holding_answers() as asked:
            large = asyncio.ensure_future(CALLS[method](log))
            await asked.wait()
            proxy.hold_no_more_answers()
            assert await log.append("acme", 1, [change(2)])
            assert not large.done()
        await large


@in_a_loop
async def test_calls_of_the_same_moment_share_a_round_trip_to_each_node(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Place] = []
    exchange = Cluster.exchange

    async def counted(nodes: Cluster, node: Place, commands: list[tuple[object]]) -> list[object]:
        asked.append(node)
        return await exchange(nodes, node, commands)

    async with opened(engines.cluster.url) as log:
        await asyncio.gather(*(log.since(f"tenant-{number}", 0) for number in range(40)))
        monkeypatch.setattr(Cluster, "exchange", counted)
        await asyncio.gather(*(log.since(f"tenant-{number}", 0) for number in range(40)))
    assert sorted(asked) == sorted(("127.0.0.1", node.port) for node in engines.cluster.primaries())


@in_a_loop
async def test_an_append_whose_answer_is_lost_is_found_and_not_made_twice(engine: EngineProcess) -> None:
    async with proxy_before(engine.port) as (proxy, port), opened(f"redis://127.0.0.1:{port}") as log:
        await warmed_up(log)
        proxy.answers_to_lose = 3
        assert await log.append("acme", 1, [change(2), change(3)])
        assert proxy.lost == 3
        assert await log.since("acme", 1) == News(1, None, [b"2", b"3"])


@in_a_loop
async def test_an_append_whose_fate_stays_unknown_says_so_and_can_be_made_again(engine: EngineProcess) -> None:
    async with proxy_before(engine.port) as (proxy, port), opened(f"redis://127.0.0.1:{port}", patience=0.3) as log:
        await warmed_up(log)
        proxy.answers_to_lose = 1000
        with pytest.raises(Unavailable, match="cannot be reached"):
            await log.append("acme", 1, [change(2)])
        proxy.answers_to_lose = 0
        assert await log.append("acme", 1, [change(2)])
        assert await log.since("acme", 1) == News(1, None, [b"2"])


@in_a_loop
async def test_a_slot_that_has_moved_to_another_node_is_followed(engines: Engines) -> None:
    _, replica = engines.cluster.shard(0)
    async with opened(engines.cluster.url) as log:
        tenants = [f"moved-{number}" for number in range(20)]  # some of them are there
        await asyncio.gather(*(log.append(tenant, 0, [change(1)]) for tenant in tenants))
        with replica.client() as client:
            client.execute_command("CLUSTER", "FAILOVER")
        await asyncio.to_thread(replica.wait_until_told, "Failover election won")
        assert all(await asyncio.gather(*(log.append(tenant, 1, [change(2)]) for tenant in tenants)))
        assert set(await log.tenants()) >= set(tenants)


@in_a_loop
async def test_of_the_nodes_that_a_url_names_one_is_enough(engines: Engines) -> None:
    [away] = free_ports(1)
    there = engines.cluster.nodes[1].port
    for ports in ((away, there), (there, away)):
        async with opened("redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in ports)) as log:
            assert await log.kept("name") is None


@in_a_loop
async def test_behind_a_name_another_engine_may_take_over(engine: EngineProcess, tmp_path: Path) -> None:
    with alone(tmp_path, "--replicaof", f"127.0.0.1 {engine.port}") as replica:
        async with proxy_before(replica.port) as (proxy, port), opened(f"redis://127.0.0.1:{port}") as log:
            assert await log.kept("name") is None
            proxy.upstream = engine.port
            assert await log.append("acme", 0, [change(1)])


@in_a_loop
async def test_the_library_sends_nothing_again_on_its_own(engine: EngineProcess) -> None:
    async with proxy_before(engine.port) as (proxy, port):
        nodes = connect(address.read(f"redis://127.0.0.1:{port}"), 1.0)
        assert await nodes.exchange(None, [("PING",)]) == [True]
        proxy.answers_to_lose = 1
        with pytest.raises(ConnectionError):
            await nodes.exchange(None, [("PING",)])
        await nodes.close()


CALLS: dict[str, Callable[[RedisLog], Awaitable[object]]] = {
    "begin": lambda log: log.begin(),
    "tenants": lambda log: log.tenants(),
    "since": lambda log: log.since("acme", 0),
    "append": lambda log: log.append("acme", 1, [change(2)]),
    "snapshot": lambda log: log.snapshot("acme", 1, b"snapshot"),
    "keep": lambda log: log.keep("name", b"body"),
    "kept": lambda log: log.kept("name"),
}


@pytest.mark.parametrize("scheme", ["redis", "redis+cluster"])
@pytest.mark.parametrize("method", CALLS)
@in_a_loop
async def test_without_an_engine_every_method_says_so(scheme: str, method: str) -> None:
    [port] = free_ports(1)
    async with opened(f"{scheme}://ann:tops3cret@127.0.0.1:{port}", patience=0.3) as log:
        with pytest.raises(Unavailable) as told:
            await CALLS[method](log)
    assert str(told.value).startswith(f"the engine at 127.0.0.1:{port} cannot be reached")
    assert told.value.__suppress_context__


@in_a_loop
async def test_an_engine_that_comes_back_is_used_again(tmp_path: Path) -> None:
    with alone(tmp_path, "--appendonly", "yes", "--appendfsync", "always") as engine:
        async with opened(engine.url, patience=0.3) as log:
            await warmed_up(log)
            engine.kill()
            with pytest.raises(Unavailable):
                await log.append("acme", 1, [change(2)])
            engine.start()
            assert await log.append("acme", 1, [change(2)])


@in_a_loop
async def test_a_password_that_is_refused_is_not_repeated(tmp_path: Path) -> None:
    with alone(tmp_path, "--requirepass", "right") as engine:
        async with opened(f"redis://ann:tops3cret@127.0.0.1:{engine.port}") as log:
            with pytest.raises(Unavailable) as told:
                await log.since("acme", 0)
    assert str(told.value) == f"the engine at 127.0.0.1:{engine.port} does not accept the user or password"


@in_a_loop
async def test_what_the_user_may_not_do_is_told_without_the_user(engine: EngineProcess) -> None:
    with engine.client() as client:
        client.execute_command("ACL", "SETUSER", "ann", "on", ">tops3cret", "+ping")
    async with opened(f"redis://ann:tops3cret@127.0.0.1:{engine.port}") as log:
        with pytest.raises(Unavailable) as told:
            await log.since("acme", 0)
    assert str(told.value) == f"the engine at 127.0.0.1:{engine.port} does not let this user do what is needed"


@in_a_loop
async def test_an_engine_that_hangs_is_unavailable_and_mixes_up_no_answers(engine: EngineProcess) -> None:
    async with opened(engine.url, patience=0.3) as log:
        await warmed_up(log)
        with stopped(engine), pytest.raises(Unavailable, match="does not answer"):
            await log.since("acme", 0)
        assert await log.kept("name") is None
        assert await log.since("acme", 0) == News(1, b"snapshot", [])


@in_a_loop
async def test_an_answer_may_take_long_while_the_engine_is_there(engine: EngineProcess) -> None:
    async with proxy_before(engine.port) as (proxy, port), opened(f"redis://127.0.0.1:{port}", patience=0.3) as log:
        await warmed_up(log)
        async with proxy.holding_answers() as asked:
            reading = asyncio.create_task(log.since("acme", 0))
            await asked.wait()
            proxy.hold_no_more_answers()
            asked_first = await proxy.next_request()  # time is up
        assert b"PING" in asked_first
        assert await reading == News(1, b"snapshot", [])


@in_a_loop
async def test_an_engine_without_memory_is_read_but_not_written(tmp_path: Path) -> None:
    with alone(tmp_path) as engine:
        async with opened(engine.url) as log:
            await warmed_up(log)
            with engine.client() as client:
                client.config_set("maxmemory", 1)
            with pytest.raises(Unavailable, match="has no memory left"):
                await log.append("acme", 1, [change(2)])
            assert await log.since("acme", 0) == News(1, b"snapshot", [])


@in_a_loop
async def test_who_no_longer_waits_holds_up_nobody(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await warmed_up(log)
        gone, waiting = (asyncio.create_task(log.since("acme", 0)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        assert await waiting == News(1, b"snapshot", [])


@in_a_loop
async def test_an_engine_that_is_no_cluster_is_told(engine: EngineProcess) -> None:
    async with opened(f"redis+cluster://127.0.0.1:{engine.port}", patience=0.3) as log:
        with pytest.raises(Unavailable, match="is no cluster"):
            await log.since("acme", 0)
