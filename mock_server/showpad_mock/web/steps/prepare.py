"""A large body is read here: before the unit of work, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

from ..call import Call
from ..validation import LARGE

TURNS = 3
"""How often the loop goes round until a request that has come meanwhile is answered: it is received, begun, made."""


def prepare(call: Call) -> Awaitable[None] | None:
    """Read the call's body, if it is a large one that its vendor has a form for."""
    return _prepare(call) if len(call.body) > LARGE else None


async def _prepare(call: Call) -> None:
    assert call.vendor is not None
    await _others_first()
    form = call.vendor.large_bodies.get(call.route.name)
    if form is not None:
        with suppress(ValueError):  # no JSON, which is told by whoever reads it in its turn
            call.prepared = form.prepare(call.body)
        await _others_first()


async def _others_first() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)
