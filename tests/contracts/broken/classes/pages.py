"""Right for one page and wrong for another: the second page, the last one, the largest, the count beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..tampering import answer_problem, query, requery
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .table import LIST, LOOK_UPS, Operation

KIND = "page"
Pages = Callable[[Seen], None]
LISTS = (LIST, *LOOK_UPS[::2])
UNPAGED = "/divisions"
"""How divisions are paged is not published."""


def at(seen: Seen) -> int:
    """Give the offset that is asked for."""
    offset = query(seen).get("offset", "0")
    return int(offset) if offset.isdigit() else 0


def move(seen: Seen, by: int) -> None:
    """Ask for a page that begins elsewhere."""
    if at(seen) > 0:
        requery(seen, offset=str(max(0, at(seen) + by)))


def sized(seen: Seen, change: Callable[[int], int]) -> None:
    """Ask for another size of page."""
    limit = query(seen).get("limit", "")
    if limit.isdigit() and int(limit) > 0:
        requery(seen, limit=str(change(int(limit))))


def further(seen: Seen) -> bool:
    """Say whether this is another page than the first."""
    return at(seen) > 0


class Paged(Wrong):
    """Asks for another page, or tells it otherwise."""

    def __init__(
        self, right: App, *, operation: Operation, before: Pages | None = None, after: Pages | None = None
    ) -> None:
        super().__init__(right)
        self.operation, self._before, self._after = operation, before, after
        self.query = ""

    async def before(self, seen: Seen, ask: Ask) -> None:
        self.query = seen.query
        if self._before is not None and self.operation.asked(seen):
            self._before(seen)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self._after is not None and self.operation.done(seen):
            sent, seen.query = seen.query, self.query
            self._after(seen)
            seen.query = sent


def empty_further(seen: Seen) -> None:
    """Have nothing on every page but the first."""
    if further(seen):
        seen.answer["items"] = []


def reversed_further(seen: Seen) -> None:
    """Turn every page round but the first."""
    if further(seen):
        seen.answer["items"].reverse()


def no_page_beyond(seen: Seen) -> None:
    """Refuse a page beyond the end."""
    if further(seen) and not seen.answer["items"] and query(seen).get("limit") != "0":
        answer_problem(seen, 404)


def count_of(change: Callable[[Seen, int], int]) -> Pages:
    """Count otherwise."""

    def tell(seen: Seen) -> None:
        seen.answer["count"] = change(seen, seen.answer["count"])

    return tell


def count(value: Any) -> Pages:
    """Tell something else as the count, None to leave it out."""

    def tell(seen: Seen) -> None:
        del seen.answer["count"]
        if value is not None:
            seen.answer["count"] = value

    return tell


def no_offset(seen: Seen) -> None:
    """Begin at the start, whatever is asked for."""
    requery(seen, offset=None)


def swapped(seen: Seen) -> None:
    """Take limit for offset and offset for limit."""
    asked = query(seen)
    if "limit" in asked and asked.get("offset", "0") != "0":
        requery(seen, limit=asked["offset"], offset=asked["limit"])


def at_most(number: int) -> Pages:
    """Show so many at most."""
    return lambda seen: requery(seen, limit=str(number)) if sized_above(seen, number) else None


def sized_above(seen: Seen, number: int) -> bool:
    """Say whether a larger page is asked for."""
    limit = query(seen).get("limit", "")
    return limit.isdigit() and int(limit) > number


def refuses_limit(number: str) -> Pages:
    """Refuse a limit that is legal."""
    return lambda seen: answer_problem(seen, 400) if query(seen).get("limit") == number else None


def too_many_are_the_most(seen: Seen) -> None:
    """Take a limit beyond the highest for the highest."""
    if query(seen).get("limit") == "1001":
        requery(seen, limit="1000")


def refuses_offset_of_none(seen: Seen) -> None:
    """Refuse an offset of 0."""
    if query(seen).get("offset") == "0":
        answer_problem(seen, 400)


def null_for_empty(seen: Seen) -> None:
    """Have null where there is nothing."""
    if not seen.answer["items"]:
        seen.answer["items"] = None


BEFORE: dict[str, Pages] = {
    "the second page repeats the last of the first": lambda seen: move(seen, -1),
    "the second page leaves one out": lambda seen: move(seen, 1),
    "a page has one too many": lambda seen: sized(seen, lambda limit: limit + 1),
    "a page has one too few": lambda seen: sized(seen, lambda limit: max(1, limit - 1)),
    "offset is ignored beside a limit": lambda seen: no_offset(seen) if "limit" in query(seen) else None,
    "offset is ignored without a limit": lambda seen: no_offset(seen) if "limit" not in query(seen) else None,
    "limit and offset are swapped": swapped,
    "a page has one at most": at_most(1),
    "a limit of 1 is refused": refuses_limit("1"),
    "a limit of 1000 is refused": refuses_limit("1000"),
    "an offset of 0 is refused": refuses_offset_of_none,
}
AFTER: dict[str, Pages] = {
    "every page but the first is empty": empty_further,
    "every page but the first is turned round": reversed_further,
    "a page beyond the end is not found": no_page_beyond,
    "the count is the page's": count_of(lambda seen, _: len(seen.answer["items"])),
    "the count is one too high": count_of(lambda _, told: told + 1),
    "the count is what is left from the offset on": count_of(lambda seen, told: max(0, told - at(seen))),
    "the count is 0 on every page but the first": count_of(lambda seen, told: 0 if further(seen) else told),
    "the count is a text": count_of(lambda _, told: str(told)),  # type: ignore[arg-type,return-value]  # wrong on purpose
    "the count is left out": count(None),
    "items is null where there are none": null_for_empty,
}


def _rule(operation: Operation, story: str) -> str:
    if story in ("the count is a text", "the count is left out", "items is null where there are none"):
        return "CONV-PAGE"
    if story.startswith("the count"):
        return "CONV-COUNT" if operation is LIST else operation.rule
    return "LIST-LIMIT" if operation is LIST else operation.rule


def _of(operation: Operation) -> Iterator[Broken]:
    for story, change in BEFORE.items():
        if operation.path != UNPAGED:
            make = partial(Paged, operation=operation, before=change)
            yield Broken(_rule(operation, story), f"in {operation.name} {story}", make, KIND)
    if operation is LIST:  # that others refuse it is not said
        make = partial(Paged, operation=operation, before=too_many_are_the_most)
        yield Broken("LIST-BAD", f"in {operation.name} a limit of 1001 is taken for 1000", make, KIND)
    for story, change in AFTER.items():
        paged = operation.path != UNPAGED or story in ("the count is one too high", "the count is left out")
        uncounted = operation.path in ("/themes", "/shared-space-templates") and story.startswith("the count is ")
        if paged and not (uncounted and _rule(operation, story) == operation.rule):
            make = partial(Paged, operation=operation, after=change)
            yield Broken(_rule(operation, story), f"in {operation.name} {story}", make, KIND)


BROKEN = tuple(wrong for operation in LISTS for wrong in _of(operation))
