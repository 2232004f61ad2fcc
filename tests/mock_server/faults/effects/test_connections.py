"""Effects on the connection, over real sockets, plain and with TLS."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from threading import Event, Thread

import pytest
import trustme

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.core.waiting import Waiting
from showpad_mock.faults.effects import EFFECTS
from showpad_mock.serving.limits import ConnectionLimits
from showpad_mock.serving.listeners import bind, origin_of
from showpad_mock.serving.uvicorn_server import UvicornServer

from ....harness import asgi
from ....harness.api import Api
from ....harness.engines import PATIENCE
from ....harness.wire import Received, connected

AUTHORITY = trustme.CA()
TRUST = ssl.create_default_context()
AUTHORITY.configure_trust(TRUST)


class NotedWaiting(Waiting):
    """Tells when somebody has begun to wait, and when it has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.ended = Event(), Event()

    @asynccontextmanager
    async def at_most(self, seconds: float) -> AsyncIterator[None]:
        async with super().at_most(seconds):
            self.begun.set()
            yield
        self.ended.set()


@pytest.fixture(scope="module")
def tls_origin(showpad_server: MockShowpad) -> Iterator[str]:
    """The server once more, behind TLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("localhost").configure_cert(context)
    answers, listener = Event(), bind("127.0.0.1", 0)
    server = UvicornServer(showpad_server.app, answers.set, limits=ConnectionLimits())
    server.config.load()
    server.config.ssl = context
    thread = Thread(target=server.run_on, args=(listener,))
    thread.start()
    answers.wait()
    yield origin_of(listener)
    server.stop()
    thread.join()


@pytest.fixture(params=["plain", "tls"])
def origin(request: pytest.FixtureRequest, showpad_server: MockShowpad) -> tuple[str, ssl.SSLContext | None]:
    if request.param == "plain":
        return showpad_server.origin, None
    return request.getfixturevalue("tls_origin"), TRUST


Origin = tuple[str, ssl.SSLContext | None]


def create(origin: Origin, tenant: MockTenant, effect: str, title: str = "A space") -> Received:
    headers = tenant.headers("seller", oauth=True)
    with tenant.fault(effect, times=1), connected(*origin) as wire:
        wire.send("POST", "/v4/shared-spaces", headers, {"title": title, "publicUri": "once"})
        return wire.receive()


def made(tenant: MockTenant) -> int:
    return len(tenant.events)


def test_closed_before_the_answer_nothing_is_made_and_nothing_comes(showpad: MockTenant, origin: Origin) -> None:
    assert create(origin, showpad, "close-before") == Received(b"", "closed")
    assert made(showpad) == 0


def test_a_lost_answer_is_that_of_a_change_that_was_made(showpad: MockTenant, origin: Origin) -> None:
    assert create(origin, showpad, "lost-answer") == Received(b"", "closed")
    assert made(showpad) == 1


def test_closed_midway_half_of_the_body_comes(showpad: MockTenant, origin: Origin) -> None:
    received = create(origin, showpad, "close-midway")
    head, _, body = received.content.partition(b"\r\n\r\n")
    assert (received.end, head.startswith(b"HTTP/1.1 201"), made(showpad)) == ("closed", True, 1)
    assert (
        f"content-length: {2 * len(body)}" in head.decode() or f"content-length: {2 * len(body) + 1}" in head.decode()
    )
    assert b"x-mock-fault: fault-1" in head


def test_closed_after_the_answer_it_comes_whole_and_does_not_say_so(showpad: MockTenant, origin: Origin) -> None:
    received = create(origin, showpad, "close-after")
    assert (received.end, made(showpad)) == ("closed", 1)
    assert received.content.startswith(b"HTTP/1.1 201")
    assert received.content.endswith(b"}")
    assert b"connection: close" not in received.content


def test_a_reset_is_one(showpad: MockTenant, origin: Origin) -> None:
    with showpad.fault("reset"), connected(*origin) as wire:
        wire.send("POST", "/v4/shared-spaces", showpad.headers("seller", oauth=True), {"title": "A space"})
        assert wire.end() == "reset"
    assert made(showpad) == 0


def test_an_answer_without_a_body_ends_in_its_head(showpad: MockTenant, origin: Origin, api: Api) -> None:
    space = api.create_space()["id"]
    with showpad.fault("close-midway"), connected(*origin) as wire:
        wire.send("DELETE", f"/v4/shared-spaces/{space}", showpad.headers())
        assert wire.receive() == Received(b"HTTP/1.1 204", "closed")


def test_a_lost_answer_is_in_the_journal_as_it_was(showpad: MockTenant, showpad_server: MockShowpad) -> None:
    create((showpad_server.origin, None), showpad, "lost-answer")
    [entry] = showpad.requests()
    assert (entry.status, entry.fault, entry.response_json["publicUri"]) == (201, "fault-1", "once")


def test_a_call_that_was_never_answered_has_no_status(showpad: MockTenant, showpad_server: MockShowpad) -> None:
    create((showpad_server.origin, None), showpad, "close-before")
    assert [(entry.status, entry.response_body) for entry in showpad.requests()] == [(0, b"")]


def test_the_server_answers_others_after_it(showpad: MockTenant, showpad_server: MockShowpad) -> None:
    for effect in ("close-before", "reset", "close-midway", "close-after"):
        create((showpad_server.origin, None), showpad, effect)
    with connected(showpad_server.origin) as wire:
        wire.send("GET", "/v4/users", {**showpad.headers(), "connection": "close"})
        assert wire.receive().content.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("effect", ["close-before", "reset", "lost-answer", "close-midway"])
def test_without_a_connection_the_caller_gets_its_error(showpad: MockTenant, api: Api, effect: str) -> None:
    with showpad.fault(effect), pytest.raises(ConnectionResetError):
        api.get("/users")
    assert [entry.fault for entry in showpad.requests()] == ["fault-1"]


def test_a_client_that_leaves_ends_a_delay_and_nothing_is_made(
    showpad: MockTenant, showpad_server: MockShowpad
) -> None:
    noted = Event()
    unlisten = showpad_server.app.journal.listen(lambda entry: noted.set() if entry.tenant == showpad.name else None)
    with showpad.fault({"kind": "delay", "milliseconds": 60_000}):
        with connected(showpad_server.origin) as wire:
            wire.send("POST", "/v4/shared-spaces", showpad.headers("seller", oauth=True), {"title": "A space"})
            wire.connection.shutdown(socket.SHUT_RDWR)
        assert noted.wait(PATIENCE)
    unlisten()
    assert made(showpad) == 0
    assert [(entry.status, entry.fault) for entry in showpad.requests()] == [(0, "fault-1")]


def test_a_server_that_ends_waits_for_no_delay() -> None:
    with MockShowpad() as server, server.tenant() as tenant, tenant.fault({"kind": "delay", "milliseconds": 60_000}):
        waiting = server.app.faults.waiting = NotedWaiting()
        with connected(server.origin) as wire:
            wire.send("GET", "/v4/users", tenant.headers())
            assert waiting.begun.wait(PATIENCE)
            server.close()
            assert wire.receive().content.startswith(b"HTTP/1.1 200")


def test_a_frozen_clock_hangs_no_delay(showpad: MockTenant, api: Api) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    with showpad.fault({"kind": "delay", "milliseconds": 1}):
        assert api.get("/users").status_code == 200
    [entry] = showpad.requests()
    assert entry.milliseconds >= 1


def test_a_delay_holds_nobody_else_up(showpad: MockTenant, showpad_server: MockShowpad, api: Api) -> None:
    with showpad.fault({"kind": "delay", "milliseconds": 60_000}, match={"path": "/themes"}):
        with connected(showpad_server.origin) as waiting, connected(showpad_server.origin) as wire:
            waiting.send("GET", "/v4/themes", showpad.headers())
            wire.send("GET", "/v4/users", {**showpad.headers(), "connection": "close"})
            assert wire.receive().content.startswith(b"HTTP/1.1 200")
            assert api.create_space()["title"] == "A space"


def test_a_drip_comes_in_pieces(showpad: MockTenant, showpad_server: MockShowpad) -> None:
    sent: list[bytes] = []

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, object]) -> None:
        sent.append(message.get("body", b""))  # type: ignore[arg-type]

    with showpad.fault({"kind": "drip", "bytes": 100, "milliseconds": 1}):
        headers = [(b"authorization", showpad.headers()["Authorization"].encode())]
        asyncio.run(showpad_server.app(asgi.scope_of("GET", b"/v4/users", headers), receive, send))  # type: ignore[arg-type]
    assert {len(piece) for piece in sent[1:-1]} == {100}
    assert len(sent) > 3


def test_a_client_that_leaves_ends_a_drip(
    showpad: MockTenant, showpad_server: MockShowpad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showpad_server.app.faults, "waiting", waiting := NotedWaiting())
    with showpad.fault({"kind": "drip", "milliseconds": 60_000}), connected(showpad_server.origin) as wire:
        wire.send("GET", "/v4/users", showpad.headers())
        assert wire.connection.recv(65536).partition(b"\r\n\r\n")[2] == b"{"
        wire.connection.shutdown(socket.SHUT_RDWR)
        assert waiting.ended.wait(PATIENCE)


def body_of(received: Received) -> bytes:
    return received.content.partition(b"\r\n\r\n")[2]


SEEN: dict[str, Callable[[Received, bytes], bool]] = {
    "problem": lambda received, _: received.content.startswith(b"HTTP/1.1 400 "),
    "status": lambda received, _: received.content.startswith(b"HTTP/1.1 500 "),
    "rate-limited": lambda received, _: b"\r\nretry-after: 1\r\n" in received.content,
    "close-before": lambda received, _: received == Received(b"", "closed"),
    "close-midway": lambda received, right: body_of(received) == right[: len(right) // 2],
    "lost-answer": lambda received, _: received == Received(b"", "closed"),
    "reset": lambda received, _: received == Received(b"", "reset"),
    "malformed-json": lambda received, right: body_of(received) == right[:-1],
    "empty-body": lambda received, _: b"\r\ncontent-length: 0\r\n" in received.content,
    "wrong-content-type": lambda received, _: b"\r\ncontent-type: text/html; charset=utf-8\r\n" in received.content,
    "truncated-page": lambda received, right: 0 < len(body_of(received)) < len(right),
    "nothing": lambda received, right: body_of(received) == right,
}
ELSEWHERE = {"delay", "drip", "close-after"}
"""Seen in tests of their own above."""


@pytest.mark.parametrize("kind", sorted(EFFECTS.keys() - ELSEWHERE))
def test_each_effect_is_seen_from_outside(showpad: MockTenant, showpad_server: MockShowpad, kind: str) -> None:
    received = []
    for fault in ("", f"+fault-{kind}"):
        with connected(showpad_server.origin) as wire:
            headers = {"authorization": f"Bearer mock.{showpad.name}.admin{fault}", "connection": "close"}
            wire.send("GET", "/v4/users", headers)
            received.append(wire.receive())
    assert SEEN[kind](received[1], body_of(received[0]))
    assert kind == "nothing" or not SEEN[kind](received[0], body_of(received[0]))
