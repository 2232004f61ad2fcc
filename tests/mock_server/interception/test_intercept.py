"""`with tenant.intercept():` this process's requests to the vendor's hosts go to the tenant, by whatever library."""

from __future__ import annotations

import http.client
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import aiohttp
import httpcore
import httpcore2
import pytest
import requests
import urllib3

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.rspace.testing import RSpaceTenant

from .senders import SENDERS, Send, by_http_client, by_httpx, by_requests

HOST = "acme.api.showpad.com"
SPACES = f"https://{HOST}/v4/shared-spaces?limit=5"
UNREACHED = "no host is found|Failed to resolve|Cannot connect"
PATCHED = [
    (http.client.HTTPConnection, "putrequest"),
    (http.client.HTTPConnection, "putheader"),
    (http.client.HTTPConnection, "connect"),
    (http.client.HTTPSConnection, "connect"),
    (urllib3.HTTPConnectionPool, "urlopen"),
    (aiohttp.BaseConnector, "connect"),
    *((core.ConnectionPool, "handle_request") for core in (httpcore, httpcore2)),
    *((core.AsyncConnectionPool, "handle_async_request") for core in (httpcore, httpcore2)),
]

each_library = pytest.mark.parametrize("send", SENDERS, ids=lambda one: one.__name__)


def reach(tenant: MockTenant, send: Send, url: str = SPACES) -> None:
    answer = send(url, tenant.headers("manager"))
    assert answer.status == 200
    assert answer.body["items"][0]["publicUrl"].startswith(f"https://{tenant.name}.showpad.com/")


@each_library
@pytest.mark.parametrize(
    "url",
    [
        SPACES,
        "https://acme.showpad.biz/api/v4/shared-spaces?limit=5",
        "http://acme.api.showpad.com/v4/shared-spaces?limit=5",
    ],
)
def test_a_request_to_the_vendors_host_goes_to_the_tenant(
    showpad: MockTenant, send: Send, url: str, asked_for: list[str]
) -> None:
    with showpad.intercept():
        reach(showpad, send, url)
    [entry] = showpad.exchanges
    # Its host names this tenant now, so that a token of any form works.
    assert dict(entry.request_headers)[b"host"].partition(b".")[0].decode() == showpad.name
    assert asked_for == []


def test_a_host_is_known_in_any_case_and_with_a_port(showpad: MockTenant, asked_for: list[str]) -> None:
    with showpad.intercept():
        reach(showpad, by_http_client, SPACES.replace("acme.api", "ACME.API").replace(".com/", ".com:443/"))
    assert asked_for == []


@each_library
def test_any_other_host_is_left_alone(showpad: MockTenant, send: Send, asked_for: list[str]) -> None:
    with showpad.intercept():
        for host in ("api.example.com", "acme.api.showpad.com.example.com", "showpad.com"):
            with pytest.raises(Exception, match=UNREACHED):
                send(f"https://{host}/", {})
    assert list(dict.fromkeys(asked_for)) == ["api.example.com", "acme.api.showpad.com.example.com", "showpad.com"]
    assert showpad.exchanges == []


@each_library
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_environments_proxy_is_not_asked(
    showpad: MockTenant, send: Send, scheme: str, monkeypatch: pytest.MonkeyPatch, asked_for: list[str]
) -> None:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    with showpad.intercept():
        reach(showpad, send, SPACES.replace("https", scheme))
    assert asked_for == []


@each_library
def test_it_ends_with_the_block_also_when_that_raises(showpad: MockTenant, send: Send, asked_for: list[str]) -> None:
    with suppress(ZeroDivisionError), showpad.intercept():
        reach(showpad, send)
        raise ZeroDivisionError
    with pytest.raises(Exception, match=UNREACHED):
        send(SPACES, {})
    assert set(asked_for) == {HOST}


def test_what_was_patched_is_as_it_was_once_the_last_block_ends(showpad: MockTenant) -> None:
    before = [vars(owner)[name] for owner, name in PATCHED]
    with showpad.intercept():
        with showpad.intercept():
            assert all(vars(owner)[name] is not was for (owner, name), was in zip(PATCHED, before, strict=True))
        reach(showpad, by_requests)
    assert [vars(owner)[name] for owner, name in PATCHED] == before


