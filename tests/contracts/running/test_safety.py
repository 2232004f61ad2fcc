"""A tenant is left as it was: whatever ends a run, and whoever comes to clean_up up after it."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from showpad_contracts.core.check import check
from showpad_contracts.core.events import RunEnded
from showpad_contracts.core.violation import NotPermitted, TargetLacks
from showpad_contracts.running.ledger import new_run_id
from showpad_contracts.running.runner import PROFILES, Plan, clean_up, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS
from showpad_contracts.showpad.client import Client
from showpad_contracts.transport.session import Session

from ...harness.asgi import AppTransport
from ...harness.in_process import fresh_mock, mock_target
from ...harness.program import serving
from ..elsewhere import elsewhere, noted, titles
from ..tenants import Counting, kit, kit_here, served, spaces, started, target_file, wait_for_spaces

READING_ONLY = ("--target", "target.toml")
WRITING = (*READING_ONLY, "--allow-writes")


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[str]:
    """A mock that stands in for a tenant, with a target file in the folder of the test; gives its base URL."""
    with serving("-q") as program:
        target_file(tmp_path, program.base_url)
        yield program.base_url


# Killed, interrupted


def test_after_sigkill_a_sweep_leaves_exactly_the_spaces_from_before(tenant: str, tmp_path: Path) -> None:
    before = spaces(tenant)
    process = started("check", *WRITING, "--rule", "ITEMS-COUNT", "--rate", "10", cwd=tmp_path)
    wait_for_spaces(tenant, len(before) + 3)
    process.kill()
    process.communicate()
    assert spaces(tenant) > before
    [ledger] = noted(tmp_path)
    swept = kit("sweep", cwd=tmp_path)
    assert swept.code == 0, swept
    assert f"{ledger.stem}: " in swept.out
    assert spaces(tenant) == before
    assert noted(tmp_path) == []
    assert "Nothing to sweep" in kit_here("sweep", cwd=tmp_path).out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_cleans_up_by_itself(tenant: str, tmp_path: Path, number: signal.Signals) -> None:
    before = spaces(tenant)
    process = started("check", *WRITING, "--rule", "ITEMS-COUNT", "--rate", "10", cwd=tmp_path)
    wait_for_spaces(tenant, len(before) + 3)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Traceback" not in out + err
    assert "The run ended early: interrupted" in out
    assert spaces(tenant) == before
    assert kit_here("sweep", cwd=tmp_path).code == 0  # a create cut off half-way stays noted until then
    assert noted(tmp_path) == []


def test_a_whole_run_leaves_the_tenants_spaces_as_they_were(tenant: str, tmp_path: Path) -> None:
    before = spaces(tenant)
    ended = kit("check", *WRITING, "--profile", "quick", "--rule", "ITEMS-*", "--rule", "CREATE-*", cwd=tmp_path)
    assert ended.code == 0, ended
    assert spaces(tenant) == before
    assert noted(tmp_path) == []


# What may leave


def count_of(*, allow_writes: bool) -> Counting:
    """Run every check; the profile says only how often each is drawn for."""
    counting = Counting(fresh_mock())
    plan = Plan(checks=CHECKS, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=allow_writes)
    with elsewhere(counting) as client:
        list(run(plan, client))
    return counting


def test_without_allow_writes_no_write_leaves() -> None:
    counting = count_of(allow_writes=False)
    assert len(counting.seen) > 50
    assert counting.writes() == []


def test_without_allow_writes_no_write_of_the_program_leaves(tmp_path: Path) -> None:
    counting = Counting(fresh_mock())
    with served(counting) as base_url:
        target_file(tmp_path, base_url)
        ended = kit("check", *READING_ONLY, cwd=tmp_path)
    assert ended.code == 0, ended
    assert counting.seen
    assert counting.writes() == []
    assert noted(tmp_path) == []


def test_without_allow_shares_no_share_is_created() -> None:
    created = count_of(allow_writes=True).created
    assert "/v4/shared-spaces" in created
    assert "/v4/shares" not in created


def test_a_plan_sends_nothing_and_tells_who_would_be_notified(tmp_path: Path) -> None:
    counting = Counting(fresh_mock())
    with served(counting) as base_url:
        target_file(tmp_path, base_url)
        reading = kit_here("check", *READING_ONLY, "--plan", cwd=tmp_path)
        writing = kit_here("check", *WRITING, "--plan", "--rate", "5", cwd=tmp_path)
    assert counting.seen == []
    assert (reading.code, writing.code) == (0, 0)
    assert "it changes the tenant: --allow-writes lets it" in reading.out
    assert "notifies" not in reading.out
    assert "ITEMS-COUNT" in writing.out
    assert "at 5 a second" in writing.out
    assert "owner (sofia.lindqvist@example.com)" in writing.out
    assert "participant (pieter.janssens@example.com)" in writing.out
    assert "Nothing was sent." in writing.out


def test_the_budget_of_the_program_is_kept_at_the_server_and_the_spaces_are_gone(tmp_path: Path) -> None:
    counting = Counting(fresh_mock())
    with served(counting) as base_url:
        target_file(tmp_path, base_url)
        before = spaces(base_url)
        sent = len(counting.seen)
        ended = kit_here("check", *WRITING, "--rule", "ITEMS-COUNT", "--max-requests", "12", cwd=tmp_path)
        assert len(counting.seen) - sent <= 12
        assert spaces(base_url) == before
    assert ended.code == 2
    assert "the 12 requests it may" in ended.err


def test_the_rate_of_the_program_is_kept(tmp_path: Path) -> None:
    with served(Counting(fresh_mock())) as base_url:
        target_file(tmp_path, base_url)
        begun = time.monotonic()
        ended = kit_here("check", *READING_ONLY, "--rule", "AROUND-DIVISIONS", "--rate", "4", cwd=tmp_path)
        spent = time.monotonic() - begun
    assert ended.code == 0, ended
    requests = int(ended.out.split(" requests")[0].split()[-1])
    assert spent >= (requests - 1) / 4


# What a check may create on somebody else's tenant


def test_a_space_that_could_not_be_found_again_is_not_created_elsewhere() -> None:
    counting = Counting(fresh_mock())
    with elsewhere(counting) as client:
        for lost in (client.new_space(publicUri=None, title="Mine"), json.dumps({"title": "Mine"}).encode()):
            with pytest.raises(NotPermitted, match="could not be found again"):
                client.create(lost)
    assert counting.seen == []


def test_a_space_that_bears_the_mark_in_its_title_alone_is_created_and_deleted(tmp_path: Path) -> None:
    app = fresh_mock()
    before = titles(app)
    with elsewhere(app, folder=tmp_path) as client:
        client.space(publicUri=None)
        assert clean_up(client) == []
    assert titles(app) == before


def test_nothing_is_created_elsewhere_without_an_administrator_to_delete_it() -> None:
    target = replace(mock_target(), is_own=False)
    target = replace(target, actors={name: one for name, one in target.actors.items() if name != "admin"})
    counting = Counting(fresh_mock())
    with closing(Session(target, new_run_id(), transport=AppTransport(counting))) as session:
        with pytest.raises(TargetLacks, match="the actor admin"):
            Client(session).space(by=Client(session).owner)
    assert counting.seen == []


@pytest.mark.parametrize("expires", [None, "2999-01-01T00:00:00Z", "2026-01-01T00:00:00", "soon", 5])
def test_a_share_that_outlives_the_hour_is_not_created_elsewhere(expires: Any) -> None:
    counting = Counting(fresh_mock())
    with elsewhere(counting) as client:
        body = {"title": "x", "origin": "y", "assets": [], **({} if expires is None else {"expiresAt": expires})}
        with pytest.raises(NotPermitted, match="within the hour"):
            client.share(body)
    assert counting.seen == []


def test_shares_are_listed_as_left_behind(tmp_path: Path) -> None:
    ended = None
    checks = [one for one in CHECKS if one.rules[0] == "SHARE-OK"]
    with elsewhere(fresh_mock(), folder=tmp_path) as client:
        for event in run(Plan(checks=checks, catalogue=CATALOGUE, allow_writes=True, allow_shares=True), client):
            ended = event
    assert isinstance(ended, RunEnded)
    assert [one for one in ended.left_behind if one.startswith("Share ")]


@check("DELETE-OK", writes=True)
def somebody_may_not_see_it(client: Client) -> None:
    space = client.space()
    client.session.ledger.left("nothing")
    exchange = client.delete(space["id"], by=client.as_("outsider"))
    assert exchange.status in (403, 404)


def test_a_404_to_somebody_else_does_not_make_the_run_forget_its_space(tmp_path: Path) -> None:
    app = fresh_mock()
    before = titles(app)
    with elsewhere(app, folder=tmp_path) as client:
        list(run(Plan(checks=[somebody_may_not_see_it], catalogue=CATALOGUE, allow_writes=True), client))
    assert titles(app) == before
