"""Measure the mock beside baselines, in one table.

The deciding figure is server CPU per request; requests a second of identical code vary by half on shared machines.
A ratio is baseline / mock, for the kit machine / Schemathesis: more is better, 1.00 is the baseline itself.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Iterator

from . import (
    endurance,
    hostile,
    interception,
    kit,
    load,
    many_items,
    memory,
    overhead,
    peers,
    requests,
    starts,
    state,
    table,
    tenants,
    workers,
)
from .requests import Effort

Rows = Callable[[Effort], Iterator[table.Row]]
PARTS: dict[str, tuple[str, str, Rows]] = {
    "requests": ("server CPU per request", "bare route", requests.rows),
    "starts": ("a start", "bare route", starts.rows),
    "workers": (f"{workers.COUNT} workers", "one process", workers.rows),
    "state": ("state that survives, server CPU", "kept nowhere", state.rows),
    "interception": ("TLS and the proxy, server CPU", "plain HTTP", interception.rows),
    "items": ("many items", "json.loads", many_items.rows),
    "hostile": ("bodies of 10 MiB, CPU and memory", "json.loads", lambda _: hostile.rows()),
    "tenants": ("a tenant, in process", "", lambda _: tenants.rows()),
    "overhead": ("a call from a test, in one process", "doing nothing", overhead.rows),
    "kit": ("the kit", "Schemathesis", lambda _: kit.rows()),
    "peers": ("other mock servers", "peer", lambda effort: peers.rows(Effort(min(3, effort.pairs), effort.seconds))),
    "memory": ("memory that comes back", "the first", lambda _: memory.rows()),
    "endurance": ("a million requests", f"after {endurance.STEP:,}", lambda _: endurance.rows()),
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--pairs", type=int, default=6, help="how often mock and baseline are measured (default 6)")
    parser.add_argument("--seconds", type=float, default=3, help="how long each load lasts (default 3)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="only these parts")
    options = parser.parse_args()
    effort = Effort(options.pairs, options.seconds)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load by {load.generator()},", end=" ")
    print(f"{load.CONNECTIONS} connections, median of {effort.pairs} pairs of {effort.seconds:g} s")
    for name in options.only:
        title, baseline, rows = PARTS[name]
        table.show_head(title, baseline)
        for row in rows(effort):
            table.show(row)


if __name__ == "__main__":
    main()
