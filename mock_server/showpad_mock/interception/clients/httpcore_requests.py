"""httpcore and httpcore2, and httpx and httpx2 with them: a request changes its URL before its pool looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from .destination import Find
from .patch import installed, replaced


@contextmanager
def patched(find: Find) -> Iterator[None]:
    """Lead its requests where `find` says until the end of the block."""
    with ExitStack() as patches:
        for name in ("httpcore", "httpcore2"):
            if (httpcore := installed(name)) is not None:
                _patch(patches, httpcore, find)
        yield


def _patch(patches: ExitStack, httpcore: Any, find: Find) -> None:
    led = _Requests(httpcore, find)
    for prefix, handle in (("", "handle_request"), ("Async", "handle_async_request")):
        pool = getattr(httpcore, f"{prefix}ConnectionPool")
        patches.enter_context(replaced(pool, handle, led.handle))
        # A pool of a proxy's connections would ask the proxy for this machine.
        for kind in ("ConnectionPool", "HTTPProxy", "SOCKSProxy"):
            owner = getattr(httpcore, prefix + kind)
            if "create_connection" in vars(owner):
                direct = partial(led.connect, getattr(httpcore, f"{prefix}HTTPConnection"))
                patches.enter_context(replaced(owner, "create_connection", direct))


class _Requests:
    """Requests of one library that are led elsewhere."""

    def __init__(self, httpcore: Any, find: Find) -> None:
        self._httpcore = httpcore
        self._find = find
        self._origins: set[tuple[bytes, int]] = set()

    def handle(self, original: Any) -> Any:
        """Send a request, or return what awaits its answer."""

        def replacement(pool: Any, request: Any) -> Any:
            return original(pool, self._led(request))

        return replacement

    def _led(self, request: Any) -> Any:
        destination = self._find(request.url.host.decode("ascii"))
        if destination is None:
            return request
        host = destination.host.encode()
        self._origins.add((host, destination.port))
        others = [(name, value) for name, value in request.headers if name.lower() != b"host"]
        return self._httpcore.Request(
            method=request.method,
            url=self._httpcore.URL(scheme=b"http", host=host, port=destination.port, target=request.url.target),
            headers=[(b"Host", destination.header.encode()), *others],
            content=request.stream,
            extensions=request.extensions,
        )

    def connect(self, direct: Any, original: Any) -> Any:
        """Make a connection for an origin, a plain one to where requests are led."""

        def replacement(pool: Any, origin: Any) -> Any:
            if (origin.host, origin.port) in self._origins:
                return direct(origin)
            return original(pool, origin)

        return replacement
