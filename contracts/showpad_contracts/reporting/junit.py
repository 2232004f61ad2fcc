"""A run as JUnit's XML, for CI systems: a test case for each rule of each check."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from ..core.events import (
    LEVELS,
    AssumptionRefuted,
    Outcome,
    RuleBroken,
    RuleSkipped,
    RuleUnverified,
    RunEnded,
    RunStarted,
    WholeReport,
    printable,
    tally,
)
from .stories import Broken, by_outcome, conclusion, stories, story


class JUnitReport(WholeReport):
    """Writes the document when the run is over."""

    def _write(self, run: RunStarted, outcomes: Sequence[Outcome], ended: RunEnded) -> None:
        suite = _suite(run, outcomes, ended)
        top = ET.Element("testsuites", suite.attrib)
        top.append(suite)
        ET.indent(top)
        self._out.write('<?xml version="1.0" encoding="utf-8"?>\n')
        self._out.write(ET.tostring(top, encoding="unicode") + "\n")


def _suite(run: RunStarted, outcomes: Sequence[Outcome], ended: RunEnded) -> ET.Element:
    counts = {
        "tests": len(outcomes),
        "failures": sum(isinstance(one, RuleBroken) for one in outcomes),
        "skipped": sum(isinstance(one, RuleSkipped | RuleUnverified) for one in outcomes),
        "errors": 0,
    }
    attributes = {"name": f"showpad-contracts {printable(run.target)}", "time": f"{ended.seconds:.3f}"}
    suite = ET.Element("testsuite", attributes | {name: str(count) for name, count in counts.items()})
    properties = ET.SubElement(suite, "properties")
    told = {"base_url": run.base_url, "profile": run.profile, "seed": run.seed, "requests": ended.requests}
    told |= {f"rules {verdict}": count for verdict, count in tally(outcomes).items()}
    for name, value in told.items():
        ET.SubElement(properties, "property", name=name, value=str(value))
    found = stories(outcomes)
    others, also = by_outcome(found), {id(one.told): one.also() for one in found}
    for one in outcomes:
        lines = [others[id(one)].refers()] if id(one) in others else _story(one, run, also.get(id(one), ""))
        suite.append(_case(one, "\n".join(lines), run.suite))
    notes = [conclusion(run, outcomes)]
    notes += [f"stopped: {ended.stopped}"] if ended.stopped is not None else []
    notes += [f"left behind: {one}" for one in ended.left_behind]
    ET.SubElement(suite, "system-out").text = printable("\n".join(notes))
    return suite


def _story(outcome: Outcome, run: RunStarted, also: str) -> list[str]:
    return story(outcome, run, also) if isinstance(outcome, Broken) else []


def _case(outcome: Outcome, told: str, suite: str) -> ET.Element:
    rule = outcome.rule
    name = f"{rule.id} {outcome.check}"
    where = f"{suite}.{LEVELS[rule.level]}.{rule.id.partition('-')[0].lower()}"
    case = ET.Element("testcase", name=name, classname=where, time=f"{outcome.seconds:.3f}")
    match outcome:
        case RuleBroken():
            violation = outcome.violation
            said = printable(f"{violation.what}: expected {violation.expected}, received {violation.received}")
            ET.SubElement(case, "failure", message=said, type=violation.title).text = told
        case AssumptionRefuted():  # passes: an assumption that does not hold is nobody's error
            ET.SubElement(case, "system-out").text = told
        case RuleSkipped():
            ET.SubElement(case, "skipped", message=printable(outcome.reason))
        case RuleUnverified():
            # JUnit has no word for it; a failure would fail builds for what nobody knows.
            ET.SubElement(case, "skipped", message=printable(f"unverified: {outcome.reason}"))
    return case
