"""`showpad-mock webhooks exercise`: Showpad's events in bad weather, for a receiver and its owner's command."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..core.clock import iso
from ..webhooks.weather.exercise import Exercise, WrongEffects, run
from .webhooks import WEBHOOKS

TYPES = ("shared-space-created", "shared-space-user-added", "link-share-created", "link-share-viewed")


class Asked(NamedTuple):
    """What was asked for on the command line."""

    url: str
    verify: Sequence[str]
    key: str
    hosts: Sequence[str]
    seed: int
    examples: int


def event_of(event_id: str, number: int) -> dict[str, Any]:
    """Return an event as Showpad delivers it (AROUND-DELIVERY)."""
    type_ = TYPES[(number - 1) % len(TYPES)]
    about = {"id": f"{number:032x}", "name": f"Room {number}"}
    data = {"share": {"id": about["id"], "title": about["name"]}} if "share-" in type_ else {"sharedSpace": about}
    return {"type": type_, "specversion": 1, "id": event_id, "time": iso(round(time.time() * 1000)), "data": data}


def exercised(asked: Asked) -> tuple[bool, str]:
    """Return whether the side effects were right under all schedules, and what to tell; raises CannotExercise."""
    exercise = Exercise(
        url=asked.url,
        verify=asked.verify,
        key=asked.key,
        sign=WEBHOOKS.signed,
        event_of=event_of,
        clock=time.time,
        hosts=asked.hosts,
        random_seed=asked.seed,
        examples=asked.examples,
    )
    try:
        return True, f"The side effects are right after {run(exercise)} schedules of deliveries."
    except WrongEffects as wrong:
        lines = [
            "The side effects are wrong. The smallest schedule that shows it:",
            *(f"  {nth}. {step}" for nth, step in enumerate(wrong.schedule, start=1)),
            "expected side effects:",
            *(f"  {line}" for line in wrong.expectations),
            *(f"  | {line}" for line in wrong.told.splitlines()),
        ]
        return False, "\n".join(lines)
