"""The rate limit of a tenant, off unless it is switched on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from showpad_mock import MockRSpace, MockShowpad, MockTenant, RSpaceTenant

from ...harness import asgi
from ...harness.api import Api, assert_problem, in_process, rules_of

Ask = Callable[..., httpx2.Response]


@pytest.fixture
def limit(showpad_server: MockShowpad, showpad: MockTenant, runner: asyncio.Runner) -> Ask:
    """Asks the control API for the tenant's limit: `limit("PUT", {"requests": 2})`."""
    api = in_process(showpad, showpad_server.app, runner, "")
    path = f"/__admin/tenants/{showpad.name}/rate-limit"
    return lambda method, body=None: api.request(method, path, body, as_=None, headers={"host": "localhost"})


def statuses(api: Api, count: int, user: str = "admin") -> list[int]:
    return [api.get("/users", as_=user).status_code for _ in range(count)]


def test_it_is_off_unless_it_is_set(api: Api, limit: Ask) -> None:
    assert limit("GET").json()["isOn"] is False
    assert statuses(api, 101) == [200] * 101


def test_a_window_lets_in_so_many_requests_of_each_user(api: Api, limit: Ask, showpad: MockTenant) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    shown = limit("PUT", {"requests": 2, "seconds": 10}).json()
    assert (shown["isOn"], shown["windows"]["showpad"]) == (True, [{"requests": 2, "seconds": 10}])
    assert statuses(api, 3) == [200, 200, 429]
    assert statuses(api, 3, "seller") == [200, 200, 429]


@pytest.mark.rule("CONV-RATE", "CONV-RATE-AFTER")
def test_one_too_many_is_told_when_the_window_ends_by_the_tenants_clock(
    api: Api, limit: Ask, showpad: MockTenant
) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    limit("PUT", {"requests": 1, "seconds": 10})
    statuses(api, 1)
    showpad.freeze("2026-03-10T12:00:03.500Z")
    refused = api.get("/users")
    assert_problem(refused, 429, "CONV-RATE")
    assert (refused.headers["retry-after"], rules_of(refused)) == ("7", ["CONV-RATE", "CONV-RATE-AFTER"])
    assert refused.headers["x-mock-fault"] == "rate-limit"
    showpad.freeze("2026-03-10T12:00:10Z")
    assert statuses(api, 2) == [200, 429]


def test_what_is_refused_changes_nothing_and_counts_for_nothing(api: Api, limit: Ask, showpad: MockTenant) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    limit("PUT", {"requests": 1, "seconds": 10})
    for _ in range(5):
        api.post("/shared-spaces", {"title": "A space"}, as_="seller", oauth=True)
    assert len(showpad.events) == 1
    showpad.freeze("2026-03-10T12:00:10Z")
    assert statuses(api, 1, "seller") == [200]


def test_switched_off_everybody_is_let_in_and_switched_on_begins_anew(
    api: Api, limit: Ask, showpad: MockTenant
) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    limit("PUT", {"requests": 1})
    assert statuses(api, 2) == [200, 429]
    assert limit("DELETE").status_code == 204
    assert statuses(api, 2) == [200, 200]
    limit("PUT", {"requests": 1})
    assert statuses(api, 2) == [200, 429]


def test_a_clock_that_is_set_back_makes_no_window_longer(api: Api, limit: Ask, showpad: MockTenant) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    limit("PUT", {"requests": 1, "seconds": 10})
    statuses(api, 1)
    showpad.freeze("2026-03-09T12:00:00Z")
    assert statuses(api, 1) == [200]


@pytest.mark.parametrize("body", [{"requests": 0}, {"seconds": 0}, {"requests": 10**7}, {"per": 1}])
def test_what_is_no_limit_is_refused_with_its_place(limit: Ask, body: Any) -> None:
    [name] = body
    assert limit("PUT", body).json()["detail"].startswith(f"body.{name}:")


def test_in_python_it_is_on_within_a_block(api: Api, showpad: MockTenant) -> None:
    showpad.freeze("2026-03-10T12:00:00Z")
    with showpad.rate_limit(requests=1, seconds=60):
        assert statuses(api, 2) == [200, 429]
    assert statuses(api, 1) == [200]


Keep = Callable[[], httpx2.Response]


@pytest.fixture
def alice(runner: asyncio.Runner) -> Iterator[tuple[RSpaceTenant, Keep]]:
    """A tenant of RSpace's whose limit is on, and a request of alice's."""
    with MockRSpace() as server, server.tenant("acme") as tenant:
        tenant.freeze("2026-03-10T12:00:00Z")
        request = httpx2.Request("GET", "http://localhost/api/v1/groups", headers=tenant.headers("alice"))
        with tenant.rate_limit():
            yield tenant, lambda: asgi.run(runner, asgi.send(server.app, request))


@pytest.mark.rule("RS-RATE")
def test_rspace_tells_of_three_windows_and_never_of_retry_after(alice: tuple[RSpaceTenant, Keep]) -> None:
    _, ask = alice
    headers = ask().headers
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("15", "14.0")
    assert (headers["x-rate-limit-limit-day"], headers["x-rate-limit-remaining-hour"]) == ("5000", "999.0")
    refused = [ask() for _ in range(14)][-1]
    assert (refused.status_code, refused.json()["internalCode"]) == (429, 42901)
    assert "retry-after" not in refused.headers
    assert int(refused.headers["x-rate-limit-waittimemillis"]) > 0


@pytest.mark.rule("RS-RATE")
def test_rspaces_budget_grows_back_all_the_time(alice: tuple[RSpaceTenant, Keep]) -> None:
    tenant, ask = alice
    assert [ask().status_code for _ in range(15)] == [200] * 14 + [429]  # one must be left
    wait = int(ask().headers["x-rate-limit-waittimemillis"])
    assert wait == 1
    tenant.freeze("2026-03-10T12:00:00.999Z")
    assert [ask().status_code for _ in range(2)] == [200, 429]
