"""Addresses of a tenant at Showpad."""

from __future__ import annotations

import re

from ..core.target import Target, origin
from ..core.violation import TargetLacks

LOCAL = re.compile(r"https?://[^/]+/links/.*")
"""The addresses of a mock's own pages, which it tells instead of Showpad's when it was asked to."""
DOMAINS = ("showpad.com", "showpad.biz")
"""The first is the guides', the second that of published examples (SPACE-URL, CONV-CORS)."""


def require_own(address: object, target: Target) -> None:
    """Raise TargetLacks where a mock tells the addresses of its own pages instead of Showpad's."""
    if isinstance(address, str) and LOCAL.fullmatch(address) and address.startswith(origin(target.base_url)):
        raise TargetLacks("Showpad's own addresses: it tells those of its own pages (--links local)")


def public_urls(subdomain: str, public_uri: str) -> tuple[str, ...]:
    """Return the addresses that a space may be told under (SPACE-URL)."""
    return tuple(f"https://{subdomain}.{domain}/s/{public_uri}" for domain in DOMAINS)
