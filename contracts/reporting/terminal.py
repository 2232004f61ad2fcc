"""A run on the terminal: a line a rule as it ends, or a bar that moves where somebody watches; what broke in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, TextIO

from ..events import (
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
    story,
    tally,
)

if TYPE_CHECKING:
    from rich.progress import TaskID

STYLES = {"broken": "bold red", "refuted assumption": "yellow", "unverified": "magenta", "held": "green"}


class _Report(Protocol):
    def on_event(self, event: Event) -> None: ...

    def close(self) -> None: ...


def terminal(out: TextIO, *, quiet: bool = False) -> _Report:
    """Give the report that suits where it is shown."""
    return Watched(out, quiet=quiet) if out.isatty() else Lines(out, quiet=quiet)


class Lines:
    """Plain lines: one a rule, the story of each breach, the sums at the end. `quiet` leaves out what held."""

    def __init__(self, out: TextIO, *, quiet: bool = False) -> None:
        self._out = out
        self._quiet = quiet
        self._run: RunStarted | None = None
        self._outcomes: list[Outcome] = []

    def on_event(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._run = event
                self._say([heading(event)])
            case Outcome():
                self._outcomes.append(event)
                self._say(self._ended(event))
            case RunEnded():
                self._say(["", *sums(self._outcomes, event)])

    def close(self) -> None:
        """Nothing is open."""

    def _ended(self, outcome: Outcome) -> list[str]:
        if self._run is not None and isinstance(outcome, RuleBroken | AssumptionRefuted):
            return ["", *story(outcome, self._run), ""]
        is_news = not (isinstance(outcome, RuleSkipped) and outcome.unreached)  # the sums tell the reason once
        return [line_of(outcome)] if is_news and not self._quiet else []

    def _say(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._out.write(line + "\n")
        self._out.flush()


class Watched:
    """For a terminal: a bar that moves, above it the story of each breach."""

    def __init__(self, out: TextIO, *, quiet: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._console = Console(file=out, highlight=False)
        name = TextColumn("{task.description}", markup=False)
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), name)
        self._progress = Progress(*columns, console=self._console, transient=True, disable=quiet)
        self._task: TaskID | None = None
        self._run: RunStarted | None = None
        self._outcomes: list[Outcome] = []
        self._begun = 0

    def on_event(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._run = event
                self._say(heading(event), "bold")
                self._task = self._progress.add_task("", total=event.checks)
                self._progress.start()
            case CheckStarted():
                self._at(event.check.replace("_", " "))
            case Outcome():
                self._outcomes.append(event)
                self._tell(event)
            case RunEnded():
                self._progress.stop()
                for line in sums(self._outcomes, event):
                    self._say(line, STYLES.get(_word_of(line), ""))

    def close(self) -> None:
        """Give the terminal back as it was, also where the run did not come to its end."""
        self._progress.stop()

    def _at(self, description: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=self._begun, description=description)
        self._begun += 1

    def _tell(self, outcome: Outcome) -> None:
        if self._run is None or not isinstance(outcome, RuleBroken | AssumptionRefuted):
            return
        first, *rest = story(outcome, self._run)
        self._say("", "")
        self._say(first, STYLES[outcome.verdict])
        for line in rest:
            self._say(line, "")

    def _say(self, line: str, style: str) -> None:
        # soft_wrap: a curl line that is broken by the terminal's width could not be copied
        self._console.print(line, style=style or None, markup=False, highlight=False, emoji=False, soft_wrap=True)


def heading(run: RunStarted) -> str:
    """Tell what is checked."""
    at = f"{run.target} ({run.base_url})" if run.target != run.base_url else run.target
    return printable(f"Checking {at}: {run.checks} checks, profile {run.profile}, seed {run.seed}")


def line_of(outcome: Outcome) -> str:
    """Tell an outcome in one line."""
    reason = f": {outcome.reason}" if isinstance(outcome, RuleSkipped | RuleUnverified) else ""
    return printable(f"{outcome.verdict:<10} {outcome.rule.id}  {outcome.check.replace('_', ' ')}{reason}")


def sums(outcomes: list[Outcome], ended: RunEnded) -> Iterator[str]:
    """Tell the sums of a run: rules by verdict, why some were not checked, what is left behind."""
    counts = tally(outcomes)
    for verdict in VERDICTS:
        if any(one.verdict == verdict for one in outcomes):
            yield f"{counts[verdict]:>5} {verdict}"
            yield from _reasons(outcomes, verdict)
    for thing in ended.left_behind:
        yield printable(f"Left behind: {thing}")
    if ended.stopped is not None:
        yield printable(f"The run ended early: {ended.stopped}")
    rate = ended.requests / ended.seconds if ended.seconds else 0
    sums = f"{sum(counts.values())} rules, {ended.requests} requests"
    yield f"{sums}, {ended.seconds:.1f} seconds, {rate:,.0f} requests a second"


def _reasons(outcomes: list[Outcome], verdict: str) -> Iterator[str]:
    kinds = [one for one in outcomes if isinstance(one, RuleSkipped | RuleUnverified) and one.verdict == verdict]
    for reason, count in Counter(one.reason for one in kinds).most_common():
        yield printable(f"      {count:>3} x {reason}")


def _word_of(line: str) -> str:
    return line.strip().partition(" ")[2]
