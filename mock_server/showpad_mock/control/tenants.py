"""Tenants: opened, shown, set back, deleted; their clocks, and what they sent and announced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, NotRequired, TypeVar

from pydantic import AfterValidator, Field
from starlette.requests import Request
from typing_extensions import TypedDict

from ..core.clock import LONGEST_SHIFT, Clock, iso, time_text
from ..core.names import TENANT_NAME
from ..state.tenant import Tenant
from ..state.unit import Unit
from ..web.vendor import Vendor
from .exchanges import Wanted
from .operation import ControlRequest, Server
from .problems import TENANT_EXISTS, TENANT_NOT_OPEN

R = TypeVar("R")
LONGEST_WAIT = 60


def _one_way(clock: ClockForm) -> ClockForm:
    if len(clock) > 1:
        raise ValueError("takes either frozen or offsetSeconds, not both")
    return clock


class ClockForm(TypedDict, total=False):
    """How a tenant's clock runs: frozen at a time, shifted by some seconds, or, without either, real."""

    frozen: Annotated[str, AfterValidator(time_text), Field(json_schema_extra={"format": "date-time"})]
    offsetSeconds: Annotated[float, Field(ge=-LONGEST_SHIFT / 1000, le=LONGEST_SHIFT / 1000, allow_inf_nan=False)]


class NewTenant(TypedDict):
    """What to open; without a name an unused one is found."""

    name: NotRequired[Annotated[str, Field(pattern=TENANT_NAME)]]


class TenantChange(TypedDict):
    """What may be changed of a tenant."""

    clock: Annotated[ClockForm, AfterValidator(_one_way), Field(json_schema_extra={"maxProperties": 1})]


class ShownClock(TypedDict):
    """How the tenant's clock runs, and what it shows now."""

    clock: ClockForm
    now: str


class ListedTenant(TypedDict):
    """A tenant in the list; one never written to is its seed data."""

    name: str
    isWritten: bool
    baseUrl: str


class ShownApi(TypedDict):
    """One of the APIs: where to call it and as whom."""

    name: str
    baseUrl: str
    tokens: list[dict[str, str]]


class ShownTenant(ListedTenant, ShownClock):
    """A tenant, where to call it and as whom: the first of its APIs, then all."""

    origin: str
    tokens: list[dict[str, str]]
    apis: list[ShownApi]


class ShownLog(TypedDict):
    """What was recorded, oldest first, and how many entries had to make room."""

    dropped: int
    entries: list[Any]


class OutboxQuery(TypedDict, total=False):
    """Which notifications: all that fit every given parameter."""

    to: Annotated[str, Field(description="to whom: an e-mail or a user's id")]
    subject: Annotated[str, Field(description="what the subject contains, upper or lower case")]
    since: Annotated[int, Field(ge=0, description="only notifications with a higher number")]
    wait: Annotated[
        float,
        Field(ge=0, le=LONGEST_WAIT, allow_inf_nan=False, description="seconds to wait for one if there is none"),
    ]


class ShownOutbox(ShownLog):
    """Notifications, oldest first; the number of the last one there ever was, for `since`."""

    last: int


def origin_of(request: Request) -> str:
    """Return the scheme, host and port under which the caller knows this server."""
    # Only an HTTP/1.0 client names no host; it gets the likeliest.
    return f"{request.scope.get('scheme', 'http')}://{request.headers.get('host') or 'localhost'}"


async def within_tenant(server: Server, request: ControlRequest, act: Callable[[Unit], R]) -> R:
    """Return what `act` returns in a unit of work on the request's tenant."""

    def within() -> R:
        with server.tenants.transaction(request.tenant) as unit:
            return act(unit)

    return await server.tenants.run(request.tenant, within)


async def list_tenants(server: Server, request: ControlRequest) -> list[ListedTenant]:
    """List the opened tenants by name."""
    return [_listed(server, name, is_written, request) for name, is_written in (await server.tenants.names()).items()]


async def open_tenant(server: Server, request: ControlRequest) -> ShownTenant:
    """Open a tenant; refuses with 409 the name of an open one."""
    name = request.body.get("name")
    if name is None:
        # Tried until one is free: users may have opened a `t-1` of their own.
        for number in server.tenant_numbers:
            if await _open_new(server, name := server.tenants.numbered(number)):
                break
    elif not await _open_new(server, name):
        raise TENANT_EXISTS.error(name=name)
    return await _show(server, name, request)


async def _open_new(server: Server, name: str) -> bool:
    return await server.tenants.run(name, lambda: server.tenants.open_new(name))


async def _show(server: Server, name: str, request: ControlRequest) -> ShownTenant:
    def act() -> ShownTenant:
        with server.tenants.transaction(name) as unit:
            return _shown(server, unit.tenant, request)

    return await server.tenants.run(name, act)


