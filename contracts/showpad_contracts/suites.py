"""Which suites there are; each is imported when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .suite import AnySuite


def showpad() -> AnySuite:
    """Return the suite of Showpad's sharing API."""
    from .showpad.suite import SUITE  # here: it takes Hypothesis, and --help does without

    return SUITE


def rspace() -> AnySuite:
    """Return the suite of RSpace's sharing API."""
    from .rspace.suite import SUITE  # here, as above

    return SUITE


SUITES: Mapping[str, Callable[[], AnySuite]] = {"showpad": showpad, "rspace": rspace}
"""By the names that --api takes."""
DEFAULT = "showpad"
"""The one that is run where none is named."""
