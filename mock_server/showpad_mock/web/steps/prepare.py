"""A large body is read here: before the unit of work, piece by piece."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import suppress

from ...core.turns import others_first
from ..call import Call
from ..validation import LARGE


def prepare(call: Call) -> Awaitable[None] | None:
    """Read the call's body, if it is a large one that its vendor has a form for."""
    return _prepare(call) if len(call.body) > LARGE else None


async def _prepare(call: Call) -> None:
    assert call.vendor is not None
    await others_first()
    form = call.vendor.large_bodies.get(call.route.name)
    if form is not None:
        with suppress(ValueError):  # no JSON, which is told by whoever reads it in its turn
            call.prepared = form.prepare(call.body)
        await others_first()
