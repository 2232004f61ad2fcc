"""The state machine: it holds the true mock, finds servers that are wrong in sequence, and leaves nothing behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from showpad_contracts.core.events import AssumptionRefuted, Event, RuleBroken, RuleHeld, RuleSkipped, RunEnded
from showpad_contracts.running.runner import PROFILES, Plan, Profile, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS
from showpad_contracts.showpad.checks.sequences import SEQUENCE_RULES, random_sequences_match_the_model
from showpad_contracts.showpad.client import Client
from showpad_contracts.showpad.stateful import machine
from showpad_contracts.stateful import long_runs, steps
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Session

from ....harness.asgi import AppTransport
from ....harness.in_process import driving, fresh_mock, mock_target
from ...broken.sequences import SEQUENCES, DeletedStillAnswers, SkipsAtTheBorder
from ...broken.wrapping import Broken
from ...elsewhere import elsewhere

QUICK, DEFAULT = PROFILES["quick"], PROFILES["default"]
ReportedViolation = RuleBroken | AssumptionRefuted


def sequences(client: Client, profile: Profile = QUICK, seed: int = 0) -> list[Event]:
    checks = (random_sequences_match_the_model,)
    return list(run(Plan(checks=checks, catalogue=CATALOGUE, profile=profile, seed=seed, allow_writes=True), client))


def breaches(events: Sequence[Event]) -> list[ReportedViolation]:
    return [event for event in events if isinstance(event, ReportedViolation)]


@pytest.fixture
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for no shorter failures: most of the time would go there."""
    monkeypatch.setitem(long_runs.MOST_AFTER, "own", 0)


@pytest.mark.parametrize("seed", range(4))
def test_the_true_mock_is_as_the_model_says(seed: int) -> None:
    with driving(fresh_mock()) as client:
        events = sequences(client, DEFAULT, seed)
        assert breaches(events) == []
        assert {event.rule.id for event in events if isinstance(event, RuleHeld)} == set(SEQUENCE_RULES)
        assert client.session.requests > 500


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("wrong", [pytest.param(one, id=f"{one.rule}: {one.story}") for one in SEQUENCES])
def test_a_server_that_is_wrong_in_sequence_is_caught_by_the_rule_it_breaks(wrong: Broken) -> None:
    with driving(wrong.make(fresh_mock())) as client:
        assert [breach.rule.id for breach in breaches(sequences(client, DEFAULT))] == [wrong.rule]


def test_the_shortest_sequence_is_told_and_ends_where_it_is_wrong() -> None:
    with driving(DeletedStillAnswers(fresh_mock())) as client:
        (found,) = breaches(sequences(client, DEFAULT))
    told = [(one.method, one.status) for one in found.violation.exchanges]
    assert told == [("POST", 201), ("GET", 200), ("DELETE", 204), ("GET", 200)]


@pytest.mark.usefixtures("short_search")
def test_what_sequences_create_is_deleted_also_after_a_breach() -> None:
    app = SkipsAtTheBorder(fresh_mock())
    with driving(app) as client:
        before = client.admin.get("/shared-spaces").received["count"]
        assert breaches(sequences(client))
        assert client.session.kept() == []
        assert client.admin.get("/shared-spaces").received["count"] == before


def test_the_same_seed_sends_the_same_requests() -> None:
    sent = []
    for seed in (1, 1, 2):
        with driving(fresh_mock()) as client:
            all_sent = recorded(client.session)
            sequences(client, QUICK, seed)
            sent.append(all_sent)
    assert sent[0] == sent[1]
    assert sent[0] != sent[2]


def test_choices_among_what_there_is_make_no_strategy_at_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    sampled_from = st.sampled_from

    def noting(choices: Any) -> Any:
        made.append(repr(choices))
        return sampled_from(choices)

    monkeypatch.setattr(st, "sampled_from", noting)
    steps.places.cache_clear()
    with driving(fresh_mock()) as client:
        sequences(client, DEFAULT)
    assert 0 < len(made) < 50
    assert len(made) == len(set(made))


def recorded(session: Session) -> list[tuple[str, str]]:
    """Give a list that fills with the session's requests, ids left out."""
    found: list[tuple[str, str]] = []
    send = session.send

    def sending(method: str, path: str, *args: object, **options: object) -> object:
        found.append((method, re.sub("[0-9a-f]{32}", "ID", path)))
        return send(method, path, *args, **options)  # type: ignore[arg-type]  # handed on as it came

    session.send = sending  # type: ignore[method-assign, assignment]  # watched for one test
    return found


def test_a_profile_says_how_much_is_tried() -> None:
    requests = []
    for profile in (QUICK, replace(QUICK, sequences=12)):
        with driving(fresh_mock()) as client:
            sequences(client, profile)
            requests.append(client.session.requests)
    assert requests[0] < requests[1]


def test_the_budget_ends_the_sequences_and_what_was_created_is_deleted() -> None:
    session = Session(mock_target(), "budget", limits=Limits(requests=200), transport=AppTransport(app := fresh_mock()))
    events = sequences(Client(session), DEFAULT)
    session.close()
    (ended,) = [event for event in events if isinstance(event, RunEnded)]
    assert ended.stopped is not None
    assert session.requests <= 200
    with driving(app) as client:
        assert client.admin.get("/shared-spaces", params={"title": "budget"}).received["count"] == 0


def test_a_target_without_the_owner_is_a_named_skip() -> None:
    target = mock_target()
    actors = {name: actor for name, actor in target.actors.items() if name != "owner"}
    session = Session(replace(target, actors=actors), "lacking", transport=AppTransport(fresh_mock()))
    events = sequences(Client(session))
    session.close()
    reasons = {event.reason for event in events if isinstance(event, RuleSkipped)}
    assert reasons == {"the target does not offer the actor owner"}
    assert session.requests == 0


@pytest.mark.parametrize("missing", ["manager", "participant", "outsider"])
def test_sequences_do_without_the_others(missing: str) -> None:
    target = mock_target()
    actors = {name: actor for name, actor in target.actors.items() if name != missing}
    session = Session(replace(target, actors=actors, offers={}), "few", transport=AppTransport(fresh_mock()))
    assert breaches(sequences(Client(session))) == []
    session.close()


def test_sequences_run_on_a_tenant_of_somebody_else() -> None:
    app = fresh_mock()
    with elsewhere(app) as client:
        before = client.admin.get("/shared-spaces").received["count"]
        events = sequences(client)
        assert breaches(events) == []
        assert any(isinstance(event, RuleHeld) for event in events)
        assert client.admin.get("/shared-spaces").received["count"] == before


def test_the_check_bears_every_rule_that_its_sources_name() -> None:
    folder = Path(machine.__file__).parent
    sources = [
        *folder.glob("model*.py"),
        *folder.glob("machine*.py"),
        *folder.glob("play*.py"),
        folder / "compare.py",
    ]
    named = {one for path in sources for one in re.findall(r'"([A-Z]+-[A-Z0-9-]*[A-Z0-9])"', path.read_text("utf-8"))}
    assert named <= set(SEQUENCE_RULES)
    assert set(SEQUENCE_RULES) <= set(CATALOGUE)
    assert len(set(SEQUENCE_RULES)) == len(SEQUENCE_RULES)


def test_what_sweeps_comes_last() -> None:
    sweeping = [check for check in CHECKS if check.sweeping]
    assert list(CHECKS[-len(sweeping) :]) == sweeping
