"""What the proxy may not be used for, and what it does not wait for."""

from __future__ import annotations

import asyncio
import socket
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from showpad_mock.core.refusals import Refusal
from showpad_mock.interception.names import passed_host
from showpad_mock.interception.problems import IS_LOCAL
from showpad_mock.interception.tunnel import passing, reach

from ...harness.program import run
from .proxied import TOKEN, Proxy, all_of, head, in_plain_loop, proxied, received, upstream
from .test_proxy import URL, status


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with proxied(tmp_path_factory.mktemp("proxy") / "ca") as proxy:
        yield proxy


OTHERS = [
    "example.com:443",
    "127.0.0.1:22",
    "[::1]:80",
    "localhost:80",
    "169.254.169.254:80",
    "demo.api.showpad.com.evil.test:443",
]


@pytest.mark.parametrize("authority", OTHERS)
def test_other_hosts_are_refused_naming_what_would_pass_them_on(proxy: Proxy, authority: str) -> None:
    for line in (f"CONNECT {authority} HTTP/1.1", f"GET http://{authority}/ HTTP/1.1"):
        answer = proxy.ask(line)
        assert status(answer) == 502
        assert b"--proxy-pass" in answer


def test_the_servers_own_address_is_no_way_to_its_control_api(proxy: Proxy) -> None:
    with proxy.served.connect() as connection:
        own = connection.getpeername()[1]
    assert status(proxy.ask(f"GET http://127.0.0.1:{own}/__admin/tenants HTTP/1.1")) == 502


