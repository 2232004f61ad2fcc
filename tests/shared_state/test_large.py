"""A tenant that has grown beyond the largest value that the engine takes."""

from __future__ import annotations

from pathlib import Path

import httpx2

from ..harness.engines import alone
from .servers import Tenant, servers
from .writers import titles

LARGEST = ("--proto-max-bulk-len", "1mb")
SPACES, LONG = 300, "x" * 5000


def test_it_goes_on_without_a_snapshot(tmp_path: Path, asking: httpx2.Client) -> None:
    with alone(tmp_path, *LARGEST) as engine, servers(engine.url, count=2) as programs:
        tenant = Tenant("acme", [program.origin for program in programs], asking)
        for number in range(SPACES):
            tenant.create(f"space {number}", description=LONG)
        for server in range(2):
            kept = titles(tenant, at=server)
            assert [kept[f"space {number}"] for number in range(SPACES)] == [1] * SPACES
