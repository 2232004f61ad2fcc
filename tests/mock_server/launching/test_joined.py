"""What becomes of a connection that ends at a joined mock: it ends for the client as it does there."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from showpad_mock.app import CONTROL, VENDORS
from showpad_mock.interception.authority import AuthorityFolder
from showpad_mock.interception.certificates import server_context
from showpad_mock.interception.hosts import Intercepted, hosts_of
from showpad_mock.interception.proxy import ProxyOptions
from showpad_mock.launching.joined import open_joined
from showpad_mock.serving.limits import ConnectionLimits
from showpad_mock.serving.listeners import bind
from showpad_mock.web.transports import LINGER

from ...harness.serving import Served
from ..interception.proxied import Proxy, all_of, received, upstream

LARGE = b"a" * 4_000_000


@pytest.fixture(params=["asyncio", "uvloop"])
def loop(request: pytest.FixtureRequest) -> str:
    if request.param == "uvloop":
        pytest.importorskip("uvloop")
    return str(request.param)


@contextmanager
def joined(folder: Path, loop: str, serve: Callable[[socket.socket], object], **limits: Any) -> Iterator[Proxy]:
    """A proxy before a server that does `serve` with one connection."""
    authority, intercepted = AuthorityFolder(folder), Intercepted(hosts_of(VENDORS))
    context = server_context(authority, intercepted.certificate_names)
    options = ProxyOptions(intercepted=intercepted, context=context, control=CONTROL)
    listener = bind("127.0.0.1", 0)
    with upstream(serve) as port:
        door = open_joined(listener, options, f"http://127.0.0.1:{port}")
        served = Served(ConnectionLimits(**limits), doors=[door], loop=loop)
        try:
            yield Proxy(served, listener, authority.certificate)
        finally:
            served.stop()


def half_an_answer(connection: socket.socket) -> None:
    received(connection, b"\r\n\r\n")
    connection.sendall(b"half")


def nothing_but_a_reset(connection: socket.socket) -> None:
    received(connection, b"\r\n\r\n")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)


def a_large_answer(connection: socket.socket) -> None:
    received(connection, b"\r\n\r\n")
    connection.sendall(LARGE)


@contextmanager
def asking(proxy: Proxy, *, is_tls: bool) -> Iterator[socket.socket]:
    port = 443 if is_tls else 80
    with proxy.tunnel(f"demo.api.showpad.com:{port}") as plain:
        with proxy.secured(plain) if is_tls else plain as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            yield connection


@pytest.mark.parametrize("is_tls", [False, True])
def test_an_end_midway_is_one_at_once(authority_folder: Path, loop: str, is_tls: bool) -> None:  # noqa: FBT001
    with joined(authority_folder, loop, half_an_answer) as proxy, asking(proxy, is_tls=is_tls) as connection:
        assert all_of(connection) == b"half"


@pytest.mark.parametrize("is_tls", [False, True])
def test_a_reset_is_one(authority_folder: Path, loop: str, is_tls: bool) -> None:  # noqa: FBT001
    with joined(authority_folder, loop, nothing_but_a_reset) as proxy, asking(proxy, is_tls=is_tls) as connection:
        with pytest.raises(ConnectionResetError):
            while socket.socket.recv(connection, 65536):  # below TLS, which makes no difference
                pass


@pytest.mark.parametrize("is_tls", [False, True])
def test_all_that_was_answered_comes_before_the_end(authority_folder: Path, loop: str, is_tls: bool) -> None:  # noqa: FBT001
    with joined(authority_folder, loop, a_large_answer) as proxy, asking(proxy, is_tls=is_tls) as connection:
        assert all_of(connection) == LARGE


def test_tls_that_does_not_begin_in_time_is_cut(authority_folder: Path, loop: str) -> None:
    with joined(authority_folder, loop, all_of, header_timeout=0.2) as proxy:
        with proxy.tunnel("demo.api.showpad.com:443") as connection:
            connection.sendall(b"\x16\x03")
            assert all_of(connection) == b""
