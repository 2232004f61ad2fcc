"""Where a request is sent instead of to the host that it names."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit


class Destination(NamedTuple):
    """A server that speaks plain HTTP, and the host that the request names to it."""

    host: str
    port: int
    header: str


Find = Callable[[str], Destination | None]
"""Returns where a request to a host goes; None: where it was to go."""


def host_in(url: str) -> str | None:
    """Return the host that a whole URL names; None for a path, which is all that most requests have."""
    return None if url.startswith("/") else urlsplit(url).hostname


def target_in(url: str) -> str:
    """Return what a server is asked for where a proxy would be asked for a whole URL."""
    if url.startswith("/"):
        return url
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
