"""A large body is read here: before the unit of work, one at a time, with turns for others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from weakref import WeakKeyDictionary

from ...core.turns import LARGE, others_first
from ..call import Call


def is_large(call: Call) -> bool:
    """Return whether the call's body is a large one."""
    return len(call.body) > LARGE


class Prepare:
    """Reads a large body that its vendor has a form for. What follows is the unit of work, at once."""

    def __init__(self) -> None:
        # One at a time: what was read takes up to thirty times its bytes, and the loop is whoever's that calls.
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    def __call__(self, call: Call) -> Awaitable[None] | None:
        """Read the call's body, if it is a large one and still asks for something."""
        # Asked in place: every request pays for it.
        return self._prepare(call) if len(call.body) > LARGE and call.answer is None else None

    async def _prepare(self, call: Call) -> None:
        async with self.reading(call):
            pass

    @asynccontextmanager
    async def reading(self, call: Call) -> AsyncIterator[None]:
        """Read the call's body; no other is read meanwhile."""
        assert call.vendor is not None
        form = call.vendor.large_bodies.get(call.route.name) if is_large(call) else None
        if is_large(call):
            await others_first()
        if form is None:
            yield
            return
        async with self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            with suppress(ValueError):  # no JSON, which is told by whoever reads it in its turn
                call.prepared = form.prepare(call.body)
            await others_first()
            yield
