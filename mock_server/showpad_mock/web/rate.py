"""Rate limits as an API has them: so many requests in so many seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class RateWindow:
    """How many requests of one user are let in within how many seconds.

    With `refills` the budget grows back all the time, and more than one request of it must be left; else it is there
    anew once the window is over, which begins with a user's first request.
    """

    requests: int
    seconds: int
    refills: bool = False


class WindowState(NamedTuple):
    """A window once a request was counted: how many it lets in, how many are left, milliseconds until the next."""

    requests: int
    remaining: float
    wait: int
