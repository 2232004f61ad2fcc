"""The sockets that a server listens on: one, or one for each of several processes that share a port."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from typing import NamedTuple


class Addresses(NamedTuple):
    """Where a server answers: by HTTP, and where asked for by TLS and as a proxy."""

    http: str
    tls: str | None = None
    proxy: str | None = None


class Listeners(NamedTuple):
    """The sockets that one process listens on."""

    http: socket.socket
    tls: socket.socket | None = None
    proxy: socket.socket | None = None

    def addresses(self) -> Addresses:
        """Return where they are reached."""
        return Addresses(
            origin_of(self.http),
            origin_of(self.tls, "https") if self.tls is not None else None,
            origin_of(self.proxy) if self.proxy is not None else None,
        )

    def opened(self) -> Iterator[socket.socket]:
        """Return those that there are."""
        return (one for one in self if one is not None)

    def numbers(self) -> list[int | None]:
        """Return their file descriptors, for another process."""
        return [one.fileno() if one is not None else None for one in self]

    def close(self) -> None:
        """Close them."""
        for one in self.opened():
            one.close()


def listeners_of(numbers: list[int | None]) -> Listeners:
    """Return the sockets of file descriptors that another process has handed on."""
    return Listeners(*(socket.socket(fileno=one) if one is not None else None for one in numbers))  # type: ignore[arg-type]  # the first is there


def bind(host: str, port: int) -> socket.socket:
    """Take an address; raises OSError when it is in use or none of this machine's."""
    return socket.create_server((host, port), family=_family(host), backlog=2048)


def bind_shared(host: str, port: int, count: int) -> list[socket.socket]:
    """Take an address for so many processes; raises OSError as `bind` does, also where others share the address.

    Connections wait in the sockets, not in the processes: those of a process that ended are taken by the next one.
    """
    first = bind(host, port)
    if sys.platform != "linux":
        return [first] * count
    # One socket for all, and whoever wakes first takes whole bursts of connections; Linux spreads them over sockets.
    # Only now: the address was free for us alone, and others are let in after that.
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    address, family = first.getsockname()[:2], first.family
    more = (socket.create_server(address, family=family, backlog=2048, reuse_port=True) for _ in range(count - 1))
    return [first, *more]


def origin_of(listener: socket.socket, scheme: str = "http") -> str:
    """Return the origin of a bound socket: scheme, host and port."""
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _family(host: str) -> socket.AddressFamily:
    # A colon stands in no name and no IPv4 address.
    return socket.AF_INET6 if ":" in host else socket.AF_INET
