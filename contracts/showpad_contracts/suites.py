"""Which suites there are; each is imported when it is first used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .suite import Suite


def showpad() -> Suite:
    """Return the suite of Showpad's sharing API."""
    from .showpad.suite import SUITE  # here: it takes Hypothesis, and --help does without

    return SUITE


SUITES: tuple[Callable[[], Suite], ...] = (showpad,)
"""The first is the one that the command line and pytest run."""
