"""Every wrong server is caught by the rule it breaks, and by that rule's own checks alone."""

from __future__ import annotations

import pytest

from contracts.events import AssumptionRefuted, RuleBroken
from contracts.runner import PROFILES, Plan, run
from contracts.showpad.catalogue import CATALOGUE
from contracts.showpad.checks import CHECKS

from .broken import every_wrong_server
from .broken.wrapping import Broken
from .in_process import driving, fresh_mock

BROKEN = every_wrong_server()


@pytest.mark.parametrize("wrong", [pytest.param(one, id=f"{one.rule}: {one.story}") for one in BROKEN])
def test_a_wrong_server_is_caught_by_the_rule_it_breaks(wrong: Broken) -> None:
    checks = [check for check in CHECKS if wrong.rule in check.rules and not check.sweeping]
    plan = Plan(checks=checks, catalogue=CATALOGUE, profile=PROFILES["default"], allow_writes=True, allow_shares=True)
    with driving(wrong.make(fresh_mock())) as api:
        caught = {event.rule.id for event in run(plan, api) if isinstance(event, RuleBroken | AssumptionRefuted)}
    assert wrong.rule in caught


def test_every_documented_or_stated_rule_with_a_check_has_a_wrong_server() -> None:
    checked = {rule for check in CHECKS for rule in check.rules}
    wanted = {rule for rule in checked if CATALOGUE[rule].level != "A"}
    assert not wanted - {one.rule for one in BROKEN}
