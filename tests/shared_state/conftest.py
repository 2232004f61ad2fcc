"""Three servers over an engine of this process's own, for the tests that leave them running."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2
import pytest

from ..harness.engines import alone
from .servers import Tenant, client, servers


@pytest.fixture(scope="session")
def asking() -> Iterator[httpx2.Client]:
    with client() as it:
        yield it


@pytest.fixture(scope="session")
def tenant(tmp_path_factory: pytest.TempPathFactory, asking: httpx2.Client) -> Iterator[Callable[[str], Tenant]]:
    """Return what gives a tenant of a name, at three servers."""
    with alone(tmp_path_factory.mktemp("engine")) as engine, servers(engine.url) as programs:
        yield lambda name: Tenant(name, [program.origin for program in programs], asking)
