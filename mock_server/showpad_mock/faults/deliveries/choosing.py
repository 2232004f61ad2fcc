"""Which fault a delivery meets as it is taken in hand: the newest that fits, as with calls."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ...state.unit import Unit
from ...webhooks.claims import Due
from ...webhooks.plans import Plan
from ..counting import counted
from ..matching import fits_pattern, holds, parsed
from ..record import Fault, Match
from ..setting import newest_first
from . import DELIVERY_EFFECTS


class Told:
    """What a delivery tells, for faults to be held against it; its body is parsed once, and only if one wants it."""

    def __init__(self, due: Due) -> None:
        self._due = due

    @cached_property
    def _body(self) -> Any:
        return parsed(self._due.event.body)

    def fits(self, match: Match) -> bool:
        """Return whether the delivery fits all that is given, but for its number."""
        return (
            (match.type is None or fits_pattern(match.type, self._due.event.type))
            and (match.subscription is None or self._is_for(match.subscription))
            and (not match.body or holds(self._body, match.body))
        )

    def _is_for(self, pattern: str) -> bool:
        return any(
            fits_pattern(pattern, text) for text in (self._due.delivery.subscription_id, self._due.endpoint.name)
        )


def choose(unit: Unit, due: Due) -> Plan | None:
    """Return what the fault does that a delivery meets, which is counted."""
    told = Told(due)
    for fault in newest_first(unit.store, "deliveries"):
        if fault.is_live(unit.now) and told.fits(fault.match):
            plan = _meet(unit, fault, due)
            if plan is not None:
                return plan
    return None


def _meet(unit: Unit, fault: Fault, due: Due) -> Plan | None:
    """Count a delivery that fits; return what is done to it if the fault acts."""
    effect = DELIVERY_EFFECTS[fault.turn["kind"]]
    if not effect.suits(unit.store, due.delivery) or counted(unit, fault) is None:
        return None
    return effect.plan(fault.name, fault.turn)
