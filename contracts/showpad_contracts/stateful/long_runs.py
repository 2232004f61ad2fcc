"""Hypothesis within a check: what a machine or a property of its own finds becomes the check's one violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from ..core.exchange import Exchange
from ..core.violation import (
    BudgetSpent,
    Inconclusive,
    NotPermitted,
    NotTheApi,
    PreconditionFailed,
    TargetLacks,
    Violation,
)
from ..suite import Client
from ..transport.session import Draws, Session

ENDINGS = (BudgetSpent, NotTheApi, TargetLacks, NotPermitted, Inconclusive, PreconditionFailed)
FRESH = 9
MOST_AFTER = {"own": 200, "other": 60}
"""Runs that look for a shorter violation, on a target of the kit's own and on another's."""


class _Stop(BaseException):
    """Ends everything at once: Hypothesis would take an Exception for a failing example and shrink it."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


class _Enough(Exception):
    """The search for a shorter violation has lasted long enough."""


class Finding:
    """The shortest violation found so far, with its exchanges."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._size: int | None = None
        self._after = 0
        self.violation: Violation | None = None
        self.exchanges: Sequence[Exchange] = ()

    def begin(self) -> None:
        """Begin a run: what was sent before does not belong to it."""
        self._after += self.violation is not None
        if self._after > MOST_AFTER["own" if self._session.target.is_own else "other"]:
            raise _Stop(_Enough())
        self._session.begin()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """What ends the whole check does so at once; a violation is noted."""
        try:
            yield
        except ENDINGS as ended:
            raise _Stop(ended) from None
        except Violation as violation:
            self.note(violation)
            raise

    def note(self, violation: Violation) -> None:
        """Keep a violation if there is none shorter."""
        trail = list(self._session.trail)
        # A request less is worth more than any text that is shorter.
        size = sum(1000 + len(one.path) + len(repr(one.sent)) for one in trail)
        # Of two as long the later one: Hypothesis has shrunk it further.
        if self._size is None or size <= self._size:
            self._size, self.violation, self.exchanges = size, violation, trail

    def told(self) -> Violation | None:
        """Return the violation; the session's trail is then what led to it."""
        if self.violation is not None:
            self._session.trail = list(self.exchanges)
        return self.violation


def clear_away(client: Client) -> None:
    """Delete what a run created at its end, so that state does not pile up; the report does not show it."""
    trail = client.session.trail
    # A copy: the deletions are added to it, and must not be among what led to the violation.
    client.session.trail = list(trail)
    try:
        with client.session.clearing_up():
            client.clean_up()
    except (Violation, *ENDINGS):
        pass  # they are still the session's to delete when the check is over
    finally:
        client.session.trail = trail


def to_the_end(finding: Finding, execute: Callable[[], None]) -> None:
    """Execute what uses Hypothesis; raises the shortest violation found, or what ended it."""
    ended: Exception | None = None
    try:
        execute()
    except _Stop as stop:
        ended = stop.cause
    except (Violation, Flaky) as raised:
        ended = raised
    # First: what was found stays found, whatever ended the search for a shorter one.
    violation = finding.told()
    if violation is not None:
        raise violation
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
        # Without Phase.explain, which sends as much again only to say which values do not matter.
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
