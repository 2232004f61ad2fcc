from __future__ import annotations

import ast
import html
import io
import json
import re
import xml.etree.ElementTree as ET
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
from rich.console import Console

from showpad_contracts import reporting
from showpad_contracts.core import expect
from showpad_contracts.core.check import check
from showpad_contracts.core.events import (
    Event,
    RuleBroken,
    RuleHeld,
    RuleSkipped,
    RunEnded,
    RunStarted,
    printable,
    tally,
)
from showpad_contracts.core.violation import Inconclusive, TargetLacks
from showpad_contracts.reporting.html import HtmlReport
from showpad_contracts.reporting.json_ import JsonReport
from showpad_contracts.reporting.junit import JUnitReport
from showpad_contracts.reporting.stories import stories
from showpad_contracts.reporting.terminal import Lines, Watched, terminal
from showpad_contracts.showpad.catalogue import CATALOGUE

from ...harness.in_process import fresh_mock
from ..scripted import TOKEN, Scripted, events_of, outcomes_of
from ..tenants import TOKENS, kit, served, target_file

HOSTILE = "\x1b[31m</code><script src='http://evil/'>&\x00\ud800\u202e]]>$title {x}"


@check("DOC-ONE")
def it_holds(client: Scripted) -> None:
    client.admin.get("/a")


@check("DOC-TWO")
def it_breaks(client: Scripted) -> None:
    space = client.admin.post("/shared-spaces", {"title": "it's"}).received
    expect.equal(client.admin.get(f"/shared-spaces/{space['id']}").received["title"], "expected", "the title")


@check("ASSUMED-ONE")
def it_refutes(client: Scripted) -> None:
    expect.status(client.admin.get("/a"), 404)


@check("STATED-ONE")
def it_lacks(client: Scripted) -> None:
    raise TargetLacks("a moon")


@check("STATED-ONE")
def it_depends(client: Scripted) -> None:
    raise Inconclusive("who knows")


def answer(_: httpx2.Request) -> httpx2.Response:
    said = json.dumps({"id": "space-7", "title": f"{HOSTILE} {TOKEN}"})
    return httpx2.Response(201, content=said, headers={"X-Echo": TOKEN})


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return events_of(it_holds, it_breaks, it_refutes, it_lacks, it_depends, handler=answer, named="--target 'a b.toml'")


def told_by(make: Callable[[io.StringIO], Any], events: list[Event]) -> str:
    out = io.StringIO()
    report = make(out)
    for event in events:
        report.on_event(event)
    return out.getvalue()


ALL = [Lines, Watched, JUnitReport, HtmlReport, JsonReport]


@pytest.mark.parametrize("make", ALL)
def test_every_report_tells_the_five_words_and_how_to_see_a_breach_again(
    make: Callable[[io.StringIO], Any], events: list[Event]
) -> None:
    told = told_by(make, events)
    for word in ("broken", "refuted assumption", "held", "skipped", "unverified"):
        assert word in told
    assert "The sentence of DOC-TWO." in told
    assert "guide 001" in told
    assert 'must -X POST "$API"/shared-spaces' in html.unescape(told).replace('\\"', '"')
    assert "showpad-contracts replay it_breaks@0 --target 'a b.toml'" in told


@pytest.mark.parametrize("make", ALL)
def test_no_report_shows_a_token_or_what_would_steer_a_terminal(
    make: Callable[[io.StringIO], Any], events: list[Event]
) -> None:
    told = told_by(make, events)
    assert TOKEN not in told
    assert "\x00" not in told
    assert "\ud800" not in told
    assert "\u202e" not in told
    told.encode()
    if make not in (Watched, JUnitReport):
        assert "\x1b" not in told


def test_a_watched_report_escapes_what_the_target_says_itself(events: list[Event]) -> None:
    assert "\x1b[31m</code>" not in told_by(Watched, events)
    assert "\\x1b[31m</code>" in told_by(Watched, events)


def test_the_sums_are_of_rules_each_by_its_worst_word(events: list[Event]) -> None:
    assert tally(outcomes_of(events)) == {
        "broken": 1, "refuted assumption": 1, "unverified": 1, "held": 1, "skipped": 0,
    }  # fmt: skip


# Lines and the terminal


def test_plain_lines_are_for_what_is_no_terminal(events: list[Event]) -> None:
    assert isinstance(terminal(io.StringIO()), Lines)
    told = told_by(lambda out: Lines(out, verbose=True), events).splitlines()
    assert told[0] == "Checking scripted (http://127.0.0.1/v4): 5 checks, profile default, seed 0"
    assert "held       DOC-ONE  it holds" in told
    assert "skipped    STATED-ONE  it lacks: the target does not offer a moon" in told
    assert "unverified STATED-ONE  it depends: who knows" in told


