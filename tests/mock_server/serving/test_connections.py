from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from showpad_mock import MockShowpad
from showpad_mock.serving import connections
from showpad_mock.serving.connections import BufferedTransport

from ...harness.serving import all_of, answers, ask, one_answer, served


class Transport:
    """Notes what is done to it; on top of another it does that, too."""

    def __init__(self, under: Any = None) -> None:
        self.under = under
        self.done: list[bytes | str] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.done.append(data)
        if self.under is not None:
            self.under.write(data)

    def close(self) -> None:
        self.done.append("close")
        self.is_closed = True
        if self.under is not None:
            self.under.close()

    def is_closing(self) -> bool:
        return self.is_closed

    def __getattr__(self, name: str) -> Any:
        return getattr(self.under, name)


def test_what_is_written_in_one_turn_leaves_in_one_piece() -> None:
    transport = Transport()

    async def write() -> None:
        buffered = BufferedTransport(transport)  # type: ignore[arg-type]
        for turn in (b"a", b"b"):
            buffered.write(turn)
            buffered.write(turn * 2)
            await asyncio.sleep(0)

    asyncio.run(write())
    assert transport.done == [b"aaa", b"bbb"]


def test_a_close_comes_after_what_was_written_before_it() -> None:
    transport = Transport()

    async def write() -> None:
        buffered = BufferedTransport(transport)  # type: ignore[arg-type]
        buffered.write(b"last")
        buffered.close()
        buffered.write(b"too late")
        await asyncio.sleep(0)

    asyncio.run(write())
    assert transport.done == [b"last", "close"]


@pytest.fixture
def transports(monkeypatch: pytest.MonkeyPatch) -> list[Transport]:
    """The transports of the connections to come."""
    found: list[Transport] = []

    def buffered(transport: Any) -> BufferedTransport:
        found.append(Transport(transport))
        return BufferedTransport(found[-1])  # type: ignore[arg-type]

    monkeypatch.setattr(connections, "BufferedTransport", buffered)
    return found


@pytest.fixture
def connection(transports: list[Transport]) -> Iterator[socket.socket]:
    """A connection to a server of its own."""
    with MockShowpad() as server:
        address = urlsplit(server.origin)
        with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
            yield connection


def test_an_answer_is_written_in_one_piece(connection: socket.socket, transports: list[Transport]) -> None:
    connection.sendall(ask("GET", "/v4/users", "Connection: close"))
    answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert json.loads(body)["count"] > 0
    assert transports[0].done[:2] == [answer, "close"]


def test_who_waits_to_send_the_body_is_told_to_go_on(connection: socket.socket, transports: list[Transport]) -> None:
    connection.sendall(ask("POST", "/v4/shares", "Content-Length: 2", "Expect: 100-continue"))
    assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(b"{}")
    assert connection.recv(65536).startswith(b"HTTP/1.1 400")
    assert len(transports[0].done) == 2


def test_what_is_no_http_is_refused_and_the_connection_closed(
    connection: socket.socket, transports: list[Transport]
) -> None:
    connection.sendall(b"nonsense\r\n\r\n")
    assert b"".join(iter(lambda: connection.recv(65536), b"")).startswith(b"HTTP/1.1 400")


def test_who_will_send_no_more_gets_the_answer(connection: socket.socket) -> None:
    connection.sendall(ask("GET", "/v4/users"))
    connection.shutdown(socket.SHUT_WR)
    answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["count"] > 0


def test_requests_sent_together_before_a_half_close_are_all_answered() -> None:
    with served() as server, server.connect() as connection:
        connection.sendall(b"".join(ask("GET", f"/v4/users?limit={limit}") for limit in (1, 2, 3)))
        connection.shutdown(socket.SHUT_WR)
        assert [len(page["items"]) for _, page in answers(all_of(connection))] == [1, 2, 3]


def test_half_a_request_before_a_half_close_leaves_the_whole_ones_answered() -> None:
    with served() as server, server.connect() as connection:
        half = ask("POST", "/v4/shared-spaces", body=b'{"title": "half"}')[:-1]
        connection.sendall(ask("GET", "/v4/users?limit=1") * 2 + half)
        connection.shutdown(socket.SHUT_WR)
        assert [status for status, _ in answers(all_of(connection))] == [200, 200]


def test_nonsense_behind_a_whole_request_leaves_it_answered() -> None:
    with served() as server, server.connect() as connection:
        connection.sendall(ask("GET", "/v4/users?limit=1") * 2 + b"nonsense\r\n\r\n")
        assert [status for status, _ in answers(all_of(connection))] == [200, 200]


@pytest.mark.parametrize("upgrade", ["Upgrade: h2c", "upgrade: h2c", "UPGRADE: h2c", "Upgrade: websocket"])
def test_an_offer_of_another_protocol_is_ignored_and_the_body_read(upgrade: str) -> None:
    offer = ("Connection: Upgrade, HTTP2-Settings", upgrade, "HTTP2-Settings: AAEAAEAAAAIAAAAB")
    body = b'{"title": "Next Upgrade: Java\'s client offers h2c"}'
    with served() as server, server.connect() as connection:
        create = ask("POST", "/v4/shared-spaces", *offer, body=body, user="seller.oauth")
        connection.sendall(create + ask("GET", "/v4/users?limit=1", "Connection: close"))
        (created, space), (listed, _) = answers(all_of(connection))
    assert (created, listed) == (201, 200)
    assert space["title"] == "Next Upgrade: Java's client offers h2c"


def test_what_looks_like_an_offer_in_a_body_stays() -> None:
    body = b'{"title": "A",\r\nupgrade: h2c\r\n\r\n}'
    with served() as server, server.connect() as connection:
        create = ask("POST", "/v4/shared-spaces", body=body)
        connection.sendall(create[: -len(body)])
        connection.sendall(body)
        assert one_answer(connection)[0] == 400
        connection.sendall(ask("GET", "/__admin/requests?limit=1"))
        assert one_answer(connection)[1]["entries"][0]["request"]["body"] == body.decode()
