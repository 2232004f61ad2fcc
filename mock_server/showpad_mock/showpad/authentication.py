"""Who is let in: the token names the tenant and the user, the host must not name another (CONV-AUTH)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..core.names import is_tenant_name
from ..core.refusals import Problem, Refusal
from ..state.tenant import Seed, Tenant
from ..state.tenants import Tenants
from ..web.call import Call
from ..web.render import Answer, no_content
from . import problems
from .domain.access import Caller
from .domain.links import leads_somewhere
from .domain.oauth import tokens_of_access
from .domain.people import USERS, User, find_user
from .hosts import LINKED, OAUTH, REMEMBERED, tenant_of_host
from .tokens import is_made_up, parse_token, tenant_of_access

BEARER = re.compile(r"Bearer +([^\s]+)", re.IGNORECASE)
SHOWPAD_ORIGIN = re.compile(r"https://([a-z0-9-]+)\.showpad\.(?:com|biz)", re.IGNORECASE)
PREFLIGHT_AGE = b"600"


def authenticate(call: Call, tenants: Tenants) -> None:
    """Set the call's tenant and caller, or refuse with 401."""
    if call.path.startswith(OAUTH):
        _take_tenant(call, tenants)
        return
    if call.path.startswith(LINKED):
        _take_linked(call, tenants)
        return
    tenant, user, is_app = _bearer(call, tenants)
    # Set before the refusals that follow, so that the journal tells whose token was refused.
    call.tenant, call.user = tenant, user.handle
    if not user.is_active:
        raise problems.TOKEN_DEACTIVATED.error()
    # 401 is assumed (CONV-AUTH-DEACTIVATED); hosts that are not Showpad's, such as localhost, name no tenant.
    if _host_tenant(call) not in (None, tenant.name):
        raise problems.TOKEN_ELSEWHERE.error()
    call.caller = Caller(user=user, is_app=is_app)


def _take_tenant(call: Call, tenants: Tenants) -> None:
    # Loaded with the first request for a token: oauthlib costs a start more than all else of this package.
    from .oauth.tenancy import take_tenant

    take_tenant(call, tenants)


def _take_linked(call: Call, tenants: Tenants) -> None:
    """Set the tenant whose link it is: the path names it, or the host. A link asks for no token."""
    name = _linked_tenant(call)
    # A peek: whoever tries links, as any page may by an image, must not fill the server with tenants.
    if name is not None and leads_somewhere(tenants.peek(name).store, call.params):
        call.tenant = tenants.open(name)
        return
    from .pages import refused  # Jinja2, which most servers never need

    refusal = (problems.LINK_NOWHERE if name is None else problems.LINK_UNKNOWN).error()
    call.answer, call.rules = refused(refusal), refusal.rules


def _linked_tenant(call: Call) -> str | None:
    named = call.params.get("tenant") or _host_tenant(call)
    return named if named is not None and is_tenant_name(named) else None


def _host_tenant(call: Call) -> str | None:
    return tenant_of_host(call.header(b"host") or "")


class _Token(NamedTuple):
    text: str
    tenant: str | None = None
    user: str = ""
    is_oauth: bool = False
    fault: str | None = None
    is_issued: bool = False
    """Whether OAuth gave it, so that its user stands in the tenant's records."""


# A client sends the same header with every request.
@lru_cache(maxsize=4096)
def _parsed(header: str) -> _Token | None:
    """Take an Authorization header apart: the token, and the tenant, user and kind that a mock's token names."""
    match = BEARER.fullmatch(header.strip())
    if match is None:
        return None
    if (named := parse_token(match[1])) is not None:
        return _Token(match[1], *named)
    return _Token(match[1], tenant_of_access(match[1]), is_oauth=True, is_issued=True)


def tenant_of(call: Call, seed: Seed) -> str | None:
    """Return the name of the tenant that the token names, or that a request for a token means."""
    if call.path.startswith(OAUTH):
        from .oauth.tenancy import tenant_of as tenant_meant

        return tenant_meant(call)
    if call.path.startswith(LINKED):
        return _linked_tenant(call)
    header = call.header(b"authorization")
    token = _token(header, call, seed) if header is not None else None
    return token.tenant if token is not None else None


