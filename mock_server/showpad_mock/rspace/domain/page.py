"""A page of a list, and what a list may be asked for (RS-PAGE)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from ...state.record import record
from ..problems import ORDER_SPACING

T = TypeVar("T")
DEFAULT_ORDER = "lastModified desc"
DEFAULT_SIZE = 20


class SearchField(StrEnum):
    """Where a term of a search is looked for."""

    ALL = "global"
    NAME = "name"
    TAG = "tag"
    TEXT = "fullText"


@record
class Search:
    """A search by terms, all or any of which must be found; `text` is how it was asked for."""

    text: str
    terms: tuple[tuple[SearchField, str], ...]
    is_any: bool = False


@record
class PageRequest:
    """Which page, in which order, and what it is narrowed to; None is what was left out."""

    number: int = 0
    size: int = DEFAULT_SIZE
    order: str = DEFAULT_ORDER
    query: str | None = None
    item_ids: tuple[int, ...] | None = None
    filter: str | None = None
    search: Search | None = None

    def ordering(self) -> tuple[str, bool]:
        """Return by what to sort, and whether descending; refuses odd blanks with 422 (RS-PAGE-ORDER-SPACING)."""
        words = self.order.split(" ")
        if len(words) != 2:
            raise ORDER_SPACING.error(order=self.order)
        return words[0], words[1] == "desc"


@record
class Page(Generic[T]):
    """How many match in all, and those that the page shows."""

    total: int
    items: list[T]


def page_of(matching: Sequence[T], request: PageRequest) -> Page[T]:
    """Cut a page out of all matches; one past the end is empty (RS-PAGE-END)."""
    start = request.number * request.size
    return Page(total=len(matching), items=list(matching[start : start + request.size]))
