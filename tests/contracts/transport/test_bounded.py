"""A target that is broken or means harm costs a bounded time, and a bounded number of bytes."""

from __future__ import annotations

import gzip
import json
import ssl
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
import trustme

from showpad_contracts.core.exchange import NOTHING
from showpad_contracts.core.target import Actor, Target
from showpad_contracts.core.violation import BudgetSpent, NotTheApi, WrongForm
from showpad_contracts.running.runner import clean_up
from showpad_contracts.showpad.client import Client
from showpad_contracts.transport.limits import MOST_ANSWER, MOST_HEAD, MOST_KEPT, MOST_PAGES, Limits
from showpad_contracts.transport.session import Caller, Session

from ..elsewhere import elsewhere
from ..misbehaving import Endless, Talk, drips, hangs, listening, says, takes_its_time

TOKEN = "api-token-of-admin"
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
NEVER = Limits(timeout=0.3)
IN_TIME = Limits(timeout=60)
BUFFERED = 16 * 2**20
"""What the system's buffers may have taken of what was never read."""


def session_at(base_url: str, limits: Limits, *, verify: str | bool = True) -> Session:
    actors = {"admin": Actor("admin", api_token=TOKEN)}
    target = Target("it", base_url, None, actors=actors, offers={}, verify=verify)
    return Session(target, "run", limits=limits)


def raised(base_url: str, limits: Limits, *, sent: Any = NOTHING, verify: str | bool = True) -> Exception:
    """Ask a target for something, and give what that raises."""
    with closing(session_at(base_url, limits, verify=verify)) as session:
        with pytest.raises((NotTheApi, WrongForm)) as error:
            Caller(session, "admin", TOKEN).request("POST", "/a", sent)
    assert TOKEN not in str(error.value)
    return error.value


# Time


@pytest.mark.parametrize(
    "talk",
    [
        pytest.param(hangs, id="nothing at all"),
        pytest.param(drips, id="a body, byte by byte"),
        pytest.param(Endless(CHUNKED, b"1\r\nx\r\n", 0.05), id="chunk after chunk"),
        pytest.param(Endless(b"HTTP/1.1 ", b"2", 0.05), id="a status line, byte by byte"),
        pytest.param(Endless(OK, b"X-Header: 1\r\n", 0.05), id="header after header"),
        pytest.param(Endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.05), id="1xx after 1xx"),
    ],
)
def test_an_answer_is_whole_within_its_time_or_given_up(talk: Talk) -> None:
    with listening(talk) as base_url:
        told = str(raised(base_url, NEVER))
    assert told == f"{base_url} cannot be reached: no answer within 0.3 seconds"


@pytest.mark.parametrize("talk", [hangs, Endless(b"\x16\x03\x03\x40\x00", b"\x00", 0.05)])
def test_a_tls_handshake_ends_with_the_answers_time(talk: Talk) -> None:
    with listening(talk) as base_url:
        told = str(raised(base_url.replace("http:", "https:"), NEVER))
    assert "no answer within 0.3 seconds" in told


def test_a_request_that_is_not_read_ends_with_the_answers_time() -> None:
    with listening(takes_its_time) as base_url:
        told = str(raised(base_url, NEVER, sent=b"x" * 2**25))
    assert "no answer within 0.3 seconds" in told


def test_what_is_waited_for_429_is_bounded_over_all_its_retries() -> None:
    waits: list[float] = []
    target = Target("it", "http://127.0.0.1/v4", None, actors={}, offers={})
    busy = httpx2.MockTransport(lambda _: httpx2.Response(429, headers={"Retry-After": "50"}))
    session = Session(target, "run", limits=Limits(sleep=waits.append), transport=busy)
    with closing(session), pytest.raises(BudgetSpent, match="asks to wait 150 seconds"):
        Caller(session, None, None).get("/a")
    assert sum(waits) == 100


# Size


