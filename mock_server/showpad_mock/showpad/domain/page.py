"""A page of a list (CONV-PAGE, CONV-COUNT)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from ...state.record import record

T = TypeVar("T")


@record
class Page(Generic[T]):
    """How many match in all, and those that the page shows."""

    count: int
    items: list[T]


def page_of(matching: Iterable[T], offset: int, limit: int) -> Page[T]:
    """Cut a page out of all matches."""
    everything = list(matching)
    return Page(count=len(everything), items=everything[offset : offset + limit])
