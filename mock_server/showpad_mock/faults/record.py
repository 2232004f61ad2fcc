"""A fault as a tenant keeps it: which calls it meets, what it does to them, how often it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..state.record import record
from ..state.store import RecordType, Store
from .target import Target


@record
class Match:
    """Which calls or deliveries a fault meets: those that fit all that is given here."""

    operation: str | None
    method: str | None
    path: str | None
    headers: dict[str, str]
    type: str | None
    """Of an event, as `subscription` is the id or the name of one."""
    subscription: str | None
    body: dict[str, Any]
    nth: int | None
    """The n-th of those that fit the rest, and no other."""
    named: bool
    """Whether a call must name the fault in its token."""


@record
class Fault:
    """A fault, by its name. `number` is its place among the tenant's, the newest last; the newest acts first.

    `effects` are used in turn, each as its file in `effects` or `deliveries` describes it. It met `seen` calls, or
    deliveries, and acted on `fired`.
    """

    name: str
    number: int
    on: Target
    match: Match
    effects: tuple[dict[str, Any], ...]
    times: int | None
    after: int
    probability: float
    expires_at: int | None
    seen: int
    fired: int

    def is_live(self, now: int) -> bool:
        """Return whether it may still act."""
        return (
            (self.times is None or self.fired < self.times)
            and (self.match.nth is None or self.seen < self.match.nth)
            and not self.has_expired(now)
        )

    @property
    def turn(self) -> dict[str, Any]:
        """The effect whose turn it is."""
        return self.effects[self.fired % len(self.effects)]

    def has_expired(self, now: int) -> bool:
        """Return whether its time is over, by the tenant's clock."""
        return self.expires_at is not None and now >= self.expires_at


def _inconsistencies(store: Store) -> Iterable[str]:
    # Loaded late: a start needs the type alone.
    from .forms import wrong_in

    for fault in store.all(FAULTS):
        if (wrong := wrong_in(fault)) is not None:
            yield f'the fault "{fault.name}": {wrong}'


def _upgrade(fault: dict[str, Any], _version: int, _records: Mapping[str, Any]) -> None:
    # Until version 6 there were none on deliveries.
    fault.setdefault("on", "calls")
    if isinstance(match := fault.get("match"), dict):
        match.setdefault("type", None)
        match.setdefault("subscription", None)


FAULTS = RecordType("faults", Fault, key=lambda fault: fault.name, inconsistencies=_inconsistencies, upgrade=_upgrade)
