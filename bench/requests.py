"""Server CPU per request, mock and bare route in turn; requests a second stand beside it."""

from __future__ import annotations

import json
import statistics
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from . import load, process, table
from .load import Request, Work
from .process import Server

TENANT = "bench"
TOKEN = f"mock.{TENANT}.admin"
SPACES = "/v4/shared-spaces"
MANY_SPACES = 100_000


@dataclass(frozen=True, slots=True)
class Effort:
    """How often mock and baseline are measured in turn, and for how many seconds each."""

    pairs: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Operation:
    """What is measured: `work` prepares the mock for it."""

    name: str
    asked: str
    work: Callable[[Server], Work]


def send(server: Server, method: str, path: str, body: bytes | None = None) -> bytes:
    """Send one request to the mock and give the answer's body; raises for no success."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(server.origin + path, body, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return bytes(answer.read())


def ask(server: Server, method: str, path: str, body: Any = None) -> Any:
    """Send and receive JSON."""
    return json.loads(send(server, method, path, json.dumps(body).encode() if body is not None else None))


def owners(server: Server) -> list[str]:
    """Return the ids of two users who may own spaces."""
    users = ask(server, "GET", "/v4/users")["items"]
    tokens = ask(server, "GET", f"/__admin/tenants/{TENANT}")["tokens"]
    active = {one["id"] for one in tokens if one["state"] == "active"}
    return [user["id"] for user in users if user["id"] in active][:2]


def spaces(server: Server, number: int = 100) -> list[str]:
    """Make some spaces and give their paths."""
    body = space_body(owners(server)[0])
    return [f"{SPACES}/{ask(server, 'POST', SPACES, body)['id']}" for _ in range(number)]


def space_body(owner_id: str) -> dict[str, Any]:
    return {"owner": {"userId": owner_id}, "title": "A space of the benchmark"}


def addable_assets(server: Server) -> list[str]:
    """Return the ids of the assets that can be added to a space."""
    assets = [asset["id"] for asset in ask(server, "GET", "/v4/assets?limit=1000")["items"]]
    wish = {"items": [{"type": "asset", "assetId": asset} for asset in assets]}
    failed = ask(server, "POST", f"{spaces(server, 1)[0]}/items", wish)["failedItems"]
    return [asset for asset in assets if asset not in {item["assetId"] for item in failed}]


def get_work(server: Server) -> Work:
    return Work(server.origin, TOKEN, [Request("GET", path) for path in spaces(server)])


def post_work(server: Server) -> Work:
    return Work(server.origin, TOKEN, [Request("POST", SPACES, json.dumps(space_body(owners(server)[0])))])


def items_work(server: Server) -> Work:
    assets = addable_assets(server)
    ten = [{"type": "asset", "assetId": assets[number % len(assets)]} for number in range(10)]
    body = json.dumps({"items": ten})
    return Work(server.origin, TOKEN, [Request("POST", f"{path}/items", body) for path in spaces(server)])


def patch_work(server: Server) -> Work:
    bodies = [json.dumps({"title": title, "description": "Changed again"}) for title in ("One title", "Another title")]
    paths = spaces(server)
    return Work(server.origin, TOKEN, [Request("PATCH", path, body) for body in bodies for path in paths])


def transfer_work(server: Server) -> Work:
    bodies = [json.dumps({"userId": owner}) for owner in reversed(owners(server))]
    paths = [f"{path}/transfer-ownership" for path in spaces(server)]
    return Work(server.origin, TOKEN, [Request("POST", path, body) for body in bodies for path in paths])


def list_work(server: Server) -> Work:
    spaces(server)
    return Work(server.origin, TOKEN, [Request("GET", f"{SPACES}?limit=20")])


OPERATIONS = (
    Operation("GET one space", "0.70", get_work),
    Operation("POST a space", "0.50", post_work),
    Operation("POST items, 10 assets", "0.40", items_work),
    Operation("PATCH a space", "0.50", patch_work),
    Operation("POST transfer-ownership", "0.45", transfer_work),
    Operation("GET a page of 20", "", list_work),
)


def measure(server: Server, work: Work, seconds: float) -> tuple[float, float]:
    """Return server CPU in microseconds a request, and requests a second."""
    before = server.cpu_seconds()
    result = load.run(work, seconds, process.LOAD_CORE)
    used = server.cpu_seconds() - before
    if result.failures:
        raise RuntimeError(f"{result.failures} of {result.requests} answers to {work.requests[0]} failed")
    return used / result.requests * 1e6, result.requests / result.seconds


def rows(effort: Effort) -> Iterator[table.Row]:
    """Measure every operation, and a POST into a tenant that holds MANY_SPACES."""
    for operation in OPERATIONS:
        yield _compared(operation, effort)
    yield _into_many(effort)


def _compared(operation: Operation, effort: Effort) -> table.Row:
    ours, theirs = [], []
    for _ in range(effort.pairs):
        with process.mock() as server:
            work = operation.work(server)
            method, path, body = work.requests[0]
            size = len(send(server, method, path, body.encode()))
            ours.append(measure(server, work, effort.seconds))
        with process.bare(size) as server:
            theirs.append(measure(server, work.elsewhere(server.origin), effort.seconds))
    pairs = [(one[0], other[0]) for one, other in zip(ours, theirs, strict=True)]
    return table.paired(operation.name, "us", pairs, asked=operation.asked, beside=_rates(ours, theirs))


def _into_many(effort: Effort) -> table.Row:
    """POST into a tenant of many spaces; its baseline is POST into an empty one."""
    full, empty = [], []
    for _ in range(effort.pairs):
        with process.mock() as server:
            work = post_work(server)
            empty.append(measure(server, work, effort.seconds))
            while ask(server, "GET", f"{SPACES}?limit=1")["count"] < MANY_SPACES:
                load.run(work, effort.seconds, process.LOAD_CORE)
            full.append(measure(server, work, effort.seconds))
    pairs = [(one[0], other[0]) for one, other in zip(full, empty, strict=True)]
    name = f"POST into {MANY_SPACES:,} spaces; into none"
    return table.paired(name, "us", pairs, asked="0.80", beside=_rates(full, empty))


def _rates(ours: list[tuple[float, float]], theirs: list[tuple[float, float]]) -> str:
    of_mock, of_bare = (statistics.median(rate for _, rate in side) for side in (ours, theirs))
    return f"{of_mock:,.0f}/s beside {of_bare:,.0f}/s"
