"""Wrong only for values at limits: what just fits is refused, what just does not is accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..items import every_item
from ..tampering import answer_problem
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .table import CREATE, FILL, SHARE, UPDATE, Operation

KIND = "limit"
Body = dict[str, Any]
Test = Callable[[Body], object]


class Refuses(Wrong):
    """Refuses what just fits."""

    def __init__(self, right: App, *, operation: Operation, when: Test) -> None:
        super().__init__(right)
        self.operation, self.when = operation, when

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen) and isinstance(seen.body, dict) and self.when(seen.body):
            answer_problem(seen, 400)


class Accepts(Wrong):
    """Accepts what just does not fit, and makes it fit; where it is `told`, as if it were kept as it was sent."""

    def __init__(
        self, right: App, *, operation: Operation, when: Test, fit: Callable[[Body], Body], told: bool = False
    ) -> None:
        super().__init__(right)
        self.operation, self.when, self.fit, self.told = operation, when, fit, told
        self._sent: Body | None = None

    async def before(self, seen: Seen, ask: Ask) -> None:
        self._sent = None
        if self.operation.asked(seen) and isinstance(seen.body, dict) and self.when(seen.body):
            self._sent = seen.body
            seen.body = self.fit(seen.body)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.told and self._sent is not None and self.operation.done(seen):
            seen.answer.update({name: value for name, value in self._sent.items() if name in seen.answer})


def length(name: str, number: int) -> Test:
    """Say whether a text or an array is exactly so long."""
    return lambda body: isinstance(body.get(name), str | list) and len(body[name]) == number


def cut(name: str, number: int) -> Callable[[Body], Body]:
    """Cut a text or an array."""
    return lambda body: {**body, name: body[name][:number]}


def filled(name: str, value: Any) -> Callable[[Body], Body]:
    """Put a value in the place of an empty one."""
    return lambda body: {**body, name: value}


def form(pattern: str) -> Test:
    """Say whether a publicUri is of this form."""
    return lambda body: isinstance(body.get("publicUri"), str) and re.fullmatch(pattern, body["publicUri"]) is not None


def within(test: Callable[[Body], object]) -> Test:
    """Say whether any item at any depth is like this."""
    return lambda body: isinstance(body.get("items"), list) and any(test(item) for item in every_item(body["items"]))


def name_of(number: int) -> Callable[[Body], object]:
    """Say whether a folder's name is exactly so long."""
    return lambda item: isinstance(item.get("name"), str) and len(item["name"]) == number


