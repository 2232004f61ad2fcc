"""How the tests call RSpace: in process, as one user or another."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

from showpad_mock import RSpaceTenant

from . import asgi


class RSpaceApi:
    """Calls to one tenant's RSpace; `as_` is a username, None nobody."""

    def __init__(self, tenant: RSpaceTenant, app: asgi.App, runner: asyncio.Runner) -> None:
        self.tenant = tenant
        self._app = app
        self._runner = runner

    def request(self, method: str, path: str, *, as_: str | None = "alice", **sent: Any) -> httpx2.Response:
        """Send one request; `path` lies under the base path."""
        headers = {**(self.tenant.headers(as_) if as_ is not None else {}), **sent.pop("headers", {})}
        request = httpx2.Request(method, f"http://in-process/api/v1{path}", headers=headers, **sent)
        return asgi.run(self._runner, asgi.send(self._app, request))

    def get(self, path: str, **sent: Any) -> httpx2.Response:
        return self.request("GET", path, **sent)

    def post(self, path: str, body: Any, **sent: Any) -> httpx2.Response:
        return self.request("POST", path, json=body, **sent)

    def put(self, path: str, body: Any, **sent: Any) -> httpx2.Response:
        return self.request("PUT", path, json=body, **sent)

    def delete(self, path: str, **sent: Any) -> httpx2.Response:
        return self.request("DELETE", path, **sent)

    def share(self, *items: int, as_: str = "alice", **members: Any) -> httpx2.Response:
        """Share items with the first group, or as the members of the body say."""
        targets = members or {"groups": [{"id": GROUP}]}
        return self.post("/share", {"itemsToShare": list(items), **targets}, as_=as_)


GROUP, OTHER_GROUP = 12345, 12346
SHARED_FOLDER, SUBFOLDER = 1101, 1244
ALICE, BOB, CAROL, DAVE = 101, 102, 103, 104
DOCUMENT, SECOND, NOTEBOOK, ENTRY, SNIPPET, FOLDER, FILE = 1234, 1235, 1236, 1237, 1238, 1239, 1240
BOBS, CAROLS, DAVES = 1241, 1242, 1243
FOREIGN_FOLDER = 1103
NOWHERE = 999999


def rules_of(answer: httpx2.Response) -> list[str]:
    """Give the ids in X-Mock-Rules."""
    return [part.partition(";")[0] for part in answer.headers.get("x-mock-rules", "").split(", ") if part]


def assert_refused(answer: httpx2.Response, status: int, code: int, rule: str) -> dict[str, Any]:
    """Check a refusal: its status, the whole form of its body (RS-ERROR), the rule that it names."""
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    assert list(body) == [
        "status",
        "httpCode",
        "internalCode",
        "message",
        "messageCode",
        "errors",
        "iso8601Timestamp",
        "data",
    ]
    assert (body["httpCode"], body["internalCode"], body["messageCode"]) == (status, code, None)
    assert all(isinstance(error, str) for error in body["errors"])
    assert rule in rules_of(answer)
    return body
