"""Fixtures of the whole suite; `showpad_server` and `showpad` come from the project's own pytest plugin."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import httpcore2  # noqa: F401  # httpx2 imports it late; see `pytester`
import httpx2
import pytest

import showpad_contracts
import showpad_mock
from showpad_mock import MockShowpad, MockTenant

from .harness.api import Api, in_process
from .harness.engines import Engines

TESTS = Path(__file__).parent
pytest_plugins = ["pytester"]

SLOW = (
    "clients",
    "contracts/core/test_estimate.py",
    "contracts/reporting/test_reports.py",
    "contracts/rspace/stateful/test_machine.py",
    "contracts/rspace/stateful/test_schemathesis_pass.py",
    "contracts/rspace/test_suite.py",
    "contracts/running/test_reproduction.py",
    "contracts/running/test_runner.py",
    "contracts/running/test_safety.py",
    "contracts/running/test_sweep.py",
    "contracts/showpad/stateful/test_machine.py",
    "contracts/showpad/stateful/test_schemathesis_pass.py",
    "contracts/showpad/test_always_tried.py",
    "contracts/showpad/test_discovery.py",
    "contracts/showpad/test_effects.py",
    "contracts/showpad/test_listing_views.py",
    "contracts/showpad/test_one_story.py",
    "contracts/showpad/test_only_its_own.py",
    "contracts/showpad/test_open_to_anybody.py",
    "contracts/showpad/test_refusals.py",
    "contracts/showpad/test_right_otherwise.py",
    "contracts/showpad/test_webhooks.py",
    "contracts/targets/test_launch.py",
    "contracts/test_broken.py",
    "contracts/test_cli.py",
    "contracts/test_pytest.py",
    "contracts/test_source_mutants.py",
    "contracts/test_toy_suite.py",
    "contracts/transport/test_bounded.py",
    "contracts/transport/test_redaction.py",
    "guides/test_demo.py",
    "guides/test_snippets.py",
    "mock_server/control/test_shared.py",
    "mock_server/control/test_snapshots.py",
    "mock_server/core/test_redaction.py",
    "mock_server/launching",
    "mock_server/rspace/client",
    "mock_server/serving/test_cli.py",
    "mock_server/serving/test_client.py",
    "mock_server/serving/test_connection_limits.py",
    "mock_server/serving/test_connections.py",
    "mock_server/serving/test_log_format.py",
    "mock_server/serving/test_output.py",
    "mock_server/serving/test_parent.py",
    "mock_server/serving/test_serve.py",
    "mock_server/serving/test_shutdown.py",
    "mock_server/serving/test_workers.py",
    "mock_server/showpad/over_http",
    "mock_server/showpad/test_concurrency.py",
    "mock_server/showpad/test_list_cost.py",
    "mock_server/showpad/test_list_order.py",
    "mock_server/showpad/test_memory.py",
    "mock_server/state/boards",
    "mock_server/state/logs",
    "mock_server/state/test_store.py",
    "mock_server/testing/test_pytest_plugin.py",
    "mock_server/testing/test_server.py",
    "mock_server/testing/test_verification.py",
    "mock_server/web/test_hostile.py",
    "mock_server/webhooks/test_killed.py",
    "mock_server/webhooks/weather/test_exercise.py",
    "openapi_tools",
    "shared_state",
    "test_packaging.py",
    "test_readme.py",
)
"""What `make quick` leaves out: programs, much of the kit."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no slow module where none of its tests is run; None leaves the decision to others."""
    return (config.option.markexpr == "not slow" and _is_slow(collection_path)) or None


def _is_slow(path: Path) -> bool:
    return path.is_relative_to(TESTS) and path.relative_to(TESTS).as_posix().startswith(SLOW)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow."""
    for item in items:
        if _is_slow(item.path):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def http_client() -> Iterator[httpx2.Client]:
    with httpx2.Client(trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session", name="engines")
def engines_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Return the engines that this process's tests share, one after the other; each starts when first asked for."""
    engines = Engines(tmp_path_factory.mktemp("engines"))
    yield engines
    engines.end()


@pytest.fixture(scope="session")
def every_module() -> None:
    """Import all of ours: what is first imported in a test with `pytester` would be forgotten after it, half of it."""
    for package in (showpad_contracts, showpad_mock):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


@pytest.fixture
def pytester(every_module: None, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Starts pytest without the plugins of libraries, whose import takes half of a start."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:schemathesis -p no:hypothesispytest -p no:anyio")
    return pytester


@pytest.fixture
def api(showpad_server: MockShowpad, showpad: MockTenant, runner: asyncio.Runner) -> Api:
    """The mock in process; that it answers the same over HTTP is held in mock_server/showpad/over_http."""
    return in_process(showpad, showpad_server.app, runner)
