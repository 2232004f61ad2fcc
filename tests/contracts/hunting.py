"""The kit after one wrong server: which checks are concerned, and which rules caught it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from showpad_contracts.core.check import Check
from showpad_contracts.core.events import AssumptionRefuted, RuleBroken
from showpad_contracts.core.rule import Level
from showpad_contracts.core.violation import BudgetSpent, PreconditionFailed, Violation
from showpad_contracts.running.plan import estimate
from showpad_contracts.running.runner import PROFILES, Plan, run
from showpad_contracts.showpad.catalogue import CATALOGUE
from showpad_contracts.showpad.checks import CHECKS
from showpad_contracts.showpad.client import Client

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


def _plan(checks: Sequence[Check[Client]], profile: str, seed: int = 0) -> Plan[Client]:
    return Plan(
        checks=checks,
        catalogue=CATALOGUE,
        profile=PROFILES[profile],
        seed=seed,
        allow_writes=True,
        allow_shares=True,
    )


REQUESTS = {check.name: estimate(_plan(CHECKS, "quick"), check, lambda _: None) for check in CHECKS}
"""About how many requests each check takes."""


def nearest_first(wrong: Broken) -> list[Check[Client]]:
    """Give every check, those first that are the nearest to what is wrong, and of these the cheapest."""

    def distance(check: Check[Client]) -> tuple[bool, int, int]:
        found = {noun(rule) for rule in check.rules}
        far = 0 if wrong.rule in check.rules else 1 if noun(wrong.rule) in found else 2 if found & nouns(wrong) else 3
        return check.sweeping, far, REQUESTS[check.name]

    return sorted(CHECKS, key=distance)


def concerned(wrong: Broken) -> list[Check[Client]]:
    """Give the checks about the resource that is wrong, but for those that sweep through all."""
    if wrong.kind == BY_HAND:
        own = (check for check in CHECKS if wrong.rule in check.rules and not check.sweeping)
        return sorted(own, key=lambda check: REQUESTS[check.name])
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


def hunt(wrong: Broken, checks: Sequence[Check[Client]], profile: str = "default", seed: int = 0) -> Catch:
    """Run checks against a wrong server until it is caught."""
    plan = _plan([_ending_with_a_catch(check) for check in checks], profile, seed)
    assumed = CATALOGUE[wrong.rule].level is Level.ASSUMED
    counting = {wrong.rule} if wrong.kind == BY_HAND else nouns(wrong)
    rules: dict[str, None] = {}
    caught, check = False, ""
    app = wrong.make(fresh_mock())
    with driving(app) as api, closing(run(plan, api)) as events:
        for event in events:
            if isinstance(event, RuleBroken | AssumptionRefuted):
                rules[event.rule.id] = None
                is_broken = assumed or isinstance(event, RuleBroken)
                counts = event.rule.id in counting or noun(event.rule.id) in counting
                caught = caught or (is_broken and counts)
                if caught:
                    check = event.check
                    # The server is thrown away, and what was created there with it.
                    for created in api.session.kept():
                        api.session.forget(created)
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


def _ending_with_a_catch(check: Check[Client]) -> Check[Client]:
    """Give a check that is not tried again once it has failed: a hunt needs no shorter example."""
    caught: list[Exception] = []

    def run_until_then(client: Client, **values: object) -> None:
        if caught:
            raise BudgetSpent("it is caught")
        try:
            check.run(client, **values)
        except (Violation, PreconditionFailed) as found:
            caught.append(found)
            raise

    return replace(check, run=run_until_then)


def hunt_cheaply(wrong: Broken, checks: Sequence[Check[Client]]) -> Catch:
    """Hunt under the default profile only what the quick one misses."""
    catch = hunt(wrong, checks, "quick")
    return catch if catch.caught else hunt(wrong, checks)


def hunt_alike(alike: Sequence[Broken]) -> dict[Broken, Catch]:
    """Hunt servers that break one rule in like ways, as cheaply as all can be caught.

    What is likely to catch one of them is tried first, then what caught others, with the example that did.
    """
    tried: dict[str, Mapping[str, object]] = {}
    checks = {check.name: _noting(check, tried) for check in concerned(alike[0])}
    catches: dict[Broken, Catch] = {}
    for wrong in alike:
        first = checks.get(likely(wrong.story) or "")
        checks = _first(checks, first and _beginning_with(first, wrong.shown_by))
        catches[wrong] = hunt_cheaply(wrong, [*checks.values()])
        if found := checks.get(catches[wrong].check):
            checks = _first(checks, _beginning_with(found, *tried[found.name].values()))
    return catches


def _first(checks: Mapping[str, Check[Client]], first: Check[Client] | None) -> dict[str, Check[Client]]:
    """Give the checks by name, with this one before the others."""
    known = {} if first is None else {first.name: first}
    return known | {name: check for name, check in checks.items() if name not in known}


def _noting(check: Check[Client], tried: dict[str, Mapping[str, object]]) -> Check[Client]:
    """Give a check that notes what it was last tried with."""

    def note(client: Client, **values: object) -> None:
        tried[check.name] = values
        check.run(client, **values)

    return replace(check, run=note)


def _beginning_with(check: Check[Client], *values: object) -> Check[Client]:
    """Give a check that tries this first of what it always tries, and what comes before it last."""
    fitting = (place for place, tried in enumerate(check.always) if all(one in tried.values() for one in values))
    place = next(fitting, 0)
    return replace(check, always=[*check.always[place:], *check.always[:place]])
