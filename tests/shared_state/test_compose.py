"""README's compose file: what it sets is what the servers and the engine take, and two such servers share a tenant."""

from __future__ import annotations

import shlex
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import yaml

from showpad_mock.settings import SETTINGS, load_settings

from ..harness.engines import alone
from ..harness.program import serving
from ..harness.readme import blocks, section
from .servers import Tenant

[BLOCK] = blocks(section("More than one server"), "yaml")
COMPOSE = yaml.safe_load(BLOCK)
SERVERS = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
ENGINES = {name: service for name, service in COMPOSE["services"].items() if "image" in service}


def environment(service: dict[str, Any]) -> dict[str, str]:
    """Return what a service sets, as if its one variable had been chosen."""
    return {name: "chosen" if value.startswith("${") else value for name, value in service["environment"].items()}


def test_it_sets_what_there_is_to_set() -> None:
    assert len(SERVERS) == 2
    for service in SERVERS.values():
        variables = environment(service)
        assert variables.keys() <= {one.variable for one in SETTINGS}
        settings = load_settings([], variables)
        assert (settings.host, settings.admin_token) == ("0.0.0.0", "chosen")


def test_every_name_in_it_is_there_and_every_port_is_the_servers() -> None:
    port = load_settings([], {}).port
    assert [service["ports"] for service in SERVERS.values()] == [[f"{port}:{port}"], [f"{port + 1}:{port}"]]
    [engine] = ENGINES
    for service in SERVERS.values():
        assert service["environment"]["SHOWPAD_MOCK_STATE"] == f"redis://{engine}:6379"
        assert service["depends_on"] == {engine: {"condition": "service_healthy"}}
    [volume] = ENGINES[engine]["volumes"]
    assert volume.split(":")[0] in COMPOSE["volumes"]


def test_its_servers_share_what_they_do_on_its_engine(tmp_path: Path, asking: httpx2.Client) -> None:
    [(name, service)] = ENGINES.items()
    program, *flags = shlex.split(service["command"])
    with alone(tmp_path, *flags, name=program) as engine, ExitStack() as stack:
        origins = []
        for one in SERVERS.values():
            variables = environment(one)
            state = variables["SHOWPAD_MOCK_STATE"].replace(f"{name}:6379", f"127.0.0.1:{engine.port}")
            host = ("--host", "127.0.0.1")
            origins.append(stack.enter_context(serving("-q", "--state", state, *host)).origin)
        tenant = Tenant("acme", origins, asking)
        space = tenant.create("Shared")
        assert tenant.ask("GET", f"/shared-spaces/{space}", at=1).json()["title"] == "Shared"
