"""Connections: how one is answered, how long it may take, and how many there may be.

Deadlines cost a request nothing: `Connection.check` looks, once a second, at what each connection is doing.
"""

from __future__ import annotations

import asyncio
import math
import re
from http import HTTPStatus
from typing import Any, NamedTuple

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from ..core.refusals import Problem, Refusal
from ..web.render import problem_answer
from .limits import ConnectionLimits

# Who is refused before its request was read whole is listened to for a moment more: closed on at once, many a client
# would report a reset instead of reading the answer.
LINGER_SECONDS = 1
# So many connections beyond the most are told that there are too many; more are cut at once.
TOLD = 256
UPGRADE = re.compile(rb"\r\nupgrade:", re.IGNORECASE)

INVALID_HTTP = Problem("", 400, "/mock-server/invalid-http", "Bad Request", "{message}")
TOO_SLOW = Problem(
    "", 408, "/mock-server/request-timeout", "Request Timeout", "The request's {part} took longer than {seconds} s."
)
HEAD_TOO_LARGE = Problem(
    "",
    431,
    "/mock-server/head-too-large",
    "Request Header Fields Too Large",
    "The request line and headers (or trailers) are larger than {most} bytes.",
)
TOO_MANY = Problem(
    "",
    503,
    "/mock-server/too-many-connections",
    "Service Unavailable",
    "All {most} connections that the server allows are in use.",
)


class Config(uvicorn.Config):
    """Uvicorn's configuration, and the limits that connections keep to."""

    def __init__(self, app: Any, *, limits: ConnectionLimits, **options: Any) -> None:
        super().__init__(
            app,
            http=Connection,
            timeout_keep_alive=limits.idle_timeout,  # type: ignore[arg-type]  # handed to the loop, which takes a float
            h11_max_incomplete_event_size=limits.max_header_size,
            **options,
        )
        self.limits = limits


def without_upgrade(data: bytes) -> bytes:
    """Return what was received, an `Upgrade` header in it by another name, for it is to be ignored (RFC 9110, 7.8).

    The parser takes it for the end of HTTP, and drops the body behind it. Java's HTTP client sends one with everything.
    """
    # In the head alone: a body may hold such a line as text.
    head, end, rest = data.partition(b"\r\n\r\n")
    return UPGRADE.sub(b"\r\nIgnored-Upgrade:", head) + end + rest


class BufferedTransport:
    """A transport that writes once in a turn of the loop, all in one piece.

    Uvicorn writes an answer's head and its body one after the other; each would cost a system call and wake the client.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.is_closing = transport.is_closing  # asked with every answer; `__getattr__` would be slow
        self._call_soon = asyncio.get_running_loop().call_soon
        self._pieces: list[bytes] = []
        self._ended = asyncio.Event()

    async def until_eof(self) -> None:
        """Wait until the client sends no more, which may be all that it says as it leaves."""
        await self._ended.wait()

    def note_eof(self) -> None:
        """Wake who waits for the client to send no more."""
        self._ended.set()

    def write(self, data: bytes) -> None:
        """Write by the end of this turn."""
        if not self._pieces:
            self._call_soon(self.flush)
        self._pieces.append(data)

    def close(self) -> None:
        """Write what is left, then close."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Write now."""
        pieces, self._pieces = self._pieces, []
        # Writing to a closed transport makes asyncio log a warning for every client that went away.
        if pieces and not self.is_closing():
            self._transport.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class _Doing(NamedTuple):
    """What a connection is found to be doing; as long as it is the very same, its time runs."""

    what: str
    of: object = None


class _HeadTooLarge(Exception):
    """Ends the parsing of a request."""


# Bound once: each costs a request less than `super()` would.
_receive: Any = AutoHTTPProtocol.data_received
_complete_head: Any = getattr(AutoHTTPProtocol, "on_headers_complete", None)


class Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # a class that Uvicorn chooses as it is imported
    """Uvicorn's HTTP: answers in one piece, within limits, and to the last request before a half-close.

    Written for httptools' parser; with h11, where that alone installs, h11 limits the head, and answers 400.
    """

    app_state: dict[str, Any]

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Take a connection, or refuse it where there are too many."""
        super().connection_made(BufferedTransport(transport))
        self.app_state = {**self.app_state, "connection": self.transport}  # for faults that end it
        self._limits: ConnectionLimits = self.config.limits
        # Bytes received since a head was complete or a piece of a body came. h11, which limits these itself, says not.
        self._pending = 0 if hasattr(self, "parser") else -math.inf
        # Like nothing that is ever found, so that the first check begins to count.
        self._found = _Doing("nothing yet")
        self._since = 0.0
        most = self._limits.max_connections
        # A flood costs nothing but the accept: to tell everybody would need as many connections again.
        if len(self.connections) > most + TOLD:
            self.transport.abort()
        elif len(self.connections) > most:
            self._refused(TOO_MANY.error(most=most).with_headers(**{"Retry-After": "1"}))  # told once it asks

    def data_received(self, data: bytes) -> None:
        """Parse what came; refuse a head that grows beyond its limit."""
        self._pending += len(data)
        # Not while a body comes: its bytes are no headers, and to look through all of them would hold up everybody.
        if (self.cycle is None or not self.cycle.more_body) and UPGRADE.search(data) is not None:
            data = without_upgrade(data)
        _receive(self, data)
        # After parsing: what completed a head on the way has set the count back.
        if self._pending > self._limits.max_header_size and self.parser is not None:
            self._refuse_head()

    def on_headers_complete(self) -> None:
        """Begin to answer a request, unless its head came in one large piece beyond the limit."""
        most = self._limits.max_header_size
        # Counted in full only then: the piece may be large for the body or the next requests behind a small head.
        if self._pending > most and len(self.url) + sum(len(n) + len(v) + 4 for n, v in self.headers) > most:
            raise _HeadTooLarge
        self._pending = 0
        _complete_head(self)

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._pending = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed; Uvicorn calls this for whatever ends the parser."""
        if self._pending > self._limits.max_header_size:
            self._refuse_head()
        else:
            self._refuse(INVALID_HTTP.error(message=msg))

    def eof_received(self) -> bool:
        """Answer what was read whole, then close: the client sends no more. True keeps the connection until then."""
        self.transport.note_eof()
        # What was answered must leave before Uvicorn closes.
        self.transport.flush()
        super().eof_received()
        # Of TLS asyncio closes both directions, and warns who would keep one.
        return self._closes_after_whole_requests() and self.scheme == "http"

    def check(self, now: float) -> None:
        """Refuse or cut what has taken too long; `now` is the loop's time."""
        doing = self._doing()
        if doing != self._found:
            self._found, self._since = doing, now
            return
        limits, taken = self._limits, now - self._since
        match doing.what:
            case "idle" if taken > limits.idle_timeout:
                self.transport.close()
            case "head" if taken > limits.header_timeout:
                self._refuse(TOO_SLOW.error(part="head", seconds=f"{limits.header_timeout:g}"))
            case "body" if taken > limits.body_timeout:
                self._refuse(TOO_SLOW.error(part="body", seconds=f"{limits.body_timeout:g}"))
            case "taking" if taken > limits.body_timeout:
                self.transport.abort()

    def _doing(self) -> _Doing:
        cycle = self.cycle
        if self.transport.is_closing() or self.flow.write_paused:
            return _Doing("taking", cycle)  # an answer, from the line
        if cycle is not None and not cycle.response_complete:
            return _Doing("body" if cycle.more_body else "answering", cycle)
        # The parser begins a scope with a request's first byte; its cycle begins when the head is complete.
        if self.scope is not None and (cycle is None or cycle.scope is not self.scope):
            return _Doing("head", self.scope)
        return _Doing("idle", cycle)

    def _closes_after_whole_requests(self) -> bool:
        """Close once those are answered that were read whole; False when there are none under way."""
        last = self.cycle
        if last is None or last.response_complete or (last.more_body and not self.pipeline):
            return False
        if last.more_body:  # half a request, behind whole ones: it asks for nothing
            last.disconnected = True
            self.pipeline[0] = (last, self._hang_up)
        last.keep_alive = False
        return True

    async def _hang_up(self, _scope: object, _receive: object, _send: object) -> None:
        self.transport.close()

    def _refuse_head(self) -> None:
        self._refuse(HEAD_TOO_LARGE.error(most=self._limits.max_header_size))

    def _refuse(self, refusal: Refusal) -> None:
        """Read nothing more; answer with the refusal, unless whole requests came before it: these are answered."""
        if self._closes_after_whole_requests():
            self.flow.read_paused = False  # or their answers would have it read on
            self.transport.pause_reading()
        else:
            self._refused(refusal).answer()

    def _refused(self, refusal: Refusal) -> Refused:
        """Hand the connection over to one that parses nothing."""
        rest = Refused(raw_answer(refusal, self.server_state.default_headers), self.transport, self.connections)
        self.transport.set_protocol(rest)
        self.flow.resume_reading()
        self._unset_keepalive_if_required()
        self.connection_lost(ConnectionAbortedError(refusal.detail))  # for this object it is over
        return rest


class Refused(asyncio.Protocol):
    """A connection that is told why it is refused, and listened to until it closes or a moment has passed."""

    def __init__(self, answer: bytes, transport: Any, connections: set[Any]) -> None:
        self._answer = answer
        self._transport = transport
        self._connections = connections
        self._since: float | None = None
        connections.add(self)

    def answer(self) -> None:
        """Answer why, once."""
        if self._answer:
            self._transport.write(self._answer)
            self._transport.flush()
            # A half-close: the answer ends for the client, while what it still sends is read and thrown away. TLS has
            # none; there the answer's stated length has to do.
            if self._transport.can_write_eof():
                self._transport.write_eof()
            self._answer = b""

    def data_received(self, data: bytes) -> None:  # noqa: ARG002  # asyncio's signature, as below
        """Throw away what comes, having answered it."""
        self.answer()

    def eof_received(self) -> bool:
        """Close when the client does."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Forget it."""
        self._connections.discard(self)

    def check(self, now: float) -> None:
        """Close what lingers; `now` is the loop's time."""
        if self._since is None:
            self._since = now
        # Aborted, not closed: who takes no answer within that time would hold the connection for ever.
        elif now - self._since >= LINGER_SECONDS:
            self._transport.abort()

    def shutdown(self) -> None:
        """Close, as the server ends."""
        self._transport.close()


def raw_answer(refusal: Refusal, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return a refusal as it goes over the wire."""
    answer = problem_answer(refusal)
    status = HTTPStatus(answer.status)
    lines = [b"HTTP/1.1 %d %b" % (status, status.phrase.encode())]
    lines += (b"%b: %b" % header for header in (*headers, *answer.headers))
    return b"\r\n".join((*lines, b"connection: close", b"", answer.body))
