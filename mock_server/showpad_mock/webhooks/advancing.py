"""Advancing a tenant's clock: what falls due in between is done in its order, each at its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
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

    await change(lambda unit: unit.tenant.clock.advanced(milliseconds))
    left = milliseconds
    while left and loop.time() < end:
        now = await deliveries.settle(name, end - loop.time())
        if now.is_busy or now.next_due is None:
            break
        left -= await change(_towards(now.next_due, left))
    await change(lambda unit: _move(unit, left))
    return await deliveries.settle(name, max(0.0, end - loop.time()))


def _towards(at: int, most: int) -> Callable[[Unit], int]:
    """Move the clock to a time, if it has not passed that by itself, by `most` at most; return by how much."""
    return lambda unit: _move(unit, min(max(at - unit.now, 0), most))


def _move(unit: Unit, milliseconds: int) -> int:
    # From where it stands, not from where it stood at the beginning: others may advance it at the same time.
    unit.set_clock(unit.tenant.clock.advanced(milliseconds))
    return milliseconds
