"""What a run tells: the runner yields these, a report eats them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .exchange import Exchange
from .rule import Rule


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins: against what, how many checks, under which seed and profile."""

    target: str
    base_url: str
    checks: int
    seed: int
    profile: str


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check begins."""

    check: str


@dataclass(frozen=True, slots=True)
class Breach:
    """What was expected and received, and the shortest sequence of exchanges that leads there."""

    check: str
    title: str
    what: str
    expected: str
    received: str
    exchanges: Sequence[Exchange]
    replay: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended for one of its rules."""

    rule: Rule
    check: str
    seconds: float = 0.0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class RuleHeld(Outcome):
    """The rule held."""


@dataclass(frozen=True, slots=True)
class RuleBroken(Outcome):
    """A documented or stated rule was broken."""

    breach: Breach = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AssumptionRefuted(Outcome):
    """An assumed rule does not hold on this target; that fails no run."""

    breach: Breach = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class RuleSkipped(Outcome):
    """The rule was not checked: the target lacks what it needs, or the run may not do it."""

    reason: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class RuleUnverified(Outcome):
    """The check ran, but its outcome cannot be decided."""

    reason: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run is over. `left_behind` are the Shares that nothing can delete, and spaces that could not be deleted."""

    seconds: float
    requests: int
    left_behind: Sequence[str] = ()
    stopped: str | None = None


Event = RunStarted | CheckStarted | RuleHeld | RuleBroken | AssumptionRefuted | RuleSkipped | RuleUnverified | RunEnded
