"""Every wrong server of RSpace's is caught by the rule it breaks, and no right one is."""

from __future__ import annotations

import pytest

from showpad_contracts.core.events import AssumptionRefuted, RuleBroken, RuleUnverified
from showpad_contracts.rspace.catalogue import CATALOGUE
from showpad_contracts.rspace.checks import CHECKS
from showpad_contracts.rspace.targets import DOCUMENTED, OBSERVED

from ..broken.wrapping import Broken
from .broken import BROKEN
from .driving import fresh_mock, is_caught, outcomes


@pytest.mark.parametrize("wrong", [pytest.param(one, id=f"{one.rule}: {one.story}") for one in BROKEN])
def test_a_wrong_server_is_caught_by_the_rule_it_breaks(wrong: Broken) -> None:
    assert is_caught(wrong)


def test_every_documented_or_stated_rule_with_a_check_has_a_wrong_server() -> None:
    wanted = {rule for check in CHECKS for rule in check.rules if CATALOGUE[rule].level != "A"}
    assert wanted - {one.rule for one in BROKEN} == set()


def test_no_two_wrong_servers_have_the_same_story() -> None:
    assert len({(one.rule, one.story) for one in BROKEN}) == len(BROKEN)


@pytest.mark.parametrize("behaviour", [DOCUMENTED, OBSERVED])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_right_server_raises_no_alarm(behaviour: str, seed: int) -> None:
    # Under seed 0 those that sweep run in `stateful`, at least as often.
    checks = [check for check in CHECKS if seed or not check.sweeping]
    ended = list(outcomes(fresh_mock(behaviour), behaviour, checks, seed=seed))
    alarms = [one for one in ended if isinstance(one, RuleBroken | AssumptionRefuted | RuleUnverified)]
    assert [(one.rule.id, one.check) for one in alarms] == []


def test_a_server_is_held_to_the_behaviour_that_its_target_names() -> None:
    differing = {"RS-SHARE-FAILED", "RS-LINKS"}
    checks = [check for check in CHECKS if differing.intersection(check.rules) and not check.sweeping]
    ended = outcomes(fresh_mock(OBSERVED), DOCUMENTED, checks)
    assert differing <= {one.rule.id for one in ended if isinstance(one, RuleBroken)}
