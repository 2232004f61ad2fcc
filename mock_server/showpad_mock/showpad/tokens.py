"""The tokens of the mock: those that need no set-up, and those that OAuth gives.

`mock.TENANT.USER` is an API token, with `.oauth` behind it an OAuth token; `mock.TENANT.USER+fault-NAME` asks for a
fault. What is given out names its tenant, too:
`mock-access.TENANT.RANDOM`, `mock-refresh...` and `mock-code...`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..core.names import DNS_LABEL

HANDLE = "[A-Za-z0-9_-]+"
TOKEN = re.compile(
    rf"mock\.(?P<tenant>{DNS_LABEL})\.(?P<user>{HANDLE})(?:\+fault-(?P<fault>{HANDLE}))?(?P<oauth>\.oauth)?"
)
ACCESS, REFRESH, CODE = "mock-access", "mock-refresh", "mock-code"
ACCESS_TOKEN = re.compile(rf"{ACCESS}\.(?P<tenant>{DNS_LABEL})\.[A-Za-z0-9]+")
LONGEST_TOLD = 200
CLIENT_ID = re.compile(rf"mock\.(?P<tenant>{DNS_LABEL})\.(?P<client>{HANDLE})")


def is_made_up(text: str) -> bool:
    """Return whether a text was meant as a token that needs no set-up, well-formed or nearly: that is no secret."""
    return len(text) <= LONGEST_TOLD and text.startswith("mock.")


class MockToken(NamedTuple):
    """What a token names: tenant, user by handle or id, whether the user acts in person (ROLE-KINDS), a fault."""

    tenant: str
    user: str
    is_oauth: bool
    fault: str | None = None


def format_token(tenant: str, user: str, *, oauth: bool = False) -> str:
    """Return the API token of a tenant's user, or the OAuth token."""
    return f"mock.{tenant}.{user}" + (".oauth" if oauth else "")


def parse_token(text: str) -> MockToken | None:
    """Return what a token names; None for one of another form."""
    match = TOKEN.fullmatch(text)
    if match is None:
        return None
    return MockToken(match["tenant"], match["user"], match["oauth"] is not None, match["fault"])


def issued_token(form: str, tenant: str, drawn: str) -> str:
    """Return the text of a token that is given out: ACCESS, REFRESH or CODE."""
    return f"{form}.{tenant}.{drawn}"


def tenant_of_access(text: str) -> str | None:
    """Return the tenant that an access token names; None for a token of another form."""
    match = ACCESS_TOKEN.fullmatch(text)
    return match["tenant"] if match is not None else None


def format_client_id(tenant: str, client: str) -> str:
    """Return the id under which a client names its tenant as well, for servers without Showpad's host names."""
    return f"mock.{tenant}.{client}"


def parse_client_id(text: str) -> tuple[str | None, str]:
    """Return the tenant that a client's id names, if it names one, and the client's own id."""
    match = CLIENT_ID.fullmatch(text)
    return (match["tenant"], match["client"]) if match is not None else (None, text)
