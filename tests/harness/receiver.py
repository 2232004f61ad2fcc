"""A receiver of webhooks on loopback that answers as a test says: by a status, or badly."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Any, Self

HANG, CLOSE, CUT, GARBAGE, REDIRECT, ENDLESS = "hang", "close", "cut", "garbage", "redirect", "endless"
DRIP, INTERIM, FRAMES = "drip", "interim", "frames"
Answer = int | str


@dataclass(frozen=True)
class Received:
    """A request that came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """Answers each request by the next of `answers`, the last one for ever; with `tls` by TLS."""

    def __init__(self, *answers: Answer, tls: SSLContext | None = None) -> None:
        self._answers = list(answers) or [200]
        self._news = Condition()
        self.received: list[Received] = []
        self.let_go = Event()
        """Set, it ends what hangs."""
        self._answers_at_once = True
        self._server = _Server(self, tls)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook?from=mock"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()

    def answer_after_let_go(self) -> None:
        """Answer nothing until `let_go` is set."""
        self._answers_at_once = False

    def wait(self, count: int) -> None:
        """Wait until so many requests have come; on a loaded machine that may take long."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.received) >= count, 30), self.received

    def take(self, received: Received) -> Answer:
        """Note a request; return how it is answered."""
        with self._news:
            self.received.append(received)
            self._news.notify_all()
        if not self._answers_at_once:
            self.let_go.wait()
        with self._news:
            return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): ", ".join(self.headers.get_all(name, [])) for name in self.headers}
        answer = self.server.receiver.take(Received(self.command, self.path, headers, body))
        if isinstance(answer, int):
            self._answer(answer)
        else:
            self.close_connection = True
            getattr(self, f"_{answer}")()

    do_GET = do_POST  # noqa: N815  # as the library calls it

    def _answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _hang(self) -> None:
        self.server.receiver.let_go.wait()

    def _close(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    def _garbage(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    def _redirect(self) -> None:
        self._answer(302, Location="/elsewhere")

    def _endless(self) -> None:
        self._on_and_on(b"x" * 65536, head=b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")

    def _drip(self) -> None:
        self._on_and_on(b"x", head=b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", pause=0.01)

    def _interim(self) -> None:
        self._on_and_on(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)

    def _frames(self) -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        self._on_and_on(b"1;" + b"x" * 9998 + b"\r\nx\r\n", head=head)

    def _on_and_on(self, content: bytes, *, head: bytes = b"", pause: float = 0) -> None:
        """Send the same until the test or the client ends it."""
        with suppress(OSError):
            self.wfile.write(head)
            while not self.server.receiver.let_go.wait(pause):
                self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: Receiver, tls: SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, *_: Any) -> None:
        """Say nothing: whoever sends gives up on a bad receiver as it likes."""
