"""The keys that need no set-up: `mock_TENANT_USER` is an API key, and a Bearer token, too.

Keys hold letters, digits and underscores only: for a hyphen of the tenant's name stands an underscore. Behind
`_FAULT_` a key may name a fault, written in the same way.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..core.names import is_tenant_name

USERNAME = "[A-Za-z0-9]+"
# The last underscore ends the tenant: neither its name nor a username holds one.
LONGEST_TOLD = 200
KEY = re.compile(rf"mock_([a-z0-9_]+)_({USERNAME})")


def is_made_up(text: str) -> bool:
    """Return whether a text was meant as a key that needs no set-up, well-formed or nearly: that is no secret."""
    return len(text) <= LONGEST_TOLD and text.startswith("mock_")


class MockKey(NamedTuple):
    """What a key names."""

    tenant: str
    username: str
    fault: str | None = None


def format_key(tenant: str, username: str) -> str:
    """Return the API key of a tenant's user."""
    return f"mock_{tenant.replace('-', '_')}_{username}"


def parse_key(text: str) -> MockKey | None:
    """Return what a key names; None for one of another form."""
    # Capitals, as no tenant's name has them.
    plain, _, fault = text.partition("_FAULT_")
    match = KEY.fullmatch(plain)
    if match is None or not is_tenant_name(tenant := match[1].replace("_", "-")) or (plain != text and not fault):
        return None
    return MockKey(tenant, match[2], fault.replace("_", "-") or None)
