"""Server CPU of a GET by TLS and through the proxy, beside plain HTTP of the same server: one after the other."""

from __future__ import annotations

import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from . import process, table
from .process import Server
from .requests import TENANT, TOKEN, Effort, spaces

HOST = f"{TENANT}.api.showpad.com"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Host": HOST}


class Ways(NamedTuple):
    """How a server is reached: each makes a connection."""

    plain: Callable[[], HTTPConnection]
    tls: Callable[[], HTTPConnection]
    through_proxy: Callable[[], HTTPConnection]
    to_proxy: Callable[[], HTTPConnection]


def rows(effort: Effort) -> Iterator[table.Row]:
    """Measure on a connection that is kept, then with one for each request, as many programs have it."""
    with tempfile.TemporaryDirectory() as folder:
        ready, ca = Path(folder, "ready"), Path(folder, "ca")
        flags = ("--tls-port", "0", "--proxy-port", "0", "--ca-folder", str(ca), "--ready-file", str(ready))
        with process.mock(*flags) as server:
            path = spaces(server, 1)[0]
            ways = _ways(ready.read_text(encoding="utf-8").split(), ssl.create_default_context(cafile=ca / "ca.pem"))
            absolute = f"http://{HOST}{path}"
            for name, way, url, is_kept in (
                ("TLS, connection kept", ways.tls, path, True),
                ("CONNECT and TLS, connection kept", ways.through_proxy, path, True),
                ("TLS, a connection each", ways.tls, path, False),
                ("CONNECT and TLS, a connection each", ways.through_proxy, path, False),
                ("http:// by the proxy, a connection each", ways.to_proxy, absolute, False),
            ):
                pairs = []
                for _ in range(effort.pairs):
                    ours = _microseconds(server, way, url, effort.seconds, is_kept=is_kept)
                    pairs.append((ours, _microseconds(server, ways.plain, path, effort.seconds, is_kept=is_kept)))
                yield table.paired(name, "us", pairs)


def _ways(told: list[str], context: ssl.SSLContext) -> Ways:
    plain, tls, proxy = (urlsplit(one).netloc for one in told if one != "proxy")

    def through_proxy() -> HTTPConnection:
        connection = HTTPSConnection(proxy, context=context)
        connection.set_tunnel(HOST, 443)
        return connection

    return Ways(
        lambda: HTTPConnection(plain),
        lambda: HTTPSConnection(tls, context=context),
        through_proxy,
        lambda: HTTPConnection(proxy),
    )


def _microseconds(
    server: Server, way: Callable[[], HTTPConnection], url: str, seconds: float, *, is_kept: bool
) -> float:
    connection = way()
    _get(connection, url)
    before, requests, deadline = server.cpu_seconds(), 0, time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        if not is_kept:
            connection.close()
            connection = way()
        _get(connection, url)
        requests += 1
    used = server.cpu_seconds() - before
    connection.close()
    return used / requests * 1e6


def _get(connection: HTTPConnection, url: str) -> None:
    connection.request("GET", url, headers=HEADERS)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{url} answered {answer.status}")
