"""A server that another program started for itself ends with that program, however it ended."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from threading import Thread

STDIN = 0


def end_with_parent(stop: Callable[[], None]) -> None:
    """Call `stop` once standard input ends and, on Linux, once the program that started this one has ended.

    The system closes the pipe of a program that is killed, but not while somebody else holds an end of it; so on Linux
    the process is watched too.
    """
    for wait in (_input_ended, _parent_ended) if sys.platform == "linux" else (_input_ended,):
        # Daemons: a read of standard input cannot be ended from outside.
        Thread(target=_stop_after, args=(wait, stop), daemon=True).start()


def _stop_after(wait: Callable[[], None], stop: Callable[[], None]) -> None:
    wait()
    stop()


def _input_ended() -> None:
    try:
        while os.read(STDIN, 65536):
            pass
    except OSError:  # closed from the beginning
        return


def _parent_ended() -> None:
    if sys.platform != "linux":
        return
    try:
        # A pidfd: the number alone may belong to another process by the time it is asked about.
        parent = os.pidfd_open(os.getppid())
    except ProcessLookupError:
        return  # gone already
    select.select([parent], [], [])
    os.close(parent)
