"""What the tests of faults share: a call that changes something, and the control API in process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from showpad_mock import MockShowpad, MockTenant

from ...harness.api import Api, in_process

Control = Callable[..., httpx2.Response]


@pytest.fixture
def control(showpad_server: MockShowpad, showpad: MockTenant, runner: asyncio.Runner) -> Control:
    """Asks the control API for the tenant's faults: `control("POST", body)`, `control("GET", name="slow")`."""
    api = in_process(showpad, showpad_server.app, runner, "")

    def ask(method: str, body: Any = None, name: str = "") -> httpx2.Response:
        path = f"/__admin/tenants/{showpad.name}/faults" + (f"/{name}" if name else "")
        return api.request(method, path, body, as_=None, headers={"host": "localhost"})

    return ask


@pytest.fixture
def create(api: Api) -> Callable[..., httpx2.Response]:
    """Creates a space of a title as the seller."""

    def create(title: str = "A space", **fields: Any) -> httpx2.Response:
        return api.post("/shared-spaces", {"title": title, **fields}, as_="seller", oauth=True)

    return create
