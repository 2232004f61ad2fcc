"""Limits of connections: what one may take, and how many there may be."""

from __future__ import annotations

from dataclasses import dataclass

GRACE_SECONDS = 5
"""What is in flight when a server is told to end is answered within this; then it is cut."""

GOODBYE_SECONDS = 1
"""That a client has to answer the end of TLS; then the connection is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """How many seconds a connection may take for what it does, how many there may be, how many bytes a head has."""

    idle_timeout: float = 75
    """Without a request under way. Long enough that no client's pool meets a connection closed a moment ago."""
    header_timeout: float = 30
    """From a request's first byte to the end of its headers."""
    body_timeout: float = 300
    """From the end of the headers to the end of the body; also for a client to take an answer off the line."""
    max_connections: int = 4096
    max_header_size: int = 65_536
    """Request line and headers together."""
