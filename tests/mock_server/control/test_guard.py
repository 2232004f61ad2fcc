"""Who may use the control API: nobody through a foreign page; beyond loopback the holder of the admin token."""

from __future__ import annotations

import asyncio

import pytest

from .caller import Caller, assert_refused

TOKEN = "the-token"


@pytest.fixture
def guarded(runner: asyncio.Runner) -> Caller:
    """A server that listens beyond loopback."""
    return Caller(runner, admin_token=TOKEN)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:7470", "127.0.0.1:7470", "127.0.0.8", "127.255.0.1:1", "[::1]", "[::1]:7470"]
)
def test_a_loopback_host_is_let_in(caller: Caller, host: str) -> None:
    assert caller("GET", "version", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.evil.example",
        "localhost@evil.example",
        "10.0.0.1:7470",
        "0.0.0.0",
        "[::2]:7470",
        "localhost:",
        "localhost:7470:1",
        "",
    ],
)
def test_another_host_is_refused_on_loopback(caller: Caller, host: str) -> None:
    assert_refused(caller("GET", "version", headers={"Host": host}), 403, "foreign-host", f'"{host}"')


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:7470", "http://localhost:7470"),
        ("127.0.0.1:7470", "http://127.0.0.1:7470"),
        ("[::1]:7470", "http://[::1]:7470"),
        ("localhost:7471", "https://localhost:7471"),
        ("localhost", "HTTP://LOCALHOST"),
    ],
)
def test_the_servers_own_pages_are_let_in(caller: Caller, host: str, origin: str) -> None:
    answer = caller("POST", "tenants", headers={"Host": host, "Origin": origin})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "", "http://localhost:8080", "http://127.0.0.1:7470", "file://localhost:7470"],
)
def test_a_foreign_page_is_refused(caller: Caller, origin: str) -> None:
    answer = caller("POST", "tenants", headers={"Host": "localhost:7470", "Origin": origin})
    assert_refused(answer, 403, "foreign-origin", f'"{origin}"')
    assert caller("GET", "tenants").json() == []


@pytest.mark.parametrize("site", ["same-origin", "none", " None "])
def test_what_the_user_or_an_own_page_asks_for_is_let_in(caller: Caller, site: str) -> None:
    assert caller("GET", "version", headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "Cross-Site", "", "none, cross-site", "new-one"])
@pytest.mark.parametrize(("method", "path"), [("GET", "version"), ("GET", ""), ("POST", "tenants"), ("GET", "nothing")])
def test_what_a_page_of_another_site_asks_for_is_refused(caller: Caller, site: str, method: str, path: str) -> None:
    answer = caller(method, path, headers={"Sec-Fetch-Site": site})
    assert_refused(answer, 403, "foreign-site", f"Sec-Fetch-Site: {site}")
    assert caller("GET", "tenants").json() == []


def test_one_own_site_among_others_opens_nothing(caller: Caller) -> None:
    sites = [("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "cross-site")]
    assert_refused(caller("GET", "version", headers=sites), 403, "foreign-site")


def test_beyond_loopback_the_token_decides_whatever_site_asks(guarded: Caller) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Sec-Fetch-Site": "cross-site"}
    assert guarded("GET", "version", headers=headers).status_code == 200


def test_a_refused_request_is_not_told_what_there_is(caller: Caller) -> None:
    assert_refused(caller("GET", "nothing", headers={"Host": "evil.example"}), 403, "foreign-host")


@pytest.mark.parametrize("authorization", [f"Bearer {TOKEN}", f"bearer  {TOKEN}"])
def test_the_admin_token_lets_in_under_any_host(guarded: Caller, authorization: str) -> None:
    headers = {"Host": "mock.example:7470", "Authorization": authorization}
    assert guarded("GET", "version", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer \xe9".encode()]
)
def test_without_the_admin_token_nobody_is_let_in(guarded: Caller, authorization: str | bytes) -> None:
    answer = guarded("GET", "version", headers={"Authorization": authorization})
    assert_refused(answer, 401, "admin-token-needed")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_loopback_alone_is_no_admin_token(guarded: Caller) -> None:
    assert_refused(guarded("GET", "version", headers={"Host": "localhost"}), 401, "admin-token-needed")


def test_a_foreign_page_is_refused_even_with_the_token(guarded: Caller) -> None:
    headers = {"Host": "mock.example", "Origin": "https://evil.example", "Authorization": f"Bearer {TOKEN}"}
    assert_refused(guarded("GET", "version", headers=headers), 403, "foreign-origin")


def test_its_own_page_with_the_token_is_let_in(guarded: Caller) -> None:
    headers = {"Host": "mock.example", "Origin": "http://mock.example", "Authorization": f"Bearer {TOKEN}"}
    assert guarded("GET", "version", headers=headers).status_code == 200


def test_a_caller_without_a_host_gets_the_likeliest_origin(guarded: Caller) -> None:
    shown = guarded("GET", "tenants/acme", headers={"Host": "", "Authorization": f"Bearer {TOKEN}"}).json()
    assert shown["origin"] == "http://localhost"


def test_vendor_routes_ask_for_no_admin_token(guarded: Caller) -> None:
    assert guarded.v4("GET", "/shared-spaces").status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_told_to_everybody(guarded: Caller, path: str) -> None:
    answer = guarded("GET", path, headers={"Host": "10.0.0.7:7470", "Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
