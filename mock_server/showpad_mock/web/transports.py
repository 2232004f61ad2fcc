"""Ends of connections that a transport does not know by itself."""

from __future__ import annotations

import socket
import struct
import sys
from typing import Any

# Closed at once, and what was not sent is thrown away: the peer gets a reset.
LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


def reset(transport: Any) -> None:
    """Reset a connection (RST)."""
    # A copy of the socket: uvloop's own takes no options.
    with transport.get_extra_info("socket").dup() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
    transport.abort()
