"""The nearest of many names, within what may be spent on comparing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ..core.names import COMPARED

LIKE = 0.6
"""How much alike the nearest must be, of 1; difflib's own."""


class Names:
    """Names among which the nearest is looked for; of many, COMPARED at most that begin or end like the given one."""

    def __init__(self, names: Iterable[str]) -> None:
        self._sorted = sorted(set(names))
        self.are_many = len(self._sorted) > COMPARED
        """Whether some are not compared."""
        self._mirrored = sorted(name[::-1] for name in self._sorted) if self.are_many else []

    def nearest(self, given: str, *, most: int = 1, like: float = LIKE) -> list[str]:
        """Return the names that are most like the given one, best first."""
        return get_close_matches(given, self._candidates(given), n=most, cutoff=like)

    def _candidates(self, given: str) -> list[str]:
        if not self.are_many:
            return self._sorted
        ends = _beside(self._mirrored, given[::-1])
        return list({*_beside(self._sorted, given), *(name[::-1] for name in ends)})


def _beside(ordered: Sequence[str], given: str) -> Sequence[str]:
    """Return the names around the place of the given one: no others begin so much like it."""
    place = bisect_left(ordered, given)
    return ordered[max(0, place - COMPARED // 4) : place + COMPARED // 4]
