"""The proxy: Showpad's hosts end at the mock."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from .proxied import TOKEN, Proxy, all_of, head, proxied, received

URL = "demo.api.showpad.com/v4/users"
HEADERS = dict([TOKEN.split(": ")])
SPACE = json.dumps({"title": "By a proxy"}).encode()


@pytest.fixture(scope="module", params=["uvloop", "asyncio"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    if request.param == "uvloop":
        pytest.importorskip("uvloop")
    with proxied(tmp_path_factory.mktemp("proxy") / "ca", loop=request.param, names=("mock.internal",)) as proxy:
        yield proxy


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.rule("CONV-BASE", "CONV-BASE-BIZ")
@pytest.mark.parametrize("host", ["demo.api.showpad.com/v4", "demo.showpad.com/v4", "demo.showpad.biz/api/v4"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_client_that_follows_its_variables_is_answered(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch, host: str, scheme: str
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", proxy.origin)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", proxy.ca_file)
    with requests.Session() as session:
        for _ in range(2):
            assert session.get(f"{scheme}://{host}/users", headers=HEADERS, timeout=30).json()["items"]


def test_plain_http_goes_through_connect_too(proxy: Proxy) -> None:
    with proxy.tunnel("demo.api.showpad.com:80") as connection:
        connection.sendall(head("GET /v4/users HTTP/1.1", "Host: demo.api.showpad.com", "Connection: close", TOKEN))
        assert status(all_of(connection)) == 200


def test_names_that_were_added_end_here_too(proxy: Proxy) -> None:
    with proxy.secured(proxy.tunnel("mock.internal:8443"), "mock.internal") as connection:
        connection.sendall(head("GET /v4/users HTTP/1.1", "Host: mock.internal", "Connection: close", TOKEN))
        assert status(all_of(connection)) == 200


def test_tls_may_begin_at_once_with_who_takes_the_proxy_for_the_host(proxy: Proxy) -> None:
    with proxy.secured(proxy.connect()) as connection:
        connection.sendall(head("GET /v4/users HTTP/1.1", "Host: demo.api.showpad.com", "Connection: close", TOKEN))
        assert status(all_of(connection)) == 200


def handshake(connection: socket.socket, first: bytes, proxy: Proxy) -> ssl.SSLObject:
    """Shake hands over memory, so that a test decides what leaves together; `first` goes before the first of it."""
    coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context(cafile=proxy.ca_file)
    tls = context.wrap_bio(coming, going, server_hostname="demo.api.showpad.com")
    while True:
        try:
            tls.do_handshake()
            connection.sendall(going.read())
            return tls
        except ssl.SSLWantReadError:
            connection.sendall(first + going.read())
            if first:
                received(connection, b"\r\n\r\n")
                first = b""
            coming.write(connection.recv(65536))


def test_a_hello_that_comes_together_with_its_connect_is_not_lost(proxy: Proxy) -> None:
    with proxy.connect() as connection:
        tls = handshake(connection, head("CONNECT demo.api.showpad.com:443 HTTP/1.1"), proxy)
        assert tls.version() is not None


def test_a_request_that_comes_together_with_its_connect_is_not_lost(proxy: Proxy) -> None:
    asked = head("GET /v4/users HTTP/1.1", "Host: demo.api.showpad.com", "Connection: close", TOKEN)
    answer = proxy.ask("CONNECT demo.api.showpad.com:80 HTTP/1.1", body=asked)
    assert status(answer.partition(b"\r\n\r\n")[2]) == 200


def test_a_head_may_come_byte_by_byte(proxy: Proxy) -> None:
    with proxy.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in head(f"GET http://{URL} HTTP/1.1", TOKEN):
            connection.sendall(bytes([byte]))
        assert status(all_of(connection)) == 200


@pytest.mark.parametrize("cut", [0, 5, len(SPACE)])
def test_a_body_arrives_whole_however_it_is_cut(proxy: Proxy, cut: int) -> None:
    length = f"Content-Length: {len(SPACE)}"
    asked = head("POST http://demo.api.showpad.com/v4/shared-spaces HTTP/1.1", TOKEN, length)
    with proxy.connect() as connection:
        connection.sendall(asked + SPACE[:cut])
        connection.sendall(SPACE[cut:])
        assert b"owner.userId" in all_of(connection)  # all it misses


def test_a_large_body_arrives_whole(proxy: Proxy) -> None:
    body = b'{"title": "' + b"x" * 3_000_000 + b'"}'
    length = f"Content-Length: {len(body)}"
    answer = proxy.ask("POST http://demo.api.showpad.com/v4/shared-spaces HTTP/1.1", TOKEN, length, body=body)
    assert status(answer) == 400


@pytest.mark.parametrize(
    "target", [f"HTTP://{URL}", f"http://{URL.replace('/', ':8080/', 1)}", f"http://{URL}?limit=1"]
)
def test_the_forms_of_an_absolute_target_are_read(proxy: Proxy, target: str) -> None:
    assert status(proxy.ask(f"GET {target} HTTP/1.1", TOKEN)) == 200


def test_a_target_without_a_path_means_the_root(proxy: Proxy) -> None:
    assert b"showpad-mock" in proxy.ask("GET http://demo.api.showpad.com HTTP/1.1")


def test_the_host_of_the_target_counts_not_the_header(proxy: Proxy) -> None:
    answer = proxy.ask("GET http://other.api.showpad.com/v4/users HTTP/1.1", "Host: demo.api.showpad.com", TOKEN)
    assert status(answer) == 401


def test_a_plain_connection_is_for_one_request_so_that_each_is_looked_at(proxy: Proxy) -> None:
    answer = proxy.ask(f"GET http://{URL} HTTP/1.1", TOKEN, "Connection: keep-alive")  # until it is closed
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize(
    "line",
    [
        "GET /v4/users HTTP/1.1",
        "CONNECT demo.api.showpad.com HTTP/1.1",
        "CONNECT demo.api.showpad.com:0 HTTP/1.1",
        "CONNECT demo.api.showpad.com:65536 HTTP/1.1",
        "CONNECT user@demo.api.showpad.com:443 HTTP/1.1",
        "GET https://demo.api.showpad.com/v4/users HTTP/1.1",
        "GET http://user:password@demo.api.showpad.com/ HTTP/1.1",
        "GET ftp://demo.api.showpad.com/ HTTP/1.1",
        "GET http:// HTTP/1.1",
        "GET http://demo.api.showpad.com/ HTTP/2",
        "GET  http://demo.api.showpad.com/ HTTP/1.1",
        "GET http://démo.api.showpad.com/ HTTP/1.1",
        "",
        "\0",
    ],
)
def test_what_is_no_request_to_a_proxy_is_400(proxy: Proxy, line: str) -> None:
    assert status(proxy.ask(line)) == 400


@pytest.mark.parametrize("field", ["No colon", " folded: x", "A b: c", "X: a\nHost: 127.0.0.1", "X: \0"])
def test_a_header_of_another_form_is_400(proxy: Proxy, field: str) -> None:
    assert status(proxy.ask(f"GET http://{URL} HTTP/1.1", TOKEN, field)) == 400


def test_what_is_sent_to_the_proxy_alone_goes_no_further(proxy: Proxy) -> None:
    proxy.ask("GET http://demo.api.showpad.com/v4/themes HTTP/1.1", TOKEN, "Proxy-Authorization: Basic aHVzaA==")
    [entry] = [one for one in proxy.served.app.journal.read() if "/v4/themes" in str(one)]
    assert "aHVzaA" not in str(entry)
    assert "proxy-auth" not in str(entry).lower()


def test_what_leaves_by_tls_names_itself_so(proxy: Proxy, tmp_path: Path) -> None:
    with proxy.secured(proxy.tunnel("demo.api.showpad.com:443")) as connection:
        assert connection.version() in ("TLSv1.2", "TLSv1.3")
