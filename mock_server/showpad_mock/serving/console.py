"""Standard output and standard error of a server: neither holds up an answer, whoever reads them or does not."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from ..core.printable import printable_lines
from .output import LineWriter


@contextmanager
def console(*, as_json: bool) -> Iterator[LineWriter]:
    """Open standard output for lines, and standard error for what is logged.

    What standard output has not taken by the end of the block is told on standard error.
    """
    out = _writer(sys.stdout, _json_told if as_json else not_printed)
    complaints = _writer(sys.stderr, not_printed)
    handler = _Handler(complaints)
    logging.getLogger().addHandler(handler)
    try:
        yield out
    finally:
        logging.getLogger().removeHandler(handler)
        if lost := out.close():
            complaints.write(f"showpad-mock: {not_printed(lost)}")
        # Last: it tells what standard output has lost.
        complaints.close()


def not_printed(count: int) -> str:
    """Return how many lines were lost, in words."""
    return f"{count} lines were not printed" if count > 1 else "1 line was not printed"


def _json_told(count: int) -> str:
    return json.dumps({"notPrinted": count})


def _writer(stream: TextIO | None, tell_lost: Callable[[int], str]) -> LineWriter:
    if stream is None:  # whoever started the program closed it, and wants none of it
        return LineWriter(open(os.devnull, "wb", buffering=0), "ascii", tell_lost)  # noqa: PTH123
    # closefd: the interpreter flushes and closes its own streams at the end.
    unbuffered = os.fdopen(stream.fileno(), "wb", buffering=0, closefd=False)
    return LineWriter(unbuffered, stream.encoding, tell_lost)


class _Handler(logging.Handler):
    """Logs lines in which nothing steers a terminal."""

    def __init__(self, writer: LineWriter) -> None:
        super().__init__(logging.WARNING)
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, its traceback line by line."""
        self._writer.write(printable_lines(self.format(record)))
