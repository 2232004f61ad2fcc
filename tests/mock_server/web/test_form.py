from __future__ import annotations

import json
from typing import Any, NotRequired

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import TypedDict

from showpad_mock import MockShowpad
from showpad_mock.core.refusals import Problem
from showpad_mock.web.call import Call
from showpad_mock.web.form import Form

from ...harness.api import Api, assert_problem, in_process

# What JSON's grammar allows and what it does not, in all the places where a body may have it.
PARTS = st.sampled_from(
    [
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b'"title"',
        b'"owner"',
        b'"userId"',
        b'"items"',
        b'"type"',
        b'"asset"',
        b'"\\ud800"',
        b'"x"',
        b"null",
        b"true",
        b"1",
        b"1.5",
        b"NaN",
        b"-Infinity",
        b"\xff",
        b"\\",
        b" ",
        b'"folder"',
    ]
)


@pytest.mark.rule("CONV-TYPES", "CONV-META-ALL")
def test_a_lone_surrogate_is_told_beside_the_other_faults(api: Api) -> None:
    refused = api.post("/shared-spaces", content=b'{"title": "\\ud800"}')
    problem = assert_problem(refused, 400, "CONV-TYPES", at="title")
    assert "owner.userId" in [fault["name"] for fault in problem["meta"]]


@pytest.mark.rule("CONV-JSON")
@pytest.mark.parametrize(
    "body", [b'["\\ud800"]', b'"\\ud800"', b'{"\\ud800": 1}', b'{"title": "x", "a": {"\\ud800": 1}}']
)
def test_a_lone_surrogate_anywhere_is_refused_and_breaks_nothing(api: Api, body: bytes) -> None:
    assert_problem(api.post("/shared-spaces", content=body), 400)


@pytest.mark.rule("CONV-JSON", "CONV-STATUS")
@settings(max_examples=150, deadline=None)
@given(body=st.lists(PARTS, max_size=12).map(b"".join), route=st.sampled_from(["/shared-spaces", "/shares"]))
def test_no_body_breaks_the_mock(showpad_server: MockShowpad, runner: object, body: bytes, route: str) -> None:
    with showpad_server.tenant() as tenant:
        answer = in_process(tenant, showpad_server.app, runner).post(route, content=body)  # type: ignore[arg-type]
        assert answer.status_code in (201, 400)


@pytest.mark.parametrize(
    ("method", "members", "told"),
    [
        ("POST", {"owner": {}}, "owner.userId"),
        ("POST", {"owner": 7}, "owner"),
        ("POST", {"theme": {"id": None}}, "theme.id"),
        ("PATCH", {"status": "x"}, "status"),
        ("PATCH", {"isExternalUploadAllowed": "x"}, "isExternalUploadAllowed"),
    ],
)
@pytest.mark.rule("CONV-META-ALL", "CONV-TYPES")
def test_other_faults_are_told_beside_a_lone_surrogate(
    api: Api, method: str, members: dict[str, Any], told: str
) -> None:
    space = api.create_space()
    api.tenant.switch("collaboratePlus", on=False)  # so that a faulty switch, taken for one, would be a 403
    path = "/shared-spaces" if method == "POST" else f"/shared-spaces/{space['id']}"
    refused = api.request(method, path, content=json.dumps({"title": "\ud800", **members}).encode())
    assert refused.status_code == 400
    assert {"title", told} <= {fault["name"] for fault in refused.json()["meta"]}


class Login(TypedDict):
    user: str
    client_secret: NotRequired[str]


async def never_called() -> Any:
    raise AssertionError


class Title(TypedDict):
    title: str


@pytest.mark.parametrize(
    ("shape", "body", "is_innocent"),
    [
        (Title, b'{"title": "A"}', True),
        (Title, b'{"title": "A", "password": "B"}', False),
        (Title, b'{"titel": "A"}', False),
        (Login, b'{"user": "A"}', False),
    ],
)
def test_a_body_is_known_to_have_innocent_names_when_its_type_has_no_others(
    shape: Any,
    body: bytes,
    is_innocent: bool,  # noqa: FBT001
) -> None:
    form: Form[Any, Any] = Form(
        shape, lambda value: value, refusal=Problem("", 400, "/x", "Bad Request", "{detail}"), rules={"*": ""}
    )
    call = Call({"method": "POST", "path": "/", "query_string": b"", "headers": []}, never_called, strict=False)
    call.body = body
    form.read_body(call)
    assert call.has_innocent_names is is_innocent
