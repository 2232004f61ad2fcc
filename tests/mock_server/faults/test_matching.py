from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx2
import pytest

from showpad_mock import MockTenant
from showpad_mock.faults.matching import COMPARED, fits_path, fits_pattern, paths_of

from ...harness.api import Api

Create = Callable[..., httpx2.Response]


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("abc", "abc", True),
        ("abc", "abcd", False),
        ("*", "", True),
        ("a*c", "abc", True),
        ("a*c", "ac", True),
        ("a*a", "a", False),
        ("*b*", "abc", True),
        ("a*b*c", "a-c-b-c", True),
        ("a*b*c", "a-c-c", False),
        ("*ab*ab", "ab", False),
        ("a.c", "abc", False),
    ],
)
def test_a_star_stands_for_any_characters_and_nothing_else_is_special(pattern: str, text: str, *, fits: bool) -> None:
    assert fits_pattern(pattern, text) is fits


def test_no_pattern_is_slow_and_a_long_text_is_compared_in_part() -> None:
    assert not fits_pattern("*a" * 100 + "*b", "a" * 10_000_000)
    assert fits_pattern("a" * 10 + "*", "a" * 10_000_000)
    assert COMPARED == 4096


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/v4/shared-spaces", "/v4/shared-spaces", True),
        ("/shared-spaces", "/v4/shared-spaces", True),
        ("/shared-spaces", "/api/v4/shared-spaces", True),
        ("/shared-spaces/*", "/v4/shared-spaces", False),
        ("/shared-spaces/*", "/v4/shared-spaces/1", True),
        ("/shared-spaces/*", "/v4/shared-spaces/1/items", False),
        ("/items", "/v4/shared-spaces/1/items", False),
        ("/shared-*/*/items", "/v4/shared-spaces/1/items", True),
    ],
)
def test_a_path_is_matched_segment_by_segment_under_each_base(pattern: str, path: str, *, fits: bool) -> None:
    assert fits_path(pattern, paths_of(path, "/v4")) is fits


@pytest.mark.parametrize(
    "match",
    [
        {},
        {"operation": "shared-space-create"},
        {"method": "POST"},
        {"path": "/shared-spaces"},
        {"headers": {"Content-Type": "application/*"}},
        {"body": {"title": "A *"}},
        {"body": {"owner.userId": "*"}},
        {"body": {"isCommentAllowed": True}},
    ],
)
def test_each_part_of_a_match_lets_the_fitting_call_meet_the_fault(
    showpad: MockTenant, create: Create, match: Mapping[str, Any]
) -> None:
    with showpad.fault("status", match=match):
        met = create(owner={"userId": showpad.user_id("seller")}, isCommentAllowed=True)
    assert met.status_code == 500


@pytest.mark.parametrize(
    "match",
    [
        {"operation": "shared-spaces-list"},
        {"method": "PATCH"},
        {"path": "/shared-spaces/*"},
        {"headers": {"content-type": "text/*"}},
        {"headers": {"x-none": "*"}},
        {"body": {"title": "B*"}},
        {"body": {"none": "*"}},
        {"body": {"isCommentAllowed": 1}},
        {"body": {"title.0": "A"}},
        {"method": "POST", "operation": "shared-spaces-list"},
        {"named": True},
    ],
)
def test_each_part_of_a_match_lets_others_pass(showpad: MockTenant, create: Create, match: Mapping[str, Any]) -> None:
    with showpad.fault("status", match=match) as fault:
        assert create(isCommentAllowed=True).status_code == 201
        assert fault.seen == 0


def test_a_call_without_a_body_or_with_a_broken_one_fits_no_body(showpad: MockTenant, api: Api) -> None:
    with showpad.fault("status", match={"body": {"title": "*"}}) as fault:
        assert api.get("/shared-spaces").status_code == 200
        assert api.request("POST", "/shared-spaces", content=b'{"title').status_code == 400
    assert fault.seen == 0


def test_the_nth_call_alone_meets_it(showpad: MockTenant, api: Api) -> None:
    with showpad.fault("status", match={"nth": 2}) as fault:
        assert [api.get("/users").status_code for _ in range(4)] == [200, 500, 200, 200]
    assert (fault.seen, fault.fired) == (2, 1)
