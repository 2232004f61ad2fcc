"""Host names that name a tenant, as a vendor writes them: `{tenant}.api.example.com`."""

from __future__ import annotations

import re
from collections.abc import Iterable

TENANT = "{tenant}"
# A dot at the end is the root of DNS; the mock answers on any port.
AUTHORITY = re.compile(r"(?P<host>[^:\[\]@/\s]+?)\.?(?::[0-9]{1,5})?")


class HostPatterns:
    """The host names of a vendor, each one label, the tenant's name, in front of a domain.

    What is asked about is a Host header or a CONNECT target: any case, with or without a port.
    """

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self.patterns = tuple(patterns)
        domains = [pattern.removeprefix(f"{TENANT}.") for pattern in self.patterns]
        if any(
            not domain or TENANT in domain or domain == pattern
            for domain, pattern in zip(domains, self.patterns, strict=True)
        ):
            raise ValueError(f"a host pattern must be {TENANT}. and a domain, got {', '.join(self.patterns)}")
        self.wildcards = tuple(f"*.{domain}" for domain in domains)
        """The same as certificates name them."""
        any_domain = "|".join(map(re.escape, domains)) or r"(?!)"
        # ASCII: letters that only look like these, such as the Kelvin sign, are no letters of a host name.
        self._named = re.compile(rf"([^.]+)\.(?:{any_domain})", re.IGNORECASE | re.ASCII)
        self._within = re.compile(rf"(?:.*\.)?(?:{any_domain})", re.IGNORECASE | re.ASCII)

    def tenant(self, authority: str) -> str | None:
        """Return the label where a tenant's name belongs, in lower case; None for a host that is not the vendor's.

        It may be a label that no tenant can have.
        """
        named = self._named.fullmatch(host_of(authority))
        return named[1].lower() if named is not None else None

    def are_of(self, authority: str) -> bool:
        """Return whether a host lies in one of the vendor's domains, whether it names a tenant or not."""
        return self._within.fullmatch(host_of(authority)) is not None


def host_of(authority: str) -> str:
    """Return the host of `host:port`, without the dot of the root; nothing for what is no name."""
    match = AUTHORITY.fullmatch(authority)
    return match["host"] if match is not None else ""
