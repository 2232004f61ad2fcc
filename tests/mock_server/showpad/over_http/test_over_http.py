"""What only HTTP can break: over HTTP every answer is, byte for byte, the one given in process.

All that the API does is tested in process. Here every route is asked over HTTP for every kind of answer that it has,
and the same is asked in process, of a tenant like the other one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.core.journal import Entry
from showpad_mock.pytest_plugin import tenant_name
from showpad_mock.showpad.routes import ROUTES

from ....harness import asgi
from ....harness.api import Api, assert_problem, over_http, rules_of
from .cases import CASES, NEW, TEN_MIB, Case, method_of, new_space, takes_body

NOW = "2026-03-10T15:43:25.000Z"
OF_THE_SERVER = ("date", "server")
"""Headers that Uvicorn adds."""


@pytest.fixture(scope="module")
def twins() -> Iterator[tuple[MockShowpad, MockShowpad]]:
    with MockShowpad() as one, MockShowpad() as other:
        yield one, other


@pytest.fixture
def tenants(request: pytest.FixtureRequest, twins: tuple[MockShowpad, MockShowpad]) -> Iterator[list[MockTenant]]:
    """Two tenants that nothing tells from each other: of the same name, on two servers, their clocks stopped."""
    name = tenant_name(request.node.nodeid)
    with twins[0].tenant(name) as one, twins[1].tenant(name) as other:
        for tenant in (one, other):
            tenant.freeze(NOW)
        yield [one, other]


@pytest.fixture
def http(tenants: list[MockTenant], http_client: httpx2.Client) -> Api:
    return over_http(tenants[0], http_client)


@pytest.fixture
def inside(tenants: list[MockTenant], twins: tuple[MockShowpad, MockShowpad], runner: asyncio.Runner) -> Api:
    """In process, told the same address as over HTTP."""
    return Api(tenants[1], tenants[0].base_url, lambda request: asgi.run(runner, asgi.send(twins[1].app, request)))


def headers_of(answer: httpx2.Response) -> list[tuple[bytes, bytes]]:
    return sorted((name, value) for name, value in answer.headers.raw if name.lower().decode() not in OF_THE_SERVER)


def kept(entry: Entry) -> dict[str, Any]:
    """Return what the journal keeps of an exchange, without times and numbers."""
    fields = ("method", "path", "query", "user", "status", "rules", "ignored", "detail", "request_headers")
    return {name: getattr(entry, name) for name in (*fields, "request_body", "response_body")}


@pytest.mark.parametrize("case", [pytest.param(one, id=f"{one.operation}: {one.what}") for one in CASES])
def test_an_answer_over_http_is_the_one_given_in_process(case: Case, http: Api, inside: Api) -> None:
    answer, same = case.ask(http), case.ask(inside)
    assert (answer.status_code, answer.content) == (same.status_code, same.content)
    assert headers_of(answer) == headers_of(same)
    assert [kept(one) for one in http.tenant.exchanges] == [kept(one) for one in inside.tenant.exchanges]
    assert http.tenant.take() == inside.tenant.take()
    assert case.status in (answer.status_code, None)
    if case.rule is not None:
        assert case.rule in rules_of(answer)
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        assert_problem(answer, answer.status_code, at=case.at)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_every_route_is_asked_for_all_that_it_answers(route: Route) -> None:
    wanted = {401, 405}
    # Of records of a CRM no 404 is published (AROUND-CRM-WHO).
    wanted |= {404} if route.param_convertors and "/crm/" not in route.path else {400}
    wanted |= {400, 413, 415} if takes_body(route) else set()
    # A plan of somebody else's is no 403, but told like one that does not exist (AROUND-MAP-WHO).
    if "/mutual-action-plan" not in route.path:
        wanted |= {403} if takes_body(route) or method_of(route) == "DELETE" else set()
    asked = {one.status for one in CASES if one.operation == route.name}
    assert wanted <= asked
    assert asked & {200, 201, 204}


# What has no counterpart in process


def test_a_body_in_chunks_is_read_as_one(http: Api, http_client: httpx2.Client) -> None:
    content = json.dumps(new_space(http)).encode()
    parts = (content[at : at + 7] for at in range(0, len(content), 7))
    headers = http.tenant.headers()
    answer = http_client.post(f"{http.tenant.base_url}/shared-spaces", content=parts, headers=headers)
    assert answer.request.headers["transfer-encoding"] == "chunked"
    assert (answer.status_code, answer.json()["title"]) == (201, NEW)


def test_a_body_in_chunks_that_is_too_big_is_refused(http: Api, http_client: httpx2.Client) -> None:
    parts = (b" " * 65536 for _ in range(TEN_MIB // 65536 + 1))
    headers = http.tenant.headers()
    answer = http_client.post(f"{http.tenant.base_url}/shared-spaces", content=parts, headers=headers)
    assert_problem(answer, 413)


@pytest.mark.parametrize(("content", "status"), [(b"{", 400), (b" " * (TEN_MIB + 1), 413), (b'{"title": 1}', 400)])
def test_after_a_refusal_the_next_request_is_read_from_its_beginning(http: Api, content: bytes, status: int) -> None:
    assert http.post("/shared-spaces", content=content).status_code == status
    assert http.post("/shared-spaces", new_space(http)).status_code == 201
    assert http.get("/users", params={"limit": 1}).json()["count"] > 1


def test_an_answer_without_content_has_no_body_and_none_of_its_headers(http: Api) -> None:
    answer = http.delete(f"/shared-spaces/{http.create_space()['id']}")
    assert answer.content == b""
    assert not {"content-type", "transfer-encoding"} & set(answer.headers)
