"""How these tests call the control API, and the mock beside it: in process, the app as it is served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx2

from showpad_mock.app import App, AppOptions
from showpad_mock.core.journal import Entry
from showpad_mock.state.boards.protocol import Board
from showpad_mock.state.logs.protocol import ChangeLog

from ...harness import asgi

ORIGIN = "http://127.0.0.1:7470"


class Caller:
    """One app and whoever calls it."""

    def __init__(
        self, runner: asyncio.Runner, *, log: ChangeLog | None = None, board: Board | None = None, **options: Any
    ) -> None:
        self.app = App(AppOptions(**options), log=log, board=board)
        self.run = runner.run

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """Send a request; a path without a slash in front lies under /__admin."""
        return self.run(self.send(method, path, body, **options))

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        content: bytes | AsyncIterator[bytes] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | Sequence[tuple[str, str]] | None = None,
    ) -> httpx2.Response:
        path = path if path.startswith("/") else f"/__admin/{path}"
        request = httpx2.Request(
            method, ORIGIN + path, json=body, content=content, params=params or None, headers=headers
        )
        return await asgi.send(self.app, request)

    def v4(self, method: str, path: str, body: Any = None, *, tenant: str = "acme") -> httpx2.Response:
        """Call Showpad's API as the tenant's admin."""
        return self(method, f"/v4{path}", body, headers={"Authorization": f"Bearer mock.{tenant}.admin"})

    def user_id(self, handle: str) -> str:
        return next(str(user["id"]) for user in self("GET", "tenants/acme/users").json() if user["handle"] == handle)

    def create_space(self, *, tenant: str = "acme", title: str = "A space") -> dict[str, Any]:
        body = {"owner": {"userId": self.user_id("seller")}, "title": title}
        answer = self.v4("POST", "/shared-spaces", body, tenant=tenant)
        assert answer.status_code == 201, answer.text
        space: dict[str, Any] = answer.json()
        return space

    def subscribe(self, *, tenant: str = "acme", **fields: Any) -> dict[str, Any]:
        """Subscribe to the creation of spaces; nobody listens at the address unless one is given."""
        body = {"name": "CRM", "url": "http://127.0.0.1:1/", "types": ["shared-space-created"], **fields}
        headers = {"Authorization": f"Bearer mock.{tenant}.admin"}
        answer = self("POST", "/webhooks/v1/subscriptions", body, headers=headers)
        assert answer.status_code == 201, answer.text
        subscription: dict[str, Any] = answer.json()
        return subscription

    def snapshot(self, tenant: str = "acme") -> bytes:
        return self("GET", f"tenants/{tenant}/state").content


def exchange(**fields: Any) -> Entry:
    """An exchange as the gateway tells it to the journal."""
    given: dict[str, Any] = {
        "method": "GET",
        "path": "/v4/shared-spaces",
        "query": b"",
        "tenant": "acme",
        "user": "admin",
        "status": 200,
        "rules": (),
        "ignored": (),
        "detail": None,
        "request_headers": (),
        "request_body": b"",
        "response_headers": (),
        "response_body": b"",
        "milliseconds": 1.0,
    }
    return Entry(**{**given, **fields})


def assert_refused(answer: httpx2.Response, status: int, type_: str, told: str = "") -> None:
    """Check a refusal of the control API: status, kind, and what its detail tells."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"/mock-server/{type_}"
    assert problem["status"] == status
    assert told in problem["detail"]