def each_item(change: Callable[[Body], Body]) -> Callable[[Body], Body]:
    """Change every item at every depth."""

    def one(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        inner = item.get("folderItems")
        return change({**item, "folderItems": [one(each) for each in inner]} if isinstance(inner, list) else item)

    return lambda body: {**body, "items": [one(item) for item in body["items"]]}


def named_shorter(item: Body) -> Body:
    """Cut a folder's name."""
    return {**item, "name": item["name"][:255]} if isinstance(item.get("name"), str) else item


def first_page(item: Body) -> Body:
    """Take a page before the first for the first."""
    return {**item, "page": max(1, item["page"])} if isinstance(item.get("page"), int) else item


def page_is(number: int) -> Callable[[Body], object]:
    """Say whether an item is of this page."""
    return lambda item: item.get("page") == number and item.get("page") is not True


def any_page(number: int) -> Test:
    """Say whether an asset of a Share has this page."""
    return lambda body: any(
        isinstance(one, dict) and one.get("page") == number and one.get("page") is not True
        for one in body.get("assets") or []
    )


def pages_from_one(body: Body) -> Body:
    """Take page 0 of a Share's assets for the first."""
    return {**body, "assets": [{**one, "page": one.get("page") or 1} for one in body["assets"]]}


def slug(body: Body) -> Body:
    """Make a publicUri of anything."""
    return {**body, "publicUri": re.sub("[^a-z0-9_-]", "", body["publicUri"].lower()) or "x"}


FITS: tuple[tuple[Operation, str, str, Test], ...] = (
    *(
        (operation, rule, f"a title of {number} characters", length("title", number))
        for operation, rule in ((CREATE, "CREATE-TITLE-LENGTH"), (UPDATE, "PATCH-FIELDS"))
        for number in (1, 254, 255)
    ),
    *(
        (operation, rule, f"a description of {number} characters", length("description", number))
        for operation, rule in ((CREATE, "CREATE-DESCRIPTION"), (UPDATE, "PATCH-FIELDS"))
        for number in (0, 65_534, 65_535)
    ),
    *(
        (CREATE, "CREATE-URI-FORM", f"a publicUri of {number} characters", length("publicUri", number))
        for number in (1, 255)
    ),
    (CREATE, "CREATE-URI-FORM", "a publicUri that begins with -", form("-.*")),
    (CREATE, "CREATE-URI-FORM", "a publicUri that ends in -", form(".*-")),
    (CREATE, "CREATE-URI-FORM", "a publicUri that begins with _", form("_.*")),
    (CREATE, "CREATE-URI-FORM", "a publicUri that ends in _", form(".*_")),
    (CREATE, "CREATE-URI-FORM", "a publicUri with two - in a row", form(".*--.*")),
    (CREATE, "CREATE-URI-FORM", "a publicUri that begins with a digit", form("[0-9].*")),
    *((SHARE, "SHARE-TITLE", f"a title of {number} characters", length("title", number)) for number in (1, 199, 200)),
    *((SHARE, "SHARE-ORIGIN", f"an origin of {number} characters", length("origin", number)) for number in (1, 19, 20)),
    *((SHARE, "SHARE-ASSETS-LIMIT", f"{number} assets", length("assets", number)) for number in (1, 300)),
    (SHARE, "SHARE-PAGE", "page 1", any_page(1)),
    (SHARE, "SHARE-PAGE", "the last page", any_page(10)),
    *(
        (FILL, "ITEMS-NAME", f"a folder's name of {number} characters", within(name_of(number)))
        for number in (1, 254, 255)
    ),
    (FILL, "ITEMS-PAGE", "page 1", within(page_is(1))),
    (FILL, "ITEMS-PAGE", "the last page", within(page_is(10))),
    *((FILL, "ITEMS-BATCH", f"{number} items", length("items", number)) for number in (100, 101)),
    (FILL, "ITEMS-REQUIRED", "one item", length("items", 1)),
)
"""What just fits: the operation, the rule that says so, what it is, and how it is known."""

FITS_NOT: tuple[tuple[Operation, str, str, Test, Callable[[Body], Body]], ...] = (
    *(
        (operation, rule, f"a title of {number} characters", length("title", number), fit)
        for operation, rule in ((CREATE, "CREATE-TITLE-LENGTH"), (UPDATE, "PATCH-FIELDS"))
        for number, fit in ((0, filled("title", "Untitled")), (256, cut("title", 255)))
    ),
    *(
        (
            operation,
            rule,
            "a description of 65,536 characters",
            length("description", 65_536),
            cut("description", 65_535),
        )
        for operation, rule in ((CREATE, "CREATE-DESCRIPTION"), (UPDATE, "PATCH-FIELDS"))
    ),
    (CREATE, "CREATE-URI-FORM", "a publicUri of 256 characters", length("publicUri", 256), cut("publicUri", 255)),
    (CREATE, "CREATE-URI-FORM", "an empty publicUri", length("publicUri", 0), lambda body: {**body, "publicUri": "x"}),
    (CREATE, "CREATE-URI-FORM", "a publicUri with a line feed at its end", form(r"[a-z0-9_-]+\n"), slug),
    (CREATE, "CREATE-URI-FORM", "a publicUri with capitals", form(r"[A-Za-z0-9_-]*[A-Z][A-Za-z0-9_-]*"), slug),
    (CREATE, "CREATE-URI-FORM", "a publicUri with a dot", form(r"[a-z0-9_.-]*\.[a-z0-9_.-]*"), slug),
    (CREATE, "CREATE-URI-FORM", "a publicUri with a blank", form(r"[a-z0-9_ -]* [a-z0-9_ -]*"), slug),
    (
        CREATE,
        "CREATE-URI-FORM",
        "a publicUri with a letter beyond ASCII",
        form(r"(?=.*[^\x00-\x7f])[^\W]+[\w-]*"),
        slug,
    ),
    (SHARE, "SHARE-TITLE", "a title of 201 characters", length("title", 201), cut("title", 200)),
    (SHARE, "SHARE-ORIGIN", "an origin of 21 characters", length("origin", 21), cut("origin", 20)),
    (SHARE, "SHARE-ASSETS-LIMIT", "301 assets", length("assets", 301), cut("assets", 300)),
    (SHARE, "SHARE-PAGE", "page 0", any_page(0), pages_from_one),
    (FILL, "ITEMS-NAME", "a folder's name of 256 characters", within(name_of(256)), each_item(named_shorter)),
    (FILL, "ITEMS-PAGE", "page 0", within(page_is(0)), each_item(first_page)),
    (FILL, "ITEMS-PAGE", "page -1", within(page_is(-1)), each_item(first_page)),
)
"""What just does not fit, and what is made of it."""


def _at_limits() -> Iterator[Broken]:
    for operation, rule, what, when in FITS:
        yield Broken(rule, f"{operation.name} refuses {what}", partial(Refuses, operation=operation, when=when), KIND)
    for operation, rule, what, test, fit in FITS_NOT:
        for told in (False, True) if operation not in (FILL,) else (False,):
            make = partial(Accepts, operation=operation, when=test, fit=fit, told=told)
            story = f"{operation.name} accepts {what}, and {'tells it' if told else 'makes it fit'}"
            yield Broken(rule, story, make, KIND)


BROKEN = tuple(_at_limits())