def test_quiet_lines_tell_what_broke_and_the_sums_alone(events: list[Event]) -> None:
    told = told_by(lambda out: Lines(out, quiet=True), events)
    assert "it holds" not in told
    assert "DOC-TWO: broken" in told


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("variable", ["TERM", "NO_COLOR"])
def test_a_terminal_gets_a_bar_and_whole_curl_lines(
    events: list[Event], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "xterm" if variable == "TERM" else "1")
    monkeypatch.setenv("COLUMNS", "40")
    out = Terminal()
    report = terminal(out)
    assert isinstance(report, Watched)
    for event in events:
        report.on_event(event)
    step = next(line for line in out.getvalue().splitlines() if "must -X POST" in line)
    assert "title" in step, "the line is broken by the terminal's width"


def test_rich_does_not_read_what_the_target_says_as_markup(events: list[Event]) -> None:
    out = io.StringIO()
    Console(file=out).print("[bold]x", markup=True)
    assert out.getvalue().strip() == "x"
    assert "{x}" in told_by(Watched, events)


# JUnit


def test_junit_parses_and_counts(events: list[Event]) -> None:
    top = ET.fromstring(told_by(JUnitReport, events).encode())
    suite = top.find("testsuite")
    assert suite is not None
    cases = suite.findall("testcase")
    assert [suite.get(name) for name in ("tests", "failures", "skipped", "errors")] == ["5", "1", "2", "0"]
    assert len(cases) == 5
    assert len(suite.findall("testcase/failure")) == 1
    assert [one.get("message") for one in suite.findall("testcase/skipped")] == [
        "the target does not offer a moon", "unverified: who knows",
    ]  # fmt: skip
    refuted = next(one for one in cases if "ASSUMED-ONE" in str(one.get("name")))
    assert refuted.find("failure") is None
    assert "refuted assumption" in str(refuted.findtext("system-out"))
    assert "curl" in str(suite.findtext("testcase/failure"))


def test_junit_tells_what_is_left_behind() -> None:
    run = RunStarted("x", "http://127.0.0.1/v4", 0, 0, "quick")
    told = told_by(JUnitReport, [run, RunEnded(1.0, 3, ["Share 7"], "interrupted")])
    assert "left behind: Share 7" in told
    assert "stopped: interrupted" in told
    assert "No rule was broken." in told


# HTML


class References(HTMLParser):
    """Collects whatever a browser would fetch, and checks that elements nest."""

    VOID = ("meta", "link", "img", "br", "hr", "input")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"{tag} {name}={value}" for name, value in attrs if name in ("src", "href", "srcset", "action")]
        self.found += [tag] if tag in ("script", "link", "iframe", "object", "embed", "img") else []
        self.open += [] if tag in self.VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_needs_nothing_beside_itself(events: list[Event]) -> None:
    page = told_by(HtmlReport, events)
    parser = References()
    parser.feed(page)
    parser.close()
    assert parser.found == []
    assert parser.open == []
    assert not re.search(r"@import|url\(", page)


def test_the_page_tells_the_story_of_a_breach(events: list[Event]) -> None:
    parser = References()
    parser.feed(told_by(HtmlReport, events))
    text = "".join(parser.text)
    assert "The sentence of DOC-TWO." in text
    assert "ID_1=$(read_id)" in text
    assert "replay it_breaks@0" in text
    assert printable("\x1b[31m</code><script") in text


# JSON


def test_the_json_document_holds_what_the_events_tell(events: list[Event]) -> None:
    document = json.loads(told_by(JsonReport, events))
    assert json.loads(json.dumps(document)) == document
    ended = outcomes_of(events)
    assert [(one["rule"], one["verdict"], one["check"], one["sentence"]) for one in document["outcomes"]] == [
        (one.rule.id, one.verdict, one.check, one.rule.sentence) for one in ended
    ]
    assert document["rules"] == tally(ended)
    broken = next(one for one in document["outcomes"] if one["verdict"] == "broken")
    assert broken["level"] == "D"
    assert broken["breach"]["expected"] == "expected"
    assert [one["method"] for one in broken["breach"]["exchanges"]] == ["POST", "GET"]
    assert json.loads(broken["breach"]["exchanges"][0]["sent"]) == {"title": "it's"}
    assert document["stopped"] is None


# Layers


REPORTS = [path for path in sorted(Path(reporting.__path__[0]).glob("*.py")) if path.name != "formats.py"]


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_a_report_imports_the_events_and_nothing_else_of_ours(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    relative = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level}
    absolute = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    assert relative <= {"core.events", "stories"}
    assert not [name for name in absolute if str(name).startswith("showpad_contracts")]


