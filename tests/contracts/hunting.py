"""The kit after one wrong server: which checks are concerned, and which rules caught it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from showpad_contracts.core.check import Check
from showpad_contracts.core.events import AssumptionRefuted, RuleBroken
from showpad_contracts.core.rule import Level
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS

from ..harness.in_process import driving, fresh_mock
from .broken import BY_HAND
from .broken.classes.table import RESOURCES
from .broken.likely import likely
from .broken.wrapping import Broken, Wrong


def noun(rule: str) -> str:
    """Give the noun that a rule begins with."""
    return rule.partition("-")[0]


def nouns(wrong: Broken) -> frozenset[str]:
    """Give the nouns of the rules that a reader would look under; a convention may show at any resource."""
    own = noun(wrong.rule)
    return frozenset(RESOURCES) if own == "CONV" else RESOURCES[own]


def nearest_first(wrong: Broken) -> list[Check]:
    """Give every check, those first that are the nearest to what is wrong, and of these the cheapest."""

    def distance(check: Check) -> tuple[bool, int, bool]:
        found = {noun(rule) for rule in check.rules}
        far = 0 if wrong.rule in check.rules else 1 if noun(wrong.rule) in found else 2 if found & nouns(wrong) else 3
        return check.sweeping, far, bool(check.given)

    return sorted(CHECKS, key=distance)


def concerned(wrong: Broken) -> list[Check]:
    """Give the checks about the resource that is wrong, but for those that sweep through all."""
    if wrong.kind == BY_HAND:
        return [check for check in CHECKS if wrong.rule in check.rules and not check.sweeping]
    about = nouns(wrong)
    return [
        check
        for check in nearest_first(wrong)
        if not check.sweeping and any(noun(rule) in about for rule in check.rules)
    ]


@dataclass(frozen=True, slots=True)
class Catch:
    """How the kit fared against one wrong server: the rules that caught it in turn, until one did that counts."""

    seed: int
    caught_by: tuple[str, ...]
    by_its_own: bool
    caught: bool
    """By its own rule; where it was made by class, by any rule about the same resource.

    Who breaks a rule of level D or S must not only refute an assumption.
    """
    acted: bool
    """Whether it answered otherwise than the right server at all."""
    requests: int
    check: str
    """The check that caught it; empty where none did."""


def hunt(wrong: Broken, checks: Sequence[Check], profile: str = "default", seed: int = 0) -> Catch:
    """Run checks against a wrong server until it is caught."""
    plan = Plan(
        checks=checks,
        catalogue=CATALOGUE,
        profile=PROFILES[profile],
        seed=seed,
        allow_writes=True,
        allow_shares=True,
    )
    assumed = CATALOGUE[wrong.rule].level is Level.ASSUMED
    counting = {wrong.rule} if wrong.kind == BY_HAND else nouns(wrong)
    rules: dict[str, None] = {}
    caught, check = False, ""
    app = wrong.make(fresh_mock())
    with driving(app) as api:
        for event in run(plan, api):
            if isinstance(event, RuleBroken | AssumptionRefuted):
                rules[event.rule.id] = None
                is_broken = assumed or isinstance(event, RuleBroken)
                counts = event.rule.id in counting or noun(event.rule.id) in counting
                caught = caught or (is_broken and counts)
                if caught:
                    check = event.check
                    break
        return Catch(
            seed,
            tuple(rules),
            wrong.rule in rules,
            caught,
            app.acted if isinstance(app, Wrong) else True,
            api.session.requests,
            check,
        )


def hunt_alike(alike: Sequence[Broken]) -> dict[Broken, Catch]:
    """Hunt servers that break one rule in like ways, as cheaply as all can be caught.

    What is likely to catch one of them is tried first, then what caught others, with the example that did; the default
    profile is tried only at those that the quick one missed.
    """
    tried: dict[str, Mapping[str, Any]] = {}
    checks = {check.name: _noting(check, tried) for check in concerned(alike[0])}
    catches: dict[Broken, Catch] = {}
    for wrong in alike:
        checks = _first(checks, checks.get(likely(wrong.story) or ""))
        catch = hunt(wrong, [*checks.values()], "quick")
        catches[wrong] = catch if catch.caught else hunt(wrong, [*checks.values()])
        if found := checks.get(catches[wrong].check):
            checks = _first(checks, _beginning_with(found, tried[found.name]))
    return catches


def _first(checks: Mapping[str, Check], first: Check | None) -> dict[str, Check]:
    """Give the checks by name, with this one before the others."""
    known = {} if first is None else {first.name: first}
    return known | {name: check for name, check in checks.items() if name not in known}


def _noting(check: Check, tried: dict[str, Mapping[str, Any]]) -> Check:
    """Give a check that notes what it was last tried with."""

    def note(client: Any, **values: Any) -> None:
        tried[check.name] = values
        check.run(client, **values)

    return replace(check, run=note)


def _beginning_with(check: Check, values: Mapping[str, Any]) -> Check:
    """Give a check that tries this first of what it always tries, and what comes before it last."""
    place = check.always.index(values) if values in check.always else 0
    return replace(check, always=[*check.always[place:], *check.always[:place]])
