"""urllib3, and requests with it: beside a pool for a vendor's host stands one for where its requests go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from .destination import Destination, Find, host_in, target_in
from .patch import installed, replaced


@contextmanager
def patched(find: Find) -> Iterator[None]:
    """Lead its requests where `find` says until the end of the block."""
    urllib3 = installed("urllib3")
    if urllib3 is None:
        yield
        return
    pools = _Pools(urllib3)

    def make(original: Any) -> Any:
        def replacement(
            pool: Any, method: str, url: str, body: Any = None, headers: Any = None, *args: Any, **options: Any
        ) -> Any:
            # The whole URL is what a proxy is asked for, in a pool of its connections.
            destination = find(host_in(url) or pool.host)
            if destination is not None:
                headers = _naming(destination, pool.headers if headers is None else headers)
                pool = pools.beside(pool, destination)
                url = target_in(url)
            return original(pool, method, url, body, headers, *args, **options)

        return replacement

    with replaced(urllib3.HTTPConnectionPool, "urlopen", make):
        try:
            yield
        finally:
            pools.close()


def _naming(destination: Destination, headers: Mapping[str, str]) -> Any:
    named: Any = headers.copy()  # type: ignore[attr-defined]  # urllib3 asks the same of it
    for name in [one for one in named if one.lower() == "host"]:
        del named[name]
    named["Host"] = destination.header
    return named


class _Pools:
    """The pools beside those of vendors' hosts, so that what is kept open is kept as the client wants it."""

    def __init__(self, urllib3: Any) -> None:
        self._urllib3 = urllib3
        self._lock = Lock()
        self._pools: WeakKeyDictionary[Any, dict[tuple[str, int], Any]] = WeakKeyDictionary()

    def beside(self, pool: Any, destination: Destination) -> Any:
        """Return the pool for a destination that stands beside a vendor's."""
        address = destination.host, destination.port
        with self._lock:
            pools = self._pools.setdefault(pool, {})
            if address not in pools:
                size = pool.pool.maxsize if pool.pool is not None else 1
                pools[address] = self._urllib3.HTTPConnectionPool(
                    *address, timeout=pool.timeout, maxsize=size, block=pool.block, retries=pool.retries
                )
            return pools[address]

    def close(self) -> None:
        """Let go of all of them."""
        with self._lock:
            for pools in self._pools.values():
                for pool in pools.values():
                    pool.close()
            self._pools.clear()
