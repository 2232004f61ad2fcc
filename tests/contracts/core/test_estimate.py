"""A slow target is told to be slow, and how long the run will take: before it begins, and in its plan."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from showpad_contracts.core.estimate import SLOW_SECONDS, forecast, in_words
from showpad_contracts.core.events import RunStarted
from showpad_contracts.reporting.terminal import Lines
from showpad_contracts.running.folder import answer_seconds, remember
from showpad_contracts.running.plan import all_requests, outline
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.probe import probe

from ...harness.in_process import driving, fresh_mock, mock_target

RUN = RunStarted("acme", "https://acme.api.showpad.com/v4", 300, 0, "default", requests=7000, answer_seconds=0.25)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "3 seconds"), (119, "119 seconds"), (120, "2 minutes"), (3600, "60 minutes"), (9000, "2.5 hours")],
)
def test_a_duration_is_told_as_people_say_it(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_the_slower_of_the_target_and_the_rate_decides() -> None:
    assert forecast(1200, 0.25) == "about 1200 requests, at 250 ms each some 5 minutes"
    assert forecast(1200, 0.25, rate=100) == "about 1200 requests, at 250 ms each some 5 minutes"
    assert forecast(1200, 0.01, rate=2) == "about 1200 requests, at 2 a second some 10 minutes"


def told(started: RunStarted) -> str:
    out = io.StringIO()
    Lines(out).on_event(started)
    return out.getvalue()


def test_a_slow_target_is_said_so_and_how_long_the_run_will_take() -> None:
    assert "The target is slow: about 7000 requests, at 250 ms each some 29 minutes." in told(RUN)
    assert "slow" not in told(replace(RUN, answer_seconds=SLOW_SECONDS / 2))


def test_the_first_requests_measure_how_long_an_answer_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count(0, 0.125)
    monkeypatch.setattr("showpad_contracts.transport.session.time.perf_counter", lambda: float(next(ticks)))
    with driving(fresh_mock()) as client:
        probe(client.session)
        assert client.session.requests == 2
        measured = client.session.answer_seconds
        assert measured == min(one.seconds for one in client.session.trail) > SLOW_SECONDS
        plan: Plan[Client] = Plan(checks=(), catalogue=CATALOGUE, requests=40)
        started = next(run(plan, client))
    assert isinstance(started, RunStarted)
    assert (started.requests, started.answer_seconds) == (40, measured)


def test_a_plan_tells_how_long_by_what_was_measured_last(tmp_path: Path) -> None:
    remember(tmp_path, RUN, [])
    target = replace(mock_target(), base_url=RUN.base_url)
    plan = Plan(checks=CHECKS[:3], catalogue=CATALOGUE, allow_writes=True)
    known = list(outline(plan, target, answer=answer_seconds(tmp_path, RUN.base_url), notified={}))
    unknown = list(outline(plan, target, answer=answer_seconds(tmp_path, "https://other.example/v4"), notified={}))
    assert any("at 250 ms each some" in line for line in known)
    assert any("how long they take is told when a slow target has answered once" in line for line in unknown)


@pytest.mark.parametrize("profile", ["quick", "default"])
def test_the_estimate_without_an_earlier_run_is_of_the_right_size(profile: str) -> None:
    """Figures of a run against the mock; its checks that sweep are told apart, they draw how much they send."""
    sent = {"quick": 7_200, "default": 9_900}[profile]
    checks = [check for check in CHECKS if not check.sweeping]
    plan = Plan(checks=checks, catalogue=CATALOGUE, profile=PROFILES[profile], allow_writes=True, allow_shares=True)
    assert 0.6 * sent < all_requests(plan, lambda _: None) < 1.6 * sent
