"""What a fault does to a delivery, kept with it: so it is done once, whichever server goes on with it."""

from __future__ import annotations

from typing import NamedTuple

from .weather.mangling import LARGEST, Weather

MOST_COPIES, MOST_BEHIND = 10, 100


class Plan(NamedTuple):
    """What the fault of that name does to a delivery, or has still to do: how it is made, with which amount of that.

    Before, it is put off by `later` milliseconds, or until `behind` of its subscription were tried. `copies` more are
    made of it, whatever is answered. One that is lost is not sent.
    """

    fault: str
    weather: Weather = Weather.FAIR
    amount: int | None = None
    later: int = 0
    behind: int = 0
    copies: int = 0
    is_lost: bool = False


def wrong_in(plan: Plan) -> str | None:
    """Return what no fault could have planned."""
    if plan.later < 0:
        return "later must be at least 0"
    if not 0 <= plan.copies <= MOST_COPIES:
        return f"copies must be between 0 and {MOST_COPIES}"
    if not 0 <= plan.behind <= MOST_BEHIND:
        return f"behind must be between 0 and {MOST_BEHIND}"
    if plan.weather is Weather.OVERSIZED and plan.amount is not None and plan.amount > LARGEST:
        return f"amount must be at most {LARGEST}"
    return None
