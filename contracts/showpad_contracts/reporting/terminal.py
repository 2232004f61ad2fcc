"""A run on the terminal: a bar that moves where somebody watches, then what broke in full, and the sums."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TextIO

from ..core.events import (
    VERDICTS,
    AssumptionRefuted,
    CheckStarted,
    Event,
    Outcome,
    RuleBroken,
    RuleSkipped,
    RuleUnverified,
    RunEnded,
    RunStarted,
    printable,
    tally,
    verdicts,
)
from .stories import Story, conclusion, stories, story

if TYPE_CHECKING:
    from rich.progress import TaskID

STYLES = {"broken": "bold red", "refuted assumption": "yellow", "unverified": "magenta", "held": "green"}
WIDTH = 80
MOST_REASONS = 3
WIDTHS = {"broken": 8, "refuted assumption": 20, "unverified": 12, "held": 6, "skipped": 9}
Line = tuple[str, str]
"""A line and its style."""


class _Report(Protocol):
    def on_event(self, event: Event) -> None: ...

    def close(self) -> None: ...


def terminal(out: TextIO, *, quiet: bool = False, verbose: bool = False) -> _Report:
    """Return the report that suits where it is shown."""
    return (Watched if out.isatty() else Lines)(out, quiet=quiet, verbose=verbose)


class Lines:
    """Plain lines: what breaks as it breaks, at the end each story and the sums.

    `quiet` leaves out all but the stories and how the run ended; `verbose` has a line a rule and every reason.
    """

    def __init__(self, out: TextIO, *, quiet: bool = False, verbose: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self._verbose = verbose
        self._run: RunStarted | None = None
        self._outcomes: list[Outcome] = []
        self._ways: set[tuple[str, ...]] = set()

    def on_event(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._run = event
                self._begin(event)
            case CheckStarted():
                self._at(event)
            case Outcome():
                self._outcomes.append(event)
                if self._is_news(event):
                    self._say(line_of(event), STYLES.get(event.verdict, ""))
            case RunEnded() if self._run is not None:
                self.close()
                for line, style in summary(self._run, self._outcomes, event, quiet=self._quiet, verbose=self._verbose):
                    self._say(line, style)

    def close(self) -> None:
        """Leave the terminal as it was, also where the run did not come to its end."""

    def _begin(self, run: RunStarted) -> None:
        self._say(heading(run), "bold")
        slow = run.forecast()
        if slow is not None:
            self._say(slow, "")

    def _at(self, check: CheckStarted) -> None:
        """Nobody watches."""

    def _is_news(self, outcome: Outcome) -> bool:
        """Return whether an outcome gets a line as it comes: every one, or the first of each way to be broken."""
        if self._quiet:
            return False
        if isinstance(outcome, RuleBroken | AssumptionRefuted):
            is_first = outcome.violation.shape not in self._ways
            self._ways.add(outcome.violation.shape)
            return is_first or self._verbose
        # Of what the run did not reach the summary tells the reason once.
        return self._verbose and not (isinstance(outcome, RuleSkipped) and outcome.unreached)

    def _say(self, line: str, style: str) -> None:  # noqa: ARG002 - plain lines have no style
        self._out.write(line + "\n")
        self._out.flush()


class Watched(Lines):
    """For a terminal: also a bar that moves."""

    def __init__(self, out: TextIO, *, quiet: bool = False, verbose: bool = False) -> None:
        # Here: only a terminal that somebody watches needs rich.
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        super().__init__(out, quiet=quiet, verbose=verbose)
        self._console = Console(file=out, highlight=False)
        name = TextColumn("{task.description}", markup=False)
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), name)
        self._progress = Progress(*columns, console=self._console, transient=True, disable=quiet)
        self._task: TaskID | None = None
        self._begun = 0

    def close(self) -> None:
        """Leave the terminal as it was, also where the run did not come to its end."""
        self._progress.stop()

    def _begin(self, run: RunStarted) -> None:
        super()._begin(run)
        self._task = self._progress.add_task("", total=run.checks)
        self._progress.start()

    def _at(self, check: CheckStarted) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=self._begun, description=check.check.replace("_", " "))
        self._begun += 1

    def _say(self, line: str, style: str) -> None:
        # soft_wrap: a line for a shell that is broken by the terminal's width could not be copied
        self._console.print(line, style=style or None, markup=False, highlight=False, emoji=False, soft_wrap=True)


def heading(run: RunStarted) -> str:
    """Return what is checked, in one line."""
    at = f"{run.target} ({run.base_url})" if run.target != run.base_url else run.target
    return printable(f"Checking {at}: {run.checks} checks, profile {run.profile}, seed {run.seed}")


def line_of(outcome: Outcome) -> str:
    """Return an outcome in one line."""
    reason = f": {outcome.reason}" if isinstance(outcome, RuleSkipped | RuleUnverified) else ""
    return printable(f"{outcome.verdict:<10} {outcome.rule.id}  {outcome.check.replace('_', ' ')}{reason}")


def summary(
    run: RunStarted, outcomes: Sequence[Outcome], ended: RunEnded, *, quiet: bool = False, verbose: bool = False
) -> Iterator[Line]:
    """Yield how a run ended, in lines: what broke, how many rules of each noun ended how, what needs a reader."""
    for one in stories(outcomes):
        yield from _told(one, run)
    if not quiet:
        yield from _table(outcomes)
    for word in ("unverified", "skipped"):
        yield from _reasons(outcomes, word, most=None if verbose else MOST_REASONS)
    yield from ((printable(f"Left behind: {thing}"), "") for thing in ended.left_behind)
    if ended.stopped is not None:
        yield printable(f"The run ended early: {ended.stopped}"), ""
    rate = ended.requests / ended.seconds if ended.seconds else 0
    rules = len(verdicts(outcomes))
    yield f"{rules} rules, {ended.requests:,} requests, {ended.seconds:.1f} seconds, {rate:,.0f} requests a second", ""
    yield conclusion(run, outcomes), "bold"


def _told(one: Story, run: RunStarted) -> Iterator[Line]:
    first, *rest = story(one.told, run, one.also())
    yield "", ""
    yield first, STYLES[one.told.verdict]
    yield from ((line, "") for line in rest)


def _table(outcomes: Sequence[Outcome]) -> Iterator[Line]:
    """Count the rules by noun, which their ids begin with, and by the word that they ended with."""
    found = verdicts(outcomes)
    counts = Counter((rule.partition("-")[0], verdict) for rule, verdict in found.items())
    yield "", ""
    yield f"{'rules':<9}" + "".join(f"{word:>{WIDTHS[word]}}" for word in VERDICTS), ""
    for noun in dict.fromkeys(noun for noun, _ in counts):
        numbers = [counts[noun, word] for word in VERDICTS]
        # They come with the worst first.
        worst = next(word for word in VERDICTS if counts[noun, word])
        yield _row(noun, numbers), "" if worst == "held" else STYLES.get(worst, "")
    yield _row("all", tally(outcomes).values()), ""


def _row(name: str, numbers: Iterable[int]) -> str:
    return f"{name:<9}" + "".join(f"{n or '-':>{WIDTHS[word]}}" for n, word in zip(numbers, VERDICTS, strict=True))


def _reasons(outcomes: Sequence[Outcome], word: str, *, most: int | None) -> Iterator[Line]:
    found = verdicts(outcomes)
    rules: dict[str, set[str]] = {}
    for one in outcomes:
        if isinstance(one, RuleSkipped | RuleUnverified) and one.verdict == word == found[one.rule.id]:
            rules.setdefault(one.reason, set()).add(one.rule.id)
    by_number = sorted(rules.items(), key=lambda pair: -len(pair[1]))  # what explains most comes first
    for reason, of in by_number[:most]:
        names = f" ({', '.join(sorted(of))})" if most is None else ""
        yield from ((line, "") for line in _wrapped(f"{len(of):>3} {word}: {reason}{names}"))
    more = len(by_number[len(by_number) if most is None else most :])
    if more:
        yield f"    {word} for {more} more reason{'s' if more > 1 else ''}, which --verbose tells", ""


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(printable(text), WIDTH, subsequent_indent="    ", break_long_words=False)
