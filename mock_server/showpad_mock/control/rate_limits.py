"""The rate limit of a tenant: switched on, shown, switched off."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from ..faults import rate_limit
from ..faults.rate_limit import KEY, RATE_LIMITS, RateLimit
from ..state.unit import Unit
from .faults import within
from .operation import ControlRequest, Server

MOST = 1_000_000


class NewRateLimit(TypedDict, total=False):
    """How many requests of a user in how many seconds; what is left out is the API's own."""

    requests: Annotated[int, Field(ge=1, le=MOST)]
    seconds: Annotated[int, Field(ge=1, le=MOST)]


class ShownWindow(TypedDict):
    """One window of an API's limit."""

    requests: int
    seconds: int


class ShownRateLimit(TypedDict):
    """Whether the limit is on, and the windows that hold then, by the name of the API."""

    isOn: bool
    windows: dict[str, list[ShownWindow]]


async def show_rate_limit(server: Server, request: ControlRequest) -> ShownRateLimit:
    """Show the limit."""
    return await within(server, request, lambda unit: _shown(server, unit.store.get(RATE_LIMITS, KEY)))


async def set_rate_limit(server: Server, request: ControlRequest) -> ShownRateLimit:
    """Switch the limit on."""
    given: NewRateLimit = request.body

    def act(unit: Unit) -> ShownRateLimit:
        return _shown(server, rate_limit.switch_on(unit, given.get("requests"), given.get("seconds")))

    return await within(server, request, act)


async def remove_rate_limit(server: Server, request: ControlRequest) -> None:
    """Switch the limit off."""
    await within(server, request, rate_limit.switch_off)


def _shown(server: Server, limit: RateLimit | None) -> ShownRateLimit:
    held = limit or RateLimit(requests=None, seconds=None)
    return {
        "isOn": limit is not None,
        "windows": {
            vendor.name: [
                {"requests": one.requests, "seconds": one.seconds} for one in rate_limit.windows_of(held, vendor)
            ]
            for vendor in server.vendors
        },
    }
