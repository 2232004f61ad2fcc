"""From what a user asked for to a target that answers: the same for the command line and for pytest."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Generic

from ..core.check import AnyCheck, Check
from ..core.rule import Rule
from ..core.target import Target
from ..suite import C, Suite
from ..targets.file import lines as target_lines
from ..targets.reader import is_loopback
from ..transport.limits import TIMEOUT_SECONDS, Limits, Pace
from ..transport.receiver import Reach
from ..transport.session import Session
from .folder import FOLDER, ledgers_of
from .ledger import FileLedger, LedgerLost, new_run_id
from .runner import PROFILES, Plan
from .seal import Seal

OWN = "mock"
EVERYWHERE = ("0.0.0.0", "::")
"""Addresses at which one can listen, but which lead nowhere."""
OWN_RUN = "contracts-00000000-00000000"  # on its own mock a run needs no name of its own, so that reports repeat


class CannotRun(Exception):
    """What was asked for cannot be run; the message says why in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions(Generic[C]):
    """What a user asked for; `target` is `mock`, a URL or a file."""

    suite: Suite[C]
    target: str = OWN
    rules: Sequence[str] = ()
    profile: str = "default"
    seed: int = 0
    allow_writes: bool = False
    allow_shares: bool = False
    max_requests: int | None = None
    rate: float | None = None
    timeout: float = TIMEOUT_SECONDS
    api: str | None = None
    """The name of the suite, where the user named it."""
    receiver: str | None = None
    """The address at which the target reaches the kit's receiver."""
    receiver_listen: tuple[str, int] | None = None
    """The host and port at which what is sent to that address comes out."""

    def limits(self) -> Limits:
        """Return how much may be sent."""
        return limits_of(self.max_requests, self.rate, self.timeout)

    def named(self) -> str:
        """Return the flags by which the same target is reached again, with the same permissions."""
        flags = [] if self.api is None else ["--api", self.api]
        flags += [] if self.target == OWN else ["--target", shlex.quote(self.target)]
        flags += [] if self.receiver is None else ["--receiver", shlex.quote(self.receiver)]
        if self.receiver_listen is not None:
            host, port = self.receiver_listen
            flags += ["--receiver-listen", shlex.quote(f"{f'[{host}]' if ':' in host else host}:{port}")]
        flags += ["--allow-writes"] if self.allow_writes else []
        return " ".join(flags + (["--allow-shares"] if self.allow_shares else []))

    def look_up(self, environ: Mapping[str, str]) -> None:
        """Refuse with TargetError a target that cannot be, before anything is sent."""
        if self.target != OWN:
            self.suite.targets.choose(self.target, environ)
        self.reach("")

    def reach(self, base_url: str) -> Reach | None:
        """Return how a target reaches the kit's receiver, None where it has no way. Raises CannotRun."""
        if self.receiver_listen is not None:
            host, port = self.receiver_listen
            if self.receiver is None and host in EVERYWHERE:
                raise CannotRun(f"--receiver-listen: {host} is no address that a target can reach: give --receiver URL")
            return Reach(self.receiver, host, port)
        if self.receiver is not None:
            raise CannotRun(
                "--receiver: give --receiver-listen HOST:PORT, where what is sent to that address comes out"
            )
        # What is on this machine reaches any port of it.
        return Reach() if is_loopback(base_url) else None

    def checks(self) -> list[Check[C]]:
        """Return the checks that were chosen. Raises CannotRun where there is none."""
        return chosen(self.suite, self.rules)

    def plan(self, target: Target, checks: Sequence[Check[C]]) -> Plan[C]:
        """Return what a run of some checks against a target is."""
        return Plan(
            checks=checks,
            catalogue=self.suite.catalogue,
            profile=PROFILES[self.profile],
            seed=self.seed,
            allow_writes=self.allow_writes or target.is_own,
            allow_shares=self.allow_shares or target.is_own,
            named=self.named(),
            # Who gives a pattern asks for none of its rules by name.
            asked=[rule for rule in self.rules if rule in self.suite.catalogue],
            rate=self.rate,
        )


