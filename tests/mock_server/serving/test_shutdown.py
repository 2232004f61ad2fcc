"""The end of a server under load: what was read whole is answered, or was not carried out."""

from __future__ import annotations

import json
import re
import selectors
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from ...harness.program import Program, serving
from ...harness.serving import PATIENCE, all_of, answers, ask

resource = pytest.importorskip("resource")  # Windows has no limit on open files
CONNECTIONS = 2000


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def connected(program: Program, count: int) -> Iterator[list[socket.socket]]:
    address = urlsplit(program.origin)
    with ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=PATIENCE))
            for _ in range(count)
        ]


def create(number: int) -> bytes:
    body = {"title": f"Space {number}", "publicUri": f"space-{number}"}
    return ask("POST", "/v4/shared-spaces", body=json.dumps(body).encode(), user="seller.oauth")


def received(connection: socket.socket) -> bytes:
    """Receive until the connection ends, in whichever way."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def answered(connections: list[socket.socket]) -> set[str]:
    """Return the publicUris of the spaces that were answered to be created."""
    found = set()
    for connection in connections:
        for status, space in answers(received(connection)):
            assert status == 201, space
            found.add(space["publicUri"])
    return found


def stored(state: Path) -> set[str]:
    """Return those of the spaces in a state file that a test created."""
    with serving("--quiet", "--state", str(state)) as program:
        snapshot = httpx2.get(f"{program.origin}/__admin/tenants/demo/state", trust_env=False).text
    return set(re.findall(r'"(space-\d+)"', snapshot))


@pytest.mark.usefixtures("many_files")
def test_at_the_end_each_of_thousands_of_creates_is_answered_or_was_not_carried_out(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with serving("--quiet", "--state", str(state)) as program, connected(program, CONNECTIONS) as connections:
        with selectors.DefaultSelector() as first:
            for number, connection in enumerate(connections):
                connection.sendall(create(number) + create(number + CONNECTIONS))
                first.register(connection, selectors.EVENT_READ)
            first.select(PATIENCE)  # some are answered, some are being read, some wait to be accepted
            program.process.send_signal(signal.SIGTERM)
        told = answered(connections)
        assert program.process.wait(PATIENCE) == 0
    assert told
    assert told == stored(state)


def test_who_waits_for_a_request_is_answered_at_the_end() -> None:
    with serving("--quiet") as program, connected(program, 50) as connections:
        for connection in connections:
            connection.sendall(ask("GET", "/v4/users?limit=1") + ask("GET", "/__admin/requests?wait=60&status=418"))
            assert connection.recv(1) == b"H"  # so both were taken in
        program.process.send_signal(signal.SIGTERM)
        for connection in connections:
            [(_, _), (status, found)] = answers(b"H" + all_of(connection))
            assert (status, found["entries"]) == (200, [])
        assert program.process.wait(PATIENCE) == 0
