"""What a call costs a test, client and mock in one process: over httpx2's ASGI transport, and over MockShowpad."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import uvicorn

from showpad_mock import MockShowpad

from . import process, table
from .baseline import make_app
from .requests import SPACES, Effort

CALLS = 1000


def rows(effort: Effort) -> Iterator[table.Row]:
    """Time GETs of one space, and the same GETs of an app or server that does nothing: httpx2's own share."""
    with MockShowpad() as server, server.tenant() as tenant, httpx2.Client(trust_env=False) as client:
        headers = tenant.headers()
        space = client.get(f"{tenant.base_url}/shared-spaces", headers=headers).json()["items"][0]
        path = f"{SPACES}/{space['id']}"
        size = len(client.get(server.origin + path, headers=headers).content)
        pairs = []
        for _ in range(effort.pairs):
            ours = asyncio.run(_in_process(server.app, path, headers))
            pairs.append((ours, asyncio.run(_in_process(_answering(b"x" * size), path, headers))))
        yield table.paired("GET through the ASGI transport", "us", pairs, beside=_own(pairs))
        pairs = []
        with _serving(size) as origin:
            for _ in range(effort.pairs):
                ours = _over_sockets(client, server.origin + path, headers)
                pairs.append((ours, _over_sockets(client, origin + path, headers)))
        yield table.paired("GET through MockShowpad", "us", pairs, beside=_own(pairs))


def _own(pairs: list[tuple[float, float]]) -> str:
    return f"the mock's own: {sorted(ours - theirs for ours, theirs in pairs)[len(pairs) // 2]:.0f} us a call"


async def _in_process(app: Any, path: str, headers: dict[str, str]) -> float:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        return await _microseconds(lambda: client.get(path, headers=headers))


async def _microseconds(call: Callable[[], Awaitable[httpx2.Response]]) -> float:
    await call()
    started = time.perf_counter()
    for _ in range(CALLS):
        await call()
    return (time.perf_counter() - started) / CALLS * 1e6


def _over_sockets(client: httpx2.Client, url: str, headers: dict[str, str]) -> float:
    client.get(url, headers=headers).raise_for_status()
    started = time.perf_counter()
    for _ in range(CALLS):
        client.get(url, headers=headers)
    return (time.perf_counter() - started) / CALLS * 1e6


def _answering(body: bytes) -> Any:
    """Return an app that answers with these bytes and does nothing else."""
    length = (b"content-length", str(len(body)).encode())

    async def app(_scope: Any, _receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": body})

    return app


@contextmanager
def _serving(size: int) -> Iterator[str]:
    """Serve the bare routes from a thread, as MockShowpad does the mock."""
    port = process.free_port()
    server = uvicorn.Server(uvicorn.Config(make_app(size), port=port, lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
