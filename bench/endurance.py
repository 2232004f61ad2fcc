"""A day of CI in two minutes: a million requests, and what memory does meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from . import load, process, requests, table
from .load import Request, Work
from .process import Server

REQUESTS = 1_000_000
STEP = 100_000
READS = 9
SPACES = 1000
BURST_SECONDS = 3


def rows() -> Iterator[table.Row]:
    """Read and, each tenth request, change one of SPACES spaces; the baseline is the memory after the first STEP."""
    with process.mock() as server:
        work = _work(server)
        done, warm = 0, 0.0
        for goal in range(STEP, REQUESTS + 1, STEP):
            while done < goal:
                result = load.run(work, BURST_SECONDS, process.LOAD_CORE)
                if result.failures:
                    raise RuntimeError(f"{result.failures} of {result.requests} answers failed")
                done += result.requests
            memory = server.memory_megabytes()
            warm = warm or memory
            yield table.Row(f"memory after {done:,} requests", "MB", memory, warm, warm / memory)


def _work(server: Server) -> Work:
    paths = requests.spaces(server, SPACES)
    bodies = [f'{{"title": "Changed {turn}"}}' for turn in ("once", "again")]
    mixed = [
        request
        for body in bodies
        for path in paths
        for request in (*[Request("GET", path)] * READS, Request("PATCH", path, body))
    ]
    return Work(server.origin, requests.TOKEN, mixed)
