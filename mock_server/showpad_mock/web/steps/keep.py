"""Keeping: where a log keeps tenants, a call is asked on the newest copy and answered once its change is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ...state.tenants import Tenants
from ..call import Call, Ignored, MetFault
from .authenticate import Authenticate
from .fault import ChooseFault
from .prepare import Prepare, is_large

if TYPE_CHECKING:
    from ..form import Prepared


class KeptSteps(NamedTuple):
    """What a call is taken through."""

    authenticate: Authenticate
    choose: ChooseFault
    prepare: Prepare
    transact: Callable[[Call], None]


class Keep:
    """Takes a call through other steps in `Tenants.run`, again where another server was faster.

    What takes its time before the change does so outside, where it holds nobody up: a fault that acts before it, once
    it is kept that it does, and the reading of a large body.
    """

    def __init__(self, tenants: Tenants, steps: KeptSteps) -> None:
        self._tenants = tenants
        self._steps = steps

    def __call__(self, call: Call) -> Awaitable[None] | None:
        """Take the call through the steps; raises their refusals, and what the log may refuse."""
        assert call.vendor is not None
        name = call.vendor.tenant_of(call, self._tenants.seed) if not call.is_preflight else None
        # Without one there is nothing to catch up with: a preflight bears no token, and other calls are refused.
        if name is not None:
            return self._keep(call, name)
        self._steps.authenticate(call)
        self._steps.transact(call)
        return None

    async def _keep(self, call: Call, name: str) -> None:
        if await self._tenants.run(name, partial(self._ask, call)):
            return
        fault = call.fault
        if fault is not None and fault.is_before and (acting := fault.act(call)) is not None:
            await acting
        if call.answer is None:
            async with self._steps.prepare.reading(call):
                await self._tenants.run(name, partial(self._change, call, fault, call.prepared))

    def _ask(self, call: Call) -> bool:
        """Find who asks and which fault the call meets; return whether nothing came before, and the change is made."""
        self._begin(call, None)
        fault = call.fault = self._steps.choose(call)
        is_ready = not (is_large(call) or (fault is not None and fault.is_before))
        if is_ready:
            self._steps.transact(call)
        return is_ready

    def _change(self, call: Call, fault: MetFault | None, prepared: Prepared | None) -> None:
        self._begin(call, fault)
        call.prepared = prepared
        self._steps.transact(call)

    def _begin(self, call: Call, fault: MetFault | None) -> None:
        # What a try that was taken back has left.
        call.tenant = call.user = call.answer = None
        call.ignored, call.is_query_read, call.fault = Ignored(), False, fault
        self._steps.authenticate(call)
