"""Fixtures of the tests of Showpad's API."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from showpad_mock import MockShowpad

from ...harness.api import Api, in_process


@pytest.fixture
def guides(runner: asyncio.Runner) -> Iterator[Api]:
    """The tenant of the guides."""
    with MockShowpad(data="guides") as server, server.tenant("acme") as tenant:
        yield in_process(tenant, server.app, runner)
