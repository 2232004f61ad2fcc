"""From what a user asked for to a target that answers: the same for the command line and for pytest."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ..core.check import Check
from ..core.rule import Rule
from ..core.target import Target, choose_target, target_at
from ..showpad.catalogue import CATALOGUE
from ..showpad.checks import CHECKS
from ..showpad.client import Api
from ..showpad.discovery import discovered
from ..targets.file import lines as target_lines
from ..targets.launch import launched
from ..targets.probe import probe
from ..transport.limits import TIMEOUT_SECONDS, Limits, Pace
from ..transport.session import Session
from .folder import FOLDER, ledgers_of
from .ledger import FileLedger, LedgerLost, new_run_id
from .runner import PROFILES, Plan
from .seal import Seal

OWN = "mock"
OWN_RUN = "contracts-00000000-00000000"  # on its own mock a run needs no name of its own, so that reports repeat


class CannotRun(Exception):
    """What was asked for cannot be run; the message says why in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a user asked for; `target` is `mock`, a URL or a file."""

    target: str = OWN
    rules: Sequence[str] = ()
    profile: str = "default"
    seed: int = 0
    allow_writes: bool = False
    allow_shares: bool = False
    max_requests: int | None = None
    rate: float | None = None
    timeout: float = TIMEOUT_SECONDS

    def limits(self) -> Limits:
        """Give how much may be sent."""
        return limits_of(self.max_requests, self.rate, self.timeout)

    def named(self) -> str:
        """Give the flags by which the same target is reached again, with the same permissions."""
        flags = [] if self.target == OWN else ["--target", shlex.quote(self.target)]
        flags += ["--allow-writes"] if self.allow_writes else []
        return " ".join(flags + (["--allow-shares"] if self.allow_shares else []))

    def look_up(self, environ: Mapping[str, str]) -> None:
        """Refuse with TargetError a target that cannot be, before anything is sent."""
        if self.target != OWN:
            choose_target(self.target, environ)

    def checks(self) -> list[Check]:
        """Give the checks that were chosen; raises CannotRun where there is none."""
        return chosen(CHECKS, CATALOGUE, self.rules)

    def plan(self, target: Target, checks: Sequence[Check]) -> Plan:
        """Give what a run of some checks against a target is."""
        return Plan(
            checks=checks,
            catalogue=CATALOGUE,
            profile=PROFILES[self.profile],
            seed=self.seed,
            allow_writes=self.allow_writes or target.is_own,
            allow_shares=self.allow_shares or target.is_own,
            named=self.named(),
            asked=[rule for rule in self.rules if rule in CATALOGUE],
            rate=self.rate,
        )


def limits_of(requests: int | None, rate: float | None, timeout: float) -> Limits:
    """Give the limits of a run: requests in all, requests a second, seconds for an answer."""
    if rate is None:
        return Limits(requests=requests, timeout=timeout)
    return Limits(requests=requests, timeout=timeout, pace=Pace(rate))


def chosen(checks: Sequence[Check], catalogue: Mapping[str, Rule], patterns: Sequence[str]) -> list[Check]:
    """Give the checks that bear a rule like one of the patterns; raises CannotRun where a pattern finds none."""
    for pattern in patterns:
        if not any(_bears(check, pattern) for check in checks):
            raise CannotRun(_why_none(pattern, catalogue))
    return [check for check in checks if not patterns or any(_bears(check, pattern) for pattern in patterns)]


def _bears(check: Check, pattern: str) -> bool:
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
def opened(wish: Wish, environ: Mapping[str, str], folder: Path = FOLDER) -> Iterator[Api]:
    """Reach the target and see that it speaks the API; for writes elsewhere than on the own mock, open a ledger.

    Raises TargetError, NotTheApi or CannotRun.
    """
    with ExitStack() as stack:
        if wish.target == OWN:
            target, run_id = stack.enter_context(launched("contracts")), OWN_RUN
        else:
            target, run_id = choose_target(wish.target, environ), new_run_id()
        session = Session(target, run_id, limits=wish.limits())
        stack.callback(session.close)
        api = Api(session)
        probe(api)
        if "://" in wish.target:
            session.target = discovered(api)
            api = Api(session)
        if wish.allow_writes and not target.is_own:
            ledger = new_ledger(wish, target, run_id, folder)
            stack.callback(ledger.close)
            session.ledger = ledger
        yield api


def described(url: str, environ: Mapping[str, str], limits: Limits) -> Iterator[str]:
    """Return the target file of an address anywhere, with what its look-ups show; reads alone."""
    target = target_at(url, environ, anywhere=True)
    if not target.tokens():
        raise CannotRun("no token to look with: set SHOWPAD_TOKEN_ADMIN, or another that --help names")
    with closing(Session(target, new_run_id(), limits=limits)) as session:
        session.may_write = False
        api = Api(session)
        probe(api)
        yield from target_lines(discovered(api))


def new_ledger(wish: Wish, target: Target, run_id: str, folder: Path) -> FileLedger:
    """Begin the ledger of a run."""
    admin = target.actors.get("admin")
    seal = Seal(run_id, admin.api_token if admin is not None and admin.api_token is not None else "")
    try:
        ledger = FileLedger(ledgers_of(folder) / f"{run_id}.jsonl", seal)
    except OSError as error:
        raise LedgerLost(f"{folder}: no ledger can be written there: {error.strerror}") from None
    where = wish.target if "://" in wish.target else str(Path(wish.target).resolve())
    ledger.begin(target=where, base_url=target.base_url)
    return ledger


def one_check(name: str) -> Check:
    """Give a check by its name. Raises CannotRun."""
    for check in CHECKS:
        if check.name == name:
            return check
    raise CannotRun(f"there is no check {name!r}")
