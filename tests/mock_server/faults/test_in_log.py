"""Faults where a log keeps tenants, and several servers share it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from showpad_mock.app import App, AppOptions

from ...harness import asgi
from ...harness.change_log import ListLog

SELLER = [(b"authorization", b"Bearer mock.acme.seller.oauth"), (b"host", b"localhost")]
FAULTS = b"/__admin/tenants/acme/faults"


async def servers(count: int = 2) -> tuple[ListLog, list[App]]:
    log = ListLog()
    apps = [App(AppOptions(), log=log) for _ in range(count)]
    for app in apps:
        await app.begin()
    return log, apps


async def ask(app: App, method: str, path: bytes, body: Any = None) -> asgi.Answer:
    content = b"" if body is None else json.dumps(body).encode()
    return await asgi.answer_to(app, asgi.scope_of(method, path, SELLER), content)


async def create(app: App, title: str = "A space") -> int:
    return (
        await ask(app, "POST", b"/v4/shared-spaces", {"title": title, "publicUri": title.lower().replace(" ", "-")})
    ).status


async def fired(app: App) -> list[int]:
    return [fault["fired"] for fault in json.loads((await ask(app, "GET", FAULTS)).content)]


STATUS = {"effect": {"kind": "status"}, "times": 1}


def test_a_fault_holds_on_every_server_and_is_counted_for_all() -> None:
    async def test() -> None:
        _, (one, other) = await servers()
        await ask(one, "POST", FAULTS, STATUS)
        assert [await create(other), await create(one)] == [500, 201]
        assert await fired(one) == await fired(other) == [1]

    asyncio.run(test())


def test_it_survives_a_restart() -> None:
    async def test() -> None:
        log, (one,) = await servers(1)
        await ask(one, "POST", FAULTS, {**STATUS, "times": 2})
        assert await create(one) == 500
        again = App(AppOptions(), log=log)
        await again.begin()
        assert [await create(again), await create(again)] == [500, 201]

    asyncio.run(test())


@pytest.mark.parametrize(
    ("effect", "calls"),
    [
        (None, {"since": 1, "append": 1}),
        ({"kind": "status"}, {"since": 1, "append": 1}),
        ({"kind": "empty-body"}, {"since": 1, "append": 1}),  # both changes go together
        ({"kind": "delay", "milliseconds": 0}, {"since": 2, "append": 2}),
    ],
)
def test_a_counted_fault_costs_a_trip_more_at_most_each_way(effect: Any, calls: dict[str, int]) -> None:
    async def test() -> None:
        log, (one,) = await servers(1)
        await create(one, "The first")
        if effect is not None:
            await ask(one, "POST", FAULTS, {"effect": effect})
        log.calls.clear()
        await create(one)
        assert log.calls == calls

    asyncio.run(test())


@pytest.mark.parametrize("kind", ["delay", "empty-body", "status"])
def test_a_fault_whose_request_is_taken_back_and_runs_again_counts_once(kind: str) -> None:
    async def test() -> None:
        log, (one, other) = await servers()
        effect = {"kind": kind, "milliseconds": 0} if kind == "delay" else {"kind": kind}
        await ask(one, "POST", FAULTS, {"effect": effect, "times": 3})
        between = iter([True])

        async def be_faster(call: str) -> None:
            if call == "append" and next(between, False):
                # Another server changes the tenant while this one is about to.
                await ask(other, "PATCH", b"/__admin/tenants/acme", {"clock": {"offsetSeconds": 1}})

        log.before = be_faster
        assert await create(one) == (500 if kind == "status" else 201)
        assert next(between, None) is None
        assert await fired(other) == [1]

    asyncio.run(test())


def test_a_delay_holds_no_other_request_to_its_tenant_up() -> None:
    async def test() -> None:
        _, (one,) = await servers(1)
        slow = {"effect": {"kind": "delay", "milliseconds": 60_000}, "match": {"body": {"title": "Slow"}}}
        await ask(one, "POST", FAULTS, slow)
        waiting = asyncio.create_task(create(one, "Slow"))
        while await fired(one) == [0]:
            await asyncio.sleep(0)
        assert await create(one, "Fast") == 201
        one.close()
        assert await waiting == 201

    asyncio.run(test())


@pytest.mark.parametrize("effect", [{"kind": "status", "body": "no"}, {"kind": "rate-limited"}])
def test_what_a_fault_answers_before_the_change_is_not_made(effect: Any) -> None:
    async def test() -> None:
        _, (one,) = await servers(1)
        await ask(one, "POST", FAULTS, {"effect": effect, "times": 1})
        assert await create(one) in (500, 429)
        assert await create(one) == 201  # its publicUri is free

    asyncio.run(test())


def test_a_fault_acts_once_after_the_change() -> None:
    async def test() -> None:
        _, (one,) = await servers(1)
        right = await ask(one, "GET", b"/v4/users")
        await ask(one, "POST", FAULTS, {"effect": {"kind": "malformed-json"}})
        assert (await ask(one, "GET", b"/v4/users")).content == right.content[:-1]

    asyncio.run(test())
