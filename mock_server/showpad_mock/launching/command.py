"""A command, run to its end, with nothing left of it: its processes are one group, and something outlives us to end it.

A shell leads the group, deaf to what ends others. It waits for a pipe that nobody writes to: the system closes it once
this process is gone, however it went, and then the shell kills its group and itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

GUARD = "trap '' HUP INT QUIT TERM TSTP TTIN TTOU; echo; read nothing; kill -KILL 0"
FORWARDED = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGWINCH")
GRACE_SECONDS = 5.0
TIMED_OUT, NOT_EXECUTABLE, NOT_FOUND, BY_SIGNAL = 124, 126, 127, 128
"""Exit codes, as timeout(1) and shells have them."""


class CannotRun(Exception):
    """The command cannot be started; the message says why."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code


def run_command(command: Sequence[str], environ: Mapping[str, str], timeout: float | None) -> int:
    """Run a command and return its exit code: 124 when its time was over, 128 and more for a signal that ended it.

    Signals to this process are passed on to it. Whatever it started is killed when it has ended, unless that has left
    its process group. Raises CannotRun.
    """
    with _group() as group, _signals() as signals:
        process = _start(command, environ, group)
        signals.pass_on_to(process, group)
        code = _wait(process, group, timeout)
    return code if code >= 0 else BY_SIGNAL - code


def _start(command: Sequence[str], environ: Mapping[str, str], group: int | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, env=environ, process_group=group)
    except FileNotFoundError:
        raise CannotRun(f"{command[0]}: command not found", NOT_FOUND) from None
    except OSError as error:
        raise CannotRun(f"{command[0]}: cannot be run: {error.strerror}", NOT_EXECUTABLE) from None


def _wait(process: subprocess.Popen[bytes], group: int | None, timeout: float | None) -> int:
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        _signal(process, group, signal.SIGTERM)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return TIMED_OUT


def _signal(process: subprocess.Popen[bytes], group: int | None, number: int) -> None:
    if group is None:
        process.send_signal(number)
    else:
        with suppress(ProcessLookupError):
            os.killpg(group, number)


class _Signals:
    """The signals that this process gets: passed on, those that came early once there is a command."""

    def __init__(self) -> None:
        self._early: list[int] = []
        self._pass_on: Callable[[int], None] = self._early.append

    def receive(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        self._pass_on(number)

    def pass_on_to(self, process: subprocess.Popen[bytes], group: int | None) -> None:
        """Send a command what has come and what comes."""
        self._pass_on = partial(_signal, process, group)
        for number in self._early:
            self._pass_on(number)


@contextmanager
def _signals() -> Iterator[_Signals]:
    signals = _Signals()
    numbers = [getattr(signal, name) for name in FORWARDED if hasattr(signal, name)]
    # What is ignored, as nohup has it, the command ignores, too.
    heard = [one for one in numbers if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, signals.receive) for one in heard}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _group() -> Iterator[int | None]:
    """Open a process group that ends with the block, and with this process; None where there are no groups."""
    if sys.platform == "win32":
        yield None
        return
    with subprocess.Popen(
        ["/bin/sh", "-c", GUARD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,
    ) as guard:
        assert guard.stdin is not None
        assert guard.stdout is not None
        guard.stdout.readline()  # deaf by now
        try:
            with _in_foreground(guard.pid):
                yield guard.pid
        finally:
            os.killpg(guard.pid, signal.SIGKILL)


@contextmanager
def _in_foreground(group: int) -> Iterator[None]:
    """Let a group read from the terminal and be reached by its Ctrl-C, where this process is."""
    if sys.platform == "win32" or not os.isatty(0) or os.tcgetpgrp(0) != os.getpgrp():
        yield
        return
    os.tcsetpgrp(0, group)
    try:
        yield
    finally:
        # Who takes a terminal back from the background is stopped by this signal, unless it ignores it.
        before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpgrp())
        signal.signal(signal.SIGTTOU, before)
