"""The processes of a `serve --workers`, and a connection to each. On Linux alone: there others can look at them."""

from __future__ import annotations

import json
import os
import select
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .program import Program, serving
from .serving import PATIENCE

MOST_TRIES = 200
"""Connections to two workers, until each has one: that 200 in a row go to the same is out of the question."""


def workers_of(program: Program) -> list[int]:
    """Return the process ids of the workers."""
    parent = program.process.pid
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def when_ended(pid: int, seconds: float = PATIENCE) -> bool:
    """Wait for the end of any process; return whether it came in time."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], seconds)[0])
    finally:
        os.close(watched)


def _has_socket(pid: int, inode: str) -> bool:
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed a moment ago
            if str(link.readlink()) == f"socket:[{inode}]":
                return True
    return False


def _inode(ours: int, theirs: int) -> str:
    """Return which socket is the server's end of a connection between two ports."""
    ports = f":{theirs:04X}", f":{ours:04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    return next(line[9] for line in lines if line[1].endswith(ports[0]) and line[2].endswith(ports[1]))


class Answer(NamedTuple):
    """An answer's status and JSON."""

    status: int
    json: Any


class Connected:
    """A connection that is kept, and so is the worker that answers on it."""

    def __init__(self, program: Program) -> None:
        address = urlsplit(program.origin)
        self.http = HTTPConnection(str(address.hostname), address.port, timeout=PATIENCE)

    def ask(self, method: str, path: str, body: Any = None, *, user: str = "admin", tenant: str = "acme") -> Answer:
        headers = {"Authorization": f"Bearer mock.{tenant}.{user}"}
        self.http.request(method, path, None if body is None else json.dumps(body), headers)
        return self.answer()

    def answer(self) -> Answer:
        response = self.http.getresponse()
        return Answer(response.status, json.loads(response.read() or b"null"))


@contextmanager
def connected_to_each(program: Program) -> Iterator[list[Connected]]:
    """Open a connection to each worker."""
    found: dict[int, Connected] = {}
    workers = workers_of(program)
    with ExitStack() as stack:
        for _ in range(MOST_TRIES):
            one = Connected(program)
            stack.enter_context(closing(one.http))
            assert one.ask("GET", "/livez").status == 200  # so a worker has accepted it
            inode = _inode(one.http.sock.getsockname()[1], one.http.sock.getpeername()[1])
            [pid] = [pid for pid in workers if _has_socket(pid, inode)]
            found.setdefault(pid, one)
            if len(found) == len(workers):
                break
        yield [found[pid] for pid in workers]


@contextmanager
def two_workers(*arguments: str, **options: Any) -> Iterator[Program]:
    """Start the program with two workers."""
    with serving("--quiet", "--workers", "2", *arguments, **options) as program:
        yield program
