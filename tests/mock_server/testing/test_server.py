from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.serving.listeners import bind


def listening_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "showpad-mock"]


def test_two_servers_live_in_one_process_and_never_meet() -> None:
    with MockShowpad() as one, MockShowpad() as other, one.tenant("same") as first, other.tenant("same") as second:
        first.archive("brochure")
        assert one.origin != other.origin
        assert b'"isArchived":true' not in second.take().replace(first.take(), b"")
        assert first.take() != second.take()


def test_nothing_listens_until_the_origin_is_asked_for() -> None:
    before = listening_threads()
    with MockShowpad() as server, server.tenant() as tenant:
        tenant.deactivate("seller")
        assert listening_threads() == before
        assert server.origin.startswith("http://127.0.0.1:")
        assert len(listening_threads()) == len(before) + 1
    assert listening_threads() == before


def test_a_closed_server_answers_no_more() -> None:
    with MockShowpad() as server:
        origin = server.origin
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{origin}/readyz", trust_env=False)


def test_the_app_serves_in_process(showpad_server: MockShowpad, showpad: MockTenant) -> None:
    async def get() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=showpad_server.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://in-process/v4") as client:
            return await client.get("/shared-spaces", headers=showpad.headers("seller"))

    assert asyncio.run(get()).json()["count"] == 4


def test_a_tenant_is_deleted_at_the_end(showpad_server: MockShowpad) -> None:
    with showpad_server.tenant() as tenant:
        tenant.deactivate("seller")
        name = tenant.name
    assert not showpad_server.app.tenants.is_open(name)


def test_an_open_name_or_none_of_dns_is_refused(showpad_server: MockShowpad) -> None:
    with showpad_server.tenant("taken"):
        with pytest.raises(ValueError, match="open already"), showpad_server.tenant("taken"):
            pass
    with pytest.raises(ValueError, match="DNS label"), showpad_server.tenant("Not A Label"):
        pass


def test_an_exception_takes_the_last_exchanges_along(showpad_server: MockShowpad) -> None:
    with pytest.raises(AssertionError) as failed, showpad_server.tenant() as tenant:
        httpx2.get(f"{tenant.base_url}/shared-spaces/nowhere", headers=tenant.headers(), trust_env=False)
        raise AssertionError
    assert "GET /v4/shared-spaces/nowhere 404 GET-404" in failed.value.__notes__[0]


def test_a_snapshot_is_rolled_back_even_when_the_block_raises(showpad: MockTenant) -> None:
    before = showpad.take()
    with pytest.raises(ZeroDivisionError), showpad.snapshot():
        showpad.archive("brochure")
        showpad.deactivate("seller")
        raise ZeroDivisionError
    assert showpad.take() == before


Use = Callable[[MockTenant], object]


@pytest.mark.parametrize(
    ("use", "name", "nearest"),
    [
        (lambda tenant: tenant.user_id("sellr"), "user sellr", "seller"),
        (lambda tenant: tenant.token("sellr"), "user sellr", "seller"),
        (lambda tenant: tenant.headers("Admin", oauth=True), "user Admin", "admin"),
        (lambda tenant: tenant.deactivate("partnr"), "user partnr", "partner"),
        (lambda tenant: tenant.unlicense("partnr"), "user partnr", "partner"),
        (lambda tenant: tenant.asset_id("brochur"), "asset brochur", "brochure"),
        (lambda tenant: tenant.archive("vidoe"), "asset vidoe", "video"),
        (lambda tenant: tenant.switch("sharedSpace", on=False), "feature sharedSpace", "sharedSpaces"),
        (lambda tenant: tenant.items("4e1f8424de2cbeb7355d7583f91a6ef6"), "Shared Space 4e1", "4e1f8424de2cbeb7355d75"),
    ],
)
def test_what_names_nothing_is_an_error_that_tells_the_nearest(
    showpad: MockTenant, use: Use, name: str, nearest: str
) -> None:
    with pytest.raises(LookupError, match=f"no {name}.*; the nearest is {nearest}"):
        use(showpad)


def test_where_nothing_is_near_all_are_told(showpad: MockTenant) -> None:
    with pytest.raises(LookupError, match="there are admin, deactivated, manager, outsider, partner, seller, unlic"):
        showpad.headers("x")


ACME = {
    "subdomain": "acme",
    "themes": [{"id": "t", "title": "House style", "isGlobal": True}],
    "users": [{"id": "u", "handle": "ann", "email": "ann@example.com", "role": "ADMIN"}],
}


def test_seed_data_may_be_a_dictionary() -> None:
    with MockShowpad(data=ACME) as server, server.tenant() as tenant:
        assert tenant.user_id("ann") == "u"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"users": [{"id": "u"}]}, "data: users[0].email: "),
        ({"tokens": {"T": "bob"}}, 'data: tokens: no user has the handle or id "bob"'),
        ({"clock": {1}}, "data: must hold nothing but JSON values"),
    ],
)
def test_a_dictionary_is_checked_as_a_file_is(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        MockShowpad(data={**ACME, **change})


def test_tests_in_other_threads_arrange_while_the_server_answers(showpad: MockTenant) -> None:
    def flip(number: int) -> int:
        showpad.freeze(f"2026-01-01T00:00:00.{number:03d}Z")
        return httpx2.get(f"{showpad.base_url}/users", headers=showpad.headers(), trust_env=False).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(flip, range(40))) == {200}


def test_two_threads_that_ask_first_get_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    with MockShowpad() as server:
        other = threading.Thread(target=lambda: told.append(server.origin))

        def bind_while_another_asks(host: str, port: int) -> socket.socket:
            other.start()
            return bind(host, port)

        monkeypatch.setattr("showpad_mock.testing.server.bind", bind_while_another_asks)
        told.append(server.origin)
        other.join(timeout=10)
        assert told == [server.origin] * 2
