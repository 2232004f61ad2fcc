"""A listening server with limits of a test's own, and connections to it, byte by byte."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from showpad_mock.app import App, AppOptions
from showpad_mock.serving.connections import Connection
from showpad_mock.serving.limits import ConnectionLimits
from showpad_mock.serving.listeners import bind
from showpad_mock.serving.uvicorn_server import Door, UvicornServer

PATIENCE = 30.0  # a test that waits in vain ends after this many seconds


class Served:
    """A server that listens in a thread; its time for connections goes on when a test says so."""

    def __init__(self, limits: ConnectionLimits, *, doors: Sequence[Door] = (), loop: str = "auto") -> None:
        self.app = App(AppOptions())
        self._listener = bind("127.0.0.1", 0)
        self._answers = Event()
        self.server = UvicornServer(self.app, self._begin, limits=limits, doors=doors)
        self.server.config.loop = loop
        self._thread = Thread(target=self.server.run_on, args=[self._listener], daemon=True)
        self._thread.start()
        self._answers.wait(PATIENCE)

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._answers.set()

    def connect(self) -> socket.socket:
        """Return a new connection."""
        return socket.create_connection(self._listener.getsockname(), timeout=PATIENCE)

    def pass_seconds(self, seconds: float) -> None:
        """Check connections as if they had been doing what they do for so long."""
        done: Future[None] = Future()

        def check() -> None:
            now = self._loop.time()
            self.server.check_connections(now)
            self.server.check_connections(now + seconds)
            done.set_result(None)

        self._loop.call_soon_threadsafe(check)
        done.result(PATIENCE)

    def wait_until_nobody_is_connected(self) -> None:
        """Wait for the loop to close what was cut; the test's own connection is closed on one side only."""
        deadline = time.monotonic() + PATIENCE
        while self.server.server_state.connections:
            assert time.monotonic() < deadline, "a connection is still there"
            self.pass_seconds(0)  # a turn of the loop

    def is_writing_held_up(self) -> bool:
        """Say whether some client does not take its answers."""
        held = (one for one in tuple(self.server.server_state.connections) if isinstance(one, Connection))
        return any(one.flow.write_paused for one in held)

    def stop(self) -> None:
        """End the server and wait until it has."""
        self.server.stop()
        self._thread.join(PATIENCE)

    def is_running(self) -> bool:
        """Return whether the server's loop has not ended."""
        return self._thread.is_alive()


@contextmanager
def served(**limits: Any) -> Iterator[Served]:
    server = Served(ConnectionLimits(**limits))
    try:
        yield server
    finally:
        server.stop()


def ask(method: str, path: str, *headers: str, body: bytes = b"", user: str = "admin") -> bytes:
    """Return a request as it goes over the wire."""
    length = (f"Content-Length: {len(body)}",) if body else ()
    token = f"Authorization: Bearer mock.demo.{user}"
    lines = (f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", token, *headers, *length, "", "")
    return "\r\n".join(lines).encode() + body


def all_of(connection: socket.socket) -> bytes:
    """Receive until the server closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def one_answer(connection: socket.socket) -> tuple[int, Any]:
    """Receive one answer with a body of stated length: its status and its JSON value."""
    with connection.makefile("rb") as lines:
        return _read(lines)


def answers(received: bytes) -> list[tuple[int, Any]]:
    """Return the answers in what was received, each as status and JSON value."""
    import io

    lines = io.BytesIO(received)
    found = []
    while lines.tell() < len(received):
        found.append(_read(lines))
    return found


def _read(lines: Any) -> tuple[int, Any]:
    status = int(lines.readline().split()[1])
    length = 0
    while (line := lines.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return status, json.loads(lines.read(length) or b"null")
