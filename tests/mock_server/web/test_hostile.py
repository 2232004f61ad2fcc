"""Bodies that are made to cost: whatever they hold, little is answered, and little of it is kept."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from contextlib import suppress
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.serving.log_format import json_line, request_line
from showpad_mock.web.json_body import JSON_DEPTH
from showpad_mock.web.validation import ERRORS_TOLD, NAMES_TOLD

from ...harness.api import Api, assert_problem, in_process
from ..control.caller import Caller

SHORT = 200_000
MIB = 1024 * 1024
SIZE = MIB // 4
LONG = b"a" * 100_000

PARTS = st.sampled_from(
    [
        *(
            b"{}",
            b"[]",
            b"null",
            b"1",
            b"true",
            b'""',
            b"1e9999",
            b"-0.0",
            b"1" * 5000,
            b"NaN",
            b'"\\ud800"',
            b'"\\u0000"',
        ),
        *(
            b'{"\\ud800":1}',
            b'{"type":1}',
            b'{"type":""}',
            b'{"type":"asset"}',
            b'{"id":1}',
            b'{"id":"a"}',
            b'{"userId":""}',
        ),
        b'{"type":"asset","assetId":"a"}',
        b'{"type":"asset","assetId":"a","page":0,"x":1}',
        b'{"type":"folder","name":"","folderItems":[{},{}]}',
        b'{"type":"folder","name":"%b"}' % (b"n" * 256),
        b'"%b"' % LONG,
        b'"%b"' % (b"\\n[" * 10_000),
    ]
)
NAMES = st.sampled_from(
    [
        *(b"title", b"owner", b"theme", b"status", b"items", b"assets", b"userId", b"publicUri", b"x"),
        b"\\ud800",
        b"name",
        LONG,
    ]
)


@st.composite
def values(draw: st.DrawFn) -> bytes:
    """One part, many of it in a list or an object, or a list deep in lists or folders."""
    part, times = draw(PARTS), draw(st.sampled_from([1, 2, 101, 2000]))
    times = min(times, MIB // len(part))
    match draw(st.sampled_from(["part", "list", "object", "twice", "deep", "folders"])):
        case "list":
            return b"[" + b",".join([part] * times) + b"]"
        case "object":
            return b"{" + b",".join(b'"%d":%b' % (number, part) for number in range(times)) + b"}"
        case "twice":
            return b"{" + b",".join([b'"id":' + part] * times) + b"}"
        case "deep":
            depth = draw(st.sampled_from([50, JSON_DEPTH - 1, JSON_DEPTH, 5000]))
            return b"[" * depth + part + b"]" * depth
        case "folders":
            folder = b'{"type":"folder","name":"F","folderItems":['
            return b"[" + folder * 20 + b",".join([part] * times) + b"]}" * 20 + b"]"
    return part


MEMBERS = st.builds(lambda name, value: b'"%b":%b' % (name, value), NAMES, values())
MANY_MEMBERS = st.integers(0, 3000).map(lambda times: b",".join(b'"%d":%d' % (n, n) for n in range(times)) or b'"x":1')
BODIES = st.lists(MEMBERS | MANY_MEMBERS, max_size=4).map(lambda members: b"{" + b",".join(members) + b"}")
BROKEN = BODIES.map(lambda body: body[:-1]) | values()
OPERATIONS = st.sampled_from(
    [
        ("POST", "/shared-spaces"),
        ("PATCH", "/shared-spaces/{space}"),
        ("POST", "/shared-spaces/{space}/items"),
        ("POST", "/shared-spaces/{space}/transfer-ownership"),
        ("POST", "/shares"),
    ]
)


def is_object(body: bytes) -> bool:
    with suppress(ValueError, RecursionError):
        return isinstance(json.loads(body), dict)
    return False


def assert_short(answer: httpx2.Response) -> None:
    if answer.status_code == 400:
        assert len(answer.content) <= SHORT
        assert len(answer.json().get("meta", ())) <= ERRORS_TOLD
    assert all(len(name) + len(value) <= 4096 for name, value in answer.headers.items())


def assert_little_is_kept(tenant: MockTenant) -> None:
    entry = tenant.exchanges[-1]
    assert len(entry.ignored) <= NAMES_TOLD + 1
    assert len(request_line(entry)) <= 10_000
    assert len(json_line(entry)) <= 20_000
    assert entry.size <= 4 * 64 * 1024


@pytest.mark.rule("CONV-JSON", "CONV-STATUS", "CONV-PROBLEM-META", "CONV-META-ALL")
@settings(max_examples=100, deadline=None)
@given(body=BODIES | BROKEN, operation=OPERATIONS)
def test_whatever_a_body_holds_little_is_answered_and_kept(
    showpad_server: MockShowpad, runner: asyncio.Runner, body: bytes, operation: tuple[str, str]
) -> None:
    with showpad_server.tenant() as tenant:
        api = in_process(tenant, showpad_server.app, runner)
        method, path = operation
        answer = api.request(method, path.format(space=api.create_space()["id"]), content=body)
        assert answer.status_code in ((200, 201, 204, 400) if is_object(body) else (400,))
        assert_short(answer)
        assert_little_is_kept(tenant)


@settings(max_examples=40, deadline=None)
@given(body=BODIES | BROKEN, operation=st.sampled_from(["PATCH tenants/a", "PATCH tenants/a/features", "POST tenants"]))
def test_the_control_api_answers_them_as_shortly(runner: asyncio.Runner, body: bytes, operation: str) -> None:
    method, path = operation.split()
    answer = Caller(runner)(method, path, content=body)
    assert answer.status_code in ((200, 201, 400) if is_object(body) else (400,))
    assert_short(answer)


@pytest.mark.rule("CONV-META-ALL")
def test_faults_are_told_up_to_a_hundred_and_that_there_may_be_others(api: Api) -> None:
    answer = api.post(f"/shared-spaces/{api.create_space()['id']}/items", {"items": [{}] * 1000})
    problem = answer.json()
    assert [fault["name"] for fault in problem["meta"]] == [f"items[{number}].type" for number in range(100)]
    assert problem["detail"].endswith("(meta tells 99 more; there may be others, no more than 100 are told)")


@pytest.mark.rule("CONV-META-ALL")
def test_a_hundred_faults_are_all_told(api: Api) -> None:
    answer = api.post(f"/shared-spaces/{api.create_space()['id']}/items", {"items": [{}] * 100})
    assert len(answer.json()["meta"]) == 100
    assert answer.json()["detail"].endswith("(meta tells 99 more)")


@pytest.mark.rule("CONV-JSON")
def test_unknown_names_are_told_up_to_twenty_and_how_many_more(api: Api) -> None:
    answer = api.patch(f"/shared-spaces/{api.create_space()['id']}", {f"x{number}": 1 for number in range(1000)})
    told = answer.headers["x-mock-ignored"].split(", ")
    assert answer.status_code == 200
    assert told == [*(f"body.x{number}" for number in range(20)), "and 980 more"]


@pytest.mark.rule("CONV-JSON")
def test_the_header_of_what_is_ignored_stays_short_where_names_are_long(api: Api) -> None:
    names = {"\N{GRINNING FACE}" * 1000 + str(number): 1 for number in range(1000)}
    answer = api.patch(f"/shared-spaces/{api.create_space()['id']}", names)
    told = answer.headers["x-mock-ignored"]
    assert len(told) <= 4096
    assert told.endswith(f", and {1000 - told.count('body.')} more")


def test_a_refusal_repeats_no_long_text(api: Api) -> None:
    refused = api.patch(f"/shared-spaces/{api.create_space()['id']}", {"theme": {"id": "a" * MIB}})
    assert_problem(refused, 400, "CREATE-THEME-UNKNOWN", at="theme.id")
    assert len(refused.content) < 4000
    assert f"... ({MIB:,} characters)" in refused.json()["detail"]


def repeated(head: bytes, part: bytes, tail: bytes) -> bytes:
    return head + b",".join([part] * (SIZE // (len(part) + 1))) + tail


def many_names(size: int = SIZE) -> bytes:
    return b",".join(b'"%x":1' % number for number in range(size // 10))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/shared-spaces/{space}/items", repeated(b'{"items":[', b"{}", b"]}")),
        ("/shared-spaces/{space}/items", repeated(b'{"items":[', b"1", b"]}")),
        ("/shared-spaces/{space}/items", repeated(b'{"items":[{"type":"folder","folderItems":[', b"1", b"]}]}")),
        ("/shares", repeated(b'{"assets":[', b'{"id":1}', b"]}")),
        ("/shared-spaces", b'{"owner":{' + many_names() + b"}}"),
        ("/shared-spaces", b"{" + many_names() + b"}"),
        ("/shared-spaces", repeated(b'{"x":[', b'"\\ud800"', b"]}")),
        ("/shared-spaces", b'{"x":"' + b'[\\"' * (SIZE // 3) + b'"}'),
        ("/shared-spaces", b'{"x":' + b"[" * SIZE),
    ],
    ids=["empty items", "numbers", "in folders", "assets", "owner", "names", "surrogates", "brackets", "deep"],
)
def test_a_refused_body_allocates_at_most_three_times_what_parsing_it_does(
    showpad_server: MockShowpad, showpad: MockTenant, runner: asyncio.Runner, path: str, body: bytes
) -> None:
    """What Pydantic's core allocates is not seen here; the benchmark of hostile bodies has it, too."""
    api = in_process(showpad, showpad_server.app, runner)
    path = path.format(space=api.create_space()["id"])
    assert api.post(path, content=b"{}").status_code == 400
    parsed = peak_of(lambda: json.loads(body))
    assert peak_of(lambda: api.post(path, content=body)) <= 3 * parsed + SIZE


def peak_of(act: Any) -> int:
    tracemalloc.start()
    try:
        with suppress(ValueError, RecursionError):
            act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
