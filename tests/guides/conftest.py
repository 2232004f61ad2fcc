"""A server with the guides' data, and a fresh tenant of it for each test."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from fixtures.guides.exchanges import Guides, read_guides
from fixtures.guides.table import Values
from showpad_mock import MockShowpad, MockTenant
from showpad_mock.pytest_plugin import tenant_name

from ..harness.api import Api, in_process


@pytest.fixture(scope="session")
def guides() -> Guides:
    return read_guides()


@pytest.fixture(scope="session")
def guides_server() -> Iterator[MockShowpad]:
    with MockShowpad(data="guides") as server:
        yield server


@pytest.fixture
def tenant(request: pytest.FixtureRequest, guides_server: MockShowpad) -> Iterator[MockTenant]:
    with guides_server.tenant(tenant_name(request.node.nodeid)) as tenant:
        yield tenant


@pytest.fixture
def values(tenant: MockTenant) -> Values:
    return Values(tenant.name, tenant.token("admin"))


@pytest.fixture
def guides_api(guides_server: MockShowpad, tenant: MockTenant, runner: asyncio.Runner) -> Api:
    return in_process(tenant, guides_server.app, runner)
