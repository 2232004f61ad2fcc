"""Counting what a fault meets, and whether it acts on that: by its turn, and by chance."""

from __future__ import annotations

from dataclasses import replace

from ..core.ids import Ids
from ..state.tenant import Tenant
from ..state.unit import Unit
from .record import FAULTS, Fault

HALF = 16
"""Hex digits of a draw: one half decides whether a fault acts, the other is for its effect."""


def counted(unit: Unit, fault: Fault) -> float | None:
    """Count a call or a delivery that fits; return the chance for the effect, None where the fault does not act."""
    seen = fault.seen + 1
    acts, chance = seen > fault.after and fault.match.nth in (None, seen), 0.0
    if acts:  # a draw takes longer than all the rest
        of_fault, chance = _draw(unit.tenant, fault)
        acts = of_fault < fault.probability
    unit.put(FAULTS, replace(fault, seen=seen, fired=fault.fired + acts))
    return chance if acts else None


def _draw(tenant: Tenant, fault: Fault) -> tuple[float, float]:
    """Return what chance says of one that a fault has met: a number for the fault, one for its effect."""
    # A stream of each fault's own: whatever it draws, the tenant's ids stay what they are.
    digits = Ids(f"{tenant.ids.stream}:fault:{fault.name}", fault.seen).hex32()
    of_fault, of_effect = (int(half, 16) / 16**HALF for half in (digits[:HALF], digits[HALF:]))
    return of_fault, of_effect