def _token(header: str, call: Call, seed: Seed) -> _Token | None:
    token = _parsed(header) if len(header) <= REMEMBERED else _parsed.__wrapped__(header)
    # The guides' literal tokens are of any form, and name no tenant.
    if token is not None and token.text in seed.tokens:
        return _Token(token.text, _tenant_of_literal(call, seed), seed.tokens[token.text])
    return token


def _tenant_of_literal(call: Call, seed: Seed) -> str:
    """Return the seed's own tenant; where the seed data name none, it is the host's."""
    named = _host_tenant(call) if not seed.is_named else None
    return named if named is not None and is_tenant_name(named) else seed.subdomain


def _bearer(call: Call, tenants: Tenants) -> tuple[Tenant, User, bool]:
    header = call.header(b"authorization")
    if header is None:
        raise _refused(problems.TOKEN_MISSING)
    token = _token(header, call, tenants.seed)
    if token is None:
        raise _refused(problems.TOKEN_MALFORMED)
    call.fault_named = token.fault
    found = _user_of(token, tenants)
    if found is None:
        # A literal token may begin likewise: then one that is mistyped may tell most of it.
        if is_made_up(token.text) and not any(map(is_made_up, tenants.seed.tokens)):
            call.token = token.text
        raise _refused(problems.TOKEN_UNKNOWN)
    return found


def _refused(problem: Problem) -> Refusal:
    # RFC 9110 asks for it with every 401.
    return problem.error().with_headers(**{"WWW-Authenticate": "Bearer"})


def _user_of(token: _Token, tenants: Tenants) -> tuple[Tenant, User, bool] | None:
    """Return the tenant, the user and whether the token is an API token; opens no tenant for an unknown user."""
    if token.tenant is None:
        return None
    # A peek: whoever tries tokens must not fill the server with tenants.
    tenant = tenants.peek(token.tenant)
    user = _issued_to(token, tenant) if token.is_issued else find_user(tenant.store, token.user)
    if user is None:
        return None
    return tenants.open(token.tenant), user, not token.is_oauth


def _issued_to(token: _Token, tenant: Tenant) -> User | None:
    """Return the user of an access token that OAuth gave, or refuse an expired one (AROUND-OAUTH)."""
    tokens = tokens_of_access(tenant.store, token.text)
    if tokens is None:
        return None
    if tenant.clock.now() >= tokens.access_expires_at:
        raise _refused(problems.TOKEN_EXPIRED)
    return tenant.store.get(USERS, tokens.user_id)


def cross_origin(call: Call, origin: str) -> Sequence[tuple[bytes, bytes]]:
    """Let the tenant's own Showpad domain read the answer in a browser, and nobody else (CONV-CORS)."""
    match = SHOWPAD_ORIGIN.fullmatch(origin)
    if match is None or call.tenant is None or match[1].lower() != call.tenant.name:
        return ()
    # Vary: a cache must not give the answer for one origin to a page of another.
    return ((b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin"))


def preflight(call: Call, methods: Sequence[str]) -> tuple[Answer, tuple[str, ...]]:
    """Grant a CORS preflight, or refuse a foreign origin with 403; returns the deciding rule, too (CONV-CORS).

    A preflight bears no token: the host names the tenant where it is a Showpad host; elsewhere any Showpad domain may
    ask, and the call that follows is held against its token.
    """
    origin = call.header(b"origin") or ""
    match = SHOWPAD_ORIGIN.fullmatch(origin)
    if match is None or _host_tenant(call) not in (None, match[1].lower()):
        raise problems.ORIGIN_FOREIGN.error(origin=origin or "a page without an origin")
    granted = no_content()
    granted.headers += (
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-methods", ", ".join(methods).encode()),
        (b"access-control-allow-headers", b"Authorization, Content-Type"),
        (b"access-control-max-age", PREFLIGHT_AGE),
        (b"vary", b"Origin"),
    )
    return granted, ("CONV-CORS",)
