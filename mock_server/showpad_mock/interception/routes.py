"""Where this process's requests to a vendor's hosts go: the routes that are open, and which one a host takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock

from ..web.hosts import HostPatterns, host_of
from .clients import patched_clients
from .clients.destination import Destination


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Route:
    """Leads to a tenant: requests to all hosts of a vendor's, or to those of one subdomain alone, and to others."""

    address: tuple[str, int]
    tenant: str
    hosts: HostPatterns
    subdomain: str | None = None
    others: Collection[str] = ()

    def fits(self, host: str) -> bool:
        """Return whether it takes requests to a host."""
        named = self.hosts.tenant(host)
        return host in self.others or (named is not None and self.subdomain in (None, named))

    def is_meant(self, host: str) -> bool:
        """Return whether it comes before others that take the host: it was opened for that subdomain or tenant."""
        return self.hosts.tenant(host) == (self.subdomain or self.tenant)

    def to(self, host: str) -> Destination:
        """Return where a request to a host goes. A host that names a tenant names this one there."""
        named = self.hosts.tenant(host)
        return Destination(*self.address, f"{self.tenant}.{host.partition('.')[2]}" if named is not None else host)


class Routes:
    """The routes that are open in a process. While there is one, the clients' libraries are patched."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: tuple[Route, ...] = ()
        self._patches = ExitStack()
        # Of who opened them, and of the tasks begun since: other threads may have tenants of their own.
        self._own: ContextVar[tuple[Route, ...]] = ContextVar("own", default=())

    @contextmanager
    def opened(self, route: Route) -> Iterator[None]:
        """Send requests the route's way until the end of the block."""
        with self._lock:
            if not self._open:
                self._patches.enter_context(patched_clients(self.destination))
            self._open = (*self._open, route)
        # No token to reset by: a fixture may end in another context than it began in.
        self._own.set((*self._own.get(), route))
        try:
            yield
        finally:
            self._own.set(tuple(one for one in self._own.get() if one is not route))
            with self._lock:
                self._open = tuple(one for one in self._open if one is not route)
                if not self._open:
                    self._patches.close()

    def destination(self, host: str) -> Destination | None:
        """Return where a request to a host goes; None: where it was to go."""
        routes, host = self._open, host_of(host).lower()
        # A context that outlives a block still has its route.
        own = [one for one in self._own.get() if one in routes]
        route = _taken(own, host) or _taken(routes, host)
        return route.to(host) if route is not None else None


def _taken(routes: Sequence[Route], host: str) -> Route | None:
    """Return the route opened last of those that are meant by the host, or else of those that take it."""
    fitting = [one for one in reversed(routes) if one.fits(host)]
    return next((one for one in fitting if one.is_meant(host)), fitting[0] if fitting else None)


ROUTES = Routes()
"""Of this process: there is one of each library in it, so there is one set of patches."""
