"""Faults of a tenant: set, shown, changed, removed. What they are is said in `faults`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..faults import setting
from ..faults.forms import FaultChange, NewFault, ShownFault, shown_fault
from ..state.unit import Unit
from .operation import ControlRequest, Server
from .problems import INVALID_REQUEST

__all__ = ["FaultChange", "NewFault", "ShownFault"]
R = TypeVar("R")


async def within(server: Server, request: ControlRequest, act: Callable[[Unit], R]) -> R:
    """Return what `act` returns, in a unit of work on the request's tenant."""

    def run() -> R:
        with server.tenants.transaction(request.tenant) as unit:
            return act(unit)

    return await server.tenants.run(request.tenant, run)


async def list_faults(server: Server, request: ControlRequest) -> list[ShownFault]:
    """List a tenant's faults in the order in which they are tried."""
    return await within(
        server,
        request,
        lambda unit: [shown_fault(fault, unit.now) for fault in setting.newest_first(unit.store)],
    )


async def show_fault(server: Server, request: ControlRequest) -> ShownFault:
    """Show a fault; refuses with 404 a name of none."""
    name = request.params["fault"]
    return await within(server, request, lambda unit: shown_fault(setting.find_fault(unit, name), unit.now))


async def set_fault(server: Server, request: ControlRequest) -> ShownFault:
    """Set a fault; refuses with 409 a name in use, and more than there may be."""
    form = setting.checked(request.body, server.vendors, INVALID_REQUEST)
    return await within(server, request, lambda unit: shown_fault(setting.set_fault(unit, form), unit.now))


async def change_fault(server: Server, request: ControlRequest) -> ShownFault:
    """Change what is given of a fault; what it has counted stays counted."""
    form, name = setting.checked(request.body, server.vendors, INVALID_REQUEST), request.params["fault"]

    def change(unit: Unit) -> ShownFault:
        return shown_fault(setting.change_fault(unit, name, form, INVALID_REQUEST), unit.now)

    return await within(server, request, change)


async def remove_fault(server: Server, request: ControlRequest) -> None:
    """Remove a fault; refuses with 404 a name of none."""
    await within(server, request, lambda unit: setting.remove_fault(unit, request.params["fault"]))


async def remove_faults(server: Server, request: ControlRequest) -> None:
    """Remove all faults of a tenant."""
    await within(server, request, setting.remove_all)
