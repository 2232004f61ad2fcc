"""Tenants: opened, shown, set back, deleted; their clocks, and what they sent and announced."""

from __future__ import annotations

from itertools import count
from typing import Annotated, Any, NotRequired

from pydantic import AfterValidator, Field
from starlette.requests import Request
from typing_extensions import TypedDict

from ..core.clock import LONGEST_SHIFT, Clock, iso, time_text
from ..core.journal import Journal
from ..core.names import TENANT_NAME
from ..state.tenant import Tenant
from ..state.tenants import Tenants
from ..web.vendor import Vendor
from .operation import Asked, Operation
from .problems import TENANT_EXISTS, TENANT_NOT_OPEN

ONE = "/__admin/tenants/{name}"
LOGS = {
    "outbox": "Show the notifications that the tenant sent",
    "events": "Show the events that the tenant recorded for webhooks",
}


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


class ShownTenant(ListedTenant, ShownClock):
    """A tenant, where to call it and as whom."""

    origin: str
    tokens: list[dict[str, str]]


class ShownLog(TypedDict):
    """What was recorded, oldest first, and how many entries had to make room."""

    dropped: int
    entries: list[Any]


def origin_of(request: Request) -> str:
    """Return the scheme, host and port under which the caller knows this server."""
    # Only an HTTP/1.0 client names no host; it gets the likeliest.
    return f"{request.scope.get('scheme', 'http')}://{request.headers.get('host') or 'localhost'}"


class TenantControl:
    """The operations on tenants."""

    def __init__(self, tenants: Tenants, journal: Journal, vendor: Vendor) -> None:
        self._tenants = tenants
        self._journal = journal
        self._vendor = vendor
        self._numbers = count(1)

    def operations(self) -> list[Operation]:
        """Return them in the order of the documentation."""
        return [
            Operation(
                method="GET",
                path="/__admin/tenants",
                name="list-tenants",
                summary="List the tenants that have been opened",
                act=self.list_tenants,
                answer=list[ListedTenant],
            ),
            Operation(
                method="POST",
                path="/__admin/tenants",
                name="open-tenant",
                summary="Open a tenant, under a name that is not in use yet",
                act=self.open_tenant,
                status=201,
                body=NewTenant,
                is_body_optional=True,
                answer=ShownTenant,
            ),
            Operation(
                method="GET",
                path=ONE,
                name="show-tenant",
                summary="Show a tenant, where to call it and with which tokens",
                act=self.show_tenant,
                answer=ShownTenant,
            ),
            Operation(
                method="PATCH",
                path=ONE,
                name="change-tenant",
                summary="Freeze or shift a tenant's clock, or let it show real time",
                act=self.change_tenant,
                body=TenantChange,
                answer=ShownClock,
            ),
            Operation(
                method="DELETE",
                path=ONE,
                name="delete-tenant",
                summary="Delete a tenant and all it holds",
                act=self.delete_tenant,
                status=204,
            ),
            Operation(
                method="POST",
                path=f"{ONE}/reset",
                name="reset-tenant",
                summary="Set a tenant back to its seed data; its ids start again from the first",
                act=self.reset_tenant,
                status=204,
            ),
            *(self._log_operation(log, summary) for log, summary in LOGS.items()),
        ]

    def _log_operation(self, log: str, summary: str) -> Operation:
        async def show(asked: Asked) -> ShownLog:
            with self._tenants.transaction(asked.tenant) as unit:
                kept = unit.tenant.log(log)
                return {"dropped": kept.dropped, "entries": kept.read()}

        return Operation(
            method="GET", path=f"{ONE}/{log}", name=f"show-{log}", summary=summary, act=show, answer=ShownLog
        )

    async def list_tenants(self, asked: Asked) -> list[ListedTenant]:
        """List the opened tenants by name."""
        return [self._listed(tenant, asked) for tenant in self._tenants.opened()]

    async def open_tenant(self, asked: Asked) -> ShownTenant:
        """Open a tenant; refuses with 409 the name of an open one."""
        name = asked.body.get("name")
        if name is None:
            name = next(one for number in self._numbers if self._tenants.open_new(one := f"t-{number}"))
        elif not self._tenants.open_new(name):
            raise TENANT_EXISTS.error(name=name)
        with self._tenants.transaction(name) as unit:
            return self._shown(unit.tenant, asked)

    async def show_tenant(self, asked: Asked) -> ShownTenant:
        """Show a tenant; like every other use, this opens it."""
        with self._tenants.transaction(asked.tenant) as unit:
            return self._shown(unit.tenant, asked)

    async def change_tenant(self, asked: Asked) -> ShownClock:
        """Set a tenant's clock."""
        given: ClockForm = asked.body["clock"]
        clock = Clock.read(frozen=given.get("frozen"), offset_seconds=given.get("offsetSeconds", 0))
        with self._tenants.transaction(asked.tenant) as unit:
            unit.set_clock(clock)
            return _shown_clock(unit.tenant.clock)

    async def delete_tenant(self, asked: Asked) -> None:
        """Delete a tenant; refuses with 404 one that has not been opened."""
        name = asked.tenant
        if not self._tenants.delete(name):
            raise TENANT_NOT_OPEN.error(name=name)
        self._journal.forget_tenant(name)

    async def reset_tenant(self, asked: Asked) -> None:
        """Set a tenant back to its seed data, which frees its slot."""
        self._tenants.reset(asked.tenant)
        self._journal.forget_tenant(asked.tenant)

    def _listed(self, tenant: Tenant, asked: Asked) -> ListedTenant:
        base_url = origin_of(asked.request) + self._vendor.base_path
        return {"name": tenant.name, "isWritten": tenant.written, "baseUrl": base_url}

    def _shown(self, tenant: Tenant, asked: Asked) -> ShownTenant:
        return {
            **self._listed(tenant, asked),
            "origin": origin_of(asked.request),
            "tokens": self._vendor.sessions(tenant),
            **_shown_clock(tenant.clock),
        }


def _shown_clock(clock: Clock) -> ShownClock:
    shown: ClockForm = {}
    if clock.frozen is not None:
        shown["frozen"] = iso(clock.frozen)
    elif clock.offset:
        shown["offsetSeconds"] = clock.offset_seconds
    return {"clock": shown, "now": iso(clock.now())}
