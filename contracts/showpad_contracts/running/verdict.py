"""From how a check ended to an outcome for each of its rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.check import AnyCheck
from ..core.events import (
    AssumptionRefuted,
    Outcome,
    ReportedViolation,
    RuleBroken,
    RuleHeld,
    RuleSkipped,
    RuleUnverified,
)
from ..core.exchange import Exchange
from ..core.rule import Level, Rule
from ..core.violation import Inconclusive, PreconditionFailed, TargetLacks, Violation
from .reproduction import Setting, reproduction

SHOWN_CHARACTERS = 500
REQUEST = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (/[^\s?]*)\S*")
ID = re.compile(r"[\w-]*\d[\w-]*")
"""A word with a digit in it: an id, a mark or a number."""
# As core.expect words one: "404", "404 (what it says)", "200 or 204", "4xx (a refusal)".
STATUS = re.compile(r"[1-5](?:\d\d|xx)(?= \(|$| or )")
Told = set[tuple[str, ...]]
"""What a run has told already: the rules that were broken, and in which way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A check that has run: what it took, what runs it again, and what the run has `told` of violations before."""

    check: AnyCheck
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

    def broke(self, violation: Violation, exchanges: Sequence[Exchange]) -> Iterator[Outcome]:
        """One rule was broken; the others are inconclusive."""
        broken = violation.rule if violation.rule is not None else self.check.rules[0]
        for rule in self._rules:
            if rule.id == broken:
                yield self._broken(rule, violation, exchanges)
            elif not self.check.sweeping:  # else its own checks decide
                yield self._unverified(rule, f"the check stopped where {broken} did not hold")

    def ended(self, by: Exception, exchanges: Sequence[Exchange]) -> Iterator[Outcome]:
        """The check ended before it could say anything of its rules."""
        if isinstance(by, PreconditionFailed):
            yield from self._unprepared(by, exchanges)
        elif isinstance(by, Inconclusive):
            yield from self._all_unverified(str(by))
        else:
            reason = f"the target does not offer {by}" if isinstance(by, TargetLacks) else str(by)
            yield from (RuleSkipped(rule, *self._spent, reason=reason) for rule in self._rules)

    def _unprepared(self, by: PreconditionFailed, exchanges: Sequence[Exchange]) -> Iterator[Outcome]:
        """The rule that what was needed broke is told, once for each way; the check's own rules are inconclusive.

        So nothing is lost where that rule's own checks find nothing, or are not among those that run.
        """
        told = len(self.told)
        broken = self._broken(self.catalogue[by.rule], by.violation, exchanges)
        if len(self.told) > told:  # many checks need the same: one story is enough
            yield broken
        violation = by.violation
        how = f"{violation.what}: expected {_shown(violation.expected)}, received {_shown(violation.received)}"
        yield from self._all_unverified(f"needs {by.need}, but {by.rule} does not hold: {how}")

    def _all_unverified(self, reason: str) -> Iterator[Outcome]:
        inconclusive = self._rules[:1] if self.check.sweeping else self._rules
        yield from (self._unverified(rule, reason) for rule in inconclusive)

    @property
    def _rules(self) -> list[Rule]:
        return [self.catalogue[rule] for rule in self.check.rules]

    @property
    def _spent(self) -> tuple[str, float, int]:
        return self.check.name, self.seconds, self.requests

    def _unverified(self, rule: Rule, reason: str) -> RuleUnverified:
        return RuleUnverified(rule, *self._spent, reason=reason)

    def _broken(
        self, rule: Rule, violation: Violation, exchanges: Sequence[Exchange]
    ) -> RuleBroken | AssumptionRefuted:
        reported = ReportedViolation(
            check=self.check.name,
            title=violation.title,
            what=violation.what,
            expected=_shown(violation.expected),
            received=_shown(violation.received),
            exchanges=exchanges,
            replay=self.replay,
            curl=reproduction(exchanges, self.setting),
            variables=self.setting.needed(exchanges),
            is_of_its_own=rule.id in self.check.rules and not self.check.sweeping,
            operation=self.operation_of(*_request(violation, exchanges)),
            shape=_shape(rule.id, violation, exchanges),
        )
        self.told.add((rule.id, *reported.shape))
        kind = AssumptionRefuted if rule.level is Level.ASSUMED else RuleBroken
        return kind(rule, *self._spent, violation=reported)


def _shape(rule: str, violation: Violation, exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    """Return how and where a rule is broken, without what differs from one example to the next."""
    method, path = _request(violation, exchanges)
    place = f"{method} {ID.sub('ID', path)}"
    what = ID.sub("ID", REQUEST.sub("the request", violation.what))
    expected, received = _form(violation.expected), _form(violation.received)
    # Of what was not refused each is a story of its own: what should have been refused differs.
    which = rule if expected.startswith("4") and received.startswith("2") else ""
    return place, violation.title, what, expected, received, which


def _request(violation: Violation, exchanges: Sequence[Exchange]) -> tuple[str, str]:
    """Return method and path of the request that was answered wrongly: the one that is named, else the last."""
    found = REQUEST.search(violation.what) or (REQUEST.match(exchanges[-1].name) if exchanges else None)
    return (found[1], found[2]) if found is not None else ("", "")


def _form(value: Any) -> str:
    """Return the status that a text begins with, else the type of a value."""
    status = STATUS.match(str(value)) if isinstance(value, str | int) else None
    return status[0] if status is not None else type(value).__name__


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."
