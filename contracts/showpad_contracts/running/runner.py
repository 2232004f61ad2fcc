"""Runs checks against a target and tells how each ended; what each draws is reproducible from the run's seed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Never, TypeAlias

from ..core.check import AnyCheck, Asked, Check
from ..core.events import CheckStarted, Event, RuleSkipped, RunEnded, RunStarted
from ..core.rule import Rule
from ..core.violation import BudgetSpent, Inconclusive, NotPermitted, NotTheApi, PreconditionFailed, TargetLacks
from ..suite import C, Client
from ..transport.session import Draws
from .attempt import Attempt
from .reproduction import Setting
from .verdict import Told, Verdict


@dataclass(frozen=True, slots=True)
class Profile:
    """How thorough a run is: examples a property, runs and steps of the state machine."""

    name: str
    examples: int
    sequences: int
    steps: int


PROFILES = {
    "quick": Profile("quick", examples=2, sequences=3, steps=15),
    "default": Profile("default", examples=15, sequences=25, steps=30),
    "deep": Profile("deep", examples=200, sequences=300, steps=60),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[Asked]):
    """What a run does: which checks, how thoroughly, under which seed, and what it may change."""

    checks: Sequence[Check[Asked]]
    catalogue: Mapping[str, Rule]
    profile: Profile = PROFILES["default"]
    seed: int = 0
    allow_writes: bool = False
    allow_shares: bool = False
    named: str = ""
    """The flags by which the command line came to this target and these permissions."""
    asked: Collection[str] = ()
    """The rules that were asked for by name."""
    requests: int = 0
    """About how many requests it takes, 0 where nobody knows."""
    rate: float | None = None
    """How many requests a second it sends at most."""

    def why_not(self, check: AnyCheck) -> str | None:
        """Return why the run may not do a check, None when it may."""
        if check.writes and not self.allow_writes:
            return "it changes the tenant: --allow-writes lets it"
        if check.shares and not self.allow_shares:
            return "it creates what nothing can delete: --allow-shares lets it"
        return None

    def draws(self, check: AnyCheck) -> Draws:
        """Return what a check goes by that runs Hypothesis itself."""
        sizes = self.profile
        return Draws(
            examples=sizes.examples, sequences=sizes.sequences, steps=sizes.steps, seed=seed_of(check, self.seed)
        )


AnyPlan: TypeAlias = Plan[Never]
"""A plan for who reads it and has no client to run it with."""


def run(plan: Plan[C], client: C) -> Generator[Event, None, None]:
    """Run the plan's checks one after the other; what ends it early is told by `RunEnded.stopped`.

    What a check created is deleted when the check is over, also when the run is broken off.
    """
    started = time.perf_counter()
    target = client.session.target
    yield RunStarted(
        target.name,
        target.base_url,
        len(plan.checks),
        plan.seed,
        plan.profile.name,
        plan.named,
        plan.asked,
        requests=plan.requests,
        answer_seconds=client.session.answer_seconds,
        rate=plan.rate,
        suite=client.suite,
    )
    stopped = None
    waiting = list(plan.checks)
    told: Told = set()
    try:
        while waiting:
            yield CheckStarted(waiting[0].name)
            yield from run_check(plan, client, waiting[0], told)
            del waiting[0]  # only now: a check that is broken off was not reached
            with client.session.clearing_up():
                client.clean_up()
    except (BudgetSpent, NotTheApi) as ended:
        stopped = str(ended)
    except KeyboardInterrupt:  # the reports are still written
        stopped = "interrupted"
    finally:  # also where nobody listens on: the generator is closed then
        left = clean_up(client)
    yield from _unreached(plan, waiting, f"the run ended before: {stopped}")
    yield RunEnded(time.perf_counter() - started, client.session.requests, left, stopped)


def _unreached(plan: AnyPlan, waiting: Sequence[AnyCheck], reason: str) -> Iterator[Event]:
    for check in waiting:
        rules = (plan.catalogue[rule] for rule in check.rules)
        yield from (RuleSkipped(rule, check.name, reason=reason, unreached=True) for rule in rules)


def clean_up(client: Client) -> list[str]:
    """Delete what the run created, also where that was never answered, and return what is left behind."""
    session = client.session
    try:
        with session.clearing_up():
            # Where no create was noted there is nothing to find, and the whole tenant need not be listed.
            left = client.clean_up() if session.ledger.is_blank() else [*client.clean_up(), *client.sweep()]
    except (NotTheApi, BudgetSpent):
        left = session.kept()
    # What could not be deleted is told once, though both name it.
    named = dict.fromkeys(client.cleanup.called(one) if one in session.kept() else one for one in left)
    return [*named, *session.ledger.left_behind()]


def run_check(plan: Plan[C], client: C, check: Check[C], told: Told | None = None) -> Iterator[Event]:
    """Run one check and tell how it ended for each of its rules; `told` is what the run has told before."""
    reason = plan.why_not(check)
    if reason is not None:
        yield from (RuleSkipped(plan.catalogue[rule], check.name, reason=reason) for rule in check.rules)
        return
    before, started = client.session.requests, time.perf_counter()
    # Held by the session, too: a check that writes without saying so is stopped there.
    client.session.may_write = plan.allow_writes
    client.session.draws = plan.draws(check)
    attempt = Attempt(client, check)
    ended: Exception | None = None
    try:
        attempt.execute(plan.profile.examples, seed_of(check, plan.seed))
    except (TargetLacks, NotPermitted, Inconclusive, PreconditionFailed) as raised:
        ended = raised
    verdict = Verdict(
        check=check,
        catalogue=plan.catalogue,
        seconds=time.perf_counter() - started,
        requests=client.session.requests - before,
        replay=replay_id(check, plan.seed, plan.profile.name),
        setting=_setting(client),
        operation_of=client.operation_of,
        told=set() if told is None else told,
    )
    if ended is not None:
        yield from verdict.ended(ended, attempt.exchanges)
    elif attempt.violation is None:
        yield from verdict.held()
    else:
        yield from verdict.broke(attempt.violation, attempt.exchanges)


def _setting(client: Client) -> Setting:
    target = client.session.target
    cleanup = client.cleanup
    deletes = target.actors.get(cleanup.actor)
    return Setting(
        base_url=target.lasting_url or target.base_url,
        mark=client.session.run_id,
        variables=target.variables(),
        defaults=target.public_tokens,
        undone_by=cleanup.actor if deletes is not None and deletes.api_token is not None else None,
        collections=cleanup.collections,
        key_header=target.key_header,
        seen_at=target.base_url,
    )


def replay_id(check: AnyCheck, run_seed: int, profile: str = "default") -> str:
    """Return what runs the same check again, drawing the same: `CHECK@SEED`, or `CHECK@SEED:PROFILE`."""
    return f"{check.name}@{run_seed}" + ("" if profile == "default" else f":{profile}")


def read_replay_id(text: str) -> tuple[str, int, Profile]:
    """Return the name of the check, the seed and the profile of a replay id. Raises ValueError."""
    name, _, rest = text.partition("@")
    number, _, profile = rest.partition(":")
    try:
        return name, int(number), PROFILES[profile or "default"]
    except (KeyError, ValueError):
        raise ValueError(f"{text!r} is no replay id: CHECK@SEED or CHECK@SEED:PROFILE") from None


def seed_of(check: AnyCheck, run_seed: int) -> int:
    """Return a seed of the check's own, which does not depend on the other checks of the run."""
    # Not hash(): Python salts it anew for each process, and a replay has to draw the same.
    return int.from_bytes(hashlib.sha256(f"{run_seed}:{check.name}".encode()).digest()[:8])
