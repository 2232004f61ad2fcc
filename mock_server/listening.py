"""Uvicorn as we run it, and the socket it listens on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from .app import App

# Long enough that no client's pool meets a connection that was closed a moment ago.
KEEP_ALIVE_SECONDS = 75
# What is in flight when the server is told to end is answered within this; then it is cut.
GRACE_SECONDS = 1


class Gathering:
    """A transport that writes once in a turn of the loop, all in one piece.

    Uvicorn writes an answer's head and its body one after the other; each would cost a system call and wake the client.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._call_soon = asyncio.get_running_loop().call_soon
        self._pieces: list[bytes] = []

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
        if pieces and not self._transport.is_closing():
            self._transport.write(b"".join(pieces))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Protocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # a class that Uvicorn chooses as it is imported
    """Uvicorn's HTTP, its answers in one piece."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Take a connection."""
        super().connection_made(Gathering(transport))

    def eof_received(self) -> None:
        """Write what is left: after this the loop closes a connection whose client will send no more."""
        self.transport.flush()
        super().eof_received()


class Listening(uvicorn.Server):
    """A Uvicorn server for the mock; leaves signals to whoever runs it."""

    def __init__(self, app: App, on_answers: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=Protocol,
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._app = app
        self._app.end_with(self.stop)
        self._on_answers = on_answers

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        self._on_answers()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing: Uvicorn would raise the signal again before the state is saved."""
        yield

    def run_on(self, listener: socket.socket) -> None:
        """Serve on a bound socket until `stop` is called."""
        with asyncio.Runner(loop_factory=self.config.get_loop_factory()) as runner:
            runner.run(self.serve([listener]))

    def stop(self) -> None:
        """Answer what is in flight, then end; may be called from any thread or signal handler."""
        self.should_exit = True
        self._app.close()


def bind(host: str, port: int) -> socket.socket:
    """Take an address; raises OSError when it is in use or none of this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def origin_of(listener: socket.socket) -> str:
    """Give the origin of a bound socket: scheme, host and port."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
