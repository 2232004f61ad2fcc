"""Who waits for what is due is told when it is gone, also where nothing was sent for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ..control.caller import Caller

HOUR = 3_600_000
PATIENCE = 30


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


def test_what_was_due_to_a_subscription_that_is_gone_keeps_nobody_waiting(runner: asyncio.Runner) -> None:
    caller = Caller(runner)
    sources = caller.app.deliveries.sources
    caller.app.deliveries.sources = {
        name: replace(source, retry_after=(3_000, HOUR)) for name, source in sources.items()
    }

    def advance(seconds: float) -> None:
        sent = caller.send("POST", "tenants/acme/advance", {"seconds": seconds, "wait": 60})
        assert caller.run(asyncio.wait_for(sent, PATIENCE)).status_code == 200

    def ask(method: str, subscription: str, body: Any = None) -> None:
        headers = {"Authorization": "Bearer mock.acme.admin"}
        answer = caller(method, f"/webhooks/v1/subscriptions/{subscription}", body, headers=headers)
        assert answer.status_code < 300

    stays = caller.subscribe()
    caller.create_space()
    advance(3)  # what is due next keeps a worker at hand for an hour
    ask("POST", stays["id"], {"types": ["link-share-created"]})
    goes = caller.subscribe()
    caller.create_space()
    advance(0)
    ask("DELETE", goes["id"])
    advance(3)
    caller.run(caller.app.end())


def test_who_is_woken_as_it_is_cancelled_ends_all_the_same(runner: asyncio.Runner) -> None:
    caller = Caller(runner)
    caller.app.deliveries.sources = {
        name: replace(source, retry_after=(HOUR,)) for name, source in caller.app.deliveries.sources.items()
    }
    caller.subscribe()
    caller.create_space()
    caller("POST", "tenants/acme/advance", {"seconds": 0})

    async def cancelled() -> tuple[int, int]:
        caller.app.deliveries.wake("acme")
        await asyncio.sleep(0)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        done, pending = await asyncio.wait(tasks, timeout=PATIENCE)
        return len(done), len(pending)

    assert caller.run(cancelled()) == (1, 0)
