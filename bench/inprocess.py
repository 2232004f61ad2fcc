"""Requests to the app within this process, without sockets: what the mock's own code costs, and nothing else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine, MutableMapping
from typing import Any

from showpad_mock.app import App
from showpad_mock.core.turns import LARGE

from .requests import TENANT, TOKEN


def send(app: App, method: str, path: str, body: bytes = b"", token: str = TOKEN) -> tuple[int, bytes]:
    """Send one request and give status and body."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1:7470"), (b"authorization", b"Bearer " + token.encode())],
    }
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body}

    async def collect(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    # Only what is large leaves turns to others; to begin an event loop costs more than any other request.
    run = finish if len(body) <= LARGE else asyncio.run
    run(app(scope, receive, collect))
    return sent[0]["status"], sent[1].get("body", b"")


def finish(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise RuntimeError("the app waited for something")


def get(app: App, path: str, token: str = TOKEN) -> Any:
    """Send a GET and give its JSON; raises for no success."""
    status, body = send(app, "GET", path, token=token)
    if status != 200:
        raise RuntimeError(f"GET {path}: {status} {body!r}")
    return json.loads(body)


def microseconds(app: App, path: str, *, seconds: float = 0.3, token: str = TOKEN) -> float:
    """Return the least CPU time of a GET among as many as fit into some seconds, after one that is not counted."""
    send(app, "GET", path, token=token)
    best, ends = float("inf"), time.perf_counter() + seconds
    while True:
        started = time.thread_time_ns()
        send(app, "GET", path, token=token)
        best = min(best, (time.thread_time_ns() - started) / 1000)
        if time.perf_counter() > ends:
            return best


def user_ids(app: App) -> dict[str, str]:
    """Return the ids of the tenant's users by handle."""
    vendor = app.vendors[0]
    return {one["user"]: one["id"] for one in vendor.sessions(app.tenants.open(TENANT))}