# Stories: one bug, one


@check("DOC-ONE")
def it_breaks_as_well(client: Scripted) -> None:
    it_breaks.run(client)


@check("ASSUMED-ONE")
def it_refutes_as_well(client: Scripted) -> None:
    it_breaks.run(client)


@pytest.fixture(scope="module")
def alike() -> list[Event]:
    """Three checks find the same bug, which the second of them is about, and a fourth another."""
    return events_of(it_refutes_as_well, it_breaks, it_breaks_as_well, it_refutes, handler=answer)


def test_what_is_broken_in_the_same_way_is_told_once_and_the_others_are_named(alike: list[Event]) -> None:
    told = told_by(Lines, alike)
    assert told.count("expected  expected") == 1
    assert told.count("must -X POST") == 1
    assert told.count(": broken\n") == 1
    assert "DOC-TWO: broken" in told
    assert "also broken in the same way: ASSUMED-ONE (refuted assumption), DOC-ONE" in told
    assert "ASSUMED-ONE: refuted assumption" in told


def test_the_rule_that_a_story_is_told_under_is_about_the_operation_then_its_success_then_the_first() -> None:
    def broken(rule: str) -> RuleBroken:
        [found] = [one for one in outcomes_of(events_of(it_breaks, handler=answer)) if isinstance(one, RuleBroken)]
        return replace(found, rule=CATALOGUE[rule], violation=replace(found.violation, operation="shared-space-get"))

    def told(*rules: str) -> str:
        return stories([broken(rule) for rule in rules])[0].told.rule.id

    assert told("CREATE-OK", "SPACE-FIELDS", "GET-404", "GET-OK") == "GET-OK"
    assert told("GET-404", "CREATE-OK") == "GET-404"
    assert told("SPACE-FIELDS", "CREATE-OK") == "CREATE-OK"
    assert told("LIST-SORT", "CONV-PAGE") == "CONV-PAGE"


def test_junit_has_a_case_for_each_and_the_story_in_one(alike: list[Event]) -> None:
    suite = ET.fromstring(told_by(JUnitReport, alike).encode()).find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "2"
    full, short = sorted((str(one.text) for one in suite.findall("testcase/failure")), key=len, reverse=True)
    assert "must -X POST" in full
    assert short == "broken in the same way as DOC-TWO (it_breaks), where it is told"


def test_the_page_has_a_card_for_each_story(alike: list[Event]) -> None:
    page = told_by(HtmlReport, alike)
    assert page.count('<article class="breach broken">') == 1
    assert page.count('<article class="breach refuted">') == 1
    assert "ASSUMED-ONE (refuted assumption), DOC-ONE" in page


def test_the_json_document_lists_the_stories(alike: list[Event]) -> None:
    document = json.loads(told_by(JsonReport, alike))
    first, second = document["stories"]
    assert (first["rule"], [one["rule"] for one in first["also"]]) == ("DOC-TWO", ["ASSUMED-ONE", "DOC-ONE"])
    assert (second["rule"], second["also"]) == ("ASSUMED-ONE", [])
    [other] = [one["breach"] for one in document["outcomes"] if one["rule"] == "DOC-ONE"]
    assert other["sameAs"] == {"rule": "DOC-TWO", "check": "it_breaks"}
    assert "curl" not in other


# What needs a reader

RUN = RunStarted("mock", "http://127.0.0.1:40000/v4", 300, 0, "default")
END = RunEnded(12.3, 3456)


def held(*rules: str) -> list[Event]:
    return [RuleHeld(CATALOGUE[rule], "a_check") for rule in rules]


def skipped(*rules: str, reason: str = "the target does not offer a tenant without the feature") -> list[Event]:
    return [RuleSkipped(CATALOGUE[rule], "a_check", reason=reason) for rule in rules]


def test_the_report_of_a_right_server_fits_a_screen() -> None:
    """With six reasons for skips, a stopped run and something left behind; 24 lines of 80 columns."""
    reasons = [skipped(rule, reason=f"the target does not offer {rule}")[0] for rule in list(CATALOGUE)[:6]]
    ended = RunEnded(123.4, 34567, ["Share 7"])
    told = told_by(Lines, [RUN, *held(*list(CATALOGUE)[6:]), *reasons, ended]).splitlines()
    assert len(told) <= 24
    assert max(map(len, told)) <= 80
    nouns = {line.split()[0] for line in told[3:] if line and line.split()[0].isupper()}
    assert nouns == {rule.partition("-")[0] for rule in CATALOGUE}
    assert "which --verbose tells" in "".join(told)


