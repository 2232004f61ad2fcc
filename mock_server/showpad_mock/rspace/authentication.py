"""Who is let in: the key names the tenant and the user (RS-AUTH)."""

from __future__ import annotations

import re

from ..core.refusals import Problem, Refusal
from ..state.tenant import Seed
from ..state.tenants import Tenants
from ..web.call import Call
from . import problems
from .domain.people import find_user
from .tokens import is_made_up, parse_key

KEY_FORM = re.compile("[A-Za-z_0-9]+")
SHOWN = 3  # of a key that is not known


def authenticate(call: Call, tenants: Tenants) -> None:
    """Set the call's tenant and caller, or refuse with 401."""
    _find(call, tenants, *_credentials(call))


def tenant_of(call: Call, _: Seed) -> str | None:
    """Return the name of the tenant that the key or the token names, if it names one."""
    try:
        named = parse_key(_credentials(call)[0])
    except Refusal:  # told by `authenticate`
        return None
    return named.tenant if named is not None else None


def _credentials(call: Call) -> tuple[str, Problem]:
    """Return the key or the token, and the refusal of one that is not known; raises that of a malformed one."""
    key = call.header(b"apikey")
    # A key counts alone: whatever the Authorization header says (RS-AUTH-KEY-FIRST).
    return (_checked(key), problems.KEY_UNKNOWN) if key else (_bearer(call), problems.TOKEN_UNKNOWN)


def _checked(key: str) -> str:
    if KEY_FORM.fullmatch(key) is None:
        raise problems.KEY_MALFORMED.error()
    return key


def _bearer(call: Call) -> str:
    header = call.header(b"authorization")
    if header is None:
        raise problems.CREDENTIALS_MISSING.error()
    scheme, *rest = header.split() or [""]
    if scheme != "Bearer" or len(rest) != 1:
        raise problems.BEARER_MALFORMED.error()
    return rest[0]


def _find(call: Call, tenants: Tenants, text: str, unknown: Problem) -> None:
    named = parse_key(text)
    # A peek: whoever tries keys must not fill the server with tenants.
    user = find_user(tenants.peek(named.tenant).store, named.username) if named is not None else None
    if named is None or user is None:
        call.token = text if is_made_up(text) else None
        raise unknown.error(start=text[:SHOWN])
    call.fault_named = named.fault
    # Set before the refusal that follows, so that the journal tells whose key was refused.
    call.tenant, call.user = tenants.open(named.tenant), user.username
    if not user.is_enabled:
        raise problems.ACCOUNT_DISABLED.error(username=user.username)
    call.caller = user
