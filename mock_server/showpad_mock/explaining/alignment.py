"""Two texts in parts, side by side: which part stands for which, and which has no counterpart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from typing_extensions import TypedDict

MOST_PARTS, LONGEST_PART = 20, 100
GAP = -0.6
"""What a part without a counterpart costs: less than two such, one in place of the other, cost more than a misfit."""


class Pair(TypedDict):
    """A part as it was given and as the nearest has it; null where one of them has none."""

    given: str | None
    nearest: str | None


def likeness(given: str, known: str) -> float:
    """Return how much one part is like another, between 0 and 1; a part in braces may be any."""
    if known.startswith("{") and given:
        return 0.9
    return 1.0 if given == known else SequenceMatcher(None, given[:LONGEST_PART], known, autojunk=False).ratio()


def aligned(
    given: Sequence[str], known: Sequence[str], like: Callable[[str, str], float] = likeness
) -> tuple[float, list[Pair]]:
    """Return how near two texts are, and their parts side by side, so that they are as near as they can be."""
    given = given[:MOST_PARTS]
    best: list[list[tuple[float, list[Pair]]]] = [[(0.0, [])]]
    for row in range(len(given) + 1):
        if row:
            best.append([])
        for column in range(len(known) + 1):
            if row or column:
                best[row].append(max(_ways(best, given, known, (row, column), like), key=lambda way: way[0]))
    return best[-1][-1]


def _ways(
    best: list[list[tuple[float, list[Pair]]]],
    given: Sequence[str],
    known: Sequence[str],
    at: tuple[int, int],
    like: Callable[[str, str], float],
) -> list[tuple[float, list[Pair]]]:
    row, column = at
    ways = []
    if row and column:
        score, pairs = best[row - 1][column - 1]
        one, other = given[row - 1], known[column - 1]
        ways.append((score + 2 * like(one, other) - 1, [*pairs, Pair(given=one, nearest=other)]))
    if row:
        score, pairs = best[row - 1][column]
        ways.append((score + GAP, [*pairs, Pair(given=given[row - 1], nearest=None)]))
    if column:
        score, pairs = best[row][column - 1]
        ways.append((score + GAP, [*pairs, Pair(given=None, nearest=known[column - 1])]))
    return ways