def limits_of(requests: int | None, rate: float | None, timeout: float) -> Limits:
    """Return the limits of a run: requests in all, requests a second, seconds for an answer."""
    if rate is None:
        return Limits(requests=requests, timeout=timeout)
    return Limits(requests=requests, timeout=timeout, pace=Pace(rate))


def chosen(suite: Suite[C], patterns: Sequence[str]) -> list[Check[C]]:
    """Return the checks that bear a rule like one of the patterns. Raises CannotRun where a pattern finds none."""
    checks = suite.checks
    for pattern in patterns:
        if not any(_bears(check, pattern) for check in checks):
            raise CannotRun(_why_none(pattern, suite.catalogue))
    return [check for check in checks if not patterns or any(_bears(check, pattern) for pattern in patterns)]


def _bears(check: AnyCheck, pattern: str) -> bool:
    # Whoever asks for one rule wants its own checks, not those that sweep over them all.
    rules = check.rules[:1] if check.sweeping else check.rules
    return any(fnmatchcase(rule, pattern) for rule in rules)


def _why_none(pattern: str, catalogue: Mapping[str, Rule]) -> str:
    rules = [rule for rule in catalogue.values() if fnmatchcase(rule.id, pattern)]
    reason = next((rule.untestable for rule in rules if rule.untestable), None)
    if reason is not None:
        return f"no check can see {pattern} from outside: {reason}"
    return f"no check bears a rule like {pattern!r}" + ("" if rules else ": `showpad-contracts rules` lists them")


@contextmanager
def opened(options: RunOptions[C], environ: Mapping[str, str], folder: Path = FOLDER) -> Iterator[C]:
    """Reach the target and see that it speaks the API; for writes elsewhere than on the own mock, open a ledger.

    Raises TargetError, NotTheApi or CannotRun.
    """
    suite = options.suite
    with ExitStack() as stack:
        if options.target == OWN:
            if suite.mock is None:
                raise CannotRun(f"the suite {suite.name} has no mock: name a target by --target")
            target, run_id = stack.enter_context(suite.mock.launched("contracts")), OWN_RUN
        else:
            target, run_id = suite.targets.choose(options.target, environ), new_run_id()
        session = Session(target, run_id, limits=options.limits())
        stack.callback(session.close)
        session.reach = options.reach(target.base_url)
        suite.probe(session)
        if "://" in options.target:
            # A bare address says nothing of the tenant; a file has said what there is.
            session.target = suite.discovery(session)
        if options.allow_writes and not target.is_own:
            ledger = new_ledger(options, target, run_id, folder)
            stack.callback(ledger.close)
            session.ledger = ledger
        yield suite.client(session)


def described(suite: Suite[C], url: str, environ: Mapping[str, str], limits: Limits) -> Iterator[str]:
    """Return the target file of an address anywhere, with what its look-ups show; reads alone."""
    target = suite.targets.at(url, environ, anywhere=True)
    if not target.tokens():
        variable = suite.targets.variable("TOKEN", suite.cleanup.actor)
        raise CannotRun(f"no token to look with: set {variable}, or another that --help names")
    with closing(Session(target, new_run_id(), limits=limits)) as session:
        session.may_write = False  # nobody allowed it, whatever a discovery sends
        suite.probe(session)
        yield from target_lines(suite.discovery(session), suite.targets)


def new_ledger(options: RunOptions[C], target: Target, run_id: str, folder: Path) -> FileLedger:
    """Begin the ledger of a run."""
    deletes = target.actors.get(options.suite.cleanup.actor)
    seal = Seal(run_id, deletes.api_token or "" if deletes is not None else "")
    try:
        ledger = FileLedger(ledgers_of(folder) / f"{run_id}.jsonl", seal)
    except OSError as error:
        raise LedgerLost(f"{folder}: no ledger can be written there: {error.strerror}") from None
    # A sweep may start in another folder.
    where = options.target if "://" in options.target else str(Path(options.target).resolve())
    ledger.begin(api=options.suite.name, target=where, base_url=target.base_url)
    return ledger


def one_check(suite: Suite[C], name: str) -> Check[C]:
    """Return a check by its name. Raises CannotRun."""
    for check in suite.checks:
        if check.name == name:
            return check
    raise CannotRun(f"there is no check {name!r}")
