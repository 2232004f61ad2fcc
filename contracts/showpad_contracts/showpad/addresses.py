"""Addresses of a tenant at Showpad."""

from __future__ import annotations

DOMAINS = ("showpad.com", "showpad.biz")
"""The first is the guides', the second that of published examples (SPACE-URL, CONV-CORS)."""


def public_urls(subdomain: str, public_uri: str) -> tuple[str, ...]:
    """Return the addresses that a space may be told under (SPACE-URL)."""
    return tuple(f"https://{subdomain}.{domain}/s/{public_uri}" for domain in DOMAINS)
