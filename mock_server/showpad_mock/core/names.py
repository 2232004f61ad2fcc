"""What to say of a name that names nothing."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

COMPARED = 1000  # names at most; comparing takes its time
FEW = 12  # names that a message lists whole


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `; the nearest is seller`, or `; there are a, b, c` where few and none near, for the end of a message."""
    names = sorted({one for one, _ in zip(known, range(COMPARED), strict=False)})
    found = get_close_matches(name[:100], names, n=1)
    if found:
        return f"; the nearest is {found[0]}"
    return f"; there are {', '.join(names)}" if 0 < len(names) <= FEW else ""
