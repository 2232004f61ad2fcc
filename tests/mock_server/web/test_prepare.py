"""A large body is read before the unit of work, while others are answered; it means what a small one does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from showpad_mock.web.form import Form
from showpad_mock.web.validation import LARGE

from ...harness import asgi
from ...harness.change_log import ListLog
from ..control.caller import ORIGIN, Caller

ITEM = {"type": "asset", "assetId": "none"}
MANY = [ITEM] * (LARGE // len(json.dumps(ITEM)) + 1)
LARGE_BODY = json.dumps({"items": MANY}).encode()


@pytest.fixture(params=[None, ListLog], ids=["in memory", "in a log"])
def caller(runner: asyncio.Runner, request: pytest.FixtureRequest) -> Iterator[Caller]:
    caller = Caller(runner, log=request.param and request.param())
    runner.run(caller.app.begin())
    yield caller
    runner.run(caller.app.end())


def items_of(space: str, content: bytes, token: str = "mock.acme.admin") -> httpx2.Request:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Request("POST", f"{ORIGIN}/v4/shared-spaces/{space}/items", content=content, headers=headers)


def test_who_asks_meanwhile_is_answered_before(runner: asyncio.Runner, caller: Caller) -> None:
    large = items_of(caller.create_space()["id"], LARGE_BODY)
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


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bodies are held as they were read: one more with each that is, one less with each that is used."""
    held: list[int] = [0]
    prepare, read_body = Form.prepare, Form.read_body

    def preparing(form: Any, body: bytes) -> Any:
        held.append(held[-1] + 1)
        return prepare(form, body)

    def using(form: Any, call: Any) -> Any:
        parsed = read_body(form, call)
        held.append(held[-1] - 1)
        return parsed

    monkeypatch.setattr(Form, "prepare", preparing)
    monkeypatch.setattr(Form, "read_body", using)
    return held


def test_one_large_body_at_a_time_is_held_as_it_was_read(
    runner: asyncio.Runner, caller: Caller, read: list[int]
) -> None:
    space = caller.create_space()["id"]
    read.clear()
    read.append(0)

    async def all_at_once() -> list[httpx2.Response]:
        return await asyncio.gather(*(asgi.send(caller.app, items_of(space, LARGE_BODY)) for _ in range(5)))

    assert {answer.status_code for answer in runner.run(all_at_once())} == {201}
    assert read == [0, *[1, 0] * 5]


def test_a_large_body_of_who_is_not_let_in_is_not_read(runner: asyncio.Runner, caller: Caller, read: list[int]) -> None:
    answer = runner.run(asgi.send(caller.app, items_of("none", LARGE_BODY, "mock.acme.nobody")))
    assert (answer.status_code, read) == (401, [0])


def test_a_fault_comes_before_a_large_body_is_read(runner: asyncio.Runner, caller: Caller, read: list[int]) -> None:
    request = items_of("none", LARGE_BODY, "mock.acme.admin+fault-rate-limited")
    assert (runner.run(asgi.send(caller.app, request)).status_code, read) == (429, [0])
