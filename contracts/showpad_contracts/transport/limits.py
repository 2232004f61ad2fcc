"""How much a run may send, how fast, and how long it waits for an answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

TIMEOUT_SECONDS = 30.0
MOST_HEAD = 2**20
"""Bytes that may come before an answer's body: 1xx answers, status, headers."""
MOST_ANSWER = 16 * 2**20
"""Bytes of an answer's body as they come; none is compressed."""
MOST_KEPT = 2**16
"""Characters of an answer that are kept for the report once the next request leaves."""
MOST_PAGES = 100
"""How many pages of a list are asked for: a list may never end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a run may send, and how long it waits.

    `requests` in all (None: no limit), `pace` is called before each, `timeout` is for one whole answer in seconds,
    `sleep` is how it waits where the target asks it to.
    """

    requests: int | None = None
    pace: Callable[[], None] = lambda: None
    timeout: float = TIMEOUT_SECONDS
    sleep: Callable[[float], None] = time.sleep


class Pace:
    """So many requests a second, evenly; `clock` and `sleep` are handed in."""

    def __init__(
        self, rate: float, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._gap = 1 / rate
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def __call__(self) -> None:
        """Wait for the next turn."""
        early = self._next - self._clock()
        if early > 0:
            self._sleep(early)
        # From now, not from a turn that was missed: a slow target would get all of those in one burst.
        self._next = max(self._next, self._clock()) + self._gap
