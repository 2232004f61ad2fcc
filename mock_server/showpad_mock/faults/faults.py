"""The faults of a server's tenants, as calls and deliveries meet them. What they need is loaded with the first one."""

from __future__ import annotations

from ..core.waiting import Waiting
from ..state.tenants import Tenants
from ..state.unit import Unit
from ..web.call import Call, MetFault
from ..webhooks.claims import Due
from ..webhooks.plans import Plan
from .rate_limit import RATE_LIMITS, SPENT
from .record import FAULTS

FAULT_RECORDS = (FAULTS, RATE_LIMITS, SPENT)
"""The types of record that the room keeps of a tenant."""


class Faults:
    """Chooses which fault a call meets, and which a delivery."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants
        self.waiting = Waiting()

    def __call__(self, call: Call) -> MetFault | None:
        """Return the fault that a call meets, counted, in a unit of work of its own; the rate limit is asked first."""
        tenant = call.tenant
        # Hardly any tenant has one, and every call comes by.
        if tenant is None or (call.fault_named is None and not tenant.store.may_hold(FAULTS, RATE_LIMITS)):
            return None
        from .choosing import choose

        return choose(self._tenants, call, self.waiting)

    def of_delivery(self, unit: Unit, due: Due) -> Plan | None:
        """Return what the fault does that a delivery meets, counted in the unit in which it is taken in hand."""
        if not unit.tenant.store.may_hold(FAULTS):
            return None
        from .deliveries.choosing import choose

        return choose(unit, due)
