from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from showpad_mock import MockShowpad, MockTenant

from ...harness import asgi
from ...harness.api import Api


def send_raw(app: asgi.App, tenant: MockTenant, messages: Iterable[asgi.Message]) -> list[asgi.Message]:
    """Hand a create to the app message by message, and return what it sent."""
    authorization = (b"authorization", tenant.headers("seller", oauth=True)["Authorization"].encode())
    scope = asgi.scope_of("POST", b"/v4/shared-spaces", [authorization])
    return asyncio.run(asgi.drive(app, scope, asgi.each(messages)))


def test_half_a_request_asks_for_nothing(showpad_server: MockShowpad, showpad: MockTenant) -> None:
    half: asgi.Message = {"type": "http.request", "body": b'{"title": "whole by chance"}', "more_body": True}
    assert send_raw(showpad_server.app, showpad, [half, {"type": "http.disconnect"}]) == []
    assert showpad.events == []


def test_a_body_in_many_parts_is_one_body(showpad_server: MockShowpad, showpad: MockTenant) -> None:
    body = b'{"title": "in parts"}'
    parts: list[asgi.Message] = [
        {"type": "http.request", "body": body[at : at + 1], "more_body": True} for at in range(len(body))
    ]
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


def test_an_answer_that_cannot_be_made_is_500_and_in_the_journal(api: Api, monkeypatch: Any) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("showpad_mock.web.steps.answer.ignored_header", broken)
    answer = api.get("/shared-spaces", params={"nothing": "1"})
    monkeypatch.undo()
    assert (answer.status_code, answer.json()["type"]) == (500, "/mock-server/internal-error")
    assert api.tenant.exchanges[-1].status == 500
