"""One bug, one story: what is broken in the same way at the same place, whatever rules were asked about."""

from __future__ import annotations

import pytest

from showpad_contracts.core.events import AssumptionRefuted, Outcome, RuleBroken, RuleUnverified
from showpad_contracts.reporting.stories import stories
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS
from showpad_contracts.stateful import long_runs

from ...harness.in_process import driving, fresh_mock
from ..broken.tampering import answering, with_status
from ..broken.wrapping import App


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for shorter failures only briefly: most of the time would go there."""
    monkeypatch.setitem(long_runs.MOST_AFTER, "own", 5)


def outcomes(app: App) -> list[Outcome]:
    plan = Plan(checks=CHECKS, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=True, allow_shares=True)
    with driving(app) as client:
        return [event for event in run(plan, client) if isinstance(event, Outcome)]


def ways(found: list[Outcome]) -> set[tuple[str, ...]]:
    return {one.violation.shape for one in found if isinstance(one, RuleBroken | AssumptionRefuted)}


def test_a_server_that_answers_200_for_201_to_a_create_has_one_story() -> None:
    found = outcomes(answering("POST", "/shared-spaces", with_status(200))(fresh_mock()))
    assert ways(found) == {("POST /shared-spaces", "Wrong status", "status of the request", "201", "200", "")}
    [story] = stories(found)
    assert story.told.rule.id == "CREATE-OK"
    assert story.told.check == "a_create_is_answered_with_the_space_as_asked"
    unprepared = {one.rule.id for one in found if isinstance(one, RuleUnverified)}
    assert {"GET-OK", "PATCH-OK", "DELETE-OK", "TRANSFER-OK", "ITEMS-OK", "LIST-SORT", "ROLE-USER"} <= unprepared


@pytest.mark.parametrize(
    ("method", "path", "code", "rule"),
    [("GET", "/shared-spaces", 203, "LIST-OK"), ("PATCH", "/shared-spaces/[^/]+", 202, "PATCH-OK")],
)
def test_a_server_with_one_status_wrong_has_one_story(method: str, path: str, code: int, rule: str) -> None:
    [story] = stories(outcomes(answering(method, path, with_status(code))(fresh_mock())))
    assert story.told.rule.id == rule
    assert story.told.violation.received.startswith(str(code))
