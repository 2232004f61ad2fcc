"""Which tenant an OAuth request means: no token names it yet, but the host does, or the client's id."""

from __future__ import annotations

from ...core.names import is_tenant_name
from ...state.tenants import Tenants
from ...web.call import Call
from ..domain.oauth import OAUTH_CLIENTS
from ..hosts import OAUTH, tenant_of_host
from . import answers, sent
from .endpoints import refusal
from .sent import Sent

NOWHERE = "Neither the host (TENANT.showpad.biz) nor the client_id (mock.TENANT.CLIENT) names a tenant."
NO_CLIENT = "The tenant {tenant} has no client of that id."


def tenant_of(call: Call) -> str | None:
    """Return the name of the tenant that the request means, whether it is a good request or not."""
    host = _host(call)
    try:
        return sent.read(call).tenant or host
    except ValueError:
        return host


def take_tenant(call: Call, tenants: Tenants) -> None:
    """Set the call's tenant, or its answer where there is no such client; a tenant opens for its clients alone."""
    host = _host(call)
    try:
        request = sent.read(call)
    except ValueError as error:
        return _refuse(call, "invalid_request", str(error), 400)
    name = request.tenant or host
    if name is None:
        return _refuse(call, "invalid_client", NOWHERE, 401)
    if host not in (None, name) or not _has_client(tenants, name, request):
        return _refuse(call, "invalid_client", NO_CLIENT.format(tenant=name), 401)
    call.tenant = tenants.open(name)
    return None


def _host(call: Call) -> str | None:
    named = tenant_of_host(call.header(b"host") or "")
    return named if named is not None and is_tenant_name(named) else None


def _has_client(tenants: Tenants, name: str, request: Sent) -> bool:
    # A peek, as for tokens: whoever tries ids must not fill the server with tenants.
    return request.client_id is not None and tenants.peek(name).store.get(OAUTH_CLIENTS, request.client_id) is not None


def _refuse(call: Call, error: str, description: str, status: int) -> None:
    call.rules = (answers.ERRORS,)
    is_program = call.path == OAUTH + "/token"
    call.answer = (
        answers.bare_answer(refusal(error, description, status)) if is_program else answers.failed(error, description)
    )
