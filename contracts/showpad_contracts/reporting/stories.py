"""How what was found is told: one bug one story, however many rules it broke; and what was not checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..core.events import (
    LEVELS,
    VERDICTS,
    AssumptionRefuted,
    Outcome,
    RuleBroken,
    RunStarted,
    printable,
    tally,
    verdicts,
)

Broken = RuleBroken | AssumptionRefuted
UNCHECKED = ("skipped", "unverified")


@dataclass(frozen=True, slots=True)
class Story:
    """A violation that is told in full, and the others that are broken in the same way at the same place."""

    told: Broken
    others: Sequence[Broken] = ()

    def also(self) -> str:
        """Return the ids of the other rules, empty where there are none."""
        found = {one.rule.id: one for one in self.others if one.rule.id != self.told.rule.id}
        return ", ".join(
            f"{rule} ({one.verdict})" if one.verdict != self.told.verdict else rule for rule, one in found.items()
        )

    def refers(self) -> str:
        """Point from one of the others to what is told in full."""
        return f"broken in the same way as {self.told.rule.id} ({self.told.check}), where it is told"


def stories(outcomes: Sequence[Outcome]) -> list[Story]:
    """Return the stories of a run, in the order of the first violation of each."""
    groups: dict[object, list[Broken]] = {}
    for one in outcomes:
        if isinstance(one, Broken):
            # Without a shape nothing says that it is like another.
            groups.setdefault(one.violation.shape or id(one), []).append(one)
    return [_story(group) for group in groups.values()]


def _story(group: list[Broken]) -> Story:
    told = min(group, key=_nearness)
    return Story(told, tuple(one for one in group if one is not told))


def _nearness(one: Broken) -> tuple[int, bool, bool, int, bool]:
    """Return how near a rule is to a violation: the nearest says that the operation succeeds, found by its check."""
    rule = one.rule
    is_its_own = rule.operation == one.violation.operation
    return (
        VERDICTS.index(one.verdict),
        not is_its_own,
        not rule.id.endswith("-OK"),
        rule.place,
        not one.violation.is_of_its_own,
    )


def by_outcome(found: Sequence[Story]) -> dict[int, Story]:
    """Return the story of each outcome that is one of the others, by its identity."""
    return {id(one): story for story in found for one in story.others}


def story(outcome: Broken, run: RunStarted, also: str = "") -> list[str]:
    """Return a violation in lines of plain text: the sentence, expected and received, how to see it again."""
    rule, violation = outcome.rule, outcome.violation
    lines = [
        f"{rule.id}: {outcome.verdict}",
        f"  rule      {rule.sentence}",
        f"  source    {rule.source} ({LEVELS[rule.level]})",
        f"  check     {violation.check.replace('_', ' ')}",
        f"  at        {violation.what} ({violation.title.lower()})",
        f"  expected  {violation.expected}",
        f"  received  {violation.received}",
        *([f"  also broken in the same way: {also}"] if also else []),
        f"  {violation.shows_it()}:",
        *(f"    {line}" for line in violation.curl),
        f"  replay    {violation.replay_line(run)}",
    ]
    return [printable(line) for line in lines]


def conclusion(run: RunStarted, outcomes: Sequence[Outcome]) -> str:
    """Return in words how a run ended, and whether that is less than was asked for."""
    broken = tally(outcomes)["broken"]
    said = "No rule was broken" if not broken else "1 rule was broken" if broken == 1 else f"{broken} rules were broken"
    missed = [told for word in UNCHECKED for told in shortfall(run, outcomes, word)]
    return f"{said}, but {'; '.join(missed)}." if missed else f"{said}."


def shortfall(run: RunStarted, outcomes: Sequence[Outcome], word: str) -> Iterator[str]:
    """Return what a run was to check and did not: rules asked for by name, or half of all; `word` is how they ended."""
    found = verdicts(outcomes)
    missed = [rule for rule, verdict in found.items() if verdict == word]
    asked = [rule for rule in missed if rule in run.asked]
    if asked:
        yield f"{', '.join(asked)} {'was' if len(asked) == 1 else 'were'} asked for and {word}"
    elif missed and 2 * len(missed) >= len(found):
        yield f"{len(missed)} of {len(found)} rules were {word}"
