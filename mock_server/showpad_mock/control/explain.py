"""Why an exchange of the journal was answered as it was."""

from __future__ import annotations

from ..core.names import is_tenant_name
from ..explaining.explanation import Explanation, explain
from ..explaining.named import Surroundings
from ..state.tenant import Tenant
from .exchanges import Wanted
from .operation import ControlRequest, Server
from .problems import NO_EXCHANGE


async def explain_request(server: Server, request: ControlRequest) -> Explanation:
    """Explain an exchange by its number; what it named is held against what its tenant holds now."""
    text = request.params["number"]
    # Beyond 18 digits there is none, and an engine could not read the number.
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
    wanted = Wanted(fits=lambda entry: entry.number == number, since=number - 1, tenant=None, limit=1)
    found = await server.exchanges.find(wanted) if number else None
    if found is None or not found.entries:
        raise NO_EXCHANGE.error(number=text)
    entry = found.entries[0]
    opened = await server.tenants.names()

    def act() -> Explanation:
        return explain(entry, Surroundings(server.vendors, opened, tenant))

    def tenant(name: str) -> Tenant:
        # A peek: to ask why must not open what was mistyped.
        return server.tenants.peek(name)

    name = entry.tenant
    return await server.tenants.run(name, act) if name is not None and is_tenant_name(name) else act()
