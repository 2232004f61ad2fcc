"""From a start to the first answers, and the memory that takes: the installed console script beside the bare routes."""

from __future__ import annotations

import compileall
import time
from collections.abc import Iterator

from . import process, requests, table
from .process import Server
from .requests import Effort


def rows(effort: Effort) -> Iterator[table.Row]:
    """Start both in turn; their sources are compiled before, as pip does when it installs."""
    for package in ("mock_server/showpad_mock", "bench"):
        compileall.compile_dir(package, quiet=1)
    health: list[tuple[float, float]] = []
    spaces: list[tuple[float, float]] = []
    memory: list[tuple[float, float]] = []
    for _ in range(2 * effort.pairs):
        with process.mock() as server:
            ours = (server.start_seconds, _first_page(server), server.memory_megabytes())
        with process.bare(1000) as server:
            theirs = (server.start_seconds, _first_page(server), server.memory_megabytes())
        for pairs, one, other in zip((health, spaces, memory), ours, theirs, strict=True):
            pairs.append((one, other))
    yield table.paired("start to the first health check", "s", health, asked="0.45")
    yield table.paired("start to the first page of spaces", "s", spaces, asked="0.45")
    yield table.paired("memory then", "MB", memory)


def _first_page(server: Server) -> float:
    """Return the seconds from the start to the first page of spaces."""
    asked = time.perf_counter()
    requests.send(server, "GET", requests.SPACES)
    return server.start_seconds + time.perf_counter() - asked
