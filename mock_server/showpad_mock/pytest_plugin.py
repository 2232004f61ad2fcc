"""The pytest plugin: `showpad_server`, one mock server a session; `showpad` and `rspace`, a fresh tenant each a test.

Nothing is started, and hardly anything imported, until a test asks for one of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .rspace.testing import RSpaceTenant
    from .showpad.testing import MockShowpad, MockTenant

INTERCEPT = "showpad_intercept"
TENANTS: pytest.StashKey[dict[str, MockTenant | RSpaceTenant]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini options."""
    parser.addini(
        "showpad_data",
        "seed data of showpad_server: a file (from the ini file's folder), demo or guides",
        default="demo",
    )
    parser.addini("showpad_seed", "the integer from which showpad_server makes ids", default="0")
    parser.addini("showpad_strict", "showpad_server answers 400 to what means nothing", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        f"{INTERCEPT}(*others, subdomain=None): send the test's requests to Showpad's hosts to the tenant `showpad`, as"
        " its `intercept` does.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a test that is marked have its tenant before its other fixtures, whether it asks for it or not."""
    if isinstance(item, pytest.Function) and item.get_closest_marker(INTERCEPT) is not None:
        item.fixturenames.insert(0, "showpad")


@pytest.fixture(scope="session")
def showpad_options(pytestconfig: pytest.Config) -> dict[str, Any]:
    """What `MockShowpad` is made with: data, seed, strict, from the ini options. Override it to set them in Python."""
    data, seed = pytestconfig.getini("showpad_data"), pytestconfig.getini("showpad_seed")
    file = (pytestconfig.inipath.parent if pytestconfig.inipath is not None else pytestconfig.rootpath) / data
    if re.fullmatch(r"-?[0-9]+", seed) is None:
        raise pytest.UsageError(f"showpad_seed must be an integer, got {seed!r}")
    return {
        "data": data if data in ("demo", "guides") else str(file),
        "seed": int(seed),
        "strict": pytestconfig.getini("showpad_strict"),
    }


@pytest.fixture(scope="session")
def showpad_server(showpad_options: dict[str, Any]) -> Iterator[MockShowpad]:
    """One mock server for the session, on a free port of loopback; under xdist one a worker."""
    from .showpad.testing import MockShowpad

    with MockShowpad(**showpad_options) as server:
        yield server


@pytest.fixture
def showpad(request: pytest.FixtureRequest, showpad_server: MockShowpad) -> Iterator[MockTenant]:
    """A fresh tenant for this test, deleted at its end; the same test always gets the same ids.

    With Hypothesis, every example needs a tenant of its own: `with showpad_server.tenant() as tenant:` in the test.
    """
    with showpad_server.tenant(tenant_name(request.node.nodeid)) as tenant:
        request.node.stash.setdefault(TENANTS, {})["Showpad"] = tenant
        marker = request.node.get_closest_marker(INTERCEPT)
        with tenant.intercept(*marker.args, **marker.kwargs) if marker is not None else nullcontext():
            yield tenant


@pytest.fixture
def rspace(request: pytest.FixtureRequest, showpad_server: MockShowpad) -> Iterator[RSpaceTenant]:
    """A fresh tenant for this test's calls to RSpace, on the same server; deleted at the test's end."""
    from .rspace.testing import RSpaceTenant

    # Another tenant than `showpad`'s: a test may use both.
    with showpad_server.tenant_as(RSpaceTenant, tenant_name(f"{request.node.nodeid} rspace")) as tenant:
        request.node.stash.setdefault(TENANTS, {})["RSpace"] = tenant
        yield tenant


def tenant_name(nodeid: str) -> str:
    """Return a DNS label for a test: its name as far as it goes, and a digest that tells it from the others."""
    readable = re.sub(r"[^a-z0-9]+", "-", nodeid.rpartition("::")[2].lower()).strip("-")[:40].strip("-")
    # 40 and 9 characters, within the 63 of a DNS label.
    return f"{readable or 'test'}-{hashlib.sha256(nodeid.encode()).hexdigest()[:8]}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show, where a test failed, the last exchanges of its tenants."""
    report = yield
    for api, tenant in item.stash.get(TENANTS, {}).items():
        if report.failed and tenant.exchanges:
            report.sections.append((f"{api} exchanges of the tenant {tenant.name}", tenant.told()))
    return report
