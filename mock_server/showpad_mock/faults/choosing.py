"""Which fault a call meets: the newest that fits, whose turn it is and which chance lets act."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from ..core.names import nearest
from ..core.waiting import Waiting
from ..state.tenants import Tenants
from ..state.unit import Unit
from ..web.call import Call, MetFault
from .counting import counted
from .effects import EFFECTS
from .effects.effect import Given
from .matching import Asked
from .problems import FAULT_NAMED_UNKNOWN
from .rate_limit import spend
from .record import FAULTS, Fault
from .setting import newest_first


class Meeting:
    """A fault at work on one call."""

    __slots__ = ("_effect", "_given", "is_before", "name")

    def __init__(self, name: str, settings: Mapping[str, Any], chance: float, waiting: Waiting) -> None:
        self.name = name
        self._effect = EFFECTS[settings["kind"]]
        self._given = Given(settings, name, chance, waiting)
        self.is_before = settings.get("when", self._effect.when) == "before"

    def act(self, call: Call) -> Awaitable[None] | None:
        """Do to the call what the fault does."""
        return self._effect.act(call, self._given)


def choose(tenants: Tenants, call: Call, waiting: Waiting) -> MetFault | None:
    """Return the fault that the call meets, which is counted; in a unit of work of its own, before the call's."""
    assert call.tenant is not None
    with tenants.transaction(call.tenant.name) as unit:
        if (over := spend(unit, call)) is not None:
            return over
        asked = Asked(call)
        named = call.fault_named
        for fault in newest_first(unit.store, "calls"):
            is_wanted = fault.name == named if named is not None else not fault.match.named
            if is_wanted and fault.is_live(unit.now) and asked.fits(fault.match):
                met = _meet(unit, fault, call, waiting)
                if met is not None:
                    return met
        own = unit.store.get(FAULTS, named) if named is not None else None
        if named is None or (own is not None and own.on == "calls"):
            return None
    return _built_in(call, named, waiting)


def _meet(unit: Unit, fault: Fault, call: Call, waiting: Waiting) -> Meeting | None:
    """Count a call that fits; return the fault if it acts on it."""
    settings = fault.turn
    if not EFFECTS[settings["kind"]].suits(call, settings):
        return None
    chance = counted(unit, fault)
    return Meeting(fault.name, settings, chance, waiting) if chance is not None else None


def _built_in(call: Call, name: str, waiting: Waiting) -> Meeting:
    """Return the fault of that name that every tenant has: one a kind of effect, one a rule that refuses."""
    assert call.vendor is not None
    problems = call.vendor.problems
    settings = {"kind": name} if name in EFFECTS else {"kind": "problem", "rule": name}
    if name not in EFFECTS and name not in problems:
        raise FAULT_NAMED_UNKNOWN.error(name=name, nearest=nearest(name, [*EFFECTS, *problems]))
    return Meeting(name, settings, 0, waiting)
