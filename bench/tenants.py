"""What a tenant costs before it is written to, and its first write over much seed data: in process, without sockets."""

from __future__ import annotations

import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from showpad_mock.app import App, AppOptions
from showpad_mock.serving.gc_tuning import short_pauses

from . import inprocess, table
from .requests import SPACES, space_body

TENANTS = 10_000
ASSETS = 100_000
PLACES = 200


def rows() -> Iterator[table.Row]:
    """Measure on an app of its own each, with the collector as `serve` has it."""
    yield from _unwritten()
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder, "seed.json")
        seed.write_text(json.dumps(_seed()), encoding="utf-8")
        app = App(AppOptions(data=str(seed)))
        with short_pauses():
            yield from _over_much_seed(app)


def _unwritten() -> Iterator[table.Row]:
    app = App(AppOptions())
    _read(app, "warm")
    gc.collect()
    known, opening = _memory(), []
    for number in range(TENANTS):
        started = time.perf_counter_ns()
        app.tenants.open(f"t{number}")
        opening.append((time.perf_counter_ns() - started) / 1000)
    gc.collect()
    kilobytes = (_memory() - known) / 1024 / TENANTS
    yield table.Row("open a tenant, median", "us", statistics.median(opening), asked="< 200")
    yield table.Row("keep a tenant opened", "KB", kilobytes, asked="< 20")
    known = _memory()
    first = [_microseconds(partial(_read, app, f"r{number}")) for number in range(TENANTS)]
    gc.collect()
    megabytes = (_memory() - known) / 1024**2
    yield table.Row("open a tenant by its first list, median", "us", statistics.median(first))
    yield table.Row(f"keep {TENANTS:,} tenants that were read", "MB", megabytes, asked="< 200")


def _over_much_seed(app: App) -> Iterator[table.Row]:
    """The first write of a tenant, and its reset, where the seed data holds ASSETS assets."""
    body = json.dumps(space_body(inprocess.user_ids(app)["admin"])).encode()
    _create(app, "warm", body)
    names = [f"t{number}" for number in range(PLACES)]
    writes = [_microseconds(partial(_create, app, name, body)) / 1000 for name in names]
    adds = [_microseconds(partial(_add, app, name)) / 1000 for name in names]
    resets = [_microseconds(partial(_reset, app, name)) / 1000 for name in names]
    again = [_microseconds(partial(_create, app, name, body)) / 1000 for name in names]
    for what, times in (("first write", writes), ("add an item", adds), ("reset", resets), ("write after it", again)):
        longest = f"the longest of {PLACES}: {max(times):.3g} ms"
        yield table.Row(
            f"{what}, {ASSETS:,} assets seeded", "ms", statistics.median(times), asked="< 5", beside=longest
        )


def _seed() -> dict[str, Any]:
    """The demo data with ASSETS assets more."""
    document: dict[str, Any] = json.loads((files("showpad_mock.showpad") / "seed" / "demo.json").read_bytes())
    division = document["divisions"][0]["id"]
    document["assets"] += ({"id": f"a{number}", "name": "An asset", "division": division} for number in range(ASSETS))
    return document


def _microseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter_ns()
    act()
    return (time.perf_counter_ns() - started) / 1000


def _memory() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def _read(app: App, tenant: str) -> None:
    inprocess.get(app, SPACES, token=f"mock.{tenant}.admin")


def _create(app: App, tenant: str, body: bytes) -> None:
    status, answer = inprocess.send(app, "POST", SPACES, body, token=f"mock.{tenant}.admin")
    if status != 201:
        raise RuntimeError(f"{status} {answer!r}")


def _add(app: App, tenant: str) -> None:
    space = inprocess.get(app, SPACES, token=f"mock.{tenant}.admin")["items"][0]["id"]
    body = json.dumps({"items": [{"type": "asset", "assetId": "a7"}]}).encode()
    status, answer = inprocess.send(app, "POST", f"{SPACES}/{space}/items", body, token=f"mock.{tenant}.admin")
    if status != 201 or json.loads(answer)["failedItems"]:
        raise RuntimeError(f"{status} {answer!r}")


def _reset(app: App, tenant: str) -> None:
    app.tenants.delete(tenant)
    app.tenants.open(tenant)
