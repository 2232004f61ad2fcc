"""Targets that do not behave: they close connections, hang, drip, speak nonsense, show a certificate of yesterday."""

from __future__ import annotations

import datetime as dt
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import trustme

Talk = Callable[[socket.socket], None]
GOOD = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n{"count":0,"items": []}'


@contextmanager
def listening(talk: Talk, *, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Give the base URL of a server that does this to each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def accept() -> None:
        with suppress(OSError):
            while not over.is_set():
                connection, _ = listener.accept()
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

    def handle(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if tls is None:
                talk(connection)
                return
            with tls.wrap_socket(connection, server_side=True) as wrapped:
                talk(wrapped)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{listener.getsockname()[1]}/v4"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def closes(_: socket.socket) -> None:
    """Take the connection, and let it go."""


def hangs(connection: socket.socket) -> None:
    """Read for ever, say nothing."""
    while connection.recv(65536):
        pass


@dataclass
class Endless:
    """Send a beginning, then the same piece for ever; with a pause before each, now and then."""

    beginning: bytes
    piece: bytes
    pause: float = 0.0
    sent: int = 0

    def __call__(self, connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(self.beginning)
        never = threading.Event()
        while not never.wait(self.pause):
            connection.sendall(self.piece)
            self.sent += len(self.piece)


def drips(connection: socket.socket) -> None:
    """Send a byte now and then, and never an end."""
    Endless(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" ", pause=0.05)(connection)


def takes_its_time(connection: socket.socket) -> None:
    """Read a little of the request, and no more until the client is gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.recv(16)
    closed = select.poll()
    closed.register(connection, select.POLLHUP | select.POLLERR)
    closed.poll()


def says(answer: bytes) -> Talk:
    """Answer each request with the same bytes."""

    def talk(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(answer)

    return talk


def first_well_then(answer: bytes) -> Talk:
    """Answer the first request as the API does, and the others with these bytes."""
    answers = iter([GOOD])

    def talk(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(next(answers, answer))

    return talk


def expired(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Give a server's TLS with a certificate of yesterday, and the file of the authority that made it."""
    authority = trustme.CA()
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = authority.issue_cert("127.0.0.1", not_after=yesterday)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.configure_cert(context)
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file
