"""Its keys, what it lost, what it may refuse; the suite of all logs lies one folder up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest
from redis.crc import key_slot

from showpad_mock.state.logs.protocol import TAIL, News, Unavailable

from .....harness.engines import EngineProcess, Engines, alone, with_tls
from .opened import GONE, change, in_a_loop, opened


@pytest.fixture(name="engine")
def engine_(engines: Engines) -> Iterator[EngineProcess]:
    yield engines.alone
    with engines.alone.client() as client:
        client.flushall()


@in_a_loop
async def test_all_keys_of_a_tenant_are_in_one_slot(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1), change(2)])
        await log.snapshot("acme", 1, b"snapshot")
    with engine.client() as client:
        keys = list(client.scan_iter("showpad-mock:{acme}:*"))
    assert len(keys) == 4
    assert {key_slot(key) for key in keys} == {key_slot(b"acme")}


@in_a_loop
async def test_a_name_behind_which_nothing_came_is_no_tenant(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1)])
        with engine.client() as client:
            client.sadd("showpad-mock:tenants", "cut-off")
        assert await log.tenants() == ["acme"]


@in_a_loop
async def test_a_snapshot_leaves_the_last_change_sets_in_the_log(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(number) for number in range(1, TAIL + 51)])
        await log.snapshot("acme", TAIL + 40, b"snapshot")
    with engine.client() as client:
        kept = client.xrange("showpad-mock:{acme}:log")
    assert [entry[0] for entry in kept] == [b"%d-0" % version for version in range(51, TAIL + 51)]


@in_a_loop
async def test_what_is_gone_leaves_its_version_and_for_a_while_ids(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1), change(2)])
        await log.append("acme", 2, [change(3, GONE)])
    with engine.client() as client:
        assert set(client.scan_iter("*acme*")) == {b"showpad-mock:{acme}:head", b"showpad-mock:{acme}:ids"}
        assert min(client.ttl("showpad-mock:{acme}:ids"), client.ttl("showpad-mock:{acme}:head")) > 0


@in_a_loop
async def test_ids_of_what_begins_again_are_not_forgotten(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1, GONE)])
        await log.append("acme", 1, [change(2)])
    with engine.client() as client:
        assert client.ttl("showpad-mock:{acme}:ids") == client.ttl("showpad-mock:{acme}:head") == -1


@in_a_loop
async def test_what_begins_again_and_once_more_at_the_same_time_is_not_forgotten(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1, GONE)])
        await log.append("acme", 1, [change(2), change(3, GONE), change(4)])
    with engine.client() as client:
        assert client.ttl("showpad-mock:{acme}:ids") == client.ttl("showpad-mock:{acme}:head") == -1


@in_a_loop
async def test_a_copy_of_who_was_forgotten_is_known_to_be_old_by_its_id(engine: EngineProcess) -> None:
    async with opened(engine.url) as one, opened(engine.url) as other:
        await one.append("acme", 0, [change(1), change(2)])
        await other.append("acme", 2, [change(3, GONE)])
        with engine.client() as client:
            client.delete("showpad-mock:{acme}:head", "showpad-mock:{acme}:ids")  # as in an hour
        assert await one.since("acme", 2) == News(0, GONE, [])
        assert await other.append("acme", 0, [change(11), change(12)])
        assert not await one.append("acme", 2, [change(4)])
        assert await one.since("acme", 2) == News(0, GONE, [b"11", b"12"])


@in_a_loop
async def test_a_name_of_nothing_is_forgotten_after_a_while(
    engine: EngineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1)])
        await log.append("gone", 0, [change(2), change(3, GONE)])
        with engine.client() as client:
            client.sadd("showpad-mock:tenants", "cut-off")
            assert await log.tenants() == ["acme"]
            assert client.smembers("showpad-mock:tenants") == {b"acme", b"gone", b"cut-off"}
            monkeypatch.setattr("showpad_mock.state.logs.redis.log.FORGET", -1)
            assert await log.tenants() == ["acme"]
            assert client.smembers("showpad-mock:tenants") == {b"acme", b"gone"}


@in_a_loop
async def test_no_more_ids_are_kept_than_the_log_keeps_change_sets(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(number) for number in range(1, TAIL + 51)])
    with engine.client() as client:
        assert client.zcard("showpad-mock:{acme}:ids") == TAIL


@in_a_loop
async def test_an_append_is_known_again_after_the_tenant_was_deleted(engine: EngineProcess) -> None:
    async with opened(engine.url) as one, opened(engine.url) as other:
        await one.append("acme", 0, [change(1)])
        await other.append("acme", 1, [change(2, GONE)])
        await other.append("acme", 2, [change(3)])
        assert await one.append("acme", 0, [change(1)])
        assert await one.since("acme", 0) == News(2, GONE, [b"3"])


@in_a_loop
async def test_a_copy_of_versions_that_the_engine_lost_begins_anew(engine: EngineProcess) -> None:
    async with opened(engine.url) as one:
        await one.append("acme", 0, [change(1), change(2)])
        await lose_and_write(engine, [change(11)])
        assert await one.since("acme", 2) == News(0, GONE, [b"11"])


@in_a_loop
async def test_a_copy_of_more_versions_than_there_are_begins_anew(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1)])
        assert await log.since("acme", 5) == News(0, GONE, [b"1"])


@in_a_loop
async def test_a_name_that_was_lost_comes_again_with_a_snapshot(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1)])
        with engine.client() as client:
            client.delete("showpad-mock:tenants")
        await log.snapshot("acme", 1, b"snapshot")
        assert await log.tenants() == ["acme"]


@in_a_loop
async def test_versions_lost_and_given_again_are_told_from_those_of_before(engine: EngineProcess) -> None:
    async with opened(engine.url) as one:
        await one.append("acme", 0, [change(1), change(2)])
        await lose_and_write(engine, [change(11), change(12), change(13)])
        assert not await one.append("acme", 2, [change(3)])
        await one.snapshot("acme", 2, b"of what was lost")
        assert await one.since("acme", 2) == News(0, GONE, [b"11", b"12", b"13"])
        assert await one.append("acme", 3, [change(3)])


@in_a_loop
async def test_nothing_is_appended_to_another_last_version_than_the_copys(engine: EngineProcess) -> None:
    async with opened(engine.url) as one:
        await one.append("acme", 0, [change(1)])
        await lose_and_write(engine, [change(11)])
        assert not await one.append("acme", 1, [change(2)])


async def lose_and_write(engine: EngineProcess, change_sets: list[object]) -> None:
    """Lose all, as a failover may lose the last; another server writes on."""
    with engine.client() as client:
        client.flushall()
    async with opened(engine.url) as other:
        await other.append("acme", 0, change_sets)  # type: ignore[arg-type]  # changes


@in_a_loop
async def test_scripts_come_again_to_an_engine_that_forgot_them(engine: EngineProcess) -> None:
    async with opened(engine.url) as log:
        await log.append("acme", 0, [change(1)])
        with engine.client() as client:
            client.script_flush()
        assert await log.append("acme", 1, [change(2)])


@in_a_loop
async def test_a_replica_tells_nothing_that_may_be_old(engine: EngineProcess, tmp_path: Path) -> None:
    with alone(tmp_path, "--replicaof", f"127.0.0.1 {engine.port}") as replica:
        replica.wait_until_told("REPLICA sync: Finished with success")
        async with opened(replica.url, patience=1.0) as log:
            with pytest.raises(Unavailable, match="is a replica"):
                await log.since("acme", 0)


@in_a_loop
async def test_an_append_waits_for_the_replicas_that_it_was_told(engine: EngineProcess, tmp_path: Path) -> None:
    async with opened(f"{engine.url}?wait_replicas=1", patience=1.0) as log:
        with pytest.raises(Unavailable, match="too few replicas"):
            await log.append("acme", 0, [change(1)])
        with alone(tmp_path, "--replicaof", f"127.0.0.1 {engine.port}") as replica:
            replica.wait_until_told("REPLICA sync: Finished with success")
            assert await log.append("acme", 0, [change(1)])
            with replica.client() as client:
                assert client.xlen("showpad-mock:{acme}:log") == 1


@in_a_loop
async def test_what_is_there_already_waits_for_replicas_as_well(engine: EngineProcess, tmp_path: Path) -> None:
    url = f"{engine.url}?wait_replicas=1"
    with alone(tmp_path, "--replicaof", f"127.0.0.1 {engine.port}") as replica:
        replica.wait_until_told("REPLICA sync: Finished with success")
        async with opened(url, patience=1.0) as log:
            await log.append("acme", 0, [change(1)])
        async with opened(engine.url) as in_a_hurry, opened(url, patience=1.0) as log:
            replica.signal(SIGSTOP)
            assert await in_a_hurry.append("acme", 1, [change(2)])
            with pytest.raises(Unavailable, match="too few replicas"):
                await log.append("acme", 1, [change(2)])
            replica.signal(SIGCONT)
            assert await log.append("acme", 1, [change(2)])


@in_a_loop
async def test_an_engine_is_asked_over_tls(tmp_path: Path) -> None:
    with with_tls(tmp_path) as url:
        async with opened(url) as log:
            assert await log.append("acme", 0, [change(1)])
        async with opened(url.partition("?")[0], patience=1.0) as stranger:
            with pytest.raises(Unavailable, match="cannot be reached"):  # nobody vouches for its certificate
                await stranger.since("acme", 0)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("showpad_mock.state.logs.redis")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'showpad-mock\[shared\]'"):
        import showpad_mock.state.logs.redis  # noqa: F401
