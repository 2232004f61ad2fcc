"""How the tests call the mock: the same calls over real HTTP and in process."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from showpad_mock import MockTenant

from . import asgi

PROBLEM_TYPE = re.compile(r"^(\/[a-z]+(-[a-z]+)*)+$")

Send = Callable[[httpx2.Request], httpx2.Response]


class Api:
    """Calls to one tenant. `as_` is a user's handle, `oauth` chooses the token that acts in person."""

    def __init__(self, tenant: MockTenant, base_url: str, send: Send) -> None:
        self.tenant = tenant
        self._base_url = base_url
        self._send = send

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str | None = "admin",
        oauth: bool = False,
        params: Mapping[str, Any] | str | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx2.Response:
        """Send one request; `path` lies under the base URL, `body` is sent as JSON, `content` as it is."""
        sent = dict(self.tenant.headers(as_, oauth=oauth)) if as_ is not None else {}
        sent.update(headers or {})
        url = httpx2.URL(self._base_url + path)
        if params is not None:
            url = url.copy_with(query=str(httpx2.QueryParams(params)).encode())
        json = {"json": body} if body is not None else {}
        return self._send(httpx2.Request(method, url, headers=sent, content=content, **json))

    def request_at(self, method: str, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        """Send one request to a path of the host's, which need not lie under the base URL."""
        return Api(self.tenant, self.origin, self._send).request(method, path, body, **options)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return "/".join(self._base_url.split("/")[:3])

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.request("GET", path, **options)

    def get_at(self, path: str, **options: Any) -> httpx2.Response:
        return self.request_at("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        return self.request("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> httpx2.Response:
        return self.request("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> httpx2.Response:
        return self.request("DELETE", path, **options)

    def create_space(self, *, owner: str = "seller", title: str = "A space", **fields: Any) -> dict[str, Any]:
        """Create a space by the admin's API token and give the answer's object."""
        body = {"owner": {"userId": self.tenant.user_id(owner)}, "title": title, **fields}
        answer = self.post("/shared-spaces", body)
        assert answer.status_code == 201, answer.text
        space: dict[str, Any] = answer.json()
        return space


def over_http(tenant: MockTenant, client: httpx2.Client) -> Api:
    return Api(tenant, tenant.base_url, client.send)


def in_process(tenant: MockTenant, app: asgi.App, runner: asyncio.Runner, base_path: str = "/v4") -> Api:
    return Api(tenant, f"http://in-process{base_path}", lambda request: asgi.run(runner, asgi.send(app, request)))


def assert_problem(
    answer: httpx2.Response, status: int, rule: str | None = None, *, at: str | None = None, detail: str = ""
) -> dict[str, Any]:
    """Check a refusal: its status, its form (CONV-PROBLEM), the rule it names, the attribute in `meta`."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert PROBLEM_TYPE.fullmatch(problem["type"])
    assert problem["title"]
    assert detail in problem["detail"]
    if rule is not None:
        assert rule in rules_of(answer)
    if at is not None:
        assert at in [fault["name"] for fault in problem["meta"]]
    return problem


def rules_of(answer: httpx2.Response) -> list[str]:
    """Give the ids in X-Mock-Rules."""
    header = answer.headers.get("x-mock-rules", "")
    return [part.partition(";")[0] for part in header.split(", ") if part]
