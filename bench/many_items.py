"""Very large items requests: linear in items, and how long everybody else waits meanwhile, webhooks or none."""

from __future__ import annotations

import json
import os
import statistics
import threading
import time
import urllib.request
from collections.abc import Iterator

from . import process, table
from .process import Server
from .requests import SPACES, TENANT, Effort, addable_assets, ask, send, spaces

MANY = 100_000
BLOCKING = 10_000
OTHER = "Bearer mock.other.admin"


def rows(effort: Effort) -> Iterator[table.Row]:
    """Add ever more assets at once, beside `json.loads` of the same body; then 10,000 while another tenant reads."""
    with process.mock() as server:
        assets = addable_assets(server)
        for number in (MANY // 100, MANY // 10, MANY):
            yield _added(server, assets, number, effort.pairs)
        yield _waited(f"others wait while {BLOCKING:,} are added", server, assets, effort)
        with process.bare(0, pinned=False) as receiver:
            body = {"name": "Bench", "url": receiver.origin + SPACES, "types": ["shared-space-content-added-v2"]}
            ask(server, "POST", "/webhooks/v1/subscriptions", body)
            yield _waited("others wait, its events are delivered", server, assets, effort)


def _waited(name: str, server: Server, assets: list[str], effort: Effort) -> table.Row:
    waits = []
    for _ in range(effort.pairs):
        waits.append(_longest_wait(server, assets))
        ask(server, "POST", f"/__admin/tenants/{TENANT}/webhooks/deliver")
    beside = f"the longest of {effort.pairs}: {max(waits):.3g} ms; load average {os.getloadavg()[0]:.1f}"
    return table.Row(name, "ms", statistics.median(waits), asked="< 100", beside=beside)


def _body(assets: list[str], number: int) -> bytes:
    items = [{"type": "asset", "assetId": assets[place % len(assets)]} for place in range(number)]
    return json.dumps({"items": items}).encode()


def _added(server: Server, assets: list[str], number: int, times: int) -> table.Row:
    """Compare CPU time; few assets are added more often, since the system counts it in hundredths of a second."""
    body = _body(assets, number)
    pairs = []
    for _ in range(times):
        again = max(1, BLOCKING // number)
        paths = [f"{path}/items" for path in spaces(server, again)]
        before, parsed = server.cpu_seconds(), time.thread_time()
        for _ in paths:
            json.loads(body)
        parsed = time.thread_time() - parsed
        for path in paths:
            summary = json.loads(send(server, "POST", path, body))["summary"]
            if summary["assetSuccessCount"] != number:
                raise RuntimeError(f"{summary} of {number}")
        pairs.append(((server.cpu_seconds() - before) * 1000 / again, parsed * 1000 / again))
    each = statistics.median(ours for ours, _ in pairs) / number * 1000
    asked = "0.067" if number == MANY else ""
    return table.paired(f"add {number:,} assets at once", "ms", pairs, asked=asked, beside=f"{each:.2f} us an asset")


def _longest_wait(server: Server, assets: list[str]) -> float:
    """Return the longest answer time, in milliseconds, of a tenant that reads while another adds many."""
    body, path = _body(assets, BLOCKING), spaces(server, 1)[0] + "/items"
    waits: list[float] = []
    adding = threading.Thread(target=send, args=(server, "POST", path, body))
    adding.start()
    while adding.is_alive():
        request = urllib.request.Request(f"{server.origin}{SPACES}?limit=1", headers={"Authorization": OTHER})
        started = time.perf_counter()
        urllib.request.urlopen(request).read()
        waits.append((time.perf_counter() - started) * 1000)
    adding.join()
    return max(waits)
