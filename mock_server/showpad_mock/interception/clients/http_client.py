"""http.client, and urllib with it: a connection that is used for another destination is opened anew."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPSConnection
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from .destination import Destination, Find, host_in, target_in
from .patch import replaced


@contextmanager
def patched(find: Find) -> Iterator[None]:
    """Lead its requests where `find` says until the end of the block."""
    connections = _Connections(find)
    with ExitStack() as patches:
        patches.callback(connections.close)
        for owner, name, make in (
            (HTTPConnection, "putrequest", connections.putrequest),
            (HTTPConnection, "putheader", connections.putheader),
            (HTTPConnection, "connect", connections.connect),
            (HTTPSConnection, "connect", connections.connect),
        ):
            patches.enter_context(replaced(owner, name, make))
        yield


class _Connections:
    """The connections that are led elsewhere."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self._lock = Lock()
        self._led: WeakKeyDictionary[HTTPConnection, Destination] = WeakKeyDictionary()

    def putrequest(self, original: Any) -> Any:
        """Begin a request, on a new connection if this one leads elsewhere."""

        def replacement(connection: HTTPConnection, method: str, url: str, *args: Any, **options: Any) -> None:
            destination = self._destination(connection, url)
            if destination != self._led.get(connection):
                connection.close()
                self._lead(connection, destination)
            if destination is not None:
                url = target_in(url)
            original(connection, method, url, *args, **options)

        return replacement

    def putheader(self, original: Any) -> Any:
        """Name the destination's host."""

        def replacement(connection: HTTPConnection, header: str | bytes, *values: Any) -> None:
            destination = self._led.get(connection)
            if destination is not None and header in ("Host", b"Host", "host", b"host"):
                values = (destination.header,)
            original(connection, header, *values)

        return replacement

    def connect(self, original: Any) -> Any:
        """Connect, to the destination if there is one: without TLS and without a proxy."""

        def replacement(connection: HTTPConnection) -> None:
            destination = self._led.get(connection) or self._destination(connection, "/")
            self._lead(connection, destination)
            if destination is None:
                original(connection)
                return
            connection.sock = socket.create_connection((destination.host, destination.port), connection.timeout)

        return replacement

    def _destination(self, connection: HTTPConnection, url: str) -> Destination | None:
        tunnelled: str | None = connection._tunnel_host  # type: ignore[attr-defined]
        return self._find(host_in(url) or tunnelled or connection.host)

    def _lead(self, connection: HTTPConnection, destination: Destination | None) -> None:
        with self._lock:
            if destination is None:
                self._led.pop(connection, None)
            else:
                self._led[connection] = destination

    def close(self) -> None:
        """End what leads elsewhere: the next request on such a connection is the vendor's own again."""
        with self._lock:
            connections = list(self._led)
        for connection in connections:
            sock = connection.sock
            if sock is None:
                continue
            if connection._HTTPConnection__state == "Idle":  # type: ignore[attr-defined]
                # Not `close`, which would end an answer that is still being read.
                connection.sock = None
                sock.close()
            else:
                # Another thread is writing. Were it closed here, the rest would go out on a new connection.
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