@pytest.mark.parametrize("path", ["/__admin", "/__admin/", "/__admin/tenants", "/%5F_admin/tenants"])
@pytest.mark.parametrize("host", ["demo.api.showpad.com", "localhost"])
def test_the_control_api_is_not_reached_whatever_the_host_says(proxy: Proxy, path: str, host: str) -> None:
    asked = head(f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close")
    with proxy.tunnel("demo.api.showpad.com:80") as plain, proxy.tunnel("demo.api.showpad.com:443") as raw:
        plain.sendall(asked)
        with proxy.secured(raw) as secured:
            secured.sendall(asked)
            answers = [all_of(plain), all_of(secured)]
    answers.append(proxy.ask(f"GET http://demo.api.showpad.com{path} HTTP/1.1", f"Host: {host}"))
    assert [status(answer) for answer in answers] == [403, 403, 403]


@pytest.mark.parametrize("host", ["showpad.com", "a.b.api.showpad.com", "x.y.SHOWPAD.BIZ"])
def test_nothing_goes_to_a_host_of_showpads_that_names_no_tenant(tmp_path: Path, host: str) -> None:
    with proxied(tmp_path / "ca", may_pass=passing(["*", host])) as proxy:
        answer = proxy.ask(f"CONNECT {host}:443 HTTP/1.1")
    assert status(answer) == 502
    assert b"names no tenant" in answer


def credential(text: str) -> str:
    return "Proxy-Authorization: Basic " + b64encode(text.encode()).decode()


WRONG = [
    [],
    [credential("run:hus")],
    [credential("run:hush!")],
    ["Proxy-Authorization: Bearer run:hush"],
    [credential("run:hush")] * 2,
]


@pytest.mark.parametrize("lines", WRONG)
def test_without_its_credential_the_proxy_does_nothing(tmp_path: Path, lines: list[str]) -> None:
    with proxied(tmp_path / "ca", credential="run:hush") as proxy:
        for line in (
            "CONNECT demo.api.showpad.com:443 HTTP/1.1",
            f"GET http://{URL} HTTP/1.1",
            "CONNECT a.test:1 HTTP/1.1",
        ):
            answer = proxy.ask(line, TOKEN, *lines)
            assert status(answer) == 407
            assert b"\r\nproxy-authenticate: basic " in answer.lower()
            assert b"hush" not in answer


def test_with_its_credential_it_does(tmp_path: Path) -> None:
    with proxied(tmp_path / "ca", credential="run:hush") as proxy:
        proxy.tunnel("demo.api.showpad.com:443", credential("run:hush")).close()
        assert status(proxy.ask(f"GET http://{URL} HTTP/1.1", TOKEN, credential("run:hush"))) == 200


@pytest.mark.parametrize(
    ("allowed", "host", "port", "passes"),
    [
        ("example.com", "example.com", 443, True),
        ("example.com", "EXAMPLE.com.", 80, True),
        ("example.com", "example.com", 22, False),
        ("example.com", "a.example.com", 443, False),
        ("*.example.com", "a.b.example.com", 443, True),
        ("*.example.com", "example.com", 443, False),
        ("*.example.com", "evilexample.com", 443, False),
        ("example.com:8443", "example.com", 8443, True),
        ("example.com:8443", "example.com", 443, False),
        ("*.example.com:8443", "a.example.com", 8443, True),
        ("10.0.0.7", "10.0.0.7", 80, True),
        ("[::2]:90", "[::2]", 90, True),
        ("::2", "[::2]", 80, True),
        ("::2", "[::2]", 2, False),
        ("*", "anything.test", 1, True),
    ],
)
def test_what_is_passed_on(allowed: str, host: str, port: int, *, passes: bool) -> None:
    assert passing([passed_host(allowed)])(host, port) is passes


@pytest.mark.parametrize(
    "text", ["", "https://a.test", "a.test:0", "a.test:65536", "a.test:", "*.*", "a b", "user@a.test"]
)
def test_what_can_be_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        passed_host(text)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "0.0.0.0", "fe80::1%1"])
def test_a_name_that_leads_to_this_machine_is_not_followed(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    async def resolved(*_: Any, **__: Any) -> list[Any]:
        return [(None, None, None, "", (address, 80))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolved)
    with pytest.raises(Refusal) as refused:
        in_plain_loop(reach("innocent.example", 80))
    assert refused.value.problem is IS_LOCAL


def test_a_host_that_cannot_be_reached_is_502(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with proxied(tmp_path / "ca", may_pass=passing([f"127.0.0.1:{port}"])) as proxy:
        assert status(proxy.ask(f"CONNECT 127.0.0.1:{port} HTTP/1.1")) == 502


def listen(connection: socket.socket) -> None:
    all_of(connection)


def echo(connection: socket.socket) -> None:
    connection.sendall(b"heard " + all_of(connection))


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_tunnel_passes_all_on_and_its_ends_too(tmp_path: Path, loop: str) -> None:
    sent = b"x" * 5_000_000
    with upstream(echo) as port, proxied(tmp_path / "ca", loop=loop, may_pass=passing([f"127.0.0.1:{port}"])) as proxy:
        with proxy.tunnel(f"127.0.0.1:{port}") as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            assert all_of(connection) == b"heard " + sent


def test_a_plain_request_is_passed_on_without_what_is_the_proxys(tmp_path: Path) -> None:
    def answer(connection: socket.socket) -> None:
        asked = received(connection, b"\r\n\r\n")
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + asked)

    with upstream(answer) as port:
        passed: dict[str, Any] = {"credential": "run:hush", "may_pass": passing([f"127.0.0.1:{port}"])}
        with proxied(tmp_path / "ca", **passed) as proxy:
            line = f"GET http://127.0.0.1:{port}/a?b=c HTTP/1.1"
            got = proxy.ask(line, "Host: x", "Accept: */*", "Proxy-Connection: keep-alive", credential("run:hush"))
    lines = got.partition(b"\r\n\r\n")[2].decode().split("\r\n")[:-2]
    assert lines == ["GET /a?b=c HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: */*", "Connection: close"]


def test_a_tunnel_in_which_nothing_passes_is_cut(tmp_path: Path) -> None:
    with upstream(listen) as port:
        options: dict[str, Any] = {"may_pass": passing([f"127.0.0.1:{port}"]), "limits": {"body_timeout": 0.05}}
        with proxied(tmp_path / "ca", **options) as proxy, proxy.tunnel(f"127.0.0.1:{port}") as connection:
            assert cut(connection)


def cut(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_head_that_takes_too_long_is_408(tmp_path: Path) -> None:
    with proxied(tmp_path / "ca", limits={"header_timeout": 0.05}) as proxy, proxy.connect() as connection:
        connection.sendall(b"CONNECT demo.api")
        assert status(all_of(connection)) == 408


def test_who_connects_and_says_nothing_behind_it_is_408(tmp_path: Path) -> None:
    with proxied(tmp_path / "ca", limits={"header_timeout": 0.05}) as proxy:
        with proxy.tunnel("demo.api.showpad.com:443") as connection:
            assert status(all_of(connection)) == 408


def test_a_head_beyond_the_limit_is_431(tmp_path: Path) -> None:
    with proxied(tmp_path / "ca", limits={"max_header_size": 1000}) as proxy:
        assert status(proxy.ask("CONNECT demo.api.showpad.com:443 HTTP/1.1", "X: " + "x" * 1000)) == 431
        assert status(proxy.ask(f"GET http://{URL} HTTP/1.1", TOKEN)) == 200


def test_connections_beyond_the_most_are_503(tmp_path: Path) -> None:
    with proxied(tmp_path / "ca", limits={"max_connections": 1}) as proxy, proxy.tunnel("demo.api.showpad.com:443"):
        assert status(proxy.ask(f"GET http://{URL} HTTP/1.1", TOKEN)) == 503


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_server_ends_with_tunnels_and_half_said_things_open(tmp_path: Path, loop: str) -> None:
    with upstream(listen) as port:
        with proxied(tmp_path / "ca", loop=loop, may_pass=passing([f"127.0.0.1:{port}"])) as proxy:
            half = proxy.connect()
            half.sendall(b"CONNECT demo")
            waiting = [half, proxy.tunnel(f"127.0.0.1:{port}"), proxy.tunnel("demo.api.showpad.com:443")]
            idle = proxy.secured(proxy.tunnel("demo.api.showpad.com:443"))
            proxy.served.stop()
            assert not proxy.served.is_running()
            assert all(map(cut, (*waiting, idle)))
            for one in (*waiting, idle):
                one.close()


def test_all_hosts_are_passed_on_only_to_who_has_a_credential(tmp_path: Path) -> None:
    done = run("serve", "--port", "0", "--proxy-port", "0", "--proxy-pass", "*", "--ca-folder", str(tmp_path / "ca"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "SHOWPAD_MOCK_PROXY_CREDENTIAL" in done.stderr
