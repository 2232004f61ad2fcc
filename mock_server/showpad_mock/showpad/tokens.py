"""The tokens that need no set-up: `mock.TENANT.USER` is an API token, with `.oauth` behind it an OAuth token."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..core.names import DNS_LABEL

HANDLE = "[A-Za-z0-9_-]+"
TOKEN = re.compile(rf"mock\.(?P<tenant>{DNS_LABEL})\.(?P<user>{HANDLE})(?P<oauth>\.oauth)?")


class MockToken(NamedTuple):
    """What a token names: the tenant, the user's handle or id, and whether the user acts in person (ROLE-KINDS)."""

    tenant: str
    user: str
    is_oauth: bool


def format_token(tenant: str, user: str, *, oauth: bool = False) -> str:
    """Return the API token of a tenant's user, or the OAuth token."""
    return f"mock.{tenant}.{user}" + (".oauth" if oauth else "")


def parse_token(text: str) -> MockToken | None:
    """Return what a token names; None for one of another form."""
    match = TOKEN.fullmatch(text)
    return MockToken(match["tenant"], match["user"], match["oauth"] is not None) if match is not None else None
