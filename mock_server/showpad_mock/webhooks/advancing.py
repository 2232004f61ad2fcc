"""Advancing a tenant's clock: what falls due in between is done in its order, each at its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ..state.unit import Unit
from .claims import Standing
from .service import Deliveries

R = TypeVar("R")


async def advance(deliveries: Deliveries, name: str, milliseconds: int, seconds: float) -> Standing:
    """Advance a tenant's clock; wait for deliveries so many seconds at most, and return how they stand then.

    Raises ValueError where the clock would show no time any more.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds

    async def change(act: Callable[[Unit], R]) -> R:
        def within() -> R:
            with deliveries.tenants.transaction(name) as unit:
                return act(unit)

        return await deliveries.tenants.run(name, within)

    until, final = await change(lambda unit: (unit.now + milliseconds, unit.tenant.clock.advanced(milliseconds)))
    while loop.time() < end:
        now = await deliveries.settle(name, end - loop.time())
        if now.is_busy or now.next_due is None or now.next_due > until:
            break
        await change(partial(_show, at=now.next_due))
    await change(lambda unit: unit.set_clock(final))
    return await deliveries.settle(name, max(0.0, end - loop.time()))


def _show(unit: Unit, at: int) -> None:
    """Let the clock show a time, if it has not passed it by itself."""
    if at > unit.now:
        unit.set_clock(unit.tenant.clock.advanced(at - unit.now))