def test_who_patches_meanwhile_and_ends_later_leaves_what_works(
    showpad: MockTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def passing(original: Any) -> Any:
        return lambda *args, **options: original(*args, **options)

    with showpad.intercept():
        ours = urllib3.HTTPConnectionPool.urlopen
        monkeypatch.setattr(urllib3.HTTPConnectionPool, "urlopen", passing(ours))
        reach(showpad, by_requests)
    monkeypatch.undo()
    assert by_requests(f"{showpad.base_url}/shared-spaces", showpad.headers("seller")).status == 200


def test_a_library_that_is_not_installed_is_none_of_ours(showpad: MockTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("aiohttp", "httpcore", "httpcore2", "urllib3"):
        monkeypatch.setitem(sys.modules, name, None)
    with showpad.intercept():
        reach(showpad, by_http_client)


def test_a_session_from_before_the_block_follows_it_in_and_out(showpad: MockTenant, asked_for: list[str]) -> None:
    with requests.Session() as session:
        session.headers.update(showpad.headers("seller"))
        for _ in range(2):
            with showpad.intercept():
                assert [session.get(SPACES).status_code for _ in range(2)] == [200, 200]
            with pytest.raises(requests.ConnectionError):
                session.get(SPACES)
    assert set(asked_for) == {HOST}


def test_a_connection_of_http_client_follows_the_block_in_and_out(showpad: MockTenant, asked_for: list[str]) -> None:
    connection = http.client.HTTPSConnection(HOST)
    with showpad.intercept():
        connection.request("GET", "/v4/shared-spaces", headers=showpad.headers("seller"))
        begun = connection.getresponse()
    assert begun.read().endswith(b"}")  # what was begun is read to its end
    with pytest.raises(OSError, match="no host is found"):
        connection.request("GET", "/")
    assert asked_for == [HOST]


def test_connections_are_kept_as_the_client_keeps_them(showpad: MockTenant, monkeypatch: pytest.MonkeyPatch) -> None:
    connected, connect = [], urllib3.connection.HTTPConnection.connect

    def counted(connection: Any) -> None:
        connected.append(connection)
        connect(connection)

    with showpad.intercept(), requests.Session() as session:
        monkeypatch.setattr(urllib3.connection.HTTPConnection, "connect", counted)
        assert [session.get(SPACES, headers=showpad.headers()).status_code for _ in range(3)] == [200, 200, 200]
    assert len(connected) == 1


def test_two_tenants_of_two_servers_are_told_apart_by_the_host_through_one_client(showpad_server: MockShowpad) -> None:
    with showpad_server.tenant("acme-1") as acme, MockShowpad() as other, other.tenant("globex-1") as globex:
        with acme.intercept(), globex.intercept(), requests.Session() as session:
            for tenant in (acme, globex, acme):
                session.get(f"https://{tenant.name}.api.showpad.com/v4/shared-spaces", headers=tenant.headers())
            session.get(SPACES, headers=globex.headers())
        assert [len(acme.exchanges), len(globex.exchanges)] == [2, 2]


def test_a_subdomain_is_sent_where_the_test_says(showpad_server: MockShowpad) -> None:
    with showpad_server.tenant() as one, showpad_server.tenant() as two:
        with one.intercept(subdomain="Acme"), two.intercept(subdomain="globex"):
            reach(one, by_requests)
            reach(two, by_httpx, SPACES.replace("acme", "globex"))
            with pytest.raises(requests.ConnectionError):
                by_requests(SPACES.replace("acme", "another"), {})
        assert [len(one.exchanges), len(two.exchanges)] == [1, 1]


@each_library
def test_threads_have_each_their_own_tenant(showpad_server: MockShowpad, send: Send) -> None:
    begun, ended = Barrier(2), Barrier(2)

    def send_some() -> tuple[int, int]:
        with showpad_server.tenant() as tenant, tenant.intercept():
            begun.wait()
            for _ in range(3):
                reach(tenant, send)
            ended.wait()
            return len(tenant.exchanges), len(tenant.requests(status="4xx"))

    with ThreadPoolExecutor(2) as threads:
        assert [one.result() for one in [threads.submit(send_some) for _ in range(2)]] == [(3, 0), (3, 0)]


def test_a_thread_without_a_tenant_of_its_own_sends_to_the_innermost(showpad_server: MockShowpad) -> None:
    with showpad_server.tenant() as outer, showpad_server.tenant() as inner, ThreadPoolExecutor(1) as thread:
        with outer.intercept(), inner.intercept():
            thread.submit(reach, inner, by_requests).result()
        with outer.intercept():
            thread.submit(reach, outer, by_requests).result()


def test_an_api_without_hosts_of_its_own_is_given_some(rspace: RSpaceTenant, asked_for: list[str]) -> None:
    with rspace.intercept("eln.example.edu"):
        documents = requests.get("https://ELN.example.edu/api/v1/documents", headers=rspace.headers("alice")).json()
    assert asked_for == []
    # Its links are the caller's own.
    assert documents["documents"][0]["_links"][0]["link"].startswith("http://eln.example.edu/api/v1/documents/")


@pytest.mark.parametrize("host", ["https://eln.example.edu", "eln.example.edu:443", ""])
def test_what_is_no_host_is_refused(rspace: RSpaceTenant, host: str) -> None:
    with pytest.raises(ValueError, match=f"a host must be a name such as api.example.com, got '{host}'"):
        with rspace.intercept(host):
            pass


@pytest.mark.showpad_intercept(subdomain="acme")
def test_a_marked_test_has_its_requests_sent_to_its_tenant(asked_for: list[str]) -> None:
    assert requests.get(SPACES).status_code == 401
    with pytest.raises(requests.ConnectionError):
        requests.get(SPACES.replace("acme", "globex"))
    assert set(asked_for) == {"globex.api.showpad.com"}


@pytest.mark.showpad_intercept
class TestMarkedClass:
    def test_its_tests_are_sent_to_tenants_of_their_own(self, showpad: MockTenant) -> None:
        reach(showpad, by_requests)
        assert len(showpad.exchanges) == 1

    def test_another_one_begins_anew(self, showpad: MockTenant) -> None:
        assert showpad.exchanges == []
