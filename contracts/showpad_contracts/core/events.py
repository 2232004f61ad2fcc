"""What a run tells: the runner yields these, a report eats them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TextIO

from .estimate import SLOW_SECONDS, forecast
from .exchange import Exchange
from .rule import Level, Rule

LEVELS = {Level.DOCUMENTED: "documented", Level.STATED: "stated", Level.ASSUMED: "assumed"}
VERDICTS = ("broken", "refuted assumption", "unverified", "held", "skipped")
"""The five words; where a rule has several checks, the first that one of them ended with is the rule's."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins: against what, how many checks, under which seed and profile.

    `named` are the flags by which the command line came to this target, for lines that repeat a part of the run;
    `asked` are the rules that were asked for by name.
    """

    target: str
    base_url: str
    checks: int
    seed: int
    profile: str
    named: str = ""
    asked: Collection[str] = ()
    requests: int = 0
    """About how many requests it will take, 0 where nobody knows."""
    answer_seconds: float = 0.0
    """How long the target took for an answer."""
    rate: float | None = None
    """How many requests a second the run sends at most."""
    suite: str = ""
    """Whose rules they are."""

    def forecast(self) -> str | None:
        """Return how long the run will take where the target is slow, None where it is not."""
        if self.answer_seconds < SLOW_SECONDS:
            return None
        return f"The target is slow: {forecast(self.requests, self.answer_seconds, self.rate)}."


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check begins."""

    check: str


@dataclass(frozen=True, slots=True)
class ReportedViolation:
    """What was expected and received, and the shortest sequence of exchanges that leads there."""

    check: str
    title: str
    what: str
    expected: str
    received: str
    exchanges: Sequence[Exchange]
    replay: str
    curl: Sequence[str] = ()
    """Lines for a shell that send the same again."""
    variables: Sequence[str] = ()
    """The environment variables that they take tokens from."""
    is_of_its_own: bool = True
    """Whether the check is about the rule, and not one that needed it to hold, or that looks at many."""
    operation: str = ""
    """The operationId of the request that was answered wrongly, empty where it is none of the known ones."""
    shape: tuple[str, ...] = ()
    """What other violations have in common with it that are broken in the same way at the same place."""

    def shows_it(self) -> str:
        """Head the lines for a shell: what they are, and the variables that they need."""
        tokens = f"; tokens in {', '.join(self.variables)}" if self.variables else ""
        return f"Shortest sequence that shows it (sh, curl and sed; deletes what it creates{tokens})"

    def replay_line(self, run: RunStarted) -> str:
        """Return the command that runs just this check again."""
        return f"showpad-contracts replay {self.replay} {run.named}".strip()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended for one of its rules."""

    verdict: ClassVar[str]

    rule: Rule
    check: str
    seconds: float = 0.0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class RuleHeld(Outcome):
    """The rule held."""

    verdict: ClassVar[str] = "held"


@dataclass(frozen=True, slots=True)
class RuleBroken(Outcome):
    """A documented or stated rule was broken."""

    verdict: ClassVar[str] = "broken"

    violation: ReportedViolation = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AssumptionRefuted(Outcome):
    """An assumed rule does not hold on this target; that fails no run."""

    verdict: ClassVar[str] = "refuted assumption"

    violation: ReportedViolation = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class RuleSkipped(Outcome):
    """The rule was not checked: the target lacks what it needs, or the run may not (or ended before: `unreached`)."""

    verdict: ClassVar[str] = "skipped"

    reason: str = field(kw_only=True)
    unreached: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class RuleUnverified(Outcome):
    """The check ran, but its outcome cannot be decided."""

    verdict: ClassVar[str] = "unverified"

    reason: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run is over. `left_behind` is what nothing can delete, and what could not be deleted.

    `stopped` says why it ended before all checks had run.
    """

    seconds: float
    requests: int
    left_behind: Sequence[str] = ()
    stopped: str | None = None


Event = RunStarted | CheckStarted | Outcome | RunEnded


def verdicts(outcomes: Iterable[Outcome]) -> dict[str, str]:
    """Return the verdict of each rule from those of its checks."""
    found: dict[str, str] = {}
    for outcome in outcomes:
        before = found.get(outcome.rule.id, VERDICTS[-1])
        # The worst word is the rule's: one check that held says nothing against another that was broken.
        found[outcome.rule.id] = min(before, outcome.verdict, key=VERDICTS.index)
    return found


def tally(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Count the rules by their verdict, all five words told."""
    found = list(verdicts(outcomes).values())
    return {verdict: found.count(verdict) for verdict in VERDICTS}


def printable(text: str) -> str:
    """Return a text without what would steer a terminal or break a document, such as escapes and lone surrogates."""
    return "".join(one if one.isprintable() or one in "\n\t" else ascii(one)[1:-1] for one in text)


class WholeReport(ABC):
    """A report that is written when the run is over: gathers the outcomes until then."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._run: RunStarted | None = None
        self._outcomes: list[Outcome] = []

    def on_event(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._run = event
            case Outcome():
                self._outcomes.append(event)
            case RunEnded() if self._run is not None:
                self._write(self._run, self._outcomes, event)

    @abstractmethod
    def _write(self, run: RunStarted, outcomes: Sequence[Outcome], ended: RunEnded) -> None:
        """Write the report."""
