"""Servers that are right in another way than the mock is: none breaks a documented or stated rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from showpad_contracts.core.events import AssumptionRefuted, Outcome, RuleBroken, RuleUnverified
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS

from ...harness.in_process import driving, fresh_mock
from ..broken.acting import SPACE, SPACES
from ..broken.tampering import query
from ..broken.wrapping import App, Ask, Seen, Wrong


def each_space(change: Callable[[dict[str, Any]], object]) -> type[Wrong]:
    """Every space is told otherwise, alone and listed."""

    class Otherwise(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            alone = seen.is_("POST", SPACES) or seen.is_("GET", SPACE) or seen.is_("PATCH", SPACE)
            if seen.status < 300 and (alone or seen.is_("GET", SPACES)):
                for space in [seen.answer] if alone else seen.answer["items"]:
                    change(space)

    return Otherwise


def on_the_other_domain(space: dict[str, Any]) -> None:
    space["publicUrl"] = space["publicUrl"].replace(".showpad.com/", ".showpad.biz/")


def without_activity(space: dict[str, Any]) -> None:
    space["lastActivityAt"] = None


class QuietAtFirst(Wrong):
    """Takes nothing for activity before the first transfer or items."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.active: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", f"{SPACE}/[^/]+") and seen.status < 300:
            self.active.add(seen.path.split("/")[2])
        if seen.status >= 300 or seen.answer is None:
            return
        for space in seen.answer.get("items", [seen.answer]) if isinstance(seen.answer, dict) else ():
            if "lastActivityAt" in space and space["id"] not in self.active:
                space["lastActivityAt"] = None


def as_floats(value: Any) -> Any:
    """Write every integer with a fraction of zero, as some languages do."""
    if isinstance(value, dict):
        return {name: as_floats(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_floats(part) for part in value]
    return float(value) if type(value) is int else value


class NumbersHaveFractions(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        seen.answer = as_floats(seen.answer)


class NullsFirst(Wrong):
    """Lists what was never archived before what was, up and down: where it stands is assumed."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        asked = query(seen)
        if seen.is_("GET", SPACES) and seen.status == 200 and asked.get("sort", "").endswith("archivedAt"):
            start, limit = int(asked.get("offset", 0)), int(asked.get("limit", 1000))
            _, whole = await ask("GET", f"{SPACES}?{urlencode({**asked, 'offset': 0, 'limit': 1000})}", None)
            whole["items"].sort(key=lambda space: space["archivedAt"] is not None)
            seen.answer["items"] = whole["items"][start : start + limit]


OTHERWISE: dict[str, type[Wrong]] = {
    "no space has a lastActivityAt": each_space(without_activity),
    "a space has no lastActivityAt before something happens": QuietAtFirst,
    "spaces without a time of archiving come first": NullsFirst,
}


def outcomes_of(server: App) -> list[Outcome]:
    checks = [check for check in CHECKS if check.name != "schemathesis_finds_nothing"]
    plan = Plan(checks=checks, catalogue=CATALOGUE, profile=PROFILES["quick"], allow_writes=True, allow_shares=True)
    with driving(server) as client:
        return [event for event in run(plan, client) if isinstance(event, Outcome)]


def told(outcomes: list[Outcome], *kinds: type[Outcome]) -> list[object]:
    return [
        (one.rule.id, one.check, getattr(one, "violation", None) or getattr(one, "reason", ""))
        for one in outcomes
        if isinstance(one, kinds)
    ]


@pytest.mark.parametrize("make", [pytest.param(make, id=story) for story, make in OTHERWISE.items()])
def test_a_server_that_is_right_in_another_way_breaks_no_documented_or_stated_rule(make: type[Wrong]) -> None:
    assert told(outcomes_of(make(fresh_mock())), RuleBroken) == []


def test_numbers_with_fractions_on_the_other_domain_break_nothing_and_hide_nothing() -> None:
    """Both at once: no check ends early by one of them, so that it would miss the other."""
    outcomes = outcomes_of(NumbersHaveFractions(each_space(on_the_other_domain)(fresh_mock())))
    assert told(outcomes, RuleBroken, AssumptionRefuted, RuleUnverified) == []
    assert len(outcomes) > 400
