"""Filters and orders, for everybody and on every page; what is only assumed of lists breaks none of their rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from showpad_contracts.core.events import AssumptionRefuted, RuleBroken
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks.listing_views import FILTERS, VIEWS

from ...harness.in_process import driving, fresh_mock
from ..broken.acting import SPACES, actor
from ..broken.tampering import answering, asking, query, requery
from ..broken.wrapping import App, Seen


def caught(app: App, *rules: str) -> set[str]:
    checks = [check for check in VIEWS if not rules or check.rules[0] in rules]
    plan = Plan(checks=checks, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=True)
    with driving(app) as client:
        return {one.rule.id for one in run(plan, client) if isinstance(one, RuleBroken | AssumptionRefuted)}


def test_the_right_mock_holds_every_filter_everywhere() -> None:
    assert caught(fresh_mock()) == set()


def of_the_page(answer: dict[str, Any]) -> None:
    answer["count"] = len(answer["items"])


def test_a_count_of_the_page_breaks_no_filter() -> None:
    app = answering("GET", SPACES, lambda seen: of_the_page(seen.answer))(fresh_mock())
    assert caught(app) <= {"CONV-COUNT"}


def without(name: str, when: Callable[[Seen], object]) -> Callable[[App], App]:
    return asking("GET", SPACES, lambda seen: requery(seen, **{name: None}) if when(seen) else None)


PARAMETERS = {
    "LIST-TITLE": "title",
    "LIST-SORT": "sort",
    "LIST-OWNER-EMAIL": "ownerEmail",
    "LIST-EMAIL": "participantEmail",
    "LIST-OWNER": "ownerUserId",
    "LIST-USER": "userId",
    "LIST-MANAGER": "managerId",
    "LIST-GROUP": "usergroupId",
    "LIST-SINCE": "lastActivitySince",
    "LIST-DEACTIVATED": "isOwnerDeactivated",
}
WHEN: dict[str, Callable[[Seen], object]] = {
    "for the owner": lambda seen: actor(seen) == "owner",
    "on the second page": lambda seen: query(seen).get("offset") == "1",
}


CASES = [(rule, when) for rule in PARAMETERS for when in WHEN if (rule, when) != ("LIST-MANAGER", "for the owner")]
"""What a plain user's team is, is not said."""


@pytest.mark.parametrize(("rule", "when"), CASES)
def test_a_filter_that_is_ignored_for_one_actor_or_on_one_page_is_found(rule: str, when: str) -> None:
    assert rule in FILTERS
    assert rule in caught(without(PARAMETERS[rule], WHEN[when])(fresh_mock()), rule)
