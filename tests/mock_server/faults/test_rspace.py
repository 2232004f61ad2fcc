"""Faults are the mock's, not a vendor's: RSpace's calls meet them, too, and are refused as RSpace does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import httpx2
import pytest

from showpad_mock import MockRSpace, RSpaceTenant

from ...harness import asgi

Ask = Callable[..., httpx2.Response]


@pytest.fixture(scope="module")
def server() -> Iterator[MockRSpace]:
    with MockRSpace() as server:
        yield server


@pytest.fixture
def tenant(server: MockRSpace) -> Iterator[RSpaceTenant]:
    with server.tenant() as tenant:
        yield tenant


@pytest.fixture
def ask(server: MockRSpace, tenant: RSpaceTenant, runner: asyncio.Runner) -> Ask:
    """Asks for a list; `fault` is one that the key names."""

    def ask(path: str = "/groups", fault: str = "") -> httpx2.Response:
        headers = {"apiKey": tenant.key("alice") + fault}
        request = httpx2.Request("GET", f"http://localhost/api/v1{path}", headers=headers)
        return asgi.run(runner, asgi.send(server.app, request))

    return ask


def test_a_problem_has_rspaces_form(tenant: RSpaceTenant, ask: Ask) -> None:
    with tenant.fault({"kind": "problem", "rule": "RS-GROUP-404"}, match={"operation": "listGroups"}):
        refused = ask()
    assert (refused.status_code, refused.json()["internalCode"]) == (404, 50301)


def test_a_status_has_rspaces_form_and_headers(tenant: RSpaceTenant, ask: Ask) -> None:
    with tenant.fault({"kind": "status", "status": 503}):
        refused = ask()
    assert (refused.status_code, refused.json()["httpCode"]) == (503, 503)
    assert refused.headers["x-rate-limit-limit"] == "10"


def test_a_request_too_many_is_told_by_headers(tenant: RSpaceTenant, ask: Ask) -> None:
    with tenant.fault({"kind": "rate-limited", "seconds": 3}):
        refused = ask()
    assert (refused.json()["internalCode"], refused.headers["x-rate-limit-waittimemillis"]) == (42901, "3000")
    assert "retry-after" not in refused.headers


def test_a_page_is_truncated_whatever_its_list_is_called(tenant: RSpaceTenant, ask: Ask) -> None:
    whole = ask("/documents").json()
    with tenant.fault({"kind": "truncated-page", "items": 1}):
        page = ask("/documents").json()
    assert page == {**whole, "documents": whole["documents"][:1]}


def test_a_key_names_a_fault(ask: Ask) -> None:
    assert ask(fault="_FAULT_RS_GROUP_404").json()["internalCode"] == 50301
    assert ask(fault="_FAULT_empty_body").content == b""
