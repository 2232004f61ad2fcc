"""aiohttp: a request changes its URL before its connector looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .destination import Find
from .patch import installed, replaced


@contextmanager
def patched(find: Find) -> Iterator[None]:
    """Lead its requests where `find` says until the end of the block."""
    aiohttp = installed("aiohttp")
    if aiohttp is None:
        yield
        return

    def make(original: Any) -> Any:
        async def replacement(connector: Any, request: Any, *args: Any, **options: Any) -> Any:
            destination = find(request.url.raw_host) if isinstance(connector, aiohttp.TCPConnector) else None
            if destination is not None:
                # The answer tells the URL that was asked for, which a request keeps beside this one.
                request.url = request.url.with_scheme("http").with_host(destination.host).with_port(destination.port)
                request.proxy = None
                request.headers["Host"] = destination.header
            return await original(connector, request, *args, **options)

        return replacement

    with replaced(aiohttp.BaseConnector, "connect", make):
        yield
