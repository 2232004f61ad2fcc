"""Runs checks against a target and tells how each ended; what each draws is reproducible from the run's seed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hypothesis import HealthCheck, Phase, given, seed, settings

from .check import Check
from .events import (
    AssumptionRefuted,
    Breach,
    CheckStarted,
    Event,
    RuleBroken,
    RuleHeld,
    RuleSkipped,
    RuleUnverified,
    RunEnded,
    RunStarted,
)
from .exchange import Exchange
from .failure import BudgetSpent, Failure, NotTheApi, TargetLacks, Undecided
from .rule import Level, Rule
from .session import Session

SHOWN_CHARACTERS = 500


class Driver(Protocol):
    """What the runner knows of a vendor's API: its session, and how to delete what checks created."""

    session: Session

    def clean_up(self) -> list[str]:
        """Delete what is left; gives what could not be."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How thorough a run is: examples a property, runs and steps of the state machine."""

    name: str
    examples: int
    sequences: int
    steps: int


PROFILES = {
    "quick": Profile("quick", examples=3, sequences=3, steps=15),
    "default": Profile("default", examples=15, sequences=25, steps=30),
    "deep": Profile("deep", examples=200, sequences=300, steps=60),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run does: which checks, how thoroughly, under which seed, and what it may change."""

    checks: Sequence[Check]
    catalogue: Mapping[str, Rule]
    profile: Profile = PROFILES["default"]
    seed: int = 0
    allow_writes: bool = False
    allow_shares: bool = False

    def barred(self, check: Check) -> str | None:
        """Say why the run may not do a check, None when it may."""
        if check.writes and not self.allow_writes:
            return "it changes spaces: --allow-writes lets it"
        if check.shares and not self.allow_shares:
            return "it creates Shares, which nothing can delete: --allow-shares lets it"
        return None


def run(plan: Plan, api: Driver) -> Iterator[Event]:
    """Run the plan's checks one after the other; raises NotTheApi when the target is none.

    Every space that a check created is deleted when the check is over, also when the run is broken off.
    """
    started = time.perf_counter()
    target = api.session.target
    yield RunStarted(target.name, target.base_url, len(plan.checks), plan.seed, plan.profile.name)
    left: list[str] = []
    stopped = None
    try:
        for check in plan.checks:
            yield CheckStarted(check.name)
            yield from run_check(plan, api, check)
            left += api.clean_up()
    except BudgetSpent as spent:
        stopped = str(spent)
    finally:
        left += api.clean_up() if stopped is None else api.session.kept()
    yield RunEnded(time.perf_counter() - started, api.session.requests, left, stopped)


def run_check(plan: Plan, api: Driver, check: Check) -> Iterator[Event]:
    """Run one check and tell how it ended for each of its rules."""
    rules = [plan.catalogue[rule] for rule in check.rules]
    reason = plan.barred(check)
    if reason is not None:
        yield from (RuleSkipped(rule, check.name, reason=reason) for rule in rules)
        return
    before, started = api.session.requests, time.perf_counter()
    attempt = _Attempt(api, check)
    try:
        _execute(attempt, plan)
    except (TargetLacks, Undecided) as ended:
        kind = RuleSkipped if isinstance(ended, TargetLacks) else RuleUnverified
        lacking = f"the target does not offer {ended}" if isinstance(ended, TargetLacks) else str(ended)
        yield from (kind(rule, check.name, reason=lacking) for rule in rules)
        return
    spent = (time.perf_counter() - started, api.session.requests - before)
    if attempt.failure is None:
        yield from (RuleHeld(rule, check.name, *spent) for rule in rules)
    else:
        yield from _told_breach(check, rules, attempt, spent, replay_id(check, plan.seed))


def replay_id(check: Check, run_seed: int) -> str:
    """Give what runs the same check again, drawing the same."""
    return f"{check.name}@{run_seed}"


def _told_breach(
    check: Check, rules: Sequence[Rule], attempt: _Attempt, spent: tuple[float, int], replay: str
) -> Iterator[Event]:
    failure = attempt.failure
    assert failure is not None
    broken = failure.rule if failure.rule is not None else check.rules[0]
    breach = Breach(
        check=check.name,
        title=failure.title,
        what=failure.what,
        expected=_shown(failure.expected),
        received=_shown(failure.received),
        exchanges=attempt.exchanges,
        replay=replay,
    )
    for rule in rules:
        if rule.id != broken:
            yield RuleUnverified(rule, check.name, *spent, reason=f"the check stopped where {broken} did not hold")
        elif rule.level is Level.ASSUMED:
            yield AssumptionRefuted(rule, check.name, *spent, breach=breach)
        else:
            yield RuleBroken(rule, check.name, *spent, breach=breach)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."


class _Stop(BaseException):
    """Ends a property at once: Hypothesis would take any Exception for a failing example and shrink it."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


class _Attempt:
    """One check at work: its last failure is the shortest one once Hypothesis is done shrinking."""

    def __init__(self, api: Driver, check: Check) -> None:
        self._api = api
        self.check = check
        self.failure: Failure | None = None
        self.exchanges: list[Exchange] = []

    def example(self, **drawn: Any) -> None:
        """Run the check once."""
        self._api.session.begin()
        try:
            self.check.run(self._api, **drawn)
        except (TargetLacks, Undecided, BudgetSpent, NotTheApi) as ended:
            raise _Stop(ended) from None
        except Failure as failure:
            self._note(failure)
            raise
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            if not self._api.session.trail:
                raise  # nothing was answered yet: the check itself is wrong
            # The check could not make sense of an answer: garbage breaks the rule that it was asked for.
            garbage = Failure(
                f"an answer that {self.check.name} can read",
                expected="the form promised",
                received=f"{type(error).__name__}: {error}",
            )
            self._note(garbage)
            raise garbage from error

    def _note(self, failure: Failure) -> None:
        self.failure = failure
        self.exchanges = list(self._api.session.trail)


def _execute(attempt: _Attempt, plan: Plan) -> None:
    check = attempt.check
    try:
        if not check.given:
            attempt.example()
        else:
            _as_property(attempt, check, plan)()
    except Failure:
        return  # noted
    except _Stop as stop:
        if attempt.failure is None or not isinstance(stop.cause, BudgetSpent):
            raise stop.cause from None


def _as_property(attempt: _Attempt, check: Check, plan: Plan) -> Any:
    examples = min(plan.profile.examples, check.examples or plan.profile.examples)

    def example(**drawn: Any) -> None:
        attempt.example(**drawn)

    configured = settings(
        max_examples=examples,
        database=None,  # examples of a real tenant are nobody's to keep
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    return seed(seed_of(check, plan.seed))(configured(given(**check.given)(example)))


def seed_of(check: Check, run_seed: int) -> int:
    """Give a check its own seed, which does not depend on the other checks of the run."""
    return int.from_bytes(hashlib.sha256(f"{run_seed}:{check.name}".encode()).digest()[:8])
