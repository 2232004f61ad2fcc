"""Memory that comes back: mixed requests over tenants that come and go, large spaces that are created and deleted."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from . import inprocess, table
from .requests import SPACES

REQUESTS = 300_000
STEP = 50_000
TENANT_REQUESTS = 1000
LARGE_SPACES = 20_000
LONGEST = "d" * 65_535
HELD = 2000


def rows() -> Iterator[table.Row]:
    """Measure in a process of its own; the baseline is what the first row of its kind took."""
    told = subprocess.run([sys.executable, "-m", "bench.memory"], stdout=subprocess.PIPE, check=True).stdout
    first: dict[str, float] = {}
    for name, group, megabytes in json.loads(told):
        baseline = first.setdefault(group, megabytes)
        yield table.Row(name, "MB", megabytes, baseline, baseline / megabytes, asked="0.80")


class _Server:
    """The app, and what memory it takes."""

    def __init__(self) -> None:
        from showpad_mock.app import App, AppOptions

        self.app = App(AppOptions())
        self.owner = inprocess.user_ids(self.app)["admin"]
        self.assets = [asset["id"] for asset in inprocess.get(self.app, "/v4/assets")["items"]]
        self.measured: list[tuple[str, str, float]] = []

    def send(self, tenant: str, method: str, path: str, body: Any = None) -> Any:
        content = json.dumps(body).encode() if body is not None else b""
        _, answer = inprocess.send(self.app, method, path, content, token=f"mock.{tenant}.admin")
        return json.loads(answer) if answer else None

    def create(self, tenant: str, description: str = "") -> str:
        body = {"owner": {"userId": self.owner}, "title": "A space", "description": description}
        return f"{SPACES}/{self.send(tenant, 'POST', SPACES, body)['id']}"

    def delete_tenant(self, tenant: str) -> None:
        self.send(tenant, "DELETE", f"/__admin/tenants/{tenant}")

    def measure(self, name: str, group: str) -> None:
        gc.collect()
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        kilobytes = int(next(line for line in lines if line.startswith("VmRSS")).split()[1])
        self.measured.append((name, group, kilobytes / 1024))


def _mixed(server: _Server) -> None:
    """Some of everything; every TENANT_REQUESTS a new tenant, the one before deleted."""
    done = 0
    for number in count():
        tenant = f"mixed-{number}"
        for act in _acts(server, tenant):
            act()
            done += 1
            if done % STEP == 0:
                server.measure(f"after {done:,} mixed requests", "mixed")
            if done == REQUESTS:
                return
        server.delete_tenant(tenant)


def _acts(server: _Server, tenant: str) -> Iterator[Callable[[], object]]:
    items = {"items": [{"type": "asset", "assetId": asset} for asset in server.assets]}
    send = partial(server.send, tenant)
    for number in range(TENANT_REQUESTS // 10):
        made = server.create(tenant, "d" * (number * 100))
        yield partial(send, "GET", made)
        yield partial(send, "GET", f"{SPACES}?limit=20&sort=title")
        yield partial(send, "PATCH", made, {"title": f"Changed {number}"})
        yield partial(send, "POST", f"{made}/items", items)
        yield partial(send, "POST", f"{made}/items", {"items": [{}] * 200})
        yield partial(send, "GET", f"{SPACES}/nowhere")
        yield partial(inprocess.send, server.app, "GET", SPACES, token="x" * 10_000 + str(number))
        yield partial(send, "GET", "/v4/assets?limit=5")
        yield partial(send, "DELETE" if number % 2 else "GET", made)
        yield partial(send, "GET", SPACES)


def _large(server: _Server) -> None:
    """Create large spaces: each deleted at once; then many, deleted one by one, and many with their tenant."""
    server.measure("before large spaces", "large")
    for number in range(LARGE_SPACES):
        made = server.create("large", LONGEST)
        server.send("large", "GET", made)
        server.send("large", "DELETE", made)
        if (number + 1) % (LARGE_SPACES // 2) == 0:
            server.measure(f"after {number + 1:,}, each deleted at once", "large")
    for way in ("one by one", "with their tenant"):
        made_paths = [server.create("large", LONGEST) for _ in range(HELD)]
        server.send("large", "GET", f"{SPACES}?sort=title")
        server.measure(f"while {HELD:,} are there", f"held, {way}")
        if way == "one by one":
            for path in made_paths:
                server.send("large", "DELETE", path)
        else:
            server.delete_tenant("large")
        server.measure(f"after {HELD:,}, deleted {way}", "large")


def _measure() -> None:
    from showpad_mock.serving.allocator import give_large_blocks_back
    from showpad_mock.serving.gc_tuning import short_pauses

    give_large_blocks_back()
    server = _Server()
    with short_pauses():
        _mixed(server)
        _large(server)
    print(json.dumps(server.measured))


if __name__ == "__main__":
    _measure()
