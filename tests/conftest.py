"""Fixtures of the whole suite; `showpad_server` and `showpad` come from the project's own pytest plugin."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpcore2  # noqa: F401  # httpx2 imports it late; first imported in a pytester test it would be forgotten after it
import httpx2
import pytest

from mock_server import MockShowpad, MockTenant

from .api import Api, in_process, over_http

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def http_client() -> Iterator[httpx2.Client]:
    with httpx2.Client(trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(params=["http", "in-process"])
def api(
    request: pytest.FixtureRequest,
    showpad_server: MockShowpad,
    showpad: MockTenant,
    http_client: httpx2.Client,
    runner: asyncio.Runner,
) -> Api:
    """The mock over real HTTP and, the same test again, in process."""
    if request.param == "http":
        return over_http(showpad, http_client)
    return in_process(showpad, showpad_server.app, runner)
