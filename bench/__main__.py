"""Measure the mock beside baselines, in one table.

The deciding figure is server CPU per request; requests a second of identical code vary by half on shared machines.
A ratio is baseline / mock: 1.00 is the baseline itself, and more is better.
"""

from __future__ import annotations

import argparse
import os
import platform

from . import endurance, kit, load, many_items, overhead, requests, starts, table, tenants
from .requests import Effort


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--pairs", type=int, default=6, help="how often mock and baseline are measured (default 6)")
    parser.add_argument("--seconds", type=float, default=3, help="how long each load lasts (default 3)")
    parser.add_argument("--only", default="", metavar="NAME", help="only the operations with NAME in their name")
    options = parser.parse_args()
    effort = Effort(options.pairs, options.seconds)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load by {load.generator()},", end=" ")
    print(f"{load.CONNECTIONS} connections, median of {effort.pairs} pairs of {effort.seconds:g} s")
    table.show_head("server CPU per request")
    for row in requests.rows(effort, options.only):
        table.show(row)
    if options.only:
        return
    for title, baseline, rows in (
        ("a start", "bare route", starts.rows(effort)),
        ("a tenant, in process", "", tenants.rows()),
        ("many items", "json.loads", many_items.rows(effort)),
        ("a call from a test, in one process", "doing nothing", overhead.rows(effort)),
        ("the kit", "Schemathesis", kit.rows()),
        ("a million requests", "after 100,000", endurance.rows()),
    ):
        table.show_head(title, baseline)
        for row in rows:
            table.show(row)


if __name__ == "__main__":
    main()
