"""What a start loads: counted, since how long it takes depends on the machine. `make bench` has the figures."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import gc, json, os, signal, sys, threading, time
from http.client import HTTPConnection
from pathlib import Path

def ask(path):
    connection = HTTPConnection("127.0.0.1", int(ready.read_text().rpartition(":")[2]))
    connection.request("GET", path, headers={"Authorization": "Bearer mock.demo.admin"})
    assert connection.getresponse().status == 200

def watch():
    while not ready.exists():
        time.sleep(0.01)
    told = {}
    for path in ("/readyz", "/v4/shared-spaces", "/__admin/"):
        ask(path)
        told[path] = sorted(sys.modules)
    print(json.dumps({"loaded": told, "collects": gc.isenabled(), "frozen": gc.get_freeze_count()}))
    os.kill(os.getpid(), signal.SIGTERM)

ready = Path(sys.argv[1])
threading.Thread(target=watch).start()
from showpad_mock.cli import main
main(["serve", "--port", "0", "-q", "--ready-file", str(ready)])
"""
HEALTH, VENDOR, CONTROL = "/readyz", "/v4/shared-spaces", "/__admin/"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a server told of itself that answered a health check, then a vendor's request, then the control API's."""
    ready = tmp_path_factory.mktemp("start") / "ready"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, ready], capture_output=True, text=True, timeout=30, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("path", [HEALTH, VENDOR])
def test_until_it_is_used_of_the_control_api_only_health_is_loaded(started: Any, path: str) -> None:
    loaded = {name for name in started["loaded"][path] if name.startswith("showpad_mock.control")}
    assert loaded == {"showpad_mock.control", "showpad_mock.control.health"}
    assert "showpad_mock.control.openapi" in started["loaded"][CONTROL]


@pytest.mark.parametrize("path", [HEALTH, VENDOR])
@pytest.mark.parametrize(
    "name",
    [
        "state.snapshot",
        "testing.server",
        "testing.tenant",
        "serving.client",
        "core.version",
        "explaining.explanation",
        "faults.choosing",
        "faults.effects",
        "showpad.seed.cheat_sheet",
        "rspace.seed.cheat_sheet",
        "showpad.oauth.endpoints",
        "showpad.explained",
        "showpad.pages",
        "rspace.handlers.shares",
        "rspace.wire.shares",
        "rspace.domain.sharing",
    ],
)
def test_what_a_start_does_not_need_is_not_loaded(started: Any, path: str, name: str) -> None:
    assert importlib.util.find_spec(f"showpad_mock.{name}") is not None
    assert f"showpad_mock.{name}" not in started["loaded"][path]


def test_a_start_reads_no_metadata_of_distributions(started: Any) -> None:
    # The version is nobody's question yet, and Pydantic, which looks for its plug-ins there, has nothing to build.
    assert "importlib.metadata" not in started["loaded"][HEALTH]


def test_the_collector_leaves_alone_what_a_start_loaded_and_works_on(started: Any) -> None:
    assert started["collects"]
    assert started["frozen"] > 10_000
