"""Passing a connection on to another host: where it may go, and the bytes in both directions."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from ..web.hosts import host_of
from ..web.transports import reset
from .problems import IS_LOCAL, UNREACHABLE

PIECE = 65_536
USUAL_PORTS = (80, 443)
CONNECT_SECONDS = 10


class Way(NamedTuple):
    """One end of a tunnel."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


MayPass = Callable[[str, int], bool]
"""Returns whether connections to a host and port are passed on."""
Reach = Callable[[str, int], Awaitable[Way]]
"""Connects to a host and port; refuses with 502."""


def passing(allowed: Sequence[str]) -> MayPass:
    """Return what passes on to these hosts: `host` and `*.domain` at the usual ports, `host:port` there, `*` all."""

    def may_pass(host: str, port: int) -> bool:
        name = (host_of(host) or host.strip("[]")).lower()
        return any(one == "*" or _fits(one, name, port) for one in allowed)

    return may_pass


def _fits(allowed: str, name: str, port: int) -> bool:
    is_address = allowed.count(":") > 1 and not allowed.startswith("[")  # of IPv6, without a port
    host, colon, at = ("", "", "") if is_address else allowed.rpartition(":")
    if (str(port) != at) if colon else (port not in USUAL_PORTS):
        return False
    wanted = (host if colon else allowed).strip("[]")
    return name.endswith(wanted[1:]) if wanted.startswith("*.") else name == wanted


async def reach(host: str, port: int) -> Way:
    """Connect to a host directly, but for a name that leads to this machine or its link."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            address = await _resolved(host, port)
            return Way(*await asyncio.open_connection(address, port, limit=PIECE))
    except TimeoutError:
        raise UNREACHABLE.error(host=host, reason=f"no connection within {CONNECT_SECONDS} seconds") from None
    except OSError as error:
        raise UNREACHABLE.error(host=host, reason=error.strerror or "no such host") from None


async def _resolved(host: str, port: int) -> str:
    name = host.strip("[]")
    # The address that is looked at is the one that is connected to: a name may mean another one a moment later.
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    address = str(found[0][4][0])
    # Who names the address itself means it; a name may belong to somebody who means no good.
    if name not in (address, "localhost") and _is_local(address):
        raise IS_LOCAL.error(host=host, address=address)
    return address


def _is_local(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_loopback or ip.is_unspecified or ip.is_link_local or ip.is_multicast


class Reaches(NamedTuple):
    """How other hosts are connected to: for a CONNECT, and for a request by plain HTTP."""

    https: Reach = reach
    http: Reach = reach


DIRECTLY = Reaches()


async def tunnel(one: Way, other: Way, *, idle_seconds: float) -> None:
    """Pass bytes on in both directions until both have ended, or nothing has passed for so long; closes both.

    Where one is reset, so is the other.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(idle_seconds) as deadline, asyncio.TaskGroup() as both:

            def passed() -> None:
                deadline.reschedule(loop.time() + idle_seconds)

            both.create_task(_pump(one, other, passed))
            both.create_task(_pump(other, one, passed))
    except* OSError:  # one end is gone, or nothing has passed: so goes the other
        pass
    finally:
        # All that was passed on has left: see `_pump`.
        one.writer.transport.abort()
        other.writer.transport.abort()


async def _pump(source: Way, target: Way, passed: Callable[[], None]) -> None:
    # Nothing more is read until what was is gone: memory is bounded, and whoever takes nothing holds up the source.
    # TLS takes a buffer for full that holds as much as this: with nothing in it, it would never be told to go on.
    target.writer.transport.set_write_buffer_limits(high=0 if target.writer.can_write_eof() else 1)
    while data := await _read(source, target):
        target.writer.write(data)
        await target.writer.drain()
        passed()
    if target.writer.can_write_eof():
        target.writer.write_eof()
    else:
        # TLS ends in both directions: what was written leaves, then the other pump ends, too.
        target.writer.close()


async def _read(source: Way, target: Way) -> bytes:
    try:
        return await source.reader.read(PIECE)
    except ConnectionResetError:
        if not target.writer.transport.is_closing():
            reset(target.writer.transport)
        raise
