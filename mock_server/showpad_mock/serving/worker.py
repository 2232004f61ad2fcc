"""One of the processes of `showpad-mock serve --workers`: `workers.py` starts it, and speaks to it on standard input.

It ends when it is told to, or when its parent is gone; a signal lets the parent end all.
"""

from __future__ import annotations

import asyncio
import gc
import io
import shutil
import socket
import sys
from contextlib import suppress
from functools import partial

from ..state.boards.calls import Calls
from ..state.boards.remote import RemoteBoard
from .announcement import announcement
from .channel import Channel, Kind, packed, receive
from .console import console
from .listeners import listeners_of
from .order import Order, unpacked
from .parent import STDIN
from .serve import load, serve_on, show_requests
from .start import CannotServe, end_by_signal
from .state_setting import open_held
from .uvicorn_server import UvicornServer


class Worker:
    """Serves what was ordered, until the parent says so."""

    def __init__(self, order: Order, channel: socket.socket) -> None:
        self._order = order
        self._socket = channel
        self._channel = Channel(self._receive, self._orphaned)
        self._calls = Calls(partial(self._channel.send, Kind.BOARD), self._channel.is_full)
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: UvicornServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_ending = False

    def run(self) -> None:
        """Serve; raises CannotServe."""
        order, settings = self._order, self._order.settings
        board = RemoteBoard(self._calls, self._connect)
        app = load(settings, order.admin_token, partial(open_held, board=board))
        with console(as_json=settings.log_format == "json") as out:
            listeners = listeners_of(order.listeners)
            show_requests(app, settings, out, colour=order.colour)
            # What only the one that is first to answer is asked for, but it costs little.
            ready = announcement(settings, app, listeners.addresses()).encode()

            def begin(server: UvicornServer) -> None:
                self._server = server
                app.end_with(self._end_all)
                end_by_signal(self._end_all)

            serve_on(listeners, app, settings, on_answers=lambda: self._open(ready), begin=begin)

    def _open(self, ready: bytes) -> None:
        """Say that requests are answered."""
        task = asyncio.get_running_loop().create_task(self._tell(ready))
        self._tasks.add(task)  # or it might be collected

    async def _tell(self, ready: bytes) -> None:
        await self._connect()
        self._channel.send(Kind.READY, ready)
        if self._is_ending:
            self._end_all()

    async def _connect(self) -> None:
        """Listen to the parent from now on."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            await self._loop.create_unix_connection(lambda: self._channel, sock=self._socket)

    def _end_all(self) -> None:
        """Let the parent end all workers; called in the loop or by a signal."""
        self._is_ending = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._channel.send, Kind.END)

    def _receive(self, kind: Kind, body: bytes) -> None:
        if kind is Kind.END:
            self._stop()
        else:
            self._calls.receive(body)

    def _orphaned(self) -> None:
        """End without the parent, and clear up what it cannot any more."""
        self._calls.lose()
        self._stop()
        if self._order.temporary is not None:
            # Others may still write to it: what is open stays until it is closed.
            shutil.rmtree(self._order.temporary, ignore_errors=True)

    def _stop(self) -> None:
        assert self._server is not None
        self._server.stop()


def main() -> int:
    """Serve what the parent orders; return the exit code."""
    gc.disable()  # as the command does, until all is loaded
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # the parent knows what its own streams can show
    channel = socket.socket(fileno=STDIN)
    try:
        _, body = receive(channel)
        Worker(unpacked(body), channel).run()
    except CannotServe as error:
        with suppress(OSError):  # the parent is gone
            channel.sendall(packed(Kind.FAILED, str(error).encode()))
        return 2
    except EOFError:
        pass  # the parent was gone before
    return 0


if __name__ == "__main__":
    sys.exit(main())
