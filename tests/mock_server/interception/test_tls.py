"""TLS as clients see it that were not made for the mock: with the vendor's host names in them."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import requests

from showpad_mock import MockShowpad

from ...harness.program import run, serving

PATH = "/v4/users"
TOKEN = {"Authorization": "Bearer mock.demo.admin"}


@pytest.fixture(scope="module")
def server() -> Iterator[MockShowpad]:
    with MockShowpad() as server:
        yield server


def trusting(server: MockShowpad) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(server.ca_file))
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


def connected(server: MockShowpad, host: str) -> ssl.SSLSocket:
    address = urlsplit(server.tls_origin)
    raw = socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=30)
    return trusting(server).wrap_socket(raw, server_hostname=host)


@pytest.mark.rule("CONV-BASE", "CONV-BASE-BIZ")
@pytest.mark.parametrize(
    "host", ["demo.api.showpad.com", "demo.showpad.com", "demo.showpad.biz", "localhost", "127.0.0.1"]
)
def test_the_certificate_is_for_showpads_hosts_and_the_local_names(server: MockShowpad, host: str) -> None:
    with connected(server, host) as connection:
        assert connection.selected_alpn_protocol() == "http/1.1"


@pytest.mark.parametrize("host", ["a.b.api.showpad.com", "showpad.com", "example.com"])
def test_it_is_for_no_other(server: MockShowpad, host: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        connected(server, host)


def test_requests_and_httpx2_are_answered(server: MockShowpad) -> None:
    url, file = server.tls_origin + PATH, str(server.ca_file)
    assert requests.get(url, headers=TOKEN, verify=file, timeout=30).status_code == 200
    assert httpx2.get(url, headers=TOKEN, verify=trusting(server), trust_env=False).status_code == 200


CURL = shutil.which("curl")


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
@pytest.mark.rule("CONV-BASE", "CONV-BASE-BIZ")
@pytest.mark.parametrize("base", ["demo.api.showpad.com/v4", "demo.showpad.biz/api/v4"])
def test_curl_with_the_vendors_host_is_answered(server: MockShowpad, base: str) -> None:
    host, port = base.partition("/")[0], urlsplit(server.tls_origin).port
    command = [
        "curl",
        "-sS",
        "--noproxy",
        "*",
        "--cacert",
        str(server.ca_file),
        "--resolve",
        f"{host}:{port}:127.0.0.1",
    ]
    url = f"https://{host}:{port}/{base.partition('/')[2]}/users"
    done = subprocess.run(
        [*command, "-H", "Authorization: Bearer mock.demo.admin", url], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["items"]


def test_the_control_api_is_not_reached_by_a_vendors_host(server: MockShowpad) -> None:
    headers = {"Host": "demo.api.showpad.com", "Origin": "https://demo.api.showpad.com"}
    answer = httpx2.get(
        server.tls_origin + "/__admin/tenants", headers=headers, verify=trusting(server), trust_env=False
    )
    assert answer.status_code == 403


def test_a_refusal_of_what_is_no_http_arrives_by_tls_too(server: MockShowpad) -> None:
    with connected(server, "localhost") as connection:
        connection.sendall(b"NOT HTTP\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_client_that_speaks_plainly_or_trusts_nobody_ends_nothing(server: MockShowpad) -> None:
    address = urlsplit(server.tls_origin)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=30) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        plain.recv(1000)
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(server.tls_origin + PATH, timeout=30)
    test_requests_and_httpx2_are_answered(server)


def test_a_server_that_listens_again_answers_by_tls_again() -> None:
    with MockShowpad() as server:
        first = server.ca_file
        test_requests_and_httpx2_are_answered(server)
        server.close()
        assert not first.exists()
        test_requests_and_httpx2_are_answered(server)


@pytest.mark.parametrize("more", [[], pytest.param(["--workers", "2"], marks=pytest.mark.slow)])
@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_serve_tells_where_tls_is_and_ends_in_time(tmp_path: Path, more: list[str]) -> None:
    ready, ca = tmp_path / "ready", tmp_path / "ca"
    options = ["--tls-port", "0", "--ca-folder", str(ca), "--ready-file", str(ready), "--log-format", "json", *more]
    with serving(*options) as program:
        origin = json.loads(program.said[0])["tlsOrigin"]
        assert ready.read_text().splitlines() == [program.origin, origin]
        assert requests.get(origin + PATH, headers=TOKEN, verify=str(ca / "ca.pem"), timeout=30).status_code == 200
        assert run("wait", "--ready-file", str(ready)).returncode == 0
        assert program.end(by=signal.SIGTERM) == 0


def test_an_authority_that_cannot_be_had_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("")
    done = run("serve", "--port", "0", "--tls-port", "0", "--ca-folder", str(tmp_path / "ca"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--ca-folder" in done.stderr
