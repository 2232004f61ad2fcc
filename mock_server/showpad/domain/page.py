"""A page of a list (CONV-PAGE, CONV-COUNT)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """How many match in all, and those that the page shows."""

    count: int
    items: list[T]


def page_of(matching: Iterable[T], offset: int, limit: int) -> Page[T]:
    """Cut a page out of all matches."""
    everything = list(matching)
    return Page(len(everything), everything[offset : offset + limit])
