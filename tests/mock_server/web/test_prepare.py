"""A large body is read before the unit of work, while others are answered; it means what a small one does."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest

from showpad_mock.web.validation import LARGE

from ...harness import asgi
from ..control.caller import ORIGIN, Caller

ITEM = {"type": "asset", "assetId": "none"}
MANY = [ITEM] * (LARGE // len(json.dumps(ITEM)) + 1)
HEADERS = {"Authorization": "Bearer mock.acme.admin"}


@pytest.fixture
def caller(runner: asyncio.Runner) -> Caller:
    return Caller(runner)


def items_of(space: str, content: bytes) -> httpx2.Request:
    return httpx2.Request("POST", f"{ORIGIN}/v4/shared-spaces/{space}/items", content=content, headers=HEADERS)


def test_who_asks_meanwhile_is_answered_before(runner: asyncio.Runner, caller: Caller) -> None:
    large = items_of(caller.create_space()["id"], json.dumps({"items": MANY}).encode())
    small = httpx2.Request("GET", f"{ORIGIN}/v4/users", headers={"Authorization": "Bearer mock.other.admin"})
    answered: list[str] = []

    async def ask(request: httpx2.Request) -> None:
        answer = await asgi.send(caller.app, request)
        assert answer.is_success
        answered.append(request.method)

    async def both() -> None:
        await asyncio.gather(ask(large), ask(small))

    runner.run(both())
    assert answered == ["GET", "POST"]


@pytest.mark.parametrize(
    "body",
    [
        {"items": [{"type": "asset"}]},
        {"items": [], "folderItemId": 7},
        {"items": [{**ITEM, "pge": 3}], "folderID": "none"},
        {"items": 7},
        [],
    ],
    ids=str,
)
def test_a_faulty_large_body_is_told_as_a_small_one(runner: asyncio.Runner, caller: Caller, body: Any) -> None:
    space, content = caller.create_space()["id"], json.dumps(body).encode()
    small, large = [runner.run(asgi.send(caller.app, items_of(space, content + b" " * more))) for more in (0, LARGE)]
    assert large.status_code == small.status_code
    assert large.headers.get("x-mock-ignored") == small.headers.get("x-mock-ignored")
    assert large.json().get("meta") == small.json().get("meta")


def test_a_large_body_that_is_no_json_is_told(runner: asyncio.Runner, caller: Caller) -> None:
    answer = runner.run(asgi.send(caller.app, items_of(caller.create_space()["id"], b"{" + b" " * LARGE)))
    assert (answer.status_code, answer.json()["meta"][0]["category"]) == (400, "json")
