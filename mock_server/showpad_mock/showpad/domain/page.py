"""A page of a list (CONV-PAGE, CONV-COUNT)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from ...state.record import record

T = TypeVar("T")


class _Dated(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def created_at(self) -> int: ...


D = TypeVar("D", bound=_Dated)


@record
class Page(Generic[T]):
    """How many match in all, and those that the page shows."""

    count: int
    items: list[T]


@record
class PageQuery:
    """Which part of a list is asked for."""

    limit: int = 50
    offset: int = 0


def page_of(matching: Iterable[T], offset: int, limit: int) -> Page[T]:
    """Cut a page out of all matches."""
    everything = list(matching)
    return Page(count=len(everything), items=everything[offset : offset + limit])


def oldest_first(records: Iterable[D]) -> list[D]:
    """Return records in the order of their creation, ties by id, as the mock's own lists have them."""
    return sorted(records, key=lambda record: (record.created_at, record.id))
