from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.core.journal import JOURNAL_ENTRIES


@pytest.fixture
def send(showpad: MockTenant, http_client: httpx2.Client) -> Callable[..., None]:
    def send(method: str, path: str, body: Any = None) -> None:
        http_client.request(method, showpad.base_url + path, json=body, headers=showpad.headers("seller", oauth=True))

    return send


@pytest.fixture
def asked(showpad: MockTenant, send: Callable[..., None]) -> MockTenant:
    """A tenant that was asked for three things."""
    send("POST", "/shared-spaces", {"title": "Acme"})
    send("GET", "/shared-spaces/nowhere")
    send("POST", "/shared-spaces/nowhere/items", {"items": []})
    return showpad


@pytest.mark.parametrize(
    ("meant", "numbers"),
    [
        ({}, [0, 1, 2]),
        ({"method": "post"}, [0, 2]),
        ({"path": "/shared-spaces"}, [0]),
        ({"path": "/v4/shared-spaces"}, [0]),
        ({"path": "/shared-spaces/*"}, [1]),
        ({"path": "/shared-spaces/*/items"}, [2]),
        ({"path": "/shared.spaces"}, []),
        ({"status": 404}, [1, 2]),
        ({"status": "2xx"}, [0]),
        ({"method": "GET", "path": "/shared-spaces/*", "status": "4xx"}, [1]),
    ],
)
def test_requests_are_found_by_method_path_and_status(
    asked: MockTenant, meant: dict[str, Any], numbers: list[int]
) -> None:
    every = asked.requests()
    assert len(every) == 3
    assert asked.requests(**meant) == [every[number] for number in numbers]


def test_a_request_shows_what_was_sent_and_answered(asked: MockTenant) -> None:
    [created] = asked.assert_requested(path="/shared-spaces", times=1)
    assert created.request_json == {"title": "Acme"}
    assert created.response_json["title"] == "Acme"
    [read] = asked.assert_requested(method="GET")
    assert read.request_json is None


def test_what_was_not_requested_is_told_with_the_nearest_exchanges(asked: MockTenant) -> None:
    with pytest.raises(AssertionError) as failed:
        asked.assert_requested(method="PATCH", path="/shared-spaces/nowhere")
    first, second, nearest, *_ = str(failed.value).splitlines()
    assert first == "expected a request PATCH /shared-spaces/nowhere, found none"
    assert second == "the 3 nearest:"
    assert "GET /v4/shared-spaces/nowhere 404 GET-404" in nearest


def test_the_last_refusal_is_explained_or_the_one_asked_for(asked: MockTenant, showpad_server: MockShowpad) -> None:
    assert "path.shareId nowhere is not known" in asked.explain()
    created = asked.requests(method="POST", path="/shared-spaces")[0]
    assert "CREATE-OK" in asked.explain(created)
    with showpad_server.tenant("unasked") as other:
        assert other.explain() == ""


def test_how_often_it_was_requested_is_told(asked: MockTenant) -> None:
    with pytest.raises(AssertionError, match="expected 2 of any method /shared-spaces answered 201, found 1"):
        asked.assert_requested(path="/shared-spaces", status=201, times=2)


def test_that_nothing_was_requested_can_be_asserted(showpad: MockTenant) -> None:
    assert showpad.assert_requested(method="DELETE", times=0) == []
    with pytest.raises(AssertionError, match="there was no request at all"):
        showpad.assert_requested()


def test_requests_before_a_reset_are_not_told(asked: MockTenant, send: Callable[..., None]) -> None:
    asked.reset()
    assert asked.requests() == []
    send("GET", "/users")
    assert [one.path for one in asked.requests()] == ["/v4/users"]


def test_a_tenant_of_the_same_name_begins_with_none(showpad_server: MockShowpad, http_client: httpx2.Client) -> None:
    for _ in range(2):
        with showpad_server.tenant("again") as tenant:
            assert tenant.requests() == []
            http_client.get(f"{tenant.base_url}/users", headers=tenant.headers())


def test_the_last_requests_outlive_those_of_other_tenants(
    showpad_server: MockShowpad, asked: MockTenant, http_client: httpx2.Client
) -> None:
    with showpad_server.tenant() as other:
        for _ in range(JOURNAL_ENTRIES):
            http_client.get(f"{other.base_url}/users", headers=other.headers(), params={"limit": 0})
    assert len(asked.requests()) == 3


@pytest.mark.parametrize("wrong", [{"status": 99}, {"status": "4x"}, {"status": "44"}, {"path": "shared-spaces"}])
def test_what_can_never_fit_is_an_error(showpad: MockTenant, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        showpad.requests(**wrong)
