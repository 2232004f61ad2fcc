"""A schedule: which deliveries of which events a receiver gets, one after the other, and what it is to make of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from .mangling import TOLD, Weather

GOOD = frozenset({Weather.FAIR, Weather.ROTATED, Weather.LATE})
"""A receiver is to accept these."""
BAD = frozenset({Weather.STALE, Weather.WRONG_KEY, Weather.FORGED, Weather.NEXT_KEY})
"""A receiver is to refuse these. What it does with the rest is its own decision."""


class Step(NamedTuple):
    """One delivery: the number of its event, from 1, and how it is made."""

    event: int
    weather: Weather

    def __str__(self) -> str:
        return f"event {self.event} {TOLD[self.weather]}"


class Expected(StrEnum):
    """What a receiver is to have made of an event: its side effects once, none, or as it likes."""

    ONCE = "once"
    NEVER = "never"
    EITHER = "either"


Schedule = Sequence[Step]


def expected(events: Iterable[int], taken: Schedule, sent: Schedule) -> dict[int, Expected]:
    """Return what is to have become of each event; `taken` are the deliveries that the receiver did not fail to take.

    One that it refuses though it is good is as lost to it as one that it accepts and forgets.
    """
    good = {step.event for step in taken if step.weather in GOOD}
    unclear = {step.event for step in sent if step.weather not in BAD}
    return {
        event: Expected.ONCE if event in good else Expected.EITHER if event in unclear else Expected.NEVER
        for event in events
    }
