"""What the verbs of the command line do, once it is known what was asked for."""

from __future__ import annotations

import fnmatch
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from hypothesis.configuration import set_hypothesis_home_dir

from ..core.check import Check
from ..core.events import AssumptionRefuted, Event, Outcome, RuleBroken, RuleSkipped, RunEnded, RunStarted
from ..core.rule import Rule
from ..core.target import Target
from ..reporting.formats import FORMATS, Report
from ..reporting.stories import shortfall
from ..reporting.terminal import terminal
from ..suite import C, Suite
from .folder import FOLDER, answer_seconds, last, measured, remember
from .ledger import FileLedger
from .opening import OWN, CannotRun, RunOptions, opened
from .plan import all_requests, outline
from .runner import run

HELD, BROKEN = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """How a run is told: reports as (format, file), how much on the terminal, and what else makes it fail."""

    reports: Sequence[tuple[str, Path]] = ()
    quiet: bool = False
    verbose: bool = False
    fail_on: Collection[str] = ()


def work(
    options: RunOptions[C],
    environ: Mapping[str, str],
    reporting: ReportOptions,
    checks: Sequence[Check[C]] | None = None,
) -> int:
    """Check a target, tell every report, and give the exit code. Raises CannotRun, NotTheApi or TargetError."""
    checks = options.checks() if checks is None else checks
    # Else Hypothesis makes a folder of its own in the project that the kit is used in.
    set_hypothesis_home_dir(FOLDER / "hypothesis")
    collected = Collected()
    with ExitStack() as stack:
        # Before anything is sent: a report that cannot be written is not learned of after an hour.
        files = [_report(kind, file, stack) for kind, file in reporting.reports]
        client = stack.enter_context(opened(options, environ))
        shown = stack.enter_context(closing(terminal(sys.stdout, quiet=reporting.quiet, verbose=reporting.verbose)))
        eaters: list[Report] = [shown, *files, collected]
        plan = options.plan(client.session.target, checks)
        plan = replace(plan, requests=all_requests(plan, _known(options)))
        with closing(run(plan, client)) as events:
            for event in events:
                for report in eaters:
                    report.on_event(event)
    _mention(client.session.ledger)
    return collected.exit_code(reporting.fail_on)


def _report(kind: str, file: Path, stack: ExitStack) -> Report:
    try:
        return FORMATS[kind](stack.enter_context(file.open("w", encoding="utf-8")))
    except OSError as error:
        raise CannotRun(f"--report: {file} cannot be written: {error.strerror}") from None


def _mention(ledger: object) -> None:
    """Write where it is noted what a run could not delete."""
    if isinstance(ledger, FileLedger) and ledger.file.exists():
        sys.stderr.write(f"What may be left is noted in {ledger.file}: `showpad-contracts sweep` deletes it.\n")


class Collected:
    """Keeps a run's outcomes, for its exit code and for the next `rules`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._run: RunStarted | None = None
        self._ended: RunEnded | None = None
        self.outcomes: list[Outcome] = []

    def on_event(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._run = event
            case Outcome():
                self.outcomes.append(event)
            case RunEnded() if self._run is not None:
                self._ended = event
                remember(self._folder, self._run, self.outcomes)

    def exit_code(self, fail_on: Collection[str] = ()) -> int:
        """Return 1 where a rule was broken, 0 where the rules held; raises CannotRun where nothing can be said.

        `fail_on` is what else counts as broken: words of FAIL_ON.
        """
        # First: what was found counts, also where the run ended early.
        if any(isinstance(one, RuleBroken) for one in self.outcomes) or any(map(self._has, fail_on)):
            return BROKEN
        if self._ended is not None and self._ended.stopped is not None:
            raise CannotRun(self._ended.stopped)
        skips = [one for one in self.outcomes if isinstance(one, RuleSkipped)]
        if len(skips) == len(self.outcomes):
            [(reason, _)] = Counter(one.reason for one in skips).most_common(1) or [("no check was chosen", 0)]
            raise CannotRun(f"every rule was skipped, most because: {reason}")
        return HELD

    def _has(self, word: str) -> bool:
        """Return whether a run ended as it was asked to fail on."""
        if word == "refuted assumption":
            return any(isinstance(one, AssumptionRefuted) for one in self.outcomes)
        return self._run is not None and any(shortfall(self._run, self.outcomes, word))


def planned(options: RunOptions[C], environ: Mapping[str, str]) -> Iterator[str]:
    """Yield what a run would do, in lines; sends nothing."""
    checks = options.checks()
    target = _own() if options.target == OWN else options.suite.targets.choose(options.target, environ)
    answer = answer_seconds(FOLDER, target.base_url)
    yield from outline(
        options.plan(target, checks), target, _known(options), answer=answer, notified=options.suite.notified
    )


def _known(options: RunOptions[C]) -> Callable[[str], int | None]:
    return partial(measured, FOLDER, profile=options.profile)


def _own() -> Target:
    """Return the mock that a run would start."""
    return Target("mock", "one that the kit starts for itself", None, actors={}, offers={}, is_own=True)


def rules_table(suite: Suite[C], patterns: Sequence[str]) -> Iterator[str]:
    """Return the table of the rules: id, level, how many checks, last result; and why some have none."""
    catalogue = suite.catalogue
    bearing = Counter(rule for check in suite.checks for rule in check.rules)
    wanted = {rule for pattern in patterns for rule in fnmatch.filter(catalogue, pattern)} if patterns else catalogue
    if not wanted:
        raise CannotRun(f"no rule is like {' or '.join(map(repr, patterns))}")
    results = last(FOLDER).get("rules", {})
    yield f"{'RULE':<30} {'LEVEL':<5} {'CHECKS':>6}  LAST RESULT"
    for rule in catalogue.values():
        if rule.id in wanted:
            yield f"{rule.id:<30} {rule.level:<5} {bearing[rule.id]:>6}  {_result(rule, results)}".rstrip()
    yield f"Last results are those in {FOLDER}." if results else "No run has been made here yet."


def _result(rule: Rule, results: Mapping[str, Mapping[str, str]]) -> str:
    if rule.untestable is not None:
        return f"(no check can see it: {rule.untestable})"
    found = results.get(rule.id)
    return f"{found['verdict']} ({found['target']}, {found['at']})" if found is not None else ""
