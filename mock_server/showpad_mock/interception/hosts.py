"""Which host names end at the mock: those of all vendors that it serves, and what else its certificate is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..web.hosts import HostPatterns, host_of
from ..web.vendor import Vendor


def hosts_of(vendors: Iterable[Vendor]) -> HostPatterns:
    """Return the host names of several vendors as one."""
    return HostPatterns(pattern for vendor in vendors for pattern in vendor.hosts.patterns)


@dataclass(frozen=True, slots=True)
class Intercepted:
    """The hosts that end at the mock; `names` are added to the vendors', each a name or `*.domain`."""

    patterns: HostPatterns
    names: tuple[str, ...] = ()

    @property
    def certificate_names(self) -> tuple[str, ...]:
        """What a certificate for all of them bears."""
        return (*self.patterns.wildcards, *self.names)

    def end_here(self, host: str) -> bool:
        """Return whether connections to a host are answered by the mock."""
        return self.patterns.tenant(host) is not None or is_among(host, self.names)

    def are_vendors(self, host: str) -> bool:
        """Return whether a host is a vendor's, also where it names no tenant: nothing is ever sent to it."""
        return self.patterns.are_of(host)


def is_among(host: str, names: Iterable[str]) -> bool:
    """Return whether a host is one of the names, or one label below a `*.domain` among them."""
    name = (host_of(host) or host.strip("[]")).lower()
    _, _, domain = name.partition(".")
    known = set(names)
    return name in known or (bool(domain) and f"*.{domain}" in known)
