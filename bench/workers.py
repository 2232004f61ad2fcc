"""One process over a state file beside two workers over one: the time a request takes of the whole server."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import load, process, table
from .requests import OPERATIONS, Effort, Operation

COUNT = 2


def rows(effort: Effort) -> Iterator[table.Row]:
    """Measure a read and two writes; the load takes its share of the same cores."""
    for operation in OPERATIONS[:3]:
        pairs = [
            (_microseconds(operation, COUNT, effort.seconds), _microseconds(operation, 1, effort.seconds))
            for _ in range(effort.pairs)
        ]
        yield table.paired(operation.name, "us", pairs, beside=f"all {os.cpu_count()} cores, load among them")


def _microseconds(operation: Operation, workers: int, seconds: float) -> float:
    with tempfile.TemporaryDirectory() as folder:
        flags = ("--state", str(Path(folder, "state")), "--workers", str(workers))
        with process.mock(*flags, pinned=False) as server:
            result = load.run(operation.work(server), seconds, None)
            if result.failures:
                raise RuntimeError(f"{result.failures} of {result.requests} answers failed")
            return result.seconds / result.requests * 1e6
