"""The sockets that a server listens on: one, or one for each of several processes that share a port."""

from __future__ import annotations

import socket
import sys


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


def origin_of(listener: socket.socket) -> str:
    """Return the origin of a bound socket: scheme, host and port."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _family(host: str) -> socket.AddressFamily:
    # A colon stands in no name and no IPv4 address.
    return socket.AF_INET6 if ":" in host else socket.AF_INET
