from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showpad_mock.core.clock import LONGEST_SHIFT, Clock, iso, parse_time

MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))
OFFSETS = st.integers(min_value=-23 * 60 - 59, max_value=23 * 60 + 59)


@given(MOMENTS, OFFSETS)
def test_a_time_with_any_offset_is_shown_in_utc_milliseconds(moment: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    text = f"{moment.isoformat(timespec='microseconds')}{sign}{hours:02d}:{rest:02d}"
    utc = moment - timedelta(minutes=minutes)
    assert iso(parse_time(text)) == f"{utc.isoformat(timespec='milliseconds')}Z"


@given(MOMENTS)
def test_a_shown_time_is_read_as_the_same_time(moment: datetime) -> None:
    shown = f"{moment.isoformat(timespec='milliseconds')}Z"
    assert iso(parse_time(shown)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10",
        "2026-03-10T15:43:25",
        "2026-03-10 15:43:25Z",
        "2026-13-10T15:43:25Z",
        "2026-02-30T15:43:25Z",
        "2026-03-10T24:00:00Z",
        "2026-03-10T15:43:60Z",
        "2026-03-10T15:43:25+24:00",
        "2026-03-10T15:43:25+01:60",
        "2026-03-10T15:43:25+0100",
        "0000-03-10T15:43:25Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "２０２６-03-10T15:43:25Z",
        "2026-03-10T15:43:25Z\n",
        "1773157405000",
        "",
    ],
)
def test_anything_but_an_rfc_3339_time_with_an_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must|lies|year|month|day|hour|second|offset|minute|timezone"):
        parse_time(text)


def test_digits_below_the_millisecond_are_cut() -> None:
    assert iso(parse_time("2026-03-10T15:43:25.9999Z")) == "2026-03-10T15:43:25.999Z"


def test_a_frozen_clock_stands_still() -> None:
    clock = Clock(frozen=5)
    assert clock.now() == clock.now() == 5


def test_a_shifted_clock_runs_beside_real_time() -> None:
    ahead = Clock(offset=3_600_000).now() - round(datetime.now(UTC).timestamp() * 1000)
    assert abs(ahead - 3_600_000) < 60_000


def test_a_clock_is_read_from_what_settings_say() -> None:
    assert Clock.read() == Clock()
    assert Clock.read(frozen="1970-01-01T00:00:00.005Z", offset_seconds=1.5) == Clock(frozen=5, offset=1500)


@pytest.mark.parametrize("seconds", [0, -1, 86_400, 0.25])
def test_a_shift_is_told_as_it_was_set(seconds: float) -> None:
    assert Clock.read(offset_seconds=seconds).offset_seconds == seconds


@pytest.mark.parametrize("seconds", [LONGEST_SHIFT // 1000 + 1, -(LONGEST_SHIFT // 1000) - 1])
def test_a_clock_is_shifted_by_a_thousand_years_at_most(seconds: int) -> None:
    Clock.read(offset_seconds=seconds - (1 if seconds > 0 else -1))
    with pytest.raises(ValueError, match="at most"):
        Clock.read(offset_seconds=seconds)
