"""A fault as a test sets it: there while a block runs, and what it counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from ..faults.record import FAULTS, Fault
from ..state.unit import Unit


class FaultConditions(TypedDict, total=False):
    """When a fault acts, in the words of the control API."""

    name: str
    match: Mapping[str, Any]
    times: int
    after: int
    probability: float


class SetFault:
    """A fault that was set; it goes on telling what it counted once it is gone."""

    def __init__(self, begin: Callable[[], Unit], fault: Fault) -> None:
        self._begin = begin
        self._last = fault
        self.name = fault.name

    @property
    def seen(self) -> int:
        """How many calls or deliveries it has met."""
        return self._found().seen

    @property
    def fired(self) -> int:
        """On how many of them it has acted."""
        return self._found().fired

    def _found(self) -> Fault:
        with self._begin() as unit:
            return self._look(unit)

    def _look(self, unit: Unit) -> Fault:
        found = unit.store.get(FAULTS, self.name)
        # A reset may have taken it away, and somebody have set another one.
        if found is not None and found.number == self._last.number:
            self._last = found
        return self._last

    def remove(self) -> None:
        """Take it away, unless it is gone."""
        with self._begin() as unit:
            if self._look(unit) is unit.store.get(FAULTS, self.name):
                unit.delete(FAULTS, self.name)
