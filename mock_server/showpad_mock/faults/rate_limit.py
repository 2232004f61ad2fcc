"""The rate limit of a tenant, once it is switched on: each user's requests are counted, by the tenant's clock."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..state.record import record
from ..state.store import RecordType, Store
from ..state.unit import Unit
from ..web.call import Call
from ..web.rate import RateWindow, WindowState
from ..web.vendor import Vendor

KEY = "limit"
NAME = "rate-limit"


@record
class RateLimit:
    """That the limit is on; there is one. Its numbers stand in the place of the API's first window's; None: its own."""

    requests: int | None
    seconds: int | None


@record
class Spent:
    """What a user of an API has left in each window, and since when that holds."""

    key: str
    left: tuple[float, ...]
    since: tuple[int, ...]


def _inconsistencies(store: Store) -> Iterable[str]:
    limit = store.get(RATE_LIMITS, KEY)
    if limit is not None and min(limit.requests or 1, limit.seconds or 1) < 1:
        yield "requests and seconds must be at least 1"


RATE_LIMITS = RecordType("rate_limits", RateLimit, key=lambda _: KEY, inconsistencies=_inconsistencies)
SPENT = RecordType("rate_spent", Spent, key=lambda spent: spent.key)


def switch_on(unit: Unit, requests: int | None, seconds: int | None) -> RateLimit:
    """Switch the limit on; everybody begins with a whole window."""
    switch_off(unit)
    limit = RateLimit(requests=requests, seconds=seconds)
    unit.put(RATE_LIMITS, limit)
    return limit


def switch_off(unit: Unit) -> None:
    """Switch the limit off, if it is on."""
    for spent in list(unit.store.all(SPENT)):
        unit.delete(SPENT, spent.key)
    if unit.store.get(RATE_LIMITS, KEY) is not None:
        unit.delete(RATE_LIMITS, KEY)


def windows_of(limit: RateLimit, vendor: Vendor) -> Sequence[RateWindow]:
    """Return the windows that hold for an API."""
    first, *others = vendor.rate_windows
    requests, seconds = limit.requests or first.requests, limit.seconds or first.seconds
    return (replace(first, requests=requests, seconds=seconds), *others)


class OverLimit:
    """One request too many, which is refused before its change."""

    name = NAME
    is_before = True

    def __init__(self, wait: int) -> None:
        self._wait = wait

    def act(self, call: Call) -> None:
        """Refuse it as its API does."""
        assert call.vendor is not None
        raise call.vendor.too_many(self._wait)


def spend(unit: Unit, call: Call) -> OverLimit | None:
    """Count a call where the limit is on; return its refusal if it is one too many. Sets `call.rate`."""
    limit, vendor = unit.store.get(RATE_LIMITS, KEY), call.vendor
    if limit is None or vendor is None:
        return None
    windows, key = windows_of(limit, vendor), f"{vendor.name}:{call.user}"
    spent = unit.store.get(SPENT, key)
    if spent is None or len(spent.left) != len(windows):
        spent = Spent(key=key, left=tuple(float(one.requests) for one in windows), since=(unit.now,) * len(windows))
    found = [_refilled(*one, unit.now) for one in zip(windows, spent.left, spent.since, strict=True)]
    wait = max(_wait(window, *one, unit.now) for window, one in zip(windows, found, strict=True))
    if not wait:
        found = [(left - 1, since) for left, since in found]
    unit.put(SPENT, replace(spent, left=tuple(one for one, _ in found), since=tuple(since for _, since in found)))
    call.rate = [
        WindowState(window.requests, left, _wait(window, left, since, unit.now))
        for window, (left, since) in zip(windows, found, strict=True)
    ]
    return OverLimit(wait) if wait else None


def _refilled(window: RateWindow, left: float, since: int, now: int) -> tuple[float, int]:
    length = window.seconds * 1000
    if window.refills:
        return min(float(window.requests), left + max(0, now - since) * window.requests / length), now
    # Also where the clock was set back: a window does not last longer than it is long.
    is_over = not since <= now < since + length
    return (float(window.requests), now) if is_over or left == window.requests else (left, since)


def _wait(window: RateWindow, left: float, since: int, now: int) -> int:
    """Return after how many milliseconds the next request is let in."""
    length = window.seconds * 1000
    if window.refills:
        return max(0, math.floor((1 - left) * length / window.requests) + 1) if left <= 1 else 0
    return since + length - now if left < 1 else 0
