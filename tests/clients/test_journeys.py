"""Clients that nobody here wrote, unmodified, Showpad's own address in their programs, under `showpad-mock run`."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from showpad_mock import MockShowpad, MockTenant

from ..harness.authority import under_run
from ..harness.installed import NODE, SECONDS, environment, not_installed, program, tool

PROGRAMS = Path(__file__).parent / "programs"
Command = Callable[[Path], list[str]]


def python(name: str) -> Command:
    return lambda _: [sys.executable, str(PROGRAMS / name)]


def node(name: str) -> Command:
    def command(folder: Path) -> list[str]:
        if not (NODE.parent / "axios").exists():
            not_installed("axios")
        # Node looks for packages beside the program.
        (folder / "node_modules").symlink_to(NODE.parent)
        return [tool("node"), str(shutil.copy(PROGRAMS / name, folder / name))]

    return command


CLIENTS: dict[str, Command] = {
    "requests": python("journey_requests.py"),
    "httpx": python("journey_httpx.py"),
    "httpx2": python("journey_httpx2.py"),
    "aiohttp": python("journey_aiohttp.py"),
    "urllib": python("journey_urllib.py"),
    "fetch": node("journey_fetch.mjs"),
    "axios": node("journey_axios.mjs"),
    "curl": lambda _: [program("sh"), str(PROGRAMS / "journey_curl.sh")],
    "go": lambda _: [program("go"), "run", str(PROGRAMS / "journey.go")],
    "java": lambda _: [program("java"), "-Xshare:auto", "-XX:TieredStopAtLevel=1", str(PROGRAMS / "Journey.java")],
}


@pytest.fixture
def demo() -> Iterator[MockTenant]:
    """Return the tenant that the programs' address names, on a server of its own: others may have one of that name."""
    with MockShowpad() as server, server.tenant("demo") as tenant:
        tenant.archive("brochure")
        yield tenant


def given_to(tenant: MockTenant) -> list[str]:
    users = [tenant.user_id(name) for name in ("seller", "partner")]
    return [tenant.token("admin"), *users, tenant.asset_id("datasheet"), tenant.asset_id("brochure")]


def assert_journey(tenant: MockTenant) -> None:
    """Assert that the mock saw the whole journey, and nothing else."""
    pages = tenant.requests(method="GET")
    assert len(pages) == 3
    assert [(one.method, one.path, one.status) for one in tenant.requests() if one not in pages] == [
        ("POST", "/v4/shared-spaces", 201),
        ("POST", f"/v4/shared-spaces/{space_of(tenant)}/items", 201),
        ("POST", "/v4/shares", 201),
        ("POST", f"/v4/shared-spaces/{space_of(tenant)}/transfer-ownership", 204),
        ("DELETE", f"/v4/shared-spaces/{space_of(tenant)}", 204),
    ]
    assert {dict(one.request_headers)[b"host"] for one in tenant.requests()} == {b"demo.api.showpad.com"}


def space_of(tenant: MockTenant) -> Any:
    [created] = tenant.requests(method="POST", path="/shared-spaces")
    return created.response_json["id"]


@pytest.mark.parametrize("client", CLIENTS)
def test_an_unmodified_client_reaches_the_mock(
    client: str, demo: MockTenant, tmp_path: Path, authority_folder: Path
) -> None:
    command = CLIENTS[client](tmp_path)
    done = subprocess.run(
        [*under_run(authority_folder, demo.origin), *command, *given_to(demo)],
        cwd=tmp_path,
        env={**environment(tmp_path), "GOCACHE": str(authority_folder / "go")},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert_journey(demo)


@pytest.mark.parametrize("client", ["requests", "httpx", "httpx2", "aiohttp", "urllib"])
def test_one_in_this_process_reaches_it_by_interception(
    client: str, demo: MockTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = PROGRAMS / f"journey_{client}.py"
    monkeypatch.setattr("sys.argv", [str(file), *given_to(demo)])
    with demo.intercept():
        runpy.run_path(str(file))
    assert_journey(demo)
