"""Hypothesis within a check: what a machine or a property of its own finds becomes the check's one failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from ...core.exchange import Exchange
from ...core.failure import Barred, BudgetSpent, Failure, NotTheApi, PreconditionFailed, TargetLacks, Undecided
from ...transport.session import Draws, Session
from ..client import Api

ENDINGS = (BudgetSpent, NotTheApi, TargetLacks, Barred, Undecided, PreconditionFailed)
FRESH = 9
MOST_AFTER = {"own": 200, "other": 60}
"""Runs that look for a shorter failure, on a target of the kit's own and on another's."""


class _Stop(BaseException):
    """Ends everything at once: Hypothesis would take an Exception for a failing example and shrink it."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


class _Enough(Exception):
    """The search for a shorter failure has lasted long enough."""


class Finding:
    """The shortest failure found so far, with its exchanges."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._size: int | None = None
        self._after = 0
        self.failure: Failure | None = None
        self.exchanges: Sequence[Exchange] = ()

    def begin(self) -> None:
        """Begin a run: what was sent before does not belong to it."""
        self._after += self.failure is not None
        if self._after > MOST_AFTER["own" if self._session.target.is_own else "other"]:
            raise _Stop(_Enough())
        self._session.begin()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """What ends the whole check does so at once; a failure is noted."""
        try:
            yield
        except ENDINGS as ended:
            raise _Stop(ended) from None
        except Failure as failure:
            self.note(failure)
            raise

    def note(self, failure: Failure) -> None:
        """Keep a failure if there is none shorter."""
        trail = list(self._session.trail)
        size = sum(1000 + len(one.path) + len(repr(one.sent)) for one in trail)
        if self._size is None or size <= self._size:
            self._size, self.failure, self.exchanges = size, failure, trail

    def told(self) -> Failure | None:
        """Give the failure; the session's trail is then what led to it."""
        if self.failure is not None:
            self._session.trail = list(self.exchanges)
        return self.failure


def clear_away(api: Api) -> None:
    """Delete what a run created at its end, so that state does not pile up; the report does not show it."""
    trail = api.session.trail
    api.session.trail = list(trail)
    try:
        with api.session.clearing_up():
            api.clean_up()
    except (Failure, *ENDINGS):
        pass  # they are still the session's to delete when the check is over
    finally:
        api.session.trail = trail


def to_the_end(finding: Finding, execute: Callable[[], None]) -> None:
    """Execute what uses Hypothesis; raises the shortest failure found, or what ended it."""
    ended: Exception | None = None
    try:
        execute()
    except _Stop as stop:
        ended = stop.cause
    except (Failure, Flaky) as raised:
        ended = raised
    failure = finding.told()
    if failure is not None:
        raise failure
    if ended is not None:
        raise ended


def quiet(*, examples: int, steps: int = 1) -> settings:
    """Settings that keep nothing, print nothing and know no deadline."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,  # examples of a real tenant are nobody's to keep
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


def run_machine(machine: type[RuleBasedStateMachine], draws: Draws) -> None:
    """Run a machine as often as the profile has it.

    Not all at once: after the first ten runs Hypothesis makes most of what follows by copying parts of them.
    """
    for start in range(0, draws.sequences, FRESH):
        runs = 1 + min(FRESH, draws.sequences - start)  # the first is always the simplest
        settings = quiet(examples=runs, steps=draws.steps)
        run_state_machine_as_test(seed(draws.seed + start)(machine), settings=settings)
