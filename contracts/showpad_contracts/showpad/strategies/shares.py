"""Shares: requests over the whole documented space, but for the assets and themes, which are the target's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...strategies.text import texts_within

MOST_TITLE = 200
MOST_ORIGIN = 20
MOST_ASSETS = 300

minutes = st.integers(5, 55)
"""When a Share expires, in minutes from now: within the hour, for nothing can delete it."""


def in_minutes(number: int) -> datetime:
    """Return the time so many minutes from now, to the millisecond."""
    moment = datetime.now(UTC) + timedelta(minutes=number)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def shown(moment: datetime) -> str:
    """Write a time as answers do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


WRITINGS: Mapping[str, Callable[[datetime], str]] = {
    "as answers do": shown,
    "in whole seconds": lambda moment: moment.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
    "with an offset of zero": lambda moment: moment.isoformat(timespec="milliseconds"),
    "with an offset": lambda moment: moment.astimezone(timezone(timedelta(hours=2))).isoformat(timespec="milliseconds"),
}
"""Ways to write a time in ISO 8601."""

share_fields: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"title": texts_within(MOST_TITLE), "origin": texts_within(MOST_ORIGIN)},
    optional={"isDownloadAllowed": st.booleans()},
)
"""The fields of a Share that no target has a say in."""

BAD_TIMES = ("tomorrow", "", "2099-13-45T99:99:99.000Z", "08/24/2099")
"""What is no time in ISO 8601."""