async def show_tenant(server: Server, request: ControlRequest) -> ShownTenant:
    """Show a tenant; like every other use, this opens it."""
    return await _show(server, request.tenant, request)


async def change_tenant(server: Server, request: ControlRequest) -> ShownClock:
    """Set a tenant's clock."""
    given: ClockForm = request.body["clock"]
    clock = Clock.read(frozen=given.get("frozen"), offset_seconds=given.get("offsetSeconds", 0))

    def act(unit: Unit) -> ShownClock:
        unit.set_clock(clock)
        return shown_clock(unit.tenant.clock)

    return await within_tenant(server, request, act)


async def delete_tenant(server: Server, request: ControlRequest) -> None:
    """Delete a tenant; refuses with 404 one that has not been opened."""
    name = request.tenant
    if not await server.tenants.run(name, lambda: server.tenants.delete(name)):
        raise TENANT_NOT_OPEN.error(name=name)
    # A tenant of that name may be opened again: it must not begin with another's exchanges.
    await server.exchanges.forget_tenant(name)


async def reset_tenant(server: Server, request: ControlRequest) -> None:
    """Set a tenant back to its seed data, which frees its slot."""
    name = request.tenant
    await server.tenants.run(name, lambda: server.tenants.reset(name))
    await server.exchanges.forget_tenant(name)


async def show_outbox(server: Server, request: ControlRequest) -> ShownOutbox:
    """Show the notifications asked for; if there are none, wait for one as long as asked."""
    query: OutboxQuery = request.query

    def look(unit: Unit) -> ShownOutbox:
        log = unit.tenant.log("outbox")
        entries = log.read()
        numbered = ({**entry, "number": number} for number, entry in enumerate(entries, log.dropped + 1))
        found = [entry for entry in numbered if _is_asked_for(entry, query)]
        return {"dropped": log.dropped, "last": log.dropped + len(entries), "entries": found}

    shown = await within_tenant(server, request, look)
    if not shown["entries"] and (seconds := query.get("wait", 0)) > 0:
        async with server.waiting.at_most(seconds):
            # A request is in the journal once its notifications are in the outbox: nobody who waits for it misses them.
            of_tenant = Wanted(fits=lambda one: one.tenant == request.tenant, since=0, tenant=request.tenant, limit=1)
            last = (await server.exchanges.find(of_tenant)).last
            shown = await within_tenant(server, request, look)
            while not shown["entries"]:
                last = (await server.exchanges.next(of_tenant, last)).last
                shown = await within_tenant(server, request, look)
    return shown


def _is_asked_for(entry: Mapping[str, Any], query: OutboxQuery) -> bool:
    # A snapshot may hold entries of any form.
    to = entry.get("to")
    names = {str(value).casefold() for value in to.values()} if isinstance(to, dict) else set()
    return (
        entry["number"] > query.get("since", 0)
        and ("to" not in query or query["to"].casefold() in names)
        and query.get("subject", "").casefold() in str(entry.get("subject", "")).casefold()
    )


async def show_events(server: Server, request: ControlRequest) -> ShownLog:
    """Show the events recorded."""
    return await _log(server, request, "events")


async def _log(server: Server, request: ControlRequest, log_name: str) -> ShownLog:
    def look(unit: Unit) -> ShownLog:
        log = unit.tenant.log(log_name)
        return {"dropped": log.dropped, "entries": log.read()}

    return await within_tenant(server, request, look)


def _listed(server: Server, name: str, is_written: bool, request: ControlRequest) -> ListedTenant:  # noqa: FBT001
    base_url = origin_of(request.http) + server.vendors[0].base_path
    return {"name": name, "isWritten": is_written, "baseUrl": base_url}


def _shown(server: Server, tenant: Tenant, request: ControlRequest) -> ShownTenant:
    return {
        **_listed(server, tenant.name, tenant.written, request),
        "origin": origin_of(request.http),
        "tokens": server.vendors[0].sessions(tenant),
        "apis": [_api(vendor, tenant, request) for vendor in server.vendors],
        **shown_clock(tenant.clock),
    }


def _api(vendor: Vendor, tenant: Tenant, request: ControlRequest) -> ShownApi:
    base_url = origin_of(request.http) + vendor.base_path
    return {"name": vendor.name, "baseUrl": base_url, "tokens": vendor.sessions(tenant)}


def shown_clock(clock: Clock) -> ShownClock:
    """Show how a clock runs, and what it shows."""
    shown: ClockForm = {}
    if clock.frozen is not None:
        shown["frozen"] = iso(clock.frozen)
    elif clock.offset:
        shown["offsetSeconds"] = clock.offset_seconds
    return {"clock": shown, "now": iso(clock.now())}
