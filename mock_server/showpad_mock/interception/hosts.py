"""Which host names end at the mock: those of all vendors that it serves."""

from __future__ import annotations

from collections.abc import Iterable

from ..web.hosts import HostPatterns
from ..web.vendor import Vendor


def hosts_of(vendors: Iterable[Vendor]) -> HostPatterns:
    """Return the host names of several vendors as one."""
    return HostPatterns(pattern for vendor in vendors for pattern in vendor.hosts.patterns)
