"""What a connection may take: time, bytes, a place; and what is answered where it takes more."""

from __future__ import annotations

import json
import socket
from urllib.parse import quote

import pytest

from ...harness.serving import Served, all_of, answers, ask, one_answer, served

GET = ask("GET", "/v4/users?limit=1")
BODY = json.dumps({"title": "Half of it", "owner": {"userId": "nobody"}}).encode()
POST = ask("POST", "/v4/shared-spaces", body=BODY)


@pytest.fixture
def server() -> object:
    with served(idle_timeout=75, header_timeout=30, body_timeout=300) as server:
        yield server


def spaces(server: Served) -> int:
    with server.connect() as connection:
        connection.sendall(ask("GET", "/v4/shared-spaces?limit=1"))
        return int(one_answer(connection)[1]["count"])


def with_a_whole_request_before(server: Served, half: bytes) -> socket.socket:
    """Send half a request; that it has been taken in is known by the answer to the whole one before it."""
    connection = server.connect()
    connection.sendall(GET + half)
    assert one_answer(connection)[0] == 200
    return connection


def test_a_connection_that_asks_for_nothing_is_closed(server: Served) -> None:
    with server.connect() as connection, server.connect() as later:
        later.sendall(GET)
        assert one_answer(later)[0] == 200  # so the first has been taken, too
        server.pass_seconds(76)
        assert all_of(connection) == b""


def test_a_connection_that_asked_once_is_kept_for_as_long_again(server: Served) -> None:
    with with_a_whole_request_before(server, b"") as connection:
        server.pass_seconds(74)
        connection.sendall(GET)
        assert one_answer(connection)[0] == 200


@pytest.mark.parametrize("half", [POST[:9], POST[:60]], ids=["in the request line", "in the headers"])
def test_a_head_that_takes_too_long_is_refused(server: Served, half: bytes) -> None:
    with with_a_whole_request_before(server, half) as connection:
        server.pass_seconds(29)
        server.pass_seconds(31)
        [(status, problem)] = answers(all_of(connection))
    assert (status, problem["type"]) == (408, "/mock-server/request-timeout")
    assert "head took longer than 30 s" in problem["detail"]


def test_a_head_that_comes_in_time_is_answered(server: Served) -> None:
    with with_a_whole_request_before(server, POST[:60]) as connection:
        server.pass_seconds(29)
        connection.sendall(POST[60:])
        assert one_answer(connection)[0] == 400  # nobody owns nothing


def test_a_body_that_takes_too_long_is_refused_and_changes_nothing(server: Served) -> None:
    before = spaces(server)
    with with_a_whole_request_before(server, POST[:-9]) as connection:
        server.pass_seconds(299)
        server.pass_seconds(301)
        [(status, problem)] = answers(all_of(connection))
    assert (status, problem["type"]) == (408, "/mock-server/request-timeout")
    assert "body took longer than 300 s" in problem["detail"]
    assert spaces(server) == before


def test_who_waits_for_a_request_is_not_hurried(server: Served) -> None:
    with server.connect() as waiting:
        waiting.sendall(ask("GET", "/__admin/requests?wait=60&method=PATCH"))
        with server.connect() as connection:
            connection.sendall(GET)
            one_answer(connection)
        server.pass_seconds(10_000)
        with server.connect() as connection:
            connection.sendall(ask("PATCH", "/v4/shared-spaces/none", body=b"{}"))
            one_answer(connection)
        status, found = one_answer(waiting)
    assert status == 200
    assert [entry["method"] for entry in found["entries"]] == ["PATCH"]


def test_who_does_not_take_the_answer_is_cut(server: Served) -> None:
    with server.connect() as connection:
        connection.sendall(ask("GET", "/__admin/openapi.json") * 400)  # far more than the buffers on the way hold
        while not server.is_writing_held_up():
            server.pass_seconds(0)
        server.pass_seconds(301)
        assert all_of(connection).count(b"HTTP/1.1 200") < 400


def test_a_refused_request_does_not_keep_its_connection(server: Served) -> None:
    with server.connect() as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        [(status, _)] = answers(all_of(connection))
        assert status == 400
        server.pass_seconds(2)
        server.wait_until_nobody_is_connected()


LIMIT = 2000
READS = 300  # of 1000 bytes each: more than the server reads at once, which it may take as one


@pytest.fixture
def narrow() -> object:
    with served(max_header_size=LIMIT) as server:
        yield server


def head(size: int) -> bytes:
    """A request whose URL and headers are of this size, as they are counted."""
    counted = sum(len(line) + 2 for line in GET.split(b"\r\n")[1:-2]) + len("/v4/users?limit=1")
    return ask("GET", "/v4/users?limit=1", "X: " + "a" * (size - counted - len("X: \r\n")))


def test_a_head_up_to_the_limit_is_answered(narrow: Served) -> None:
    with narrow.connect() as connection:
        connection.sendall(head(LIMIT))
        assert one_answer(connection)[0] == 200


@pytest.mark.parametrize(
    "pieces",
    [
        [head(LIMIT + 1)],
        [head(LIMIT + 1)[:1500], head(LIMIT + 1)[1500:]],
        [ask("GET", "/v4/users?name=" + quote("a" * LIMIT))],
        [ask("GET", "/v4/users", *(f"H{number}: 1" for number in range(LIMIT)))],
        [b"GET /v4/users HTTP/1.1\r\nX: ", *[b"a" * 1000] * 3],
        [b"GET /", *[b"a" * 1000] * 3],
        [
            b"POST /v4/shared-spaces HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            *[b"T: " + b"a" * 1000 + b"\r\n"] * READS,
        ],
        [b"POST /v4/shared-spaces HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: ", *[b"a" * 1000] * READS],
    ],
    ids=["one byte more", "in two pieces", "a URL", "many", "endless", "endless URL", "trailers", "endless trailer"],
)
def test_a_larger_head_is_refused(narrow: Served, pieces: list[bytes]) -> None:
    with narrow.connect() as connection:
        for piece in pieces:
            connection.sendall(piece)
        [(status, problem)] = answers(all_of(connection))
    assert (status, problem["type"]) == (431, "/mock-server/head-too-large")
    assert str(LIMIT) in problem["detail"]


def test_a_large_body_is_no_large_head(narrow: Served) -> None:
    body = json.dumps({"title": "a" * 9000}).encode()
    with narrow.connect() as connection:
        connection.sendall(ask("POST", "/v4/shared-spaces", body=body) + GET)
        assert one_answer(connection)[0] == 400


def test_more_connections_than_allowed_are_told_so() -> None:
    with served(max_connections=2) as server:
        with server.connect() as first, server.connect() as second, server.connect() as third:
            for connection in (first, second):
                connection.sendall(GET)
                assert one_answer(connection)[0] == 200
            third.sendall(GET)
            [(status, problem)] = answers(all_of(third))
        assert (status, problem["type"]) == (503, "/mock-server/too-many-connections")
        assert "2 connections" in problem["detail"]


def test_a_place_that_is_free_again_is_given() -> None:
    with served(max_connections=1) as server, server.connect() as first:
        first.sendall(GET + b"nonsense\r\n\r\n")
        assert len(answers(all_of(first))) == 1
        with server.connect() as second:
            second.sendall(GET)
            assert one_answer(second)[0] == 200
