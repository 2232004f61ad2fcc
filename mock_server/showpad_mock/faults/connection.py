"""The connection that a call came on, and answers that end it: before, within, behind or instead of them.

A server hands its transport on as `connection` in the scope's state. Where there is none, as when an app is called in
this process, the caller gets the error instead that its connection would have raised: a ConnectionResetError.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ..web.call import Receive, Scope, Send
from ..web.render import Answer

NO_ANSWER = 0
"""The status in the journal of a call that was never answered."""


def connection_of(scope: Scope) -> Any:
    """Return the transport that a call came on; None where its server hands none on."""
    return scope.get("state", {}).get("connection")


async def until_gone(scope: Scope, receive: Receive) -> None:
    """Wait until the client has left, or sends no more: one that closes its connection says no more than that."""
    connection = connection_of(scope)
    left = [asyncio.ensure_future(_until_disconnected(receive))]
    if connection is not None:
        left.append(asyncio.ensure_future(connection.until_eof()))
    try:
        await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in left:
            one.cancel()


async def _until_disconnected(receive: Receive) -> None:
    for _ in range(2):  # a body that nobody has read comes first
        while (message := await receive()).get("more_body"):
            pass
        if message["type"] == "http.disconnect":
            return
    # Who drives the app has nothing more to tell.
    await asyncio.Event().wait()


def close(transport: Any) -> None:
    """Close a connection as its end does: what was written leaves."""
    transport.close()


async def end(scope: Scope, receive: Receive, how: Callable[[Any], None]) -> None:
    """End the connection."""
    transport = connection_of(scope)
    if transport is None:
        raise ConnectionResetError("a fault ended the connection")
    how(transport)
    # Until the server knows: it would answer for an app that returns without an answer.
    await _until_disconnected(receive)


class LostAnswer(Answer):
    """An answer of which nothing is sent: the connection ends. Without one to lose, none was made."""

    __slots__ = ("_how",)

    def __init__(self, answer: Answer | None, how: Callable[[Any], None] = close) -> None:
        super().__init__(NO_ANSWER)
        self._how = how
        if answer is not None:
            take_over(self, answer)

    async def __call__(self, scope: Any, receive: Any, _send: object) -> None:
        """End the connection."""
        await end(scope, receive, self._how)


class UnheardAnswer(LostAnswer):
    """An answer that nobody waits for any more."""

    __slots__ = ()

    async def __call__(self, scope: Any, receive: Any, send: object) -> None:
        """End the connection, if there is one."""
        if connection_of(scope) is not None:
            await super().__call__(scope, receive, send)


class HalfAnswer(Answer):
    """An answer that ends in the middle of its body, or of its head where it has none."""

    __slots__ = ()

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        take_over(self, answer)

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Send half of it, then end the connection."""
        transport = connection_of(scope)
        if len(self.body) > 1 or transport is None:
            await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
            await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})
        else:
            transport.write(b"HTTP/1.1 %d" % self.status)
        await end(scope, receive, close)


class LastAnswer(Answer):
    """A whole answer that does not say that it is the connection's last."""

    __slots__ = ()

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        take_over(self, answer)

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Send it, then end the connection, if there is one."""
        await super().__call__(scope, receive, send)
        if (transport := connection_of(scope)) is not None:
            close(transport)


def take_over(answer: Answer, other: Answer) -> None:
    """Make one answer what another one is."""
    answer.status, answer.body, answer.headers = other.status, other.body, other.headers
    answer.is_innocent = other.is_innocent
