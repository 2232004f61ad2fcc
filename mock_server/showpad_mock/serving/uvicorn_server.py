"""Uvicorn as we run it, and the socket it listens on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

import uvicorn

from ..app import App
from .connections import TOLD, Config, Connection, Refused
from .limits import GRACE_SECONDS, ConnectionLimits

OTHER_FILES = 64  # that a server has open beside its connections


class Opened(Protocol):
    """What listens beside the server's first socket, and ends with it."""

    def close(self) -> None:
        """Take no more connections."""

    async def wait_closed(self) -> None:
        """Wait until those are gone that the server does not know."""


Door = Callable[["UvicornServer"], Awaitable[Opened]]
"""Opens another way to a server, in its loop."""


class UvicornServer(uvicorn.Server):
    """A Uvicorn server for the mock; leaves signals to whoever runs it."""

    def __init__(
        self,
        app: App,
        on_answers: Callable[[], None],
        *,
        limits: ConnectionLimits | None = None,
        doors: Sequence[Door] = (),
    ) -> None:
        self.limits = limits or ConnectionLimits()
        super().__init__(
            Config(
                app,
                limits=self.limits,
                # What is not needed is off: it would be loaded at the start, or write lines and headers of its own.
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._app = app
        self._app.end_with(self.stop)
        self._on_answers = on_answers
        self._doors = doors
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        # A server may run again after a `stop` (MockServer listens anew): requests may wait again.
        self._app.open()
        await self._app.begin()
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        for door in self._doors:
            await self._enter(door)
        self._on_answers()

    async def _enter(self, door: Door) -> None:
        self.servers.append(await door(self))  # type: ignore[arg-type]  # Uvicorn closes them, and asks no more

    def open(self, door: Door) -> None:
        """Open another way to this server, which answers already; called in another thread."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._enter(door), self._loop).result()

    def new_connection(self, kind: type[Connection] = Connection, **options: Any) -> Connection:
        """Return what answers on a connection that is about to be made."""
        return kind(config=self.config, server_state=self.server_state, app_state={}, **options)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End connections, then let go of the state: what is in flight needs it until then."""
        await super().shutdown(sockets)
        await self._app.end()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second, as Uvicorn has it; once a second, see to connections that take too long."""
        if counter % 10 == 0:
            self.check_connections(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def check_connections(self, now: float) -> None:
        """Refuse or close what has taken too long; `now` is the loop's time."""
        for connection in tuple(self.server_state.connections):
            if isinstance(connection, Connection | Refused):  # as all are
                connection.check(now)

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


def possible_limits(limits: ConnectionLimits) -> ConnectionLimits:
    """Let this process open as many files as its connections take; return the limits with what the system allows."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return limits
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # The usual limit of 1,024 files is below what we allow: beyond it, to accept a connection fails.
    wanted = limits.max_connections + TOLD + OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return replace(limits, max_connections=max(1, min(limits.max_connections, wanted - TOLD - OTHER_FILES)))
