"""Schedules as Hypothesis draws them; the smallest ones are short, in order and fair (extra `contracts`)."""

from __future__ import annotations

from hypothesis import strategies as st

from .mangling import Weather
from .schedule import Schedule, Step

MOST_EVENTS, MOST_STEPS = 4, 10


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Draw deliveries of a few events: some repeated, out of order, lost or spoiled."""
    events = draw(st.integers(1, MOST_EVENTS))
    # Events that no step names are lost; one that two steps name comes twice.
    step = st.builds(Step, st.integers(1, events), st.sampled_from(list(Weather)))
    return draw(st.lists(step, min_size=1, max_size=MOST_STEPS))
