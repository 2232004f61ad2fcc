"""One process over a state file beside two workers over one: the time a request takes of the whole server."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from . import load, process, table
from .requests import OPERATIONS, Effort, Operation

COUNT = 2


def rows(effort: Effort) -> Iterator[table.Row]:
    """Measure a read and two writes, while the load takes its share of the cores; CPU time beside it."""
    for operation in OPERATIONS[:3]:
        ours, theirs = [], []
        for _ in range(effort.pairs):
            ours.append(_microseconds(operation, COUNT, effort.seconds))
            theirs.append(_microseconds(operation, 1, effort.seconds))
        pairs = [(one[0], other[0]) for one, other in zip(ours, theirs, strict=True)]
        of_workers, of_one = (statistics.median(used for _, used in side) for side in (ours, theirs))
        beside = f"CPU in all {of_workers:.0f} us beside {of_one:.0f} us"
        yield table.paired(operation.name, "us", pairs, beside=beside)


def _microseconds(operation: Operation, workers: int, seconds: float) -> tuple[float, float]:
    """Return how long a request took of the whole server, and its CPU time in all processes."""
    with tempfile.TemporaryDirectory() as folder:
        flags = ("--state", str(Path(folder, "state")), "--workers", str(workers))
        with process.mock(*flags, pinned=False) as server:
            work = operation.work(server)
            before = server.cpu_seconds()
            result = load.run(work, seconds, None)
            used = server.cpu_seconds() - before
            if result.failures:
                raise RuntimeError(f"{result.failures} of {result.requests} answers failed")
            return result.seconds / result.requests * 1e6, used / result.requests * 1e6
