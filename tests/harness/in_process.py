"""Targets in this process: any ASGI app behind the kit's own session, without sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from showpad_contracts.core.target import Target, read_target
from showpad_contracts.showpad.client import Api
from showpad_contracts.targets.launch import MOCK
from showpad_contracts.transport.session import Session
from showpad_mock.app import App, AppOptions

BASE_URL = "http://127.0.0.1/v4"
TENANT = "contracts"


class AppTransport(httpx2.BaseTransport):
    """Hands requests to an ASGI app on a loop of its own."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._runner.run(self._handle(request, request.read()))

    async def _handle(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        messages: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        await self._app(
            {
                "type": "http",
                "asgi": {"version": "3.0"},
                "http_version": "1.1",
                "method": request.method,
                "scheme": "http",
                "path": request.url.path,
                "raw_path": request.url.raw_path.partition(b"?")[0],
                "query_string": request.url.query,
                "root_path": "",
                "headers": [(name.lower(), value) for name, value in request.headers.raw],
                "client": ("127.0.0.1", 1),
                "server": ("127.0.0.1", 80),
            },
            receive,
            send,
        )
        start, *parts = messages
        content = b"".join(part.get("body", b"") for part in parts)
        return httpx2.Response(start["status"], headers=start["headers"], content=content, request=request)

    def close(self) -> None:
        self._runner.close()


def mock_target(tenant: str = TENANT) -> Target:
    """Give the target of a mock's tenant by its tokens' known form; the mock's own file tells the rest."""
    handles = ("admin", "manager", "seller", "partner", "outsider", "deactivated")
    environ = {f"MOCK_{handle.upper()}_API": f"mock.{tenant}.{handle}" for handle in handles}
    environ |= {f"MOCK_{handle.upper()}_OAUTH": f"mock.{tenant}.{handle}.oauth" for handle in handles}
    target = read_target(MOCK, environ, base_url=BASE_URL)
    return Target(
        name=target.name,
        base_url=target.base_url,
        tenant=tenant,
        actors=target.actors,
        offers=target.offers,
        is_own=True,
    )


def fresh_mock() -> App:
    return App(AppOptions())


@contextmanager
def driving(app: Any, tenant: str = TENANT) -> Iterator[Api]:
    """Give the kit's API over an app in this process."""
    session = Session(mock_target(tenant), "check", transport=AppTransport(app))
    try:
        yield Api(session)
    finally:
        session.close()
