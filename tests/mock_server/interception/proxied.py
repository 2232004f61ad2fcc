"""A server with a proxy, and connections to the proxy, byte by byte."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from showpad_mock.app import CONTROL, VENDORS
from showpad_mock.interception.authority import AuthorityFolder
from showpad_mock.interception.certificates import server_context
from showpad_mock.interception.hosts import Intercepted, hosts_of
from showpad_mock.interception.proxy import ProxyOptions, open_proxy
from showpad_mock.serving.limits import ConnectionLimits
from showpad_mock.serving.listeners import bind, origin_of

from ...harness.serving import PATIENCE, Served

TOKEN = "Authorization: Bearer mock.demo.admin"


class Proxy:
    """Where a proxy is, and whom its clients trust."""

    def __init__(self, served: Served, listener: socket.socket, ca_file: Path) -> None:
        self.served = served
        self.address = listener.getsockname()
        self.origin = origin_of(listener)
        self.ca_file = str(ca_file)

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=PATIENCE)

    def secured(self, connection: socket.socket, host: str = "demo.api.showpad.com") -> ssl.SSLSocket:
        return ssl.create_default_context(cafile=self.ca_file).wrap_socket(connection, server_hostname=host)

    def ask(self, *lines: str, body: bytes = b"") -> bytes:
        """Send a head and a body, and return all that is answered until the proxy closes."""
        with self.connect() as connection:
            connection.sendall(head(*lines) + body)
            return all_of(connection)

    def tunnel(self, authority: str, *lines: str) -> socket.socket:
        """Return a connection through the proxy, which has agreed to it."""
        connection = self.connect()
        connection.sendall(head(f"CONNECT {authority} HTTP/1.1", *lines))
        assert received(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
        return connection


def head(*lines: str) -> bytes:
    return "\r\n".join((*lines, "", "")).encode()


def received(connection: socket.socket, end: bytes) -> bytes:
    """Receive up to and with `end`, and nothing behind it."""
    found = b""
    while not found.endswith(end):
        found += (piece := connection.recv(1))
        assert piece, found
    return found


def all_of(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


@contextmanager
def proxied(
    folder: Path,
    *,
    loop: str = "auto",
    names: tuple[str, ...] = (),
    limits: dict[str, Any] | None = None,
    **options: Any,
) -> Iterator[Proxy]:
    authority = AuthorityFolder(folder)
    intercepted = Intercepted(hosts_of(VENDORS), names)
    context = server_context(authority, intercepted.certificate_names)
    listener = bind("127.0.0.1", 0)
    door = open_proxy(listener, ProxyOptions(intercepted=intercepted, context=context, control=CONTROL, **options))
    served = Served(ConnectionLimits(**limits or {}), doors=[door], loop=loop)
    proxy = Proxy(served, listener, authority.certificate)
    try:
        yield proxy
    finally:
        served.stop()


@contextmanager
def upstream(serve: Callable[[socket.socket], object]) -> Iterator[int]:
    """A server that does `serve` with one connection; gives its port."""

    def once() -> None:
        connection, _ = listener.accept()
        connection.settimeout(PATIENCE)
        with connection:
            serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)
        thread = Thread(target=once, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(PATIENCE)


def in_plain_loop(work: Any) -> Any:
    """Run a coroutine in asyncio's own loop."""
    with asyncio.Runner() as runner:
        return runner.run(work)
