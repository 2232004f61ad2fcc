"""The one way in which the tests drive an ASGI app in this process, without sockets."""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    MutableMapping,
    Sequence,
)
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote

import httpx2

T = TypeVar("T")
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app answered."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes


def scope_of(method: str, target: bytes, headers: Headers = ()) -> Message:
    """Return the scope of a request as a server hands it to an app; `target` is path and query as they are sent."""
    raw_path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path.decode("ascii")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


async def drive(app: App, scope: Message, receive: Receive, sent: list[Message] | None = None) -> list[Message]:
    """Hand messages to an app as it asks for them, and return what it sent, in the caller's own list if it has one."""
    sent = [] if sent is None else sent

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def each(messages: Iterable[Message]) -> Receive:
    """Hand on these messages, whatever a test sends; behind them nothing comes any more, as of a client that waits."""
    waiting = iter(messages)

    async def receive() -> Message:
        for message in waiting:
            return message
        await asyncio.Event().wait()
        raise AssertionError("nothing sets it")

    return receive


async def answer_to(app: App, scope: Message, body: bytes | AsyncIterable[bytes]) -> Answer:
    """Return an app's answer to a request with this body, sent whole or in parts."""
    # No generator for one that is whole: left where it is, it would cost the loop a task to close it.
    receive = each([_part(body, more=False)]) if isinstance(body, bytes) else _parts(body).__anext__
    start, *parts = await drive(app, scope, receive)
    return Answer(start["status"], list(start["headers"]), b"".join(part.get("body", b"") for part in parts))


async def _parts(body: AsyncIterable[bytes]) -> AsyncIterator[Message]:
    async for part in body:
        yield _part(part, more=True)
    yield _part(b"", more=False)


def _part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def send(app: App, request: httpx2.Request) -> httpx2.Response:
    """Return an app's answer to a request of httpx2's; a body that is made while it is sent is read part by part."""
    scope = scope_of(request.method, request.url.raw_path, request.headers.raw)
    body = request.read() if isinstance(request.stream, httpx2.SyncByteStream) else request.stream
    answer = await answer_to(app, scope, body)
    content = b"" if request.method == "HEAD" else answer.content  # the server cuts it off, not the app
    return httpx2.Response(answer.status, headers=answer.headers, content=content, request=request)


class AppTransport(httpx2.BaseTransport):
    """Hands the requests of a client to an app, on a loop of its own."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return run(self._runner, send(self._app, request))

    def close(self) -> None:
        self._runner.close()


def run(runner: asyncio.Runner, coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a runner's loop, without the signal handlers that the runner would set for each."""
    return runner.get_loop().run_until_complete(coroutine)
