"""`showpad-mock serve --workers N`: the parent of N processes that serve on one port.

It answers no request and loads nothing for it. It keeps the workers there, shows their lines, ends them, and has the
board on which they tell one another what they answered.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..settings import Settings
from ..state.boards.calls import Calls
from ..state.boards.memory import MemoryBoard, Seat
from ..state.boards.protocol import Board
from ..state.boards.remote import show
from ..state.logs.protocol import Unavailable
from .channel import Channel, Kind
from .console import console
from .doors import check_authority
from .limits import GRACE_SECONDS
from .listeners import Listeners, bind_shared
from .order import Order
from .output import LineWriter
from .parent import end_with_parent
from .start import CannotServe, admin_token, ending_signals, listen, ready_file
from .state_setting import board_beside, hold_state

TRIES = 5
"""How often in a row a worker may end before it answers, without saying why; then all end."""
PAUSE_SECONDS = 0.25
"""Before it is tried again; each time about twice as long, TRIES times."""
EXTRA_SECONDS = 1.0
"""Beyond the grace, before a worker that does not end is killed."""

log = logging.getLogger(__name__)


def run(settings: Settings, *, colour: bool, environ: Mapping[str, str]) -> None:
    """Serve by several processes until a signal or one of them ends all; raises CannotServe."""
    if sys.platform == "win32":
        raise CannotServe("--workers: processes cannot share a port on Windows; leave it out")
    with ExitStack() as stack:
        tell_ready = stack.enter_context(ready_file(settings))
        temporary = None
        if settings.state is None:
            temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="showpad-mock-"))
            settings = replace(settings, state=str(Path(temporary) / "state"))
        stack.enter_context(_held(settings))
        check_authority(settings)
        kinds = listen(settings, partial(bind_shared, count=settings.workers))
        nobody: list[None] = [None] * settings.workers
        listeners = [Listeners(*one) for one in zip(*(kind or nobody for kind in kinds), strict=True)]
        addresses = listeners[0].addresses()
        out = stack.enter_context(console(as_json=settings.log_format == "json"))

        def announce(lines: str) -> None:
            tell_ready(addresses)
            out.write(lines)

        order = Order(
            settings=settings, listeners=[], admin_token=admin_token(settings), colour=colour, temporary=temporary
        )
        asyncio.run(Workers(order, listeners, out, environ=environ).serve(announce))


@contextmanager
def _held(settings: Settings) -> Iterator[None]:
    try:
        with hold_state(settings):
            yield
    except Unavailable as error:
        raise CannotServe(f"--state {error}") from None


class _Worker:
    """A process that serves on a listener, and what it has told."""

    def __init__(self, number: int, seat: Board, told: Callable[[Kind], None]) -> None:
        self.number = number
        self.announcement: str | None = None
        self.failure: str | None = None
        self._told = told
        self._gone = asyncio.Event()
        self._channel = Channel(self._receive, self._lose)
        self._seat = seat
        self._calls = Calls(partial(self._channel.send, Kind.BOARD), self._channel.is_full)
        show(self._seat, self._calls)
        self._process: Process | None = None

    async def start(self, order: Order, listeners: Listeners, environ: Mapping[str, str]) -> None:
        """Start the process, and tell it what to serve; raises OSError."""
        ours, theirs = socket.socketpair()
        with theirs:
            # A group of its own: Ctrl-C is for the parent, which ends all.
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", f"{__package__}.worker"),
                stdin=theirs.fileno(),
                stdout=PIPE,
                stderr=PIPE,
                env=environ,
                pass_fds=[one.fileno() for one in listeners.opened()],
                process_group=0,
            )
        await asyncio.get_running_loop().create_unix_connection(lambda: self._channel, sock=ours)
        self._channel.send(Kind.ORDER, replace(order, listeners=listeners.numbers()).packed())

    async def show(self, lines: Callable[[str], None], complaints: Callable[[str], None]) -> str:
        """Pass on whole lines until the process has ended; return how it did."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        await asyncio.gather(_pass_on(process.stdout, lines), _pass_on(process.stderr, complaints))
        await self._gone.wait()  # what it told last is read
        await self._seat.close()
        code = await process.wait()
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        return f"worker {self.number} (process {process.pid}) {how}"

    def end(self) -> None:
        """Let it answer what is in flight, then end."""
        self._channel.send(Kind.END)
        if self.announcement is None:
            self.signal(signal.SIGTERM)  # it loads, and hears nothing: nobody was answered yet

    def signal(self, number: int) -> None:
        """Send a signal to the process, if there is one."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    def _receive(self, kind: Kind, body: bytes) -> None:
        if kind is Kind.READY:
            self.announcement = body.decode()
        elif kind is Kind.FAILED:
            self.failure = body.decode()
        elif kind is Kind.BOARD:
            self._calls.receive(body)
            return
        self._told(kind)

    def _lose(self) -> None:
        self._calls.lose()
        self._gone.set()


class Workers:
    """Keeps a process serving on each listener, until one of them or a signal ends all."""

    def __init__(
        self, order: Order, listeners: Sequence[Listeners], out: LineWriter, *, environ: Mapping[str, str]
    ) -> None:
        self._order = order
        self._listeners = listeners
        self._out = out
        # Modules come from where this process has them from, and not from the folder where it was started.
        self._environ = {**environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        self._board = MemoryBoard()
        self._workers: dict[int, _Worker] = {}
        self._announcement = ""
        self._all_answer = asyncio.Event()
        self._held_back: list[str] | None = []
        self._ending = asyncio.Event()
        self._failure: str | None = None

    async def serve(self, announce: Callable[[str], None]) -> None:
        """Serve, and announce it once all workers answer; raises CannotServe."""
        self._listen_to_the_end()
        keeping = [
            asyncio.create_task(self._keep(number, listener)) for number, listener in enumerate(self._listeners, 1)
        ]
        try:
            await self._all_answer.wait()
            if not self._ending.is_set():
                self._announce(announce)
            await self._ending.wait()
        finally:
            self.end()
            await asyncio.gather(*keeping)
        if self._failure is not None:
            raise CannotServe(self._failure)

    def _announce(self, announce: Callable[[str], None]) -> None:
        announce(self._announcement)
        held_back, self._held_back = self._held_back, None
        for lines in held_back or ():
            self._out.write(lines)

    def _show(self, lines: str) -> None:
        """Write lines of a worker, once it is announced that there are any."""
        if self._held_back is None:
            self._out.write(lines)
        else:
            self._held_back.append(lines)

    def end(self) -> None:
        """End all workers; what is in flight is answered within the grace of one."""
        if self._ending.is_set():
            return
        self._ending.set()
        self._all_answer.set()  # nobody waits for that any more
        for listener in self._listeners:
            listener.close()
        for worker in self._workers.values():
            worker.end()
        asyncio.get_running_loop().call_later(GRACE_SECONDS + EXTRA_SECONDS, self._kill)

    def _kill(self) -> None:
        for worker in self._workers.values():
            worker.signal(signal.SIGKILL)

    def _listen_to_the_end(self) -> None:
        loop = asyncio.get_running_loop()
        for number in ending_signals():
            loop.add_signal_handler(number, self.end)

        def end() -> None:
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(self.end)

        if self._order.settings.end_with_stdin:
            end_with_parent(end)

    async def _keep(self, number: int, listeners: Listeners) -> None:
        """Keep a worker there; give up on one that does not begin to answer, however often it is tried."""
        tries = 0
        while not self._ending.is_set():
            # Other servers that share the file are at a board beside it.
            seat = board_beside(self._order.settings) or Seat(self._board)
            worker = self._workers[number] = _Worker(number, seat, self._hear)
            ended = await self._live(worker, listeners)
            del self._workers[number]
            tries = 0 if worker.announcement is not None else tries + 1
            if self._ending.is_set():
                return
            if worker.failure is not None and self._held_back is None:
                # Once all have answered, that one cannot begin is no reason to end the others: an engine may be away.
                ended, tries = f"{ended} ({worker.failure})", min(tries, TRIES - 1)
            elif tries == TRIES or worker.failure is not None:
                self._failure = worker.failure or f"{ended}, for the {TRIES}th time in a row before it answered"
                self.end()
                return
            _complain(f"showpad-mock: {ended}; another takes its place")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), PAUSE_SECONDS * (2**tries - 1))

    async def _live(self, worker: _Worker, listeners: Listeners) -> str:
        """Start a worker; return how it ended."""
        try:
            await worker.start(self._order, listeners, self._environ)
        except OSError as error:
            return f"worker {worker.number} could not be started: {error.strerror}"
        if self._ending.is_set():
            worker.end()
        return await worker.show(self._show, _complain)

    def _hear(self, kind: Kind) -> None:
        if kind is Kind.END:
            self.end()
            return
        told = [worker.announcement for worker in self._workers.values() if worker.announcement is not None]
        if len(told) == len(self._listeners):
            self._announcement = told[0]
            self._all_answer.set()


def _complain(text: str) -> None:
    log.warning("%s", text)


async def _pass_on(stream: asyncio.StreamReader, write: Callable[[str], None]) -> None:
    """Write whole lines as they come, several at once; the last one also where it was cut off."""
    rest = b""
    while data := await stream.read(65536):
        lines, end, rest = (rest + data).rpartition(b"\n")
        if end:
            write(lines.decode(errors="replace"))
    if rest:
        write(rest.decode(errors="replace"))