@pytest.mark.parametrize(
    ("talk", "most", "told"),
    [
        (Endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100), MOST_HEAD, "more than 1 MiB before its answer"),
        (Endless(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n"), MOST_ANSWER, "more than 16 MiB in an answer"),
        (Endless(OK + b"\r\n", b"x" * 65536), MOST_ANSWER, "more than 16 MiB in an answer"),
        (Endless(OK + b"Content-Length: 9999999999\r\n\r\n", b"x" * 65536), MOST_ANSWER, "more than 16 MiB"),
    ],
    ids=["1xx", "chunks", "until the end of the connection", "a length"],
)
def test_an_answer_without_end_is_read_to_its_limit(talk: Endless, most: int, told: str) -> None:
    with listening(talk) as base_url:
        error = raised(base_url, IN_TIME)
    assert isinstance(error, NotTheApi)
    assert f"{base_url} sends {told}" in str(error)
    assert talk.sent < most + BUFFERED


def test_headers_without_end_are_no_http() -> None:
    talk = Endless(OK, b"X-Header: 1\r\n" * 1000)
    with listening(talk) as base_url:
        assert isinstance(raised(base_url, IN_TIME), WrongForm)
    assert talk.sent < MOST_HEAD + BUFFERED


@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"gzip, gzip", b"br", b"identity, gzip"])
def test_what_is_compressed_is_not_unpacked(encoding: bytes) -> None:
    bomb = gzip.compress(gzip.compress(bytes(2**25)))
    head = OK + b"Content-Encoding: " + encoding + b"\r\nContent-Length: " + str(len(bomb)).encode() + b"\r\n\r\n"
    with listening(says(head + bomb)) as base_url:
        error = raised(base_url, IN_TIME)
    assert "compressed, which was not asked for" in str(error)


def test_nothing_compressed_is_asked_for() -> None:
    asked: list[str] = []

    def note(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.headers["accept-encoding"])
        return httpx2.Response(200)

    target = Target("it", "http://127.0.0.1/v4", None, actors={}, offers={})
    with closing(Session(target, "run", transport=httpx2.MockTransport(note))) as session:
        Caller(session, None, None).get("/a")
    assert asked == ["identity"]


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", OK + b"Content-Length: -1\r\n\r\n"])
def test_an_answer_that_is_no_http_is_a_failure_with_its_request(answer: bytes) -> None:
    with listening(says(answer)) as base_url, closing(session_at(base_url, IN_TIME)) as session:
        with pytest.raises(WrongForm, match="answer to GET /v4/a"):
            Caller(session, "admin", TOKEN).get("/a")
        assert [(one.name, one.status) for one in session.trail] == [("GET /a", 0)]


def test_of_long_answers_only_the_last_is_kept_whole() -> None:
    content = json.dumps(["x" * 2**20])
    target = Target("it", "http://127.0.0.1/v4", None, actors={}, offers={})
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, text=content))
    with closing(Session(target, "run", transport=transport)) as session:
        for _ in range(3):
            assert Caller(session, None, None).get("/a").received == json.loads(content)
        assert [len(one.text) for one in session.trail] == [MOST_KEPT, MOST_KEPT, len(content)]
        assert [one.received is NOTHING for one in session.trail] == [True, True, False]


# Lists


def ever_new() -> Callable[[httpx2.Request], httpx2.Response]:
    """A list on every page of which are spaces that were not on any before."""
    numbers = count()

    def answer(_: httpx2.Request) -> httpx2.Response:
        page = [{"id": f"space-{next(numbers)}", "title": "Theirs", "publicUri": "theirs"} for _ in range(10)]
        return httpx2.Response(200, json={"count": 10**9, "items": page})

    return answer


def longer_than_asked(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"count": 2000, "items": [{"id": f"space-{one}"} for one in range(2000)]})


@pytest.mark.parametrize(
    ("handler", "requests"), [(ever_new(), MOST_PAGES), (longer_than_asked, 1)], ids=["ever new", "longer than asked"]
)
def test_a_list_that_never_ends_is_given_up(
    handler: Callable[[httpx2.Request], httpx2.Response], requests: int, tmp_path: Path
) -> None:
    with elsewhere(None, folder=tmp_path) as given:
        target, run_id = given.target, given.session.run_id
        given.session.ledger.will_create(f"{run_id}-1", {"title": f"{run_id}-1"})
        session = Session(target, run_id, ledger=given.session.ledger, transport=httpx2.MockTransport(handler))
        with closing(session):
            [left] = clean_up(Client(session))
    assert "could not be looked for" in left
    assert session.requests == requests


# Certificates


def test_a_trusted_certificate_is_trusted(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    answer = OK + b"Content-Length: 2\r\n\r\n{}"
    with listening(says(answer), tls=context) as base_url:
        for verify in (str(tmp_path / "authority.pem"), False):
            with closing(session_at(base_url, IN_TIME, verify=verify)) as session:
                assert Caller(session, "admin", TOKEN).get("/a").received == {}
        assert "cannot be reached: unable to get local issuer certificate" in str(raised(base_url, IN_TIME))
