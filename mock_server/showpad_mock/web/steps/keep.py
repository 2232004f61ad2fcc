"""Keeping: where a log keeps tenants, a call is asked on the newest copy and answered once its change is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from ...state.tenants import Tenants
from ..call import Call, Ignored, MetFault
from .authenticate import Authenticate
from .fault import ChooseFault

Transact = Callable[[Call], None]


class Keep:
    """Takes a call through other steps in `Tenants.run`, again where another server was faster.

    A fault that acts before the change does so outside, where it holds nobody up: once it is kept that it does.
    """

    def __init__(self, tenants: Tenants, authenticate: Authenticate, choose: ChooseFault, transact: Transact) -> None:
        self._tenants = tenants
        self._authenticate = authenticate
        self._choose = choose
        self._transact = transact

    def __call__(self, call: Call) -> Awaitable[None] | None:
        """Take the call through the steps; raises their refusals, and what the log may refuse."""
        assert call.vendor is not None
        name = call.vendor.tenant_of(call, self._tenants.seed) if not call.is_preflight else None
        # Without one there is nothing to catch up with: a preflight bears no token, and other calls are refused.
        if name is not None:
            return self._keep(call, name)
        self._authenticate(call)
        self._transact(call)
        return None

    async def _keep(self, call: Call, name: str) -> None:
        await self._tenants.run(name, partial(self._ask, call, None))
        fault = call.fault
        if fault is not None and fault.is_before:
            if (acting := fault.act(call)) is not None:
                await acting
            if call.answer is None:
                await self._tenants.run(name, partial(self._ask, call, fault))

    def _ask(self, call: Call, met: MetFault | None) -> None:
        # What a try that was taken back has left.
        call.tenant = call.user = call.answer = None
        call.ignored, call.is_query_read, call.fault = Ignored(), False, met
        self._authenticate(call)
        call.fault = met or self._choose(call)
        if met is not None or call.fault is None or not call.fault.is_before:
            self._transact(call)
