"""Runs checks against a target and tells how each ended; what each draws is reproducible from the run's seed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky

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
from .failure import Barred, BudgetSpent, Failure, NotTheApi, TargetLacks, Undecided
from .rule import Level, Rule
from .session import Draws, Session

SHOWN_CHARACTERS = 500
SHRINKS_ELSEWHERE = 100  # examples after the first breach on a tenant that is not the kit's own


class Driver(Protocol):
    """What the runner knows of a vendor's API: its session, and how to delete what checks created."""

    session: Session

    def clean_up(self) -> list[str]:
        """Delete what is left; gives what could not be."""

    def sweep(self) -> list[str]:
        """Delete what a listing finds to be the run's; gives what could not be deleted or looked for."""


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
    named: str = ""
    """The flags by which the command line came to this target and these permissions."""

    def barred(self, check: Check) -> str | None:
        """Say why the run may not do a check, None when it may."""
        if check.writes and not self.allow_writes:
            return "it changes spaces: --allow-writes lets it"
        if check.shares and not self.allow_shares:
            return "it creates Shares, which nothing can delete: --allow-shares lets it"
        return None

    def draws(self, check: Check) -> Draws:
        """Give what a check goes by that runs Hypothesis itself."""
        sizes = self.profile
        return Draws(
            examples=sizes.examples, sequences=sizes.sequences, steps=sizes.steps, seed=seed_of(check, self.seed)
        )


def run(plan: Plan, api: Driver) -> Generator[Event, None, None]:
    """Run the plan's checks one after the other; what ends it early is told by `RunEnded.stopped`.

    Every space that a check created is deleted when the check is over, also when the run is broken off.
    """
    started = time.perf_counter()
    target = api.session.target
    yield RunStarted(target.name, target.base_url, len(plan.checks), plan.seed, plan.profile.name, plan.named)
    stopped = None
    waiting = list(plan.checks)
    try:
        while waiting:
            yield CheckStarted(waiting[0].name)
            yield from run_check(plan, api, waiting[0])
            del waiting[0]
            with api.session.clearing_up():
                api.clean_up()
    except (BudgetSpent, NotTheApi) as ended:
        stopped = str(ended)
    except KeyboardInterrupt:
        stopped = "interrupted"
    finally:
        left = tidy(api)
    yield from _unreached(plan, waiting, f"the run ended before: {stopped}")
    yield RunEnded(time.perf_counter() - started, api.session.requests, left, stopped)


def _unreached(plan: Plan, waiting: Sequence[Check], reason: str) -> Iterator[Event]:
    for check in waiting:
        rules = (plan.catalogue[rule] for rule in check.rules)
        yield from (RuleSkipped(rule, check.name, reason=reason, unreached=True) for rule in rules)


def tidy(api: Driver) -> list[str]:
    """Delete every space of the run, those too whose creation was never answered; gives what is left behind."""
    session = api.session
    try:
        with session.clearing_up():
            left = api.clean_up() if session.ledger.is_blank() else [*api.clean_up(), *api.sweep()]
    except (NotTheApi, BudgetSpent):
        left = session.kept()
    spaces = dict.fromkeys(f"space {one}" if one in session.kept() else one for one in left)
    return [*spaces, *session.ledger.left_behind()]


def run_check(plan: Plan, api: Driver, check: Check) -> Iterator[Event]:
    """Run one check and tell how it ended for each of its rules."""
    rules = [plan.catalogue[rule] for rule in check.rules]
    reason = plan.barred(check)
    if reason is not None:
        yield from (RuleSkipped(rule, check.name, reason=reason) for rule in rules)
        return
    before, started = api.session.requests, time.perf_counter()
    api.session.may_write = plan.allow_writes
    api.session.draws = plan.draws(check)
    attempt = _Attempt(api, check)
    ended: Exception | None = None
    try:
        _execute(attempt, plan)
    except (TargetLacks, Barred, Undecided) as raised:
        ended = raised
    spent = (time.perf_counter() - started, api.session.requests - before)
    if ended is not None:
        yield from _not_decided(check, rules, ended, spent)
    elif attempt.failure is None:
        yield from (RuleHeld(rule, check.name, *spent) for rule in rules)
    else:
        yield from _told_breach(check, rules, attempt, spent, replay_id(check, plan.seed, plan.profile.name))


def _not_decided(check: Check, rules: Sequence[Rule], ended: Exception, spent: tuple[float, int]) -> Iterator[Event]:
    if isinstance(ended, Undecided):
        undecided = rules[:1] if check.sweeping else rules
        yield from (RuleUnverified(rule, check.name, *spent, reason=str(ended)) for rule in undecided)
        return
    reason = f"the target does not offer {ended}" if isinstance(ended, TargetLacks) else str(ended)
    yield from (RuleSkipped(rule, check.name, *spent, reason=reason) for rule in rules)


def replay_id(check: Check, run_seed: int, profile: str = "default") -> str:
    """Give what runs the same check again, drawing the same: `CHECK@SEED`, or `CHECK@SEED:PROFILE`."""
    return f"{check.name}@{run_seed}" + ("" if profile == "default" else f":{profile}")


def read_replay_id(text: str) -> tuple[str, int, Profile]:
    """Give the name of the check, the seed and the profile of a replay id. Raises ValueError."""
    name, _, rest = text.partition("@")
    number, _, profile = rest.partition(":")
    try:
        return name, int(number), PROFILES[profile or "default"]
    except (KeyError, ValueError):
        raise ValueError(f"{text!r} is no replay id: CHECK@SEED or CHECK@SEED:PROFILE") from None


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
        if rule.id != broken and check.sweeping:
            continue  # its own checks decide
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
        self._least: tuple[int, Failure, list[Exchange]] | None = None
        self._after = 0  # examples since the first failure

    def example(self, **drawn: Any) -> None:
        """Run the check once."""
        self._after += self.failure is not None
        if self._after > SHRINKS_ELSEWHERE and not self._api.session.target.is_own:
            raise _Stop(BudgetSpent("what is found is short enough for a tenant that is not the kit's own"))
        self._api.session.begin()
        try:
            self.check.run(self._api, **drawn)
        except (TargetLacks, Barred, Undecided, BudgetSpent, NotTheApi) as ended:
            raise _Stop(ended) from None
        except Failure as failure:
            self._note(failure)
            raise
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
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
        size = sum(len(one.path) + len(repr(one.sent)) for one in self.exchanges)
        if self._least is None or size < self._least[0]:
            self._least = (size, failure, self.exchanges)

    def settle_for_least(self) -> None:
        """Where shrinking was broken off, the last failure need not be the shortest one."""
        if self._least is not None:
            _, self.failure, self.exchanges = self._least


def _execute(attempt: _Attempt, plan: Plan) -> None:
    check = attempt.check
    try:
        if not check.given:
            attempt.example()
        else:
            _as_property(attempt, check, plan)()
    except Failure:
        return  # noted
    except Flaky:
        if attempt.failure is None:
            raise
        attempt.settle_for_least()  # the target broke the rule, though not every time
    except _Stop as stop:
        if attempt.failure is None:
            raise stop.cause from None
        attempt.settle_for_least()  # what was found stays found, whatever ended the search for a shorter one


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
