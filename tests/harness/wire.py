"""Requests over a bare socket: what comes back byte by byte, and how the connection ends."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from .engines import PATIENCE


@dataclass(frozen=True, slots=True)
class Received:
    """What came until the connection ended, and how it did: `closed` or `reset`."""

    content: bytes
    end: str


class Wire:
    """A connection to a server."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def send(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> None:
        """Send a request; a body is sent as JSON."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "host: localhost", f"content-length: {len(content)}"]
        lines += (f"{name}: {value}" for name, value in headers.items())
        self.connection.sendall("\r\n".join((*lines, "", "")).encode() + content)

    def receive(self) -> Received:
        """Read until the connection ends."""
        return self._received(self.connection.recv)

    def end(self) -> str:
        """Return how the connection ends, below TLS, which makes no difference between the two."""
        return self._received(partial(socket.socket.recv, self.connection)).end

    def _received(self, receive: Callable[[int], bytes]) -> Received:
        content = b""
        try:
            while piece := receive(65536):
                content += piece
        except ConnectionResetError:
            return Received(content, "reset")
        return Received(content, "closed")


@contextmanager
def connected(origin: str, tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """Connect to a server, over TLS with a context."""
    host, _, port = origin.rpartition("/")[2].partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as plain:
        if tls is None:
            yield Wire(plain)
        else:
            with tls.wrap_socket(plain, server_hostname="localhost") as connection:
                yield Wire(connection)
