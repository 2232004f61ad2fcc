"""Who is let in: the token names the tenant and the user, the host must not name another (CONV-AUTH)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.responses import Response

from ..problem import Problem, Refusal
from ..state.tenant import Tenant
from ..state.tenants import Tenants
from ..web.call import Call
from . import problems
from .domain.access import Caller
from .domain.people import User, find_user

BEARER = re.compile(r"Bearer +([^\s]+)", re.IGNORECASE)
MOCK_TOKEN = re.compile(r"mock\.([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.([A-Za-z0-9_-]+)(\.oauth)?")
SHOWPAD_HOST = re.compile(r"([a-z0-9-]+)\.api\.showpad\.com(?::\d+)?", re.IGNORECASE)
SHOWPAD_ORIGIN = re.compile(r"https://([a-z0-9-]+)\.showpad\.(?:com|biz)", re.IGNORECASE)
PREFLIGHT_AGE = "600"


def admit(call: Call, tenants: Tenants) -> None:
    """Set the call's tenant and caller, or refuse with 401."""
    tenant, user, is_app = _bearer(call, tenants)
    call.tenant, call.user = tenant, user.handle
    if not user.is_active:
        raise problems.TOKEN_DEACTIVATED.error()
    host = SHOWPAD_HOST.fullmatch(call.header(b"host") or "")
    if host is not None and host[1].lower() != tenant.name:
        raise problems.TOKEN_ELSEWHERE.error()
    call.caller = Caller(user, is_app=is_app)


def _bearer(call: Call, tenants: Tenants) -> tuple[Tenant, User, bool]:
    header = call.header(b"authorization")
    if header is None:
        raise _refused(problems.TOKEN_MISSING)
    match = BEARER.fullmatch(header.strip())
    if match is None:
        raise _refused(problems.TOKEN_MALFORMED)
    found = _user_of(match[1], tenants)
    if found is None:
        raise _refused(problems.TOKEN_UNKNOWN)
    return found


def _refused(problem: Problem) -> Refusal:
    return problem.error().with_headers(**{"WWW-Authenticate": "Bearer"})


def _user_of(token: str, tenants: Tenants) -> tuple[Tenant, User, bool] | None:
    """Give the tenant, the user and whether the token is an API token; opens no tenant for an unknown user."""
    literal = tenants.seed.tokens.get(token)
    if literal is not None:
        name, handle, oauth = tenants.seed.subdomain, literal, None
    else:
        match = MOCK_TOKEN.fullmatch(token)
        if match is None:
            return None
        name, handle, oauth = match.groups()
    tenant = tenants.peek(name)
    user = find_user(tenant.store, handle)
    if user is None:
        return None
    return tenants.open(name), user, oauth is None


def cross_origin(call: Call, origin: str) -> Sequence[tuple[bytes, bytes]]:
    """Let the tenant's own Showpad domain read the answer in a browser, and nobody else (CONV-CORS)."""
    match = SHOWPAD_ORIGIN.fullmatch(origin)
    if match is None or call.tenant is None or match[1].lower() != call.tenant.name:
        return ()
    return ((b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin"))


def preflight(call: Call, methods: Sequence[str]) -> tuple[Response, tuple[str, ...]]:
    """Grant a CORS preflight, or refuse a foreign origin with 403; gives the deciding rule, too (CONV-CORS).

    A preflight bears no token: the host names the tenant where it is a Showpad host; elsewhere any Showpad domain may
    ask, and the call that follows is held against its token.
    """
    origin = call.header(b"origin") or ""
    match = SHOWPAD_ORIGIN.fullmatch(origin)
    host = SHOWPAD_HOST.fullmatch(call.header(b"host") or "")
    if match is None or (host is not None and host[1].lower() != match[1].lower()):
        raise problems.ORIGIN_FOREIGN.error(origin=origin or "a page without an origin")
    granted = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": PREFLIGHT_AGE,
        "Vary": "Origin",
    }
    return Response(status_code=204, headers=granted), ("CONV-CORS",)
