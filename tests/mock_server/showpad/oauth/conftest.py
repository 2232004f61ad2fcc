from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from showpad_mock import MockShowpad

from ....harness.api import Api, in_process


@pytest.fixture
def api(runner: asyncio.Runner) -> Iterator[Api]:
    """A tenant under the root of its server, so that all base paths are in reach; its clock stands still."""
    with MockShowpad() as server, server.tenant("acme") as tenant:
        tenant.freeze("2026-03-10T12:00:00.000Z")
        yield in_process(tenant, server.app, runner, "")
