from __future__ import annotations

import asyncio
from collections.abc import Iterable, MutableMapping
from typing import Any

from showpad_mock import MockShowpad, MockTenant

from ...harness.api import Api


def send_raw(app: Any, tenant: MockTenant, messages: Iterable[dict[str, Any]]) -> list[MutableMapping[str, Any]]:
    """Hand a create to the app message by message; gives what it sent."""
    waiting = iter(messages)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(waiting)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v4/shared-spaces",
        "raw_path": b"/v4/shared-spaces",
        "query_string": b"",
        "headers": [(b"authorization", tenant.headers("seller", oauth=True)["Authorization"].encode())],
    }
    asyncio.run(app(scope, receive, send))
    return sent


def test_half_a_request_asks_for_nothing(showpad_server: MockShowpad, showpad: MockTenant) -> None:
    half = {"type": "http.request", "body": b'{"title": "whole by chance"}', "more_body": True}
    assert send_raw(showpad_server.app, showpad, [half, {"type": "http.disconnect"}]) == []
    assert showpad.events == []


def test_a_body_in_many_parts_is_one_body(showpad_server: MockShowpad, showpad: MockTenant) -> None:
    body = b'{"title": "in parts"}'
    parts = [{"type": "http.request", "body": body[at : at + 1], "more_body": True} for at in range(len(body))]
    sent = send_raw(showpad_server.app, showpad, [*parts, {"type": "http.request"}])
    assert sent[0]["status"] == 201
    assert showpad.events[0]["data"]["sharedSpace"]["name"] == "in parts"


def test_a_broken_handler_is_500_and_keeps_nothing(api: Api, showpad_server: MockShowpad, monkeypatch: Any) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("showpad_mock.showpad.domain.spaces.notify", broken)
    answer = api.post("/shared-spaces", {"title": "cut in half"}, as_="seller", oauth=True)
    monkeypatch.undo()
    assert (answer.status_code, answer.json()["type"]) == (500, "/mock-server/internal-error")
    assert api.get("/shared-spaces", params={"title": "cut in half"}, as_="seller").json()["count"] == 0
    assert api.tenant.events == []
