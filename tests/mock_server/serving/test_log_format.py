"""Exchanges as lines: what they tell, and that nothing a client sent steers a terminal."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock.core.journal import Entry
from showpad_mock.core.printable import printable
from showpad_mock.serving.log_format import exchange_text, json_line, request_line

from ..core.test_journal import exchange

STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""C0 and C1 controls, what changes the direction of text, what ends a line or paragraph, lone surrogates."""
STEERING = [*map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F)])]
STEERING += map(chr, [*range(0x2066, 0x206A), 0xD800, 0xDBFF, 0xDC00, 0xDFFF])

TEXT = st.lists(st.sampled_from(STEERING) | st.characters(exclude_categories=[]), max_size=8).map("".join)
ENTRIES = st.builds(
    exchange,
    method=TEXT,
    path=TEXT,
    query=st.binary(max_size=8),
    tenant=TEXT | st.none(),
    user=TEXT | st.none(),
    detail=TEXT | st.none(),
    rules=st.lists(TEXT, max_size=2).map(tuple),
    ignored=st.lists(TEXT, max_size=2).map(tuple),
    request_headers=st.lists(st.tuples(st.just(b"user-agent"), st.binary(max_size=8)), max_size=1),
    request_body=st.binary(max_size=8) | TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")),
    response_body=st.binary(max_size=8),
)


def test_a_line_tells_what_was_refused_and_by_which_rule() -> None:
    entry = exchange(status=400, rules=("CREATE-URI-TAKEN",), detail='"marketing" is in use')
    assert request_line(entry) == 'POST /v4/shared-spaces 400 CREATE-URI-TAKEN "marketing" is in use'


def test_a_line_tells_what_was_ignored() -> None:
    entry = exchange(rules=(), query=b"limt=3", ignored=("query.limt", "body.x"))
    assert request_line(entry) == "POST /v4/shared-spaces?limt=3 201 (ignored: query.limt, body.x)"


def test_a_line_does_not_grow_with_the_path_or_the_query() -> None:
    line = request_line(exchange(path="/v4/" + "a" * 60_000, query=b"b=" + b"c" * 60_000))
    assert len(line) < 1200
    assert "... (120,007 characters)" in line


@pytest.mark.parametrize("one", STEERING)
def test_a_character_that_steers_is_escaped(one: str) -> None:
    assert STEERS.fullmatch(one)
    assert printable(f"a{one}b") == f"a{repr(one)[1:-1]}b"


@pytest.mark.parametrize("text", ["marketing", "Müller & Söhne", "漢字", "🎉", "\\x1b", 'a "b"'])
def test_what_steers_nothing_is_shown_as_it_is(text: str) -> None:
    assert printable(text) == text


@settings(deadline=None)
@given(entry=ENTRIES)
def test_no_line_has_a_character_that_steers_whichever_field_it_came_from(entry: Entry) -> None:
    assert not STEERS.search(request_line(entry))
    assert not STEERS.search(json_line(entry))
    assert not STEERS.search(exchange_text(entry).replace("\n", ""))


@settings(deadline=None)
@given(entry=ENTRIES)
def test_of_what_steers_only_the_colour_of_the_status_is_left(entry: Entry) -> None:
    assert not STEERS.search(request_line(entry, colour=True).replace("\033[32m201\033[0m", "", 1))


@settings(deadline=None)
@given(entry=ENTRIES)
def test_an_exchange_has_no_lines_but_its_own(entry: Entry) -> None:
    assert exchange_text(entry).count("\n") == 1 + bool(entry.request_body) + bool(entry.response_body)


@settings(deadline=None)
@given(entry=ENTRIES)
def test_a_json_line_keeps_every_value_as_it_was(entry: Entry) -> None:
    told: dict[str, Any] = json.loads(json_line(entry))
    # Two surrogates side by side come back as the one character that they encode.
    assert _joined([told["tenant"], told["user"], told["detail"], *told["ignored"]]) == _joined(
        [entry.tenant, entry.user, entry.detail, *entry.ignored]
    )


def _joined(values: list[str | None]) -> list[str | None]:
    return [
        value if value is None else value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        for value in values
    ]
