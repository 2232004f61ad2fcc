"""The kit's state machine beside Schemathesis alone, on the same operations of a mock: requests a second.

Both run in turn, each time in a program of their own, so that neither has what an earlier run has warmed; neither's
start counts. Schemathesis runs as its command line does by default, but for the number of examples.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import as_file, files
from multiprocessing import get_context
from pathlib import Path

from showpad_contracts.core.events import RuleHeld
from showpad_contracts.running.runner import Plan, run_check
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks.sequences import random_sequences_match_the_model
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.operations import ON_A_SPACE
from showpad_contracts.showpad.targets import MOCK
from showpad_contracts.transport.session import Session

from . import process, table

OPERATIONS = ("shared-spaces-list", "shared-space-create", *ON_A_SPACE)
"""What the state machine calls."""
EXAMPLES = 50
"""Schemathesis' examples of an operation; with its default of 100 it sends fewer requests a second."""


@dataclass(frozen=True, slots=True)
class Run:
    """How much was sent in how long."""

    requests: int
    seconds: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def machine(origin: str, number: int) -> Run:
    """Run the state machine as the kit does by default, under a seed and on a tenant of its own."""
    check = random_sequences_match_the_model
    with closing(Session(MOCK.tenant_at(origin, f"machine-{number}"), "check")) as session:
        plan = Plan(checks=[check], catalogue=CATALOGUE, seed=number, allow_writes=True)
        held = [one for one in run_check(plan, Client(session), check) if isinstance(one, RuleHeld)]
    if len(held) < len(check.rules):
        raise RuntimeError(f"the mock is not as the model says: `showpad-contracts check --seed {number}` tells why")
    return Run(held[0].requests, held[0].seconds)


def schemathesis(origin: str, number: int) -> Run:
    """Run Schemathesis' own program; the mock counts its requests."""
    program = Path(sys.executable).with_name("schemathesis")
    only = [word for name in OPERATIONS for word in ("--include-operation-id", name)]
    bearer = f"Authorization: Bearer mock.schemathesis-{number}.admin"
    with (
        tempfile.TemporaryDirectory() as folder,
        as_file(files("showpad_contracts.showpad") / "openapi.yaml") as document,
    ):
        told = Path(folder, "told.ndjson")
        drawn = [f"--max-examples={EXAMPLES}", f"--seed={number}", "--report=ndjson", f"--report-ndjson-path={told}"]
        command = [str(program), "run", str(document), f"--url={origin}/v4", "-H", bearer, *only, *drawn]
        before = _answered(origin)
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)  # 1 where it found something
        after = _answered(origin)
        events = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    [ended] = [event["EngineFinished"] for event in events if "EngineFinished" in event]
    return Run(after - before, ended["running_time"])


def _answered(origin: str) -> int:
    """Return how many requests the mock has answered so far."""
    with urllib.request.urlopen(f"{origin}/__admin/requests?limit=1") as answer:
        return int(json.load(answer)["last"])


def rows(runs: int = 3) -> Iterator[table.Row]:
    """Measure both on one mock, so many times in turn. Here the ratio is machine / Schemathesis."""
    pairs = []
    with process.mock() as server:
        for number in range(runs):
            with ProcessPoolExecutor(1, get_context("spawn")) as program:
                ours = program.submit(machine, server.origin, number).result()
            pairs.append((ours.rate, schemathesis(server.origin, number).rate))
    machines, others = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    yield table.Row("state machine, same operations", "/s", machines, others, ratio, asked="4.00")
