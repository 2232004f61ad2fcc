"""What it costs to keep tenants beyond the process: in a file, in one engine, in a cluster of six.

The figure is the server's CPU per request, its baseline that of a server that keeps them nowhere.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness import engines

from . import load, process, requests, table
from .requests import Effort, Operation


@dataclass(frozen=True, slots=True)
class Place:
    """Where tenants are kept: what `serve` is told, and the processes of the engine."""

    flags: Sequence[str] = ()
    engine_pids: Sequence[int] = ()

    def engine_seconds(self) -> float:
        """Return the CPU time of the engine so far."""
        return sum(process.cpu_seconds(pid) for pid in self.engine_pids)


@dataclass(frozen=True, slots=True)
class Figures:
    """CPU in microseconds a request, and how long answers took."""

    server: float
    engine: float
    p50_ms: float
    p99_ms: float


@contextmanager
def nowhere(_: Path) -> Iterator[Place]:
    yield Place()


@contextmanager
def in_file(folder: Path) -> Iterator[Place]:
    yield Place(("--state", str(folder / "state")))


@contextmanager
def in_engine(folder: Path) -> Iterator[Place]:
    with engines.alone(folder) as engine:
        yield Place(("--state", engine.url), [engine.pid])


@contextmanager
def in_cluster(folder: Path) -> Iterator[Place]:
    with engines.cluster(folder) as cluster:
        yield Place(("--state", cluster.url), [node.pid for node in cluster.nodes])


Keeping = Callable[[Path], AbstractContextManager[Place]]
PLACES: dict[str, Keeping] = {"a file": in_file, "Valkey alone": in_engine, "a cluster of six": in_cluster}
MEASURED = ("GET one space", "POST a space", "PATCH a space")


def rows(effort: Effort) -> Iterator[table.Row]:
    """Measure some operations with each place in turn."""
    for operation in requests.OPERATIONS:
        if operation.name in MEASURED:
            yield from _compared(operation, effort)


def _compared(operation: Operation, effort: Effort) -> Iterator[table.Row]:
    found: dict[str, list[Figures]] = {name: [] for name in PLACES}
    baseline = []
    for _ in range(effort.pairs):
        baseline.append(_measured(operation, nowhere, effort.seconds))
        for name, place in PLACES.items():
            found[name].append(_measured(operation, place, effort.seconds))
    for name, figures in found.items():
        pairs = [(one.server, other.server) for one, other in zip(figures, baseline, strict=True)]
        beside = f"{_times(figures)} beside {_times(baseline)}"
        engine = statistics.median(one.engine for one in figures)
        told = f"engine {engine:.0f} us, {beside}" if engine else beside
        yield table.paired(f"{operation.name}, {name}", "us", pairs, beside=told)


def _measured(operation: Operation, keeping: Keeping, seconds: float) -> Figures:
    with (
        tempfile.TemporaryDirectory() as folder,
        keeping(Path(folder)) as place,
        process.mock(*place.flags) as server,
    ):
        work = operation.work(server)
        before = server.cpu_seconds(), place.engine_seconds()
        result = load.run(work, seconds, process.LOAD_CORE)
        after = server.cpu_seconds(), place.engine_seconds()
    if result.failures:
        raise RuntimeError(f"{result.failures} of {result.requests} answers to {operation.name} failed")
    server_us, engine_us = ((now - then) / result.requests * 1e6 for now, then in zip(after, before, strict=True))
    return Figures(server_us, engine_us, result.p50_ms, result.p99_ms)


def _times(figures: Sequence[Figures]) -> str:
    p50, p99 = (statistics.median(getattr(one, name) for one in figures) for name in ("p50_ms", "p99_ms"))
    return f"p50 {p50:.1f} p99 {p99:.1f} ms"
