"""A receiver: it listens on this machine, and keeps what a target sends there by itself.

Anybody may reach it where a tunnel leads to it. So how long it listens to somebody, to how many at once, what it takes
and what it keeps have limits, and where nothing is expected it keeps nothing.
"""

from __future__ import annotations

import json
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from threading import BoundedSemaphore, Condition, Thread
from typing import Any

import h11

SECONDS = 10.0  # for a request and its answer
MOST_AT_ONCE = 16
MOST_HEAD, MOST_BODY = 2**16, 2**22
MOST_KEPT, MOST_KEPT_BYTES = 1000, 2**25  # at each place
BLOCK = 2**16
Answer = int | bytes
"""A status; or bytes that are sent as they are, none of them to close the connection without an answer."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a target reaches the receiver: by `url`, where it is another one than that of `host` and `port`."""

    url: str | None = None
    host: str = "127.0.0.1"
    port: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came: names of headers in lower case, the body as it was, and when, in Unix seconds of this machine."""

    method: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    at: float

    def header(self, name: str) -> str | None:
        """Return the value of a header, None where it did not come."""
        return next((value for known, value in self.headers if known == name), None)

    def json(self) -> Any:
        """Return the body's JSON value, None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Inbox:
    """A place of its own: what comes at `url`, and how it is answered.

    What comes again with the same body gets the next of the answers, then the last one for ever.
    """

    def __init__(self, url: str, answers: Sequence[Answer]) -> None:
        self.url = url
        self._answers = answers
        self._times: Counter[bytes] = Counter()
        self._kept: deque[Delivery] = deque()
        self._bytes = 0
        self._news = Condition()

    def take(self, delivery: Delivery) -> Answer:
        """Keep what came, and return how it is answered; the oldest make room."""
        with self._news:
            self._kept.append(delivery)
            self._bytes += len(delivery.body)
            self._times[delivery.body] += 1
            time_ = self._times[delivery.body]
            while len(self._kept) > MOST_KEPT or self._bytes > MOST_KEPT_BYTES:
                gone = self._kept.popleft()
                self._bytes -= len(gone.body)
                self._times.pop(gone.body, None)
            self._news.notify_all()
        return self._answers[min(time_, len(self._answers)) - 1]

    def all(self) -> list[Delivery]:
        """Return what has come, the first first."""
        with self._news:
            return list(self._kept)

    def wait(self, is_enough: Callable[[Sequence[Delivery]], bool], seconds: float) -> None:
        """Wait until what has come is enough, or so many seconds have passed."""
        with self._news:
            self._news.wait_for(lambda: is_enough(list(self._kept)), seconds)


class Receiver:
    """Listens until it is closed. Raises OSError where it cannot."""

    def __init__(self, reach: Reach) -> None:
        self._inboxes: dict[str, Inbox] = {}
        self._room = BoundedSemaphore(MOST_AT_ONCE)
        family = socket.AF_INET6 if ":" in reach.host else socket.AF_INET
        self._listener = socket.create_server((reach.host, reach.port), family=family)
        self._listener.settimeout(0)
        self._end, self._ended = socket.socketpair()
        self.port = self._listener.getsockname()[1]
        """Where it listens."""
        host = f"[{reach.host}]" if ":" in reach.host else reach.host
        self._url = (reach.url or f"http://{host}:{self.port}").rstrip("/")
        self.was_reached = False
        """Whether anything has come to one of its inboxes."""
        self.is_in_vain = False
        """Whether somebody has waited in vain for anything to come: nobody need do so again."""
        self._thread = Thread(target=self._accept, daemon=True)
        self._thread.start()

    def inbox(self, name: str, answers: Sequence[Answer]) -> Inbox:
        """Open a place by a name that can stand in an address."""
        made = self._inboxes[name] = Inbox(f"{self._url}/{name}", answers)
        return made

    def close_inboxes(self) -> None:
        """Keep nothing any more of what has come, nor of what still comes to the places that were open."""
        self._inboxes.clear()

    def close(self) -> None:
        """Listen no longer."""
        self._end.close()
        self._thread.join()
        self._ended.close()
        self._listener.close()

    def _accept(self) -> None:
        with DefaultSelector() as coming:
            coming.register(self._listener, EVENT_READ)
            coming.register(self._ended, EVENT_READ)
            while self._ended not in [key.fileobj for key, _ in coming.select()]:
                with suppress(OSError):  # who came is gone already
                    connection, _ = self._listener.accept()
                    self._room.acquire()
                    Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            # Who sends no HTTP, too much, or too slowly gets no answer.
            with connection, suppress(OSError, h11.RemoteProtocolError, _Refused):
                _answer(connection, self._take)
        finally:
            self._room.release()

    def _take(self, target: str, delivery: Delivery) -> Answer:
        # By the last part: a tunnel may put the path below another one.
        inbox = self._inboxes.get(target.partition("?")[0].rpartition("/")[2])
        if inbox is None:
            return 404
        self.was_reached = True
        return inbox.take(delivery)


class _Refused(Exception):
    """A request is longer than any that is expected."""


def _answer(connection: socket.socket, take: Callable[[str, Delivery], Answer]) -> None:
    """Answer one request, within the time."""
    talk = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD)
    request, body = None, bytearray()
    for event in _events(talk, connection):
        if isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
        if len(body) > MOST_BODY:
            raise _Refused
    if request is None:
        return
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers]
    delivery = Delivery(request.method.decode("latin-1"), headers, bytes(body), time.time())
    answer = take(request.target.decode("latin-1"), delivery)
    connection.sendall(answer if isinstance(answer, bytes) else _status(talk, answer))


def _events(talk: h11.Connection, connection: socket.socket) -> Iterator[h11.Event]:
    """Return the parts of a request as they come, until it is whole or the connection ends."""
    late = time.monotonic() + SECONDS
    while True:
        event = talk.next_event()
        if event is h11.NEED_DATA:
            if talk.they_are_waiting_for_100_continue:
                connection.sendall(talk.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            connection.settimeout(max(0.001, late - time.monotonic()))
            talk.receive_data(connection.recv(BLOCK))
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return
        elif isinstance(event, h11.Event):
            yield event


def _status(talk: h11.Connection, status: int) -> bytes:
    headers = [("Content-Length", "0"), ("Connection", "close")]
    parts = (h11.Response(status_code=status, headers=headers), h11.EndOfMessage())
    return b"".join(talk.send(part) or b"" for part in parts)
