"""Measure: GET one space and POST a space, mock and bare Starlette in turn; start to first answer; memory.

The deciding figure is server CPU per request; requests a second of identical code vary by half on shared machines.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from . import load, process

TENANT = "bench"


def _cores() -> tuple[int | None, int | None]:
    """Give one core for the server and another for the load, where there are two."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


SERVER_CORE, LOAD_CORE = _cores()


def ask(method: str, url: str, body: Any = None, token: str | None = None) -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)) as answer:
        return answer.read()


@contextmanager
def mock() -> Iterator[process.Server]:
    port = process.free_port()
    arguments = ["-m", "mock_server", "serve", "--port", str(port), "-q"]
    with process.running(arguments, port, SERVER_CORE) as server:
        yield server


@contextmanager
def bare(size: int) -> Iterator[process.Server]:
    port = process.free_port()
    with process.running(["-m", "bench.baseline", str(port), str(size)], port, SERVER_CORE) as server:
        yield server


def measure(server: process.Server, work: load.Work, seconds: float) -> tuple[float, float]:
    """Give server CPU in microseconds a request, and requests a second."""
    before = server.cpu_seconds()
    result = load.run(work, seconds, LOAD_CORE)
    used = server.cpu_seconds() - before
    if result.failures:
        raise RuntimeError(f"{result.failures} of {result.requests} answers to {work.method} {work.url} failed")
    return used / result.requests * 1e6, result.requests / result.seconds


def get_work(server: process.Server, space_id: str) -> load.Work:
    return load.Work("GET", f"{server.origin}/v4/shared-spaces/{space_id}", f"mock.{TENANT}.admin")


def post_work(server: process.Server, owner_id: str) -> load.Work:
    body = json.dumps({"owner": {"userId": owner_id}, "title": "A space of the benchmark"}).encode()
    return load.Work("POST", f"{server.origin}/v4/shared-spaces", f"mock.{TENANT}.admin", body)


def compare(name: str, work_of: Callable[[process.Server], load.Work], size: int, options: argparse.Namespace) -> None:
    pairs = []
    for _ in range(options.pairs):
        with mock() as server:
            ours = measure(server, work_of(server), options.seconds)
        with bare(size) as server:
            theirs = measure(server, work_of(server), options.seconds)
        pairs.append((ours, theirs))
    ours_cpu = statistics.median(ours[0] for ours, _ in pairs)
    bare_cpu = statistics.median(theirs[0] for _, theirs in pairs)
    ratio = statistics.median(theirs[0] / ours[0] for ours, theirs in pairs)
    ours_rate = statistics.median(ours[1] for ours, _ in pairs)
    bare_rate = statistics.median(theirs[1] for _, theirs in pairs)
    print(f"{name:<22}{ours_cpu:>9.1f} us{bare_cpu:>9.1f} us{ratio:>9.2f}{ours_rate:>12,.0f}/s{bare_rate:>10,.0f}/s")


def compare_starts(options: argparse.Namespace) -> None:
    starts, memories = [], []
    for _ in range(options.pairs):
        with mock() as server:
            ours = (server.start_seconds, server.memory_megabytes())
        with bare(1000) as server:
            theirs = (server.start_seconds, server.memory_megabytes())
        starts.append((ours[0], theirs[0]))
        memories.append((ours[1], theirs[1]))
    for name, unit, pairs in (("start to first answer", "s", starts), ("memory after start", "MB", memories)):
        ours_median, bare_median = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(f"{name:<22}{ours_median:>9.2f} {unit:<2}{bare_median:>9.2f} {unit:<2}{bare_median / ours_median:>9.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=6, help="how often mock and baseline are measured (default 6)")
    parser.add_argument("--seconds", type=float, default=3, help="how long each load lasts (default 3)")
    options = parser.parse_args()
    with mock() as server:
        token = f"mock.{TENANT}.admin"
        users = json.loads(ask("GET", f"{server.origin}/v4/users", token=token))["items"]
        spaces = json.loads(ask("GET", f"{server.origin}/v4/shared-spaces", token=token))["items"]
        answer = ask("GET", f"{server.origin}/v4/shared-spaces/{spaces[0]['id']}", token=token)
        post = post_work(server, users[0]["id"])
        created = ask("POST", post.url, json.loads(post.body or b""), token)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load by {load.generator()},", end=" ")
    print(f"{load.CONNECTIONS} connections, median of {options.pairs} pairs of {options.seconds:g} s")
    print(f"{'':<22}{'mock':>12}{'bare route':>12}{'ratio':>9}{'mock':>14}{'bare route':>12}")
    compare("GET one space, CPU", lambda one: get_work(one, spaces[0]["id"]), len(answer), options)
    compare("POST a space, CPU", lambda one: post_work(one, users[0]["id"]), len(created), options)
    compare_starts(options)


if __name__ == "__main__":
    main()
