"""Every wrong server is caught: by hand by the rule it breaks, by class by a rule about the same resource."""

from __future__ import annotations

from collections import defaultdict

import pytest

from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS

from .broken import BY_HAND, every_wrong_server
from .broken.likely import LIKELY, likely
from .broken.wrapping import Broken
from .hunting import concerned, hunt_alike, hunt_cheaply, nearest_first

BROKEN = every_wrong_server()
BY_CLASS: dict[tuple[str, str], list[Broken]] = defaultdict(list)
for one in BROKEN:
    if one.kind != BY_HAND:
        BY_CLASS[one.kind, one.rule].append(one)


@pytest.mark.parametrize(
    "wrong", [pytest.param(one, id=f"{one.rule}: {one.story}") for one in BROKEN if one.kind == BY_HAND]
)
def test_a_wrong_server_is_caught_by_the_rule_it_breaks(wrong: Broken) -> None:
    catch = hunt_cheaply(wrong, concerned(wrong))
    assert catch.by_its_own
    assert catch.acted


@pytest.mark.parametrize(("kind", "rule"), sorted(BY_CLASS))
def test_wrong_servers_of_a_class_are_caught(kind: str, rule: str) -> None:
    catches = hunt_alike(BY_CLASS[kind, rule])
    assert not [wrong.story for wrong, catch in catches.items() if not catch.caught]
    assert not [wrong.story for wrong, catch in catches.items() if not catch.acted]


def test_every_documented_or_stated_rule_with_a_check_has_a_wrong_server() -> None:
    checked = {rule for check in CHECKS for rule in check.rules}
    wanted = {rule for rule in checked if CATALOGUE[rule].level != "A"}
    assert not wanted - {one.rule for one in BROKEN}


@pytest.mark.parametrize(("words", "check"), LIKELY.items())
def test_what_is_likely_to_catch_a_wrong_server_is_a_check_about_it(words: str, check: str) -> None:
    told = [one for one in BROKEN if one.kind != BY_HAND and likely(one.story) == check and words in one.story]
    assert told
    assert [one.story for one in told if check in [near.name for near in concerned(one)]]


def test_no_two_wrong_servers_have_the_same_story() -> None:
    assert len({(one.rule, one.story) for one in BROKEN}) == len(BROKEN)


def test_the_whole_kit_begins_with_a_check_of_the_rule_that_is_broken() -> None:
    one_each = {one.rule: one for one in BROKEN}
    assert [rule for rule, one in one_each.items() if rule not in nearest_first(one)[0].rules] == []
