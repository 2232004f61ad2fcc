"""The faults of a server's tenants, as the way of a request meets them. What they need is loaded with the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.waiting import Waiting
from ..state.tenants import Tenants
from ..web.call import Call
from .record import FAULTS

if TYPE_CHECKING:
    from .choosing import Meeting


class Faults:
    """Chooses which fault a call meets."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants
        self.waiting = Waiting()

    def __call__(self, call: Call) -> Meeting | None:
        """Return the fault that a call meets, counted, in a unit of work of its own."""
        tenant = call.tenant
        # Hardly any tenant has one, and every call comes by.
        if tenant is None or (call.fault_named is None and not tenant.store.may_hold(FAULTS)):
            return None
        from .choosing import choose

        return choose(self._tenants, call, self.waiting)
