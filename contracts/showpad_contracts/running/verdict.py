"""From how a check ended to an outcome for each of its rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.check import Check
from ..core.events import AssumptionRefuted, Breach, Outcome, RuleBroken, RuleHeld, RuleSkipped, RuleUnverified
from ..core.exchange import Exchange
from ..core.failure import Failure, PreconditionFailed, TargetLacks, Undecided
from ..core.rule import Level, Rule
from .attempt import Attempt
from .reproduction import Setting, reproduction

SHOWN_CHARACTERS = 500
REQUEST = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/[^\s?]*)\S*")
ID = re.compile(r"[\w-]*\d[\w-]*")
"""A word with a digit in it: an id, a mark or a number."""
STATUS = re.compile(r"[1-5](?:\d\d|xx)(?= \(|$| or )")
Told = set[tuple[str, ...]]
"""What a run has told already: the rules that were broken, and in which way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A check that has run: what it took, what runs it again, and what the run has `told` of breaches before."""

    check: Check
    catalogue: Mapping[str, Rule]
    seconds: float
    requests: int
    replay: str
    setting: Setting
    operation_of: Callable[[str, str], str]
    told: Told

    def held(self) -> Iterator[Outcome]:
        """Every rule of the check held."""
        yield from (RuleHeld(rule, *self._spent) for rule in self._rules)

    def broke(self, failure: Failure, exchanges: Sequence[Exchange]) -> Iterator[Outcome]:
        """One rule was broken; the others are undecided."""
        broken = failure.rule if failure.rule is not None else self.check.rules[0]
        for rule in self._rules:
            if rule.id == broken:
                yield self._breach(rule, failure, exchanges)
            elif not self.check.sweeping:  # else its own checks decide
                yield self._unverified(rule, f"the check stopped where {broken} did not hold")

    def ended(self, by: Exception, attempt: Attempt) -> Iterator[Outcome]:
        """The check ended before it could say anything of its rules."""
        if isinstance(by, PreconditionFailed):
            yield from self._unprepared(by, attempt.exchanges)
        elif isinstance(by, Undecided):
            yield from self._all_unverified(str(by))
        else:
            reason = f"the target does not offer {by}" if isinstance(by, TargetLacks) else str(by)
            yield from (RuleSkipped(rule, *self._spent, reason=reason) for rule in self._rules)

    def _unprepared(self, by: PreconditionFailed, exchanges: Sequence[Exchange]) -> Iterator[Outcome]:
        """The rule that what was needed broke is told, once for each way; the check's own rules are undecided.

        So nothing is lost where that rule's own checks find nothing, or are not among those that run.
        """
        told = len(self.told)
        breach = self._breach(self.catalogue[by.rule], by.failure, exchanges)
        if len(self.told) > told:
            yield breach
        failure = by.failure
        how = f"{failure.what}: expected {_shown(failure.expected)}, received {_shown(failure.received)}"
        yield from self._all_unverified(f"needs {by.need}, but {by.rule} does not hold: {how}")

    def _all_unverified(self, reason: str) -> Iterator[Outcome]:
        undecided = self._rules[:1] if self.check.sweeping else self._rules
        yield from (self._unverified(rule, reason) for rule in undecided)

    @property
    def _rules(self) -> list[Rule]:
        return [self.catalogue[rule] for rule in self.check.rules]

    @property
    def _spent(self) -> tuple[str, float, int]:
        return self.check.name, self.seconds, self.requests

    def _unverified(self, rule: Rule, reason: str) -> RuleUnverified:
        return RuleUnverified(rule, *self._spent, reason=reason)

    def _breach(self, rule: Rule, failure: Failure, exchanges: Sequence[Exchange]) -> RuleBroken | AssumptionRefuted:
        breach = Breach(
            check=self.check.name,
            title=failure.title,
            what=failure.what,
            expected=_shown(failure.expected),
            received=_shown(failure.received),
            exchanges=exchanges,
            replay=self.replay,
            curl=reproduction(exchanges, self.setting),
            variables=self.setting.needed(exchanges),
            is_of_its_own=rule.id in self.check.rules and not self.check.sweeping,
            operation=self.operation_of(*_request(failure, exchanges)),
            shape=_shape(rule.id, failure, exchanges),
        )
        self.told.add((rule.id, *breach.shape))
        kind = AssumptionRefuted if rule.level is Level.ASSUMED else RuleBroken
        return kind(rule, *self._spent, breach=breach)


def _shape(rule: str, failure: Failure, exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """Tell how and where a rule is broken, without what differs from one example to the next."""
    method, path = _request(failure, exchanges)
    place = f"{method} {ID.sub('ID', path)}"
    what = ID.sub("ID", REQUEST.sub("the request", failure.what))
    expected, received = _form(failure.expected), _form(failure.received)
    # Of what was not refused each is a story of its own: what should have been refused differs.
    which = rule if expected.startswith("4") and received.startswith("2") else ""
    return place, failure.title, what, expected, received, which


def _request(failure: Failure, exchanges: Sequence[Exchange]) -> tuple[str, str]:
    """Return method and path of the request that was answered wrongly: the one that is named, else the last."""
    found = REQUEST.search(failure.what) or (REQUEST.match(exchanges[-1].name) if exchanges else None)
    return (found[1], found[2]) if found is not None else ("", "")


def _form(value: Any) -> str:
    """Give the status that a text begins with, else the type of a value."""
    status = STATUS.match(str(value)) if isinstance(value, str | int) else None
    return status[0] if status is not None else type(value).__name__


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
