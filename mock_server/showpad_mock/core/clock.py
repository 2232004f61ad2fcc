"""The time of a tenant: real, shifted or frozen; and times as text (CONV-TIME, CONV-TIME-IN).

Inside the server a time is an integer: milliseconds since 1970-01-01T00:00:00Z.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)


LONGEST_SHIFT = 31_556_952_000_000
"""How far a clock may be shifted, in milliseconds: 1,000 years, so that its time can always be shown."""


@lru_cache(maxsize=4096)
def iso(milliseconds: int) -> str:
    """Show a time as answers do: `2025-01-09T11:38:06.000Z`."""
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_time(text: str) -> int:
    """Read an RFC 3339 time with an offset; digits below the millisecond are cut.

    Raises ValueError for anything else, a bare date or a time without an offset among them.
    """
    match = RFC_3339.fullmatch(text)
    if match is None:
        raise ValueError("must be an RFC 3339 time with an offset, such as 2026-03-10T15:43:25.000Z")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = match.groups()[6:]
    if int(offset_minutes or 0) > 59:
        raise ValueError("the offset's minutes must be between 00 and 59")
    offset = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1) + int((fraction or "0")[:3].ljust(3, "0"))
    try:
        iso(milliseconds)
    except OverflowError:
        raise ValueError("lies outside the years 0001 to 9999 in UTC") from None
    return milliseconds


class Clock:
    """The time of one tenant, in milliseconds."""

    __slots__ = ("frozen", "offset")

    def __init__(self, *, frozen: int | None = None, offset: int = 0) -> None:
        self.frozen = frozen
        self.offset = offset

    def now(self) -> int:
        """Return the tenant's present time."""
        if self.frozen is not None:
            return self.frozen
        return time.time_ns() // 1_000_000 + self.offset
