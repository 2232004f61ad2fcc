"""Three servers over an engine of this process's own, for the tests that leave them running."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ..harness.engines import Engines
from .servers import Tenant, client, servers


@pytest.fixture(scope="session")
def tenant(engines: Engines) -> Iterator[Callable[[str], Tenant]]:
    """Return what gives a tenant of a name, at three servers."""
    with servers(engines.alone.url) as programs, client() as asking:
        yield lambda name: Tenant(name, [program.origin for program in programs], asking)
