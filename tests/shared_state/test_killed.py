"""`kill -9` of servers and of the engine under load: every answered write is there afterwards, and none twice."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from threading import Event

import httpx2
import pytest
from redis import Redis

from ..harness.engines import alone, free_ports
from ..harness.program import Program, serving
from ..harness.proxy import proxy_before
from .servers import Tenant, client, servers
from .writers import titles, writing

DURABLE = ("--appendonly", "yes", "--appendfsync", "always")
HEAD = "showpad-mock:{acme}:head"
"""Where the engine has the tenant's version."""


def some_time_later(chance: Random) -> None:
    """Wait for a random moment within two answers or so."""
    Event().wait(chance.uniform(0, 0.01))


def kill_once_appended(program: Program, looking: Redis, version: bytes | None, _: bytes) -> None:
    """Kill a server where the tenant has another version, which the server is about to be told."""
    if looking.hget(HEAD, "version") != version:
        program.process.kill()


@pytest.mark.parametrize("sync", ["normal", "full"])
def test_a_server_with_a_state_file_killed_fifteen_times(tmp_path: Path, asking: httpx2.Client, sync: str) -> None:
    chance, [port] = Random(sync), free_ports(1)
    flags = ("-q", "--port", str(port), "--state", str(tmp_path / "state"), "--state-sync", sync)
    with writing(Tenant("acme", [f"http://127.0.0.1:{port}"], asking), 8) as writers:
        for _ in range(15):
            with serving(*flags):
                writers.is_there(0)
                writers.wait_for(chance.randrange(20))
                some_time_later(chance)
                writers.is_away(0)
    with serving(*flags):
        writers.assert_kept()


def test_one_of_two_servers_on_an_engine_killed_fifteen_times(tmp_path: Path, asking: httpx2.Client) -> None:
    chance, [port] = Random(0), free_ports(1)
    with alone(tmp_path) as engine, serving("-q", "--state", engine.url) as other:
        tenant = Tenant("acme", [f"http://127.0.0.1:{port}", other.origin], asking)
        with writing(tenant, 8) as writers:
            writers.is_there(1)
            for _ in range(15):
                with serving("-q", "--port", str(port), "--state", engine.url):
                    writers.is_there(0)
                    writers.wait_for(chance.randrange(40))
                    some_time_later(chance)
                    writers.is_away(0)
        writers.assert_kept(at=1)


def test_an_engine_that_syncs_always_killed_sixty_times(tmp_path: Path, asking: httpx2.Client) -> None:
    chance = Random(0)
    with alone(tmp_path, *DURABLE) as engine, servers(engine.url, count=2) as programs:
        tenant = Tenant("acme", [program.origin for program in programs], asking)
        with writing(tenant, 8) as writers:
            writers.is_there(0)
            writers.is_there(1)
            for _ in range(60):
                writers.wait_for(chance.randrange(20))
                some_time_later(chance)
                engine.kill()
                engine.start()
        for server in range(2):
            writers.assert_kept(at=server)


def test_a_server_killed_between_append_and_answer_has_done_it_once(tmp_path: Path) -> None:
    asyncio.run(_kill_between(tmp_path))


async def _kill_between(folder: Path) -> None:
    with ExitStack() as stack:
        engine = stack.enter_context(alone(folder))
        other = stack.enter_context(serving("-q", "--state", engine.url))
        asking, looking = stack.enter_context(client()), stack.enter_context(engine.client())
        Tenant("acme", [other.origin], asking).create()
        async with proxy_before(engine.port) as (proxy, port):
            for turn in range(10):
                start = serving("-q", "--state", f"redis://127.0.0.1:{port}")
                with ExitStack() as this:
                    program = await asyncio.to_thread(this.enter_context, start)
                    tenant = Tenant("acme", [program.origin, other.origin], asking)
                    create = partial(tenant.create, f"turn {turn}", publicUri=f"turn-{turn}")
                    await asyncio.to_thread(tenant.ask, "GET", "/shared-spaces")
                    proxy.before_answer = partial(kill_once_appended, program, looking, looking.hget(HEAD, "version"))
                    with pytest.raises(httpx2.TransportError):
                        await asyncio.to_thread(create)
                    proxy.before_answer = lambda _: None
                again = tenant.ask("POST", "/shared-spaces", {"title": "A", "publicUri": f"turn-{turn}"}, at=1)
                assert "CREATE-URI-TAKEN" in again.headers["x-mock-rules"]
        kept = titles(tenant, at=1)
        assert [kept[f"turn {turn}"] for turn in range(10)] == [1] * 10
