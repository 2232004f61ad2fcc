"""The one table that `make bench` prints: each figure, its baseline in the same run, and the ratio of the two."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `ratio` is baseline / mock, so that more is better; `asked` is what it is to reach."""

    name: str
    unit: str
    ours: float
    theirs: float | None = None
    ratio: float | None = None
    asked: str = ""
    beside: str = ""


def paired(name: str, unit: str, pairs: Sequence[tuple[float, float]], *, asked: str = "", beside: str = "") -> Row:
    """Make a row of pairs (mock, baseline) that were measured in turn: medians, and the median of the ratios."""
    ours = statistics.median(one for one, _ in pairs)
    theirs = statistics.median(one for _, one in pairs)
    ratio = statistics.median(theirs / ours for ours, theirs in pairs)
    return Row(name, unit, ours, theirs, ratio, asked, beside)


def show_head(title: str, baseline: str = "bare route") -> None:
    """Begin a part of the table."""
    print(f"\n{title:<46}{'mock':>14}{baseline:>16}{'ratio':>8}{'asked':>9}")


def show(row: Row) -> None:
    """Print a row as soon as it is known."""
    ours, theirs = f"{_figure(row.ours)} {row.unit}", f"{_figure(row.theirs)} {row.unit}" if row.theirs else ""
    ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
    print(f"  {row.name:<44}{ours:>14}{theirs:>16}{ratio:>8}{row.asked:>9}  {row.beside}".rstrip(), flush=True)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
