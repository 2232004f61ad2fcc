"""How each library's requests are led elsewhere: one library a file, patched where it decides whom to connect to.

A request is redirected, not a connection: what a client keeps open from before a block, or keeps after it, leads where
it led. Each goes over plain HTTP to this process's own server, so that neither certificates nor proxies come into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from . import aiohttp_requests, http_client, httpcore_requests, urllib3_requests
from .destination import Find

CLIENTS = (http_client, urllib3_requests, httpcore_requests, aiohttp_requests)
"""urllib uses http.client, requests uses urllib3, and httpx and httpx2 use httpcore and httpcore2."""


@contextmanager
def patched_clients(find: Find) -> Iterator[None]:
    """Send what these libraries send where `find` says, until the end of the block; what is not installed is left."""
    with ExitStack() as patches:
        for client in CLIENTS:
            patches.enter_context(client.patched(find))
        yield
