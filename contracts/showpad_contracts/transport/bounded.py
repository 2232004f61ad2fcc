"""HTTP on which an exchange takes a bounded time and a bounded number of bytes, whatever comes back.

A time-out of httpx2's is for each piece that comes: who sends a byte now and then, headers or 1xx answers without end,
is waited for without end. And what is compressed may be a thousand times as long as what came.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

from .limits import MOST_ANSWER, MOST_HEAD

PIECE = 2**14
# Servers often close after five (Uvicorn, Node): a request that leaves at that moment gets no answer.
KEEPALIVE_SECONDS = 4.0
MIB = 2**20


class TooMuch(Exception):
    """More came than an answer may be; the message says how much."""


class Allowance:
    """What the exchange under way may still take."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._late = 0.0
        self._left = 0
        self._what = ""

    def begin(self) -> None:
        """Begin an exchange: its time runs, and what comes is the answer's head."""
        self._late = time.monotonic() + self._seconds
        self._expect(MOST_HEAD, "before its answer")

    def body(self) -> None:
        """What comes from now on is the answer's body."""
        self._expect(MOST_ANSWER, "in an answer")

    def _expect(self, size: int, what: str) -> None:
        self._left, self._what = size, f"more than {size // MIB} MiB {what}"

    def take(self, data: bytes) -> bytes:
        """Take what came. Raises TooMuch."""
        self._left -= len(data)
        if self._left < 0:
            raise TooMuch(self._what)
        return data

    def seconds(self, late: type[Exception]) -> float:
        """Return the seconds that are left; raises `late` where none is."""
        left = self._late - time.monotonic()
        if left <= 0:
            raise late("timed out")
        return left


class _Stream(httpcore2.NetworkStream):
    """A connection whose every read and write ends with the exchange's time."""

    def __init__(self, stream: httpcore2.NetworkStream, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the exchange's counts
        left = self._allowance.seconds(httpcore2.ReadTimeout)
        return self._allowance.take(self._stream.read(max_bytes, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        # In pieces, each with the time that is left: httpcore2 gives every send() of a large write the whole anew.
        for start in range(0, len(buffer), PIECE):
            self._stream.write(buffer[start : start + PIECE], self._allowance.seconds(httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        left = self._allowance.seconds(httpcore2.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._allowance)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Opens such connections, to whichever of a name's addresses answers within the exchange's time."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        refused: Exception = httpcore2.ConnectError(f"{host} has no address")
        # One by one: socket.create_connection gives each address of a name the whole time.
        for address in _addresses(host, port):
            left = self._allowance.seconds(httpcore2.ConnectTimeout)
            try:
                stream = self._backend.connect_tcp(address, port, left, local_address, socket_options)
            except httpcore2.ConnectError as error:
                refused = error
            else:
                return _Stream(stream, self._allowance)
        raise refused


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore2.ConnectError(str(error)) from None
    return [str(address[0]) for *_, address in found]


class Transport(httpx2.BaseTransport):
    """Returns whole answers, raising httpx2's errors; TooMuch for one that is too long."""

    def __init__(self, trust: ssl.SSLContext | None, seconds: float) -> None:
        # One for all connections: a session sends one request after the other.
        self._allowance = Allowance(seconds)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=trust, keepalive_expiry=KEEPALIVE_SECONDS, network_backend=_Backend(self._allowance)
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and read its answer."""
        url = httpcore2.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        self._allowance.begin()
        try:
            answer = self._pool.handle_request(
                httpcore2.Request(request.method, url, headers=request.headers.raw, content=request.read())
            )
            try:
                return httpx2.Response(answer.status, headers=answer.headers, content=self._body(answer))
            finally:
                answer.close()
        except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise getattr(httpx2, type(error).__name__)(str(error)) from error  # both name them alike

    def _body(self, answer: httpcore2.Response) -> bytes:
        encodings = [value for name, value in answer.headers if name.lower() == b"content-encoding"]
        if any(value.strip().lower() not in (b"", b"identity") for value in encodings):
            raise httpx2.DecodingError("it is compressed, which was not asked for")
        self._allowance.body()
        body = bytearray()
        for piece in answer.iter_stream():
            body += piece
        return bytes(body)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
