"""One check at work: Hypothesis draws for it, and the shortest violation that it finds is kept with what was sent."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky

from ..core.check import AnyCheck, Check
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
from ..suite import C

SHRINKS_ELSEWHERE = 100  # examples after the first violation on a tenant that is not the kit's own


class _Stop(BaseException):
    """Ends a property at once: Hypothesis would take any Exception for a failing example and shrink it."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


class Attempt:
    """One check at work: its last violation is the shortest one once Hypothesis is done shrinking."""

    def __init__(self, client: C, check: Check[C]) -> None:
        self._session = client.session
        self._run = partial(check.run, client)
        self.check: AnyCheck = check
        self.violation: Violation | None = None
        self.exchanges: list[Exchange] = []
        self._least: tuple[int, Violation, list[Exchange]] | None = None
        self._after = 0  # examples since the first violation

    def example(self, **drawn: Any) -> None:
        """Run the check once."""
        self._after += self.violation is not None
        if self._after > SHRINKS_ELSEWHERE and not self._session.target.is_own:
            raise _Stop(BudgetSpent("what is found is short enough for a tenant that is not the kit's own"))
        self._session.begin()
        try:
            self._run(**drawn)
        except (TargetLacks, NotPermitted, Inconclusive, BudgetSpent, NotTheApi) as ended:
            raise _Stop(ended) from None
        except PreconditionFailed as ended:
            self._unprepared(ended)
        except Violation as violation:
            self._note(violation)
            raise
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            if not self._session.trail:
                raise  # nothing was answered yet: the check itself is wrong
            # The check could not make sense of an answer: garbage breaks the rule that it was asked for.
            garbage = Violation(
                f"an answer that {self.check.name} can read",
                expected="the form promised",
                received=f"{type(error).__name__}: {error}",
            )
            self._note(garbage)
            raise garbage from error

    def _unprepared(self, ended: PreconditionFailed) -> None:
        """End a check that could not come to its point, unless what it needed is among what it is about."""
        if ended.rule in self.check.rules:
            ended.violation.rule = ended.rule
            self._note(ended.violation)
            raise ended.violation
        if self.violation is None:
            # A violation that was found before stays the one that is told, with its own exchanges.
            self.exchanges = list(self._session.trail)
        raise _Stop(ended)

    def _note(self, violation: Violation) -> None:
        self.violation = violation
        self.exchanges = list(self._session.trail)
        size = sum(len(one.path) + len(repr(one.sent)) for one in self.exchanges)
        if self._least is None or size < self._least[0]:
            self._least = (size, violation, self.exchanges)

    def execute(self, examples: int, seed_number: int) -> None:
        """Run the check, as often as it draws; raises what ended it before it held or failed."""
        try:
            self._try_always()
            if self.check.given:
                self._as_property(examples, seed_number)()
            elif not self.check.always:
                self.example()
        except Violation:
            return  # noted
        except Flaky:
            if self.violation is None:
                raise
            self._settle_for_least()  # the target broke the rule, though not every time
        except _Stop as stop:
            if self.violation is None:
                raise stop.cause from None
            self._settle_for_least()  # what was found stays found, whatever ended the search for a shorter one

    def _try_always(self) -> None:
        """Try what is tried whatever is drawn; examples that the target cannot serve end the check only if all are."""
        ended = []
        for values in self.check.always:
            try:
                self.example(**values)
            except _Stop as stop:
                if not isinstance(stop.cause, TargetLacks | NotPermitted | Inconclusive):
                    raise
                ended.append(stop)
        if ended and len(ended) == len(self.check.always):
            raise ended[0]

    def _as_property(self, examples: int, seed_number: int) -> Any:
        def example(**drawn: Any) -> None:
            self.example(**drawn)

        configured = settings(
            max_examples=min(examples, self.check.examples or examples),
            database=None,  # examples of a real tenant are nobody's to keep
            deadline=None,
            report_multiple_bugs=False,
            # Without Phase.explain, which sends as much again only to say which values do not matter.
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            # They judge how the test is made: that a target is slow or refuses much is no fault of the check.
            suppress_health_check=list(HealthCheck),
        )
        return seed(seed_number)(configured(given(**self.check.given)(example)))

    def _settle_for_least(self) -> None:
        """Where shrinking was broken off, the last violation need not be the shortest one."""
        if self._least is not None:
            _, self.violation, self.exchanges = self._least
