"""A body's JSON: how deep it nests, whatever its texts hold; and lone surrogates, as many as are told."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showpad_mock.core.refusals import Refusal
from showpad_mock.web.json_body import JSON_DEPTH, check_depth, lone_surrogates

TEXTS = st.text(st.sampled_from('[]{}"\\/é\N{GRINNING FACE}a\n'), max_size=30)
LEAVES = st.none() | st.integers() | TEXTS
VALUES = st.recursive(LEAVES, lambda part: st.lists(part, max_size=4) | st.dictionaries(TEXTS, part, max_size=4))


def is_too_deep(body: bytes) -> bool:
    try:
        check_depth(body)
    except Refusal:
        return True
    return False


def depth_of(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if parts is None else 1 + max(map(depth_of, parts), default=0)


@given(
    inside=VALUES,
    beside=st.lists(VALUES, max_size=3),
    levels=st.integers(JSON_DEPTH - 5, JSON_DEPTH + 3),
)
def test_depth_is_that_of_lists_and_objects_whatever_texts_hold(inside: Any, beside: list[Any], levels: int) -> None:
    value: Any = inside
    for level in range(levels):
        value = [*beside, value] if level % 2 else {"[": value, "}": "]"}
    for is_escaped in (True, False):
        body = json.dumps(value, ensure_ascii=is_escaped).encode()
        assert is_too_deep(body) == (depth_of(value) > JSON_DEPTH)


@pytest.mark.parametrize("body", [b"[" * 10**6, b'{"x":' * 10**6, b'["\\\\"' + b"[" * 101, b'{"[":"]"},' + b"[" * 101])
def test_what_is_no_json_either_never_reaches_a_parser_that_recurses(body: bytes) -> None:
    if not is_too_deep(body):
        with suppress(ValueError):
            json.loads(body)


def test_a_text_that_never_ends_has_no_depth() -> None:
    assert not is_too_deep(b'["' + b"[" * 1000)


@pytest.mark.parametrize("surrogates", [1, 5, 6, 10_000])
def test_lone_surrogates_are_found_as_far_as_is_told(surrogates: int) -> None:
    body = json.dumps({"x": ["\ud800"] * surrogates, "title": "A"}).encode()
    found = lone_surrogates(body, 5)
    assert found is not None
    assert found.places == [("x", number) for number in range(min(5, surrogates))]
    assert found.are_more == (surrogates > 5)
    assert (found.sound, found.whole["title"]) == ({"title": "A"}, "A")


def test_members_with_lone_surrogates_are_known_also_beyond_what_is_told() -> None:
    body = json.dumps(
        {"x": ["\ud800"] * 9, "title": "\udfff", "owner": {"\ud800": 1}, "\ud800": 1, "theme": {}}
    ).encode()
    found = lone_surrogates(body, 5)
    assert found is not None
    assert (len(found.places), found.are_more, found.sound) == (5, True, {"theme": {}})


@pytest.mark.parametrize(
    "body", [b'{"x": "\\ud800"', b'["\\ud800"]', b'{"x": NaN}', b"\xff", b'{"x": ' + b"1" * 5000 + b"}"]
)
def test_where_something_else_is_wrong_there_are_no_lone_surrogates(body: bytes) -> None:
    assert lone_surrogates(body, 5) is None
