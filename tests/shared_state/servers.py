"""Servers that share a log, and a tenant that is asked through all of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx2

from showpad_contracts.showpad.targets import MOCK

from ..harness.program import Program, serving

DEMO = tomllib.loads(MOCK.file.read_text(encoding="utf-8"))
"""The ids of the demo data."""
PATIENCE = 60.0


class Tenant:
    """One tenant, asked at any of several servers."""

    def __init__(self, name: str, origins: Sequence[str], client: httpx2.Client) -> None:
        self.name = name
        self.origins = origins
        self._client = client

    def ask(self, method: str, path: str, body: Any = None, *, at: int = 0, as_: str = "seller.oauth") -> Any:
        """Ask one server, the nth in turn, for something of the API."""
        headers = {"Authorization": f"Bearer mock.{self.name}.{as_}"}
        return self._send(method, f"{self._origin(at)}/v4{path}", headers=headers, json=body)

    def shown(self, path: str, *, at: int = 0) -> Any:
        """Return what the control API of one server shows of the tenant."""
        answer = self._send("GET", f"{self._origin(at)}/__admin/tenants/{self.name}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create(self, title: str = "A space", **members: Any) -> str:
        """Create a space, and return its id."""
        answer = self.ask("POST", "/shared-spaces", {"title": title, **members})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _origin(self, at: int) -> str:
        return self.origins[at % len(self.origins)]

    def _send(self, method: str, url: str, **options: Any) -> httpx2.Response:
        return self._client.request(method, url, **options)


@contextmanager
def client() -> Iterator[httpx2.Client]:
    """Give a client that many threads may use at once."""
    with httpx2.Client(trust_env=False, timeout=PATIENCE, limits=httpx2.Limits(max_connections=None)) as it:
        yield it


@contextmanager
def servers(state: str, *, count: int = 3) -> Iterator[list[Program]]:
    """Start servers over one log."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving("-q", "--state", state)) for _ in range(count)]
