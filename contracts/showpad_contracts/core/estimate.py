"""How long a run will take, in words, from how many requests it sends and how fast."""

from __future__ import annotations

SLOW_SECONDS = 0.1
"""How long an answer takes where a target is told to be slow."""
MINUTE, HOUR = 60, 3600


def in_words(seconds: float) -> str:
    """Return a duration as people say it."""
    # From two of the longer unit on: whole minutes for 80 seconds would be off by a quarter.
    for most, unit, word in ((2 * MINUTE, 1, "seconds"), (2 * HOUR, MINUTE, "minutes")):
        if seconds < most:
            return f"{seconds / unit:.0f} {word}"
    return f"{seconds / HOUR:.1f} hours"


def forecast(requests: int, answer_seconds: float, rate: float | None = None) -> str:
    """Return how long so many requests take by what an answer takes, or by the rate where that is the slower."""
    gap = 0.0 if rate is None else 1 / rate
    pace = f"{rate:g} a second" if rate is not None and gap > answer_seconds else f"{answer_seconds * 1000:.0f} ms each"
    return f"about {requests} requests, at {pace} some {in_words(requests * max(gap, answer_seconds))}"
