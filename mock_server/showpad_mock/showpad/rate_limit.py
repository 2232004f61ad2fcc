"""One request too many in a window: 429, which says how long to wait (CONV-RATE, CONV-RATE-AFTER)."""

from __future__ import annotations

from ..core.refusals import Refusal
from ..web.rate import RateWindow
from .problems import TOO_MANY_REQUESTS

RATE_WINDOWS = (RateWindow(requests=100, seconds=60),)
"""Assumed: no numbers are published."""


class _TooMany(Refusal):
    @property
    def rules(self) -> tuple[str, ...]:
        """Both rules, as the header is one of its own."""
        return ("CONV-RATE", "CONV-RATE-AFTER")


def too_many(milliseconds: int) -> Refusal:
    """Return the refusal; whole seconds, so that who waits so long is let in."""
    refusal = _TooMany(TOO_MANY_REQUESTS, TOO_MANY_REQUESTS.detail)
    return refusal.with_headers(**{"Retry-After": str(-(-milliseconds // 1000))})
