"""How a delivery is made in each weather: which keys sign it, with which time, over which body."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

Sign = Callable[[Sequence[str], bytes, int], Sequence[tuple[str, str]]]
"""Returns the headers that sign a body with keys at a time in Unix seconds."""

STALE_SECONDS = 360
OVERSIZE = 1024 * 1024
LARGEST = 4 * OVERSIZE
"""Of a body that is made larger than it is: as many are in memory as deliveries are under way."""


class Weather(StrEnum):
    """How a delivery is made; the first is as documented."""

    FAIR = "fair"
    ROTATED = "rotated-key"
    LATE = "late"
    STALE = "stale-timestamp"
    WRONG_KEY = "wrong-key"
    FORGED = "forged"
    OVERSIZED = "oversized"
    NEXT_KEY = "next-key"


TOLD = {
    Weather.FAIR: "as documented",
    Weather.ROTATED: "signed by a new key and the present one",
    Weather.LATE: "after a pause",
    Weather.STALE: "with a timestamp of six minutes ago, rightly signed",
    Weather.WRONG_KEY: "signed by another key",
    Weather.FORGED: "with other data than was signed",
    Weather.OVERSIZED: "with a body of a mebibyte",
    Weather.NEXT_KEY: "signed by a new key alone",
}


class Draft(NamedTuple):
    """A delivery that is to be signed: its body, the keys, and when, in Unix seconds."""

    body: bytes
    keys: Sequence[str]
    timestamp: int


def made(
    draft: Draft, sign: Sign, weather: Weather, amount: int | None = None
) -> tuple[bytes, Sequence[tuple[str, str]]]:
    """Return the body that is sent and the headers that sign it.

    `amount` is how many seconds a timestamp is old, or bytes a body is large. Keys that nobody has are the present one
    with a word behind it, so that a receiver's test may know them.
    """
    body, keys, timestamp = draft
    match weather:
        case Weather.ROTATED:
            keys = [*_followed(keys, "-next"), *keys]
        case Weather.NEXT_KEY:
            keys = _followed(keys, "-next")
        case Weather.WRONG_KEY:
            keys = _followed(keys, "-wrong")
        case Weather.STALE:
            timestamp -= STALE_SECONDS if amount is None else amount
        case Weather.OVERSIZED:
            body = _padded(body, OVERSIZE if amount is None else amount)
    signature = sign(keys, body, timestamp)
    return _with(body, forged=True) if weather is Weather.FORGED else body, signature


def _followed(keys: Sequence[str], word: str) -> list[str]:
    return [key + word for key in keys[:1]]


def _padded(body: bytes, size: int) -> bytes:
    """Return a body of that size, unless it is larger already."""
    return _with(body, padding="x" * max(0, size - len(_with(body, padding=""))))


def _with(body: bytes, **more: Any) -> bytes:
    try:
        event = from_json(body)
    except ValueError:
        event = None
    if not isinstance(event, dict):  # of a snapshot that somebody wrote: it is sent as it is
        return body
    data = event.get("data")
    return to_json({**event, "data": {**data, **more}} if isinstance(data, dict) else {**event, **more})
