"""The time of a tenant: real, shifted or frozen; and times as text (CONV-TIME, CONV-TIME-IN).

Inside the server a time is an integer: milliseconds since 1970-01-01T00:00:00Z.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Not `fromisoformat`: it takes a bare date and a time without offset, which are refused (CONV-TIME-IN).
RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)


LONGEST_SHIFT = 31_556_952_000_000
"""How far a clock may be shifted, in milliseconds: 1,000 years, so that its time can always be shown."""


# The same few times, those of the seed data above all, stand in answer after answer.
@lru_cache(maxsize=4096)
def iso(milliseconds: int) -> str:
    """Show a time as answers do: `2025-01-09T11:38:06.000Z`."""
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    # With its zone it would end in `+00:00` (CONV-TIME).
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
    # timedelta would take 99 minutes; too many hours are refused by timezone itself.
    if int(offset_minutes or 0) > 59:
        raise ValueError("the offset's minutes must be between 00 and 59")
    offset = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    # In integers, as `timestamp() * 1000` would round some times to the millisecond beside them.
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1) + int((fraction or "0")[:3].ljust(3, "0"))
    # The offset may lead out of the years that can be shown, though the time as written lies within.
    try:
        iso(milliseconds)
    except OverflowError:
        raise ValueError("lies outside the years 0001 to 9999 in UTC") from None
    return milliseconds


def time_text(text: str) -> str:
    """Return a time as it was written; raises ValueError for what `parse_time` cannot read."""
    parse_time(text)
    return text


@dataclass(frozen=True, slots=True)
class Clock:
    """How a tenant's clock runs: frozen at a time, or real with an offset, in milliseconds; set by replacing it."""

    frozen: int | None = None
    offset: int = 0

    @classmethod
    def read(cls, *, frozen: str | None = None, offset_seconds: float = 0) -> Clock:
        """Return the clock that a setting asks for; raises ValueError for no time and a shift beyond the longest."""
        if abs(offset_seconds) * 1000 > LONGEST_SHIFT:
            longest = LONGEST_SHIFT // 1000
            raise ValueError(f"a clock may be shifted by {longest} seconds at most, got {offset_seconds!r}")
        return cls(parse_time(frozen) if frozen is not None else None, round(offset_seconds * 1000))

    @property
    def offset_seconds(self) -> float:
        """How far it is shifted, as settings say it."""
        # An integer where it is one, so that a setting is shown as it was given.
        return self.offset // 1000 if self.offset % 1000 == 0 else self.offset / 1000

    def advanced(self, milliseconds: int) -> Clock:
        """Return the clock so much later; raises ValueError where it would show no time, or be shifted too far."""
        if self.frozen is None:
            return self.read(offset_seconds=(self.offset + milliseconds) / 1000)
        try:
            iso(self.frozen + milliseconds)
        except OverflowError:
            raise ValueError("a clock shows no time beyond the year 9999") from None
        return Clock(self.frozen + milliseconds)

    def now(self) -> int:
        """Return the tenant's present time."""
        if self.frozen is not None:
            return self.frozen
        return time.time_ns() // 1_000_000 + self.offset
