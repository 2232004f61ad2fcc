"""RSpace's state machine: it holds the true mock, finds servers that are wrong in sequence, leaves nothing behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from showpad_contracts.core.check import Check
from showpad_contracts.core.events import AssumptionRefuted, Event, RuleBroken, RuleHeld, RuleSkipped, RunEnded
from showpad_contracts.rspace.catalogue import CATALOGUE
from showpad_contracts.rspace.checks.sequences import SEQUENCE_RULES, random_shares_match_the_model
from showpad_contracts.rspace.client import Client
from showpad_contracts.rspace.stateful import machine
from showpad_contracts.rspace.targets import DOCUMENTED, OBSERVED
from showpad_contracts.running.ledger import new_run_id
from showpad_contracts.running.runner import PROFILES, Plan, Profile, run
from showpad_contracts.stateful import long_runs
from showpad_contracts.transport.limits import Limits
from showpad_contracts.transport.session import Session
from showpad_mock.app import App

from ....harness.asgi import AppTransport
from ...broken.wrapping import Broken
from ..broken.sequences import SEQUENCES, ChangesAllShares, SkipsAtTheBorder
from ..driving import driving, fresh_mock, target

QUICK, DEFAULT = PROFILES["quick"], PROFILES["default"]
BEHAVIOURS = (DOCUMENTED, OBSERVED)


def sequences(
    client: Client, profile: Profile = QUICK, seed: int = 0, *, check: Check[Client] = random_shares_match_the_model
) -> list[Event]:
    return list(run(Plan(checks=(check,), catalogue=CATALOGUE, profile=profile, seed=seed, allow_writes=True), client))


def breaches(events: Sequence[Event]) -> list[RuleBroken | AssumptionRefuted]:
    return [event for event in events if isinstance(event, RuleBroken | AssumptionRefuted)]


@contextmanager
def elsewhere(app: App, without: Sequence[str] = (), limits: Limits | None = None) -> Iterator[Client]:
    """Drive a mock that the kit takes for somebody else's server, which offers all but these."""
    known = target()
    offers = {name: one for name, one in known.offers.items() if name not in without}
    actors = {name: one for name, one in known.actors.items() if name not in without}
    seen = replace(known, is_own=False, offers=offers, actors=actors)
    paced = limits if limits is not None else Limits(sleep=lambda _: None)
    session = Session(seen, new_run_id(), limits=paced, transport=AppTransport(app))
    try:
        yield Client(session)
    finally:
        session.close()


@pytest.fixture
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for no shorter failures: most of the time would go there."""
    monkeypatch.setitem(long_runs.MOST_AFTER, "own", 0)


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
@pytest.mark.parametrize("seed", range(2))
def test_the_true_mock_is_as_the_model_says(behaviour: str, seed: int) -> None:
    with driving(fresh_mock(behaviour), behaviour) as client:
        events = sequences(client, DEFAULT, seed)
        assert breaches(events) == []
        assert {event.rule.id for event in events if isinstance(event, RuleHeld)} == set(SEQUENCE_RULES)
        assert client.session.requests > 1000


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("wrong", [pytest.param(one, id=f"{one.rule}: {one.story}") for one in SEQUENCES])
def test_a_server_that_is_wrong_in_sequence_is_caught_by_the_rule_it_breaks(wrong: Broken) -> None:
    # The rarest show under every second seed; what is drawn hangs on which modules a process has loaded, too.
    for seed in range(16):
        with driving(wrong.make(fresh_mock(wrong.kind)), wrong.kind) as client:
            found = [breach.rule.id for breach in breaches(sequences(client, DEFAULT, seed))]
        if found:
            break
    assert found == [wrong.rule]


@pytest.mark.usefixtures("short_search")
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_a_server_of_the_other_behaviour_is_caught(behaviour: str) -> None:
    [other] = set(BEHAVIOURS) - {behaviour}
    with driving(fresh_mock(other), behaviour) as client:
        assert breaches(sequences(client, DEFAULT))


@pytest.mark.usefixtures("short_search")
def test_the_sequence_that_is_told_and_ends_where_it_is_wrong() -> None:
    with driving(ChangesAllShares(fresh_mock())) as client:
        (found,) = breaches(sequences(client, DEFAULT))
    told = [(one.method, one.path.partition("/1")[0]) for one in found.violation.exchanges]
    assert told[-2:] == [("PUT", "/share"), ("GET", told[-1][1])]
    assert "permission of the share" in found.violation.what


@pytest.mark.usefixtures("short_search")
def test_what_sequences_create_is_unshared_and_deleted_also_after_a_breach() -> None:
    app = SkipsAtTheBorder(fresh_mock())
    with driving(app) as client:
        before = client.owner.get("/documents").received["totalHits"]
        assert breaches(sequences(client, DEFAULT))
        assert client.session.kept() == []
        assert client.owner.get("/documents").received["totalHits"] == before


def test_the_budget_ends_the_sequences_and_what_was_created_is_deleted() -> None:
    app = fresh_mock()
    with elsewhere(app, limits=Limits(requests=200, sleep=lambda _: None)) as client:
        before = client.owner.get("/documents").received["totalHits"]
        (ended,) = [event for event in sequences(client, DEFAULT) if isinstance(event, RunEnded)]
        assert ended.stopped is not None
        assert client.session.requests <= 200
    with elsewhere(app) as client:
        assert client.owner.get("/documents").received["totalHits"] == before
        assert client.owner.get("/share").received["totalHits"] == 0


def test_on_somebody_elses_server_no_folder_is_made_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Client, "create_folder")
    app = fresh_mock()
    with elsewhere(app) as client:
        before = client.owner.get("/documents").received["totalHits"]
        events = sequences(client)
        assert breaches(events) == []
        assert any(isinstance(event, RuleHeld) for event in events)
        assert client.owner.get("/documents").received["totalHits"] == before
        assert client.owner.get("/share").received["totalHits"] == 0


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_where_no_behaviour_is_named_only_what_both_say_is_asked(behaviour: str) -> None:
    with elsewhere(fresh_mock(behaviour), without=["behaviour"]) as client:
        assert breaches(sequences(client, DEFAULT)) == []
        assert client.session.requests > 500


@pytest.mark.parametrize("missing", ["colleague", "outsider", "other_group", "subfolder"])
def test_sequences_do_without_the_others(missing: str) -> None:
    with elsewhere(fresh_mock(), without=[missing]) as client:
        assert breaches(sequences(client)) == []


@pytest.mark.parametrize(("missing", "told"), [("owner", "the actor owner"), ("group", "group")])
def test_a_target_without_the_owner_or_the_group_is_a_named_skip(missing: str, told: str) -> None:
    with elsewhere(fresh_mock(), without=[missing]) as client:
        events = sequences(client)
        assert client.session.requests == 0
    reasons = {event.reason for event in events if isinstance(event, RuleSkipped)}
    assert reasons == {f"the target does not offer {told}"}


def test_the_check_bears_every_rule_that_its_sources_name() -> None:
    files = [path for path in Path(machine.__file__).parent.glob("*.py") if path.stem != "schemathesis_pass"]
    sources = [path.read_text("utf-8") for path in files]
    named = {one for text in sources for one in re.findall(r'"(RS-[A-Z0-9-]*[A-Z0-9])"', text)}
    assert named == set(SEQUENCE_RULES) <= set(CATALOGUE)
    assert len(set(SEQUENCE_RULES)) == len(SEQUENCE_RULES)