def test_every_reason_and_its_rules_are_told_when_asked_for() -> None:
    reasons = [skipped(rule, reason=f"reason {rule}")[0] for rule in list(CATALOGUE)[:6]]
    told = told_by(lambda out: Lines(out, verbose=True), [RUN, *reasons, END])
    for rule in list(CATALOGUE)[:6]:
        assert f"1 skipped: reason {rule} ({rule})" in told


@pytest.mark.parametrize(
    ("asked", "events", "said"),
    [
        ([], held("GET-OK", "GET-404"), "No rule was broken."),
        ([], [*held("GET-OK", "GET-404"), *skipped("LIST-OK")], "No rule was broken."),
        (
            [],
            [*held("GET-OK"), *skipped("LIST-OK")],
            "No rule was broken, but 1 of 2 rules were skipped.",
        ),
        (
            ["LIST-OK"],
            [*held("GET-OK", "GET-404", "PATCH-OK"), *skipped("LIST-OK")],
            "No rule was broken, but LIST-OK was asked for and skipped.",
        ),
        (
            ["LIST-OK", "LIST-SORT"],
            [*held("GET-OK"), *skipped("LIST-OK", "LIST-SORT")],
            "No rule was broken, but LIST-OK, LIST-SORT were asked for and skipped.",
        ),
        (["LIST-OK"], [*skipped("LIST-OK"), *held("LIST-OK")], "No rule was broken."),
    ],
)
def test_the_last_line_says_what_was_not_checked(asked: list[str], events: list[Event], said: str) -> None:
    run = replace(RUN, asked=asked)
    assert told_by(Lines, [run, *events, END]).splitlines()[-1] == said
    assert told_by(lambda out: Lines(out, quiet=True), [run, *events, END]).splitlines()[-1] == said
    assert json.loads(told_by(JsonReport, [run, *events, END]))["conclusion"] == said
    for make in (JUnitReport, HtmlReport):
        assert said in told_by(make, [run, *events, END])


def test_what_breaks_is_told_as_it_breaks_once_for_each_way(alike: list[Event]) -> None:
    out = io.StringIO()
    report = Lines(out)
    for event in alike[:-1]:
        report.on_event(event)
    lines = [line for line in out.getvalue().splitlines()[1:] if line]
    assert lines == [
        "refuted assumption ASSUMED-ONE  it refutes as well", "refuted assumption ASSUMED-ONE  it refutes",
    ]  # fmt: skip


# A whole run


def spellings(token: str) -> list[str]:
    """The ways in which a server may say a token back."""
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in token)
    return [
        token,
        escaped,
        "".join(f"%{ord(letter):02X}" for letter in token),
        escaped.replace("\\", "%5c"),
        "".join(f"&#{ord(letter)};" for letter in token),
        *(b64encode(f"{user}:{token}".encode()).decode() for user in ("a", "ab", "abc")),
        urlsafe_b64encode(f"user:{token}?>".encode()).decode().rstrip("="),
    ]


def test_tokens_are_in_no_output_of_a_whole_run(tmp_path: Path) -> None:
    """Against a server that says every token back, in every answer; its spellings take turns at three places."""
    from ..broken.wrapping import Seen, Wrong

    turns = count()

    class Echoes(Wrong):
        async def after(self, seen: Seen, ask: Any) -> None:
            sent = next((value for name, value in seen.headers if name == b"authorization"), b"").decode("latin-1")
            every = spellings(sent.removeprefix("Bearer "))
            told = [every[next(turns) % len(every)] for _ in ("header", "echo", "description")]
            seen.answer_headers.append((b"x-echo", told[0].encode("latin-1")))
            if isinstance(seen.answer, dict):
                seen.answer |= {"echo": told[1], "description": told[2]}

    reports = [f"{kind}:report.{kind}" for kind in ("junit", "html", "json")]
    flags = [word for report in reports for word in ("--report", report)]
    with served(Echoes(fresh_mock())) as base_url:
        target_file(tmp_path, base_url)
        ended = kit(
            "check", "--target", "target.toml", "--allow-writes", "--allow-shares", "--profile", "quick", *flags,
            cwd=tmp_path,
        )  # fmt: skip
    assert ended.code == 1, ended
    (tmp_path / "out.txt").write_text(ended.out + ended.err)
    files = [file for file in tmp_path.rglob("*") if file.is_file() and file.name != "target.toml"]
    # Hypothesis notes the words of the kit's own source there, the demo's client secret among them.
    files = [file for file in files if file.parent.name != "constants"]
    assert {"out.txt", "report.html", "report.json", "report.junit", "last-run.json"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes().decode("latin-1")
        content = html.unescape(content) if file.suffix in (".html", ".junit") else content
        for token in TOKENS.values():
            assert [one for one in spellings(token) if one in content] == [], file
