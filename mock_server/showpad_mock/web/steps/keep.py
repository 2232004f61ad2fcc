"""Keeping: where a log keeps tenants, a call is asked on the newest copy and answered once its change is kept."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import Protocol

from ...state.tenants import Tenants
from ..call import Call, Ignored


class Asking(Protocol):
    """A step that awaits nothing, so that it may be taken again."""

    def __call__(self, call: Call, /) -> None:
        """Take the call one step further."""


class Keep:
    """Takes a call through other steps in `Tenants.run`, again where another server was faster."""

    def __init__(self, tenants: Tenants, *asking: Asking) -> None:
        self._tenants = tenants
        self._asking = asking

    def __call__(self, call: Call) -> Awaitable[None] | None:
        """Take the call through the steps; raises their refusals, and what the log may refuse."""
        assert call.vendor is not None
        name = call.vendor.tenant_of(call, self._tenants.seed) if not call.is_preflight else None
        # Without one there is nothing to catch up with: a preflight bears no token, and other calls are refused.
        if name is not None:
            return self._tenants.run(name, partial(self._ask_anew, call))
        self._ask(call)
        return None

    def _ask(self, call: Call) -> None:
        for step in self._asking:
            step(call)

    def _ask_anew(self, call: Call) -> None:
        # What a try that was taken back has left.
        call.tenant = call.user = call.answer = None
        call.ignored, call.is_query_read = Ignored(), False
        self._ask(call)
