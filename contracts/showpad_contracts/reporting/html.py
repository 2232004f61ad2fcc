"""A run as one page that needs nothing beside itself, for people."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from importlib.resources import files
from string import Template

from ..core.events import (
    LEVELS,
    VERDICTS,
    Outcome,
    RuleSkipped,
    RuleUnverified,
    RunEnded,
    RunStarted,
    WholeReport,
    printable,
    tally,
)
from .stories import Broken, Story, conclusion, stories

HEADINGS = {
    "broken": "Broken rules",
    "refuted assumption": "Refuted assumptions: the target does otherwise, which breaks no promise",
    "unverified": "Unverified: the check ran, but its outcome cannot be decided",
    "held": "Held",
    "skipped": "Skipped",
}


class HtmlReport(WholeReport):
    """Writes the page when the run is over."""

    def _write(self, run: RunStarted, outcomes: Sequence[Outcome], ended: RunEnded) -> None:
        # Built as a tree: what a target answered cannot become markup.
        body = ET.tostring(_page(run, outcomes, ended), encoding="unicode", method="html")
        title = ET.Element("title")
        title.text = printable(f"Contract of {run.target}")
        template = Template((files(__package__) / "page.html").read_text(encoding="utf-8"))
        # Through a tree as well, so that it is escaped; the tags around it the page has itself.
        head = ET.tostring(title, encoding="unicode", method="html")
        self._out.write(template.substitute(title=head[len("<title>") : -len("</title>")], body=body))


def _add(parent: ET.Element, tag: str, text: str = "", *, style: str = "") -> ET.Element:
    element = ET.SubElement(parent, tag, {"class": style} if style else {})
    element.text = printable(text)
    return element


def _word(verdict: str) -> str:
    """Return the class of a verdict in the style sheet."""
    return verdict.partition(" ")[0]


def _page(run: RunStarted, outcomes: Sequence[Outcome], ended: RunEnded) -> ET.Element:
    main = ET.Element("main")
    _add(main, "h1", f"Contract of {run.target}")
    said = f"{run.base_url}, profile {run.profile}, seed {run.seed}, {ended.requests} requests in {ended.seconds:.1f} s"
    _add(main, "p", said, style="faint")
    _add(main, "p", conclusion(run, outcomes))
    _sums(main, outcomes)
    if ended.stopped is not None:
        _add(main, "p", f"The run ended early: {ended.stopped}", style="notice")
    for thing in ended.left_behind:
        _add(main, "p", f"Left behind: {thing}", style="notice")
    told = stories(outcomes)
    for verdict in VERDICTS:
        of_it = [one for one in told if one.told.verdict == verdict]
        found = [one for one in outcomes if one.verdict == verdict and not isinstance(one, Broken)]
        if of_it:
            _stories(main, verdict, of_it, run)
        if found:
            _section(main, verdict, found)
    return main


def _sums(main: ET.Element, outcomes: Sequence[Outcome]) -> None:
    sums = _add(main, "ul", style="sums")
    for verdict, count in tally(outcomes).items():
        tile = _add(sums, "li", style=_word(verdict) + ("" if count else " none"))
        _add(tile, "b", str(count), style=_word(verdict) if count else "")
        _add(tile, "span", verdict)


def _section(main: ET.Element, verdict: str, found: Sequence[Outcome]) -> None:
    section = _add(main, "details" if verdict in ("held", "skipped") else "section")
    parent = _add(section, "summary") if section.tag == "details" else section
    _add(parent, "h2", HEADINGS[verdict])
    _table(section, found)


def _stories(main: ET.Element, verdict: str, found: Sequence[Story], run: RunStarted) -> None:
    section = _add(main, "section")
    _add(section, "h2", HEADINGS[verdict])
    for one in found:
        _violation(section, one, run)


def _violation(section: ET.Element, found: Story, run: RunStarted) -> None:
    outcome, rule, violation = found.told, found.told.rule, found.told.violation
    card = _add(section, "article", style=f"breach {_word(outcome.verdict)}")
    _add(card, "h3", rule.id)
    _add(card, "p", rule.sentence)
    facts = _add(card, "dl")
    said = {
        "Source": f"{rule.source} ({LEVELS[rule.level]})",
        "Check": violation.check.replace("_", " "),
        "At": f"{violation.what} ({violation.title.lower()})",
        "Expected": violation.expected,
        "Received": violation.received,
    } | ({"Also broken in the same way": found.also()} if found.also() else {})
    for name, value in said.items():
        _add(facts, "dt", name)
        _add(_add(facts, "dd"), "code" if name in ("Expected", "Received") else "span", value)
    _add(card, "p", f"{violation.shows_it()}:", style="faint")
    lines = _add(card, "pre")
    for line in violation.curl:
        _add(lines, "code", line)
    _add(card, "p", "Run this check again, drawing the same:", style="faint")
    _add(card, "pre", violation.replay_line(run))


def _table(section: ET.Element, found: Sequence[Outcome]) -> None:
    table = _add(_add(section, "div", style="table"), "table")
    has_reasons = isinstance(found[0], RuleSkipped | RuleUnverified)
    row = _add(_add(table, "thead"), "tr")
    for name in ("Rule", "Level", "Check", "Reason" if has_reasons else "Requests"):
        _add(row, "th", name)
    body = _add(table, "tbody")
    for one in found:
        row = _add(body, "tr")
        _add(_add(row, "td"), "code", one.rule.id)
        _add(row, "td", LEVELS[one.rule.level])
        _add(row, "td", one.check.replace("_", " "))
        _add(row, "td", one.reason if isinstance(one, RuleSkipped | RuleUnverified) else str(one.requests))
