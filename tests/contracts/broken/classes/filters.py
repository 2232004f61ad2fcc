"""Filters and orders of lists that are ignored, reversed, or right only alone, on the first page or for one actor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..acting import actor
from ..tampering import query, requery
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .pages import at
from .table import LIST, LOOK_UPS, Operation

KIND = "filter"
BY_PATH = {operation.path: operation for operation in (LIST, *LOOK_UPS[::2])}
USERS, ASSETS, THEMES, TEMPLATES = (
    BY_PATH[path] for path in ("/users", "/assets", "/themes", "/shared-space-templates")
)


class Asked(Wrong):
    """Takes a list's query for another one, where it has the parameter."""

    def __init__(
        self, right: App, *, operation: Operation, name: str, change: Callable[[Seen, str], dict[str, str | None]]
    ) -> None:
        super().__init__(right)
        self.operation, self.name, self.change = operation, name, change

    async def before(self, seen: Seen, ask: Ask) -> None:
        if self.operation.asked(seen) and self.name in query(seen):
            requery(seen, **self.change(seen, query(seen)[self.name]))


class CountIgnores(Wrong):
    """Counts as if a filter had not been asked for."""

    def __init__(self, right: App, *, operation: Operation, name: str) -> None:
        super().__init__(right)
        self.operation, self.name = operation, name

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen) and self.name in query(seen):
            sent = seen.query
            requery(seen, **{self.name: None})
            _, answer = await ask("GET", f"{seen.path}?{seen.query}", None)
            seen.query = sent
            seen.answer["count"] = answer["count"]


class Inverted(Wrong):
    """Lists what a filter should leave out."""

    def __init__(self, right: App, *, operation: Operation, name: str) -> None:
        super().__init__(right)
        self.operation, self.name = operation, name

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen) and self.name in query(seen) and "offset" not in query(seen):
            found = {one["id"] for one in seen.answer["items"]}
            asked = {**query(seen), self.name: None, "limit": "1000"}
            sent = seen.query
            requery(seen, **asked)
            _, answer = await ask("GET", f"{seen.path}?{seen.query}", None)
            seen.query = sent
            seen.answer["items"] = [one for one in answer["items"] if one["id"] not in found]
            seen.answer["count"] = len(seen.answer["items"])


class SortedPage(Wrong):
    """Takes the page first and sorts it then."""

    def __init__(self, right: App, *, operation: Operation) -> None:
        super().__init__(right)
        self.operation = operation
        self.sort = ""

    async def before(self, seen: Seen, ask: Ask) -> None:
        self.sort = ""
        if self.operation.asked(seen) and "limit" in query(seen) and query(seen).get("sort"):
            self.sort = query(seen)["sort"]
            requery(seen, sort=None)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.sort and self.operation.done(seen):
            key = self.sort.removeprefix("-")
            seen.answer["items"].sort(key=lambda one: str(one.get(key)), reverse=self.sort.startswith("-"))


class Reversed(Wrong):
    """Turns a list round that is sorted by this."""

    def __init__(self, right: App, *, operation: Operation, sort: str) -> None:
        super().__init__(right)
        self.operation, self.sort = operation, sort

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen) and query(seen).get("sort") == self.sort:
            seen.answer["items"].reverse()


class Unstable(Wrong):
    """Turns what is equal in a sorted list round, every other time."""

    def __init__(self, right: App, *, key: str) -> None:
        super().__init__(right)
        self.key, self.times = key, 0

    async def after(self, seen: Seen, ask: Ask) -> None:
        if LIST.done(seen) and query(seen).get("sort", "").removeprefix("-") == self.key:
            self.times += 1
            if self.times % 2:
                seen.answer["items"] = _ties_turned(seen.answer["items"], self.key)


def _ties_turned(items: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    turned: list[dict[str, Any]] = []
    start = 0
    for end in range(1, len(items) + 1):
        if end == len(items) or items[end][key] != items[start][key]:
            turned += reversed(items[start:end])
            start = end
    return turned


class TitleIs(Wrong):
    """Takes another test than contains for a text in a filter."""

    def __init__(self, right: App, *, operation: Operation, name: str, test: Callable[[str, str], bool]) -> None:
        super().__init__(right)
        self.operation, self.name, self.test = operation, name, test

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.done(seen) and self.name in query(seen):
            text = query(seen)[self.name]
            kept = [one for one in seen.answer["items"] if self.test(text, one[self.name] or "")]
            seen.answer["count"] -= len(seen.answer["items"]) - len(kept)
            seen.answer["items"] = kept


FILTERS: dict[str, tuple[Operation, tuple[str, ...]]] = {
    "LIST-TITLE": (LIST, ("title",)),
    "LIST-OWNER-EMAIL": (LIST, ("ownerEmail",)),
    "LIST-EMAIL": (LIST, ("participantEmail",)),
    "LIST-OWNER": (LIST, ("ownerUserId",)),
    "LIST-USER": (LIST, ("userId", "userRole")),
    "LIST-MANAGER": (LIST, ("managerId", "teamRole")),
    "LIST-GROUP": (LIST, ("usergroupId", "usergroupRole")),
    "LIST-SINCE": (LIST, ("lastActivitySince",)),
    "LIST-DEACTIVATED": (LIST, ("isOwnerDeactivated",)),
    "AROUND-USERS": (USERS, ("ids", "emails")),
    "AROUND-ASSETS": (ASSETS, ("ids", "name", "divisionIds", "externalIds", "tagIds", "slugs")),
    "AROUND-THEMES": (THEMES, ("divisionId", "includeGlobal", "isDefault", "title")),
    "AROUND-TEMPLATES": (TEMPLATES, ("includeUnpublished", "divisionId")),
}
SORTS = {
    "LIST-SORT": (LIST, ("title", "createdAt", "lastActivityAt", "archivedAt", "updatedAt", "status")),
    "AROUND-THEMES": (THEMES, ("title", "createdAt", "updatedAt")),
    "AROUND-TEMPLATES": (TEMPLATES, ("createdAt", "updatedAt", "name", "usageCount")),
}
ROLES = ("userRole", "teamRole", "usergroupRole")
ASSUMED = {("ownerEmail", "is ignored"): "LIST-OWNER-EMAIL-NAME"}
"""Where only an assumption is refuted: the parameter may have another name."""
SEVERAL = ("ownerUserId", "userId", "ids", "emails", "divisionIds", "externalIds", "tagIds", "slugs")


Change = Callable[[Seen, str], dict[str, str | None]]


def _one_of(name: str, number: int) -> Change:
    return lambda _, value: {name: value.split(",")[number]}


def _taken_for(sort: str, other: str) -> Change:
    return lambda _, value: {"sort": other if value == sort else value}


def _without(name: str, *, when: Callable[[Seen], object]) -> Change:
    return lambda seen, value: {name: None if when(seen) else value}


def _beside_others(name: str) -> Callable[[Seen], object]:
    own = {name, "limit", "offset", "sort", *ROLES}
    return lambda seen: set(query(seen)) - own


def _ignored(rule: str, operation: Operation, name: str) -> Iterator[Broken]:
    cases: dict[str, Callable[[Seen], object]] = {
        "is ignored": lambda _: True,
        "is ignored on every page but the first": lambda seen: at(seen) > 0,
        "is ignored beside a limit": lambda seen: "limit" in query(seen),
    }
    if operation is LIST:
        cases |= {
            "is ignored beside another filter": _beside_others(name),
            "is ignored beside a sort": lambda seen: "sort" in query(seen),
            "is ignored for the owner": lambda seen: actor(seen) == "owner",
            "is ignored for the manager": lambda seen: actor(seen) == "manager",
        }
    for story, when in cases.items():
        if (name in ROLES and story != "is ignored") or (name, story) == ("managerId", "is ignored for the owner"):
            continue  # what a plain user's team is, is not said
        broken = ASSUMED.get((name, story)) or ("LIST-NOBODY" if story.endswith("another filter") else rule)
        make = partial(Asked, operation=operation, name=name, change=_without(name, when=when))
        yield Broken(broken, f"{name} of {operation.name} {story}", make, KIND)


def _filters() -> Iterator[Broken]:
    for rule, (operation, names) in FILTERS.items():
        for name in names:
            yield from _ignored(rule, operation, name)
            if name not in ROLES:
                yield from _miscounted_or_misread(rule, operation, name)


def _miscounted_or_misread(rule: str, operation: Operation, name: str) -> Iterator[Broken]:
    if operation in (LIST, USERS, ASSETS):  # of the others no source says what the count is
        make: Any = partial(CountIgnores, operation=operation, name=name)
        story = f"the count of {operation.name} leaves {name} out of account"
        yield Broken("CONV-COUNT" if operation is LIST else rule, story, make, KIND)
    make = partial(Inverted, operation=operation, name=name)
    yield Broken(rule, f"{name} of {operation.name} lists what it should leave out", make, KIND)
    if name in SEVERAL:
        for which, number in (("first", 0), ("last", -1)):
            make = partial(Asked, operation=operation, name=name, change=_one_of(name, number))
            yield Broken(rule, f"only the {which} of several {name} of {operation.name} counts", make, KIND)


def _contains() -> Iterator[Broken]:
    tests: dict[str, Callable[[str, str], bool]] = {
        "begin with": lambda text, whole: whole.casefold().startswith(text.casefold()),
        "end in": lambda text, whole: whole.casefold().endswith(text.casefold()),
        "be": lambda text, whole: whole.casefold() == text.casefold(),
        "have as a word": lambda text, whole: text.casefold() in whole.casefold().split(),
    }
    for operation, name, rule in ((LIST, "title", "LIST-TITLE-CONTAINS"), (ASSETS, "name", "AROUND-ASSETS")):
        for story, test in tests.items():
            make = partial(TitleIs, operation=operation, name=name, test=test)
            yield Broken(rule, f"the {name} must {story} what {operation.name} is asked for", make, KIND)


def _sorts() -> Iterator[Broken]:
    for rule, (operation, keys) in SORTS.items():
        for sort in (f"{sign}{key}" for key in keys for sign in ("", "-")):
            yield from _sorted_by(rule, operation, sort)
        cases: dict[str, Callable[[Seen], object]] = {
            "is ignored": lambda _: True,
            "is ignored on every page but the first": lambda seen: at(seen) > 0,
            "is ignored beside a limit": lambda seen: "limit" in query(seen),
        }
        if operation is LIST:
            cases["is ignored without a filter"] = lambda seen: not set(query(seen)) - {"sort", "limit", "offset"}
            cases["is ignored for the owner"] = lambda seen: actor(seen) == "owner"
        for story, when in cases.items():
            make: Any = partial(Asked, operation=operation, name="sort", change=_without("sort", when=when))
            yield Broken(rule, f"sort of {operation.name} {story}", make, KIND)
        make = partial(SortedPage, operation=operation)
        yield Broken(rule, f"{operation.name} is cut to a page and sorted then", make, KIND)
    for key in ("title", "status"):
        story = f"what is equal in a list sorted by {key} comes in another order each time"
        yield Broken("LIST-SORT-TIES", story, partial(Unstable, key=key), KIND)


def _sorted_by(rule: str, operation: Operation, sort: str) -> Iterator[Broken]:
    make: Any = partial(Reversed, operation=operation, sort=sort)
    yield Broken(rule, f"{operation.name} sorted by {sort} is turned round", make, KIND)
    other = {LIST: "title", THEMES: "title", TEMPLATES: "name"}[operation]
    other = "createdAt" if sort.removeprefix("-") == other else other
    if sort != f"-{other}":
        make = partial(Asked, operation=operation, name="sort", change=_taken_for(sort, other))
        yield Broken(rule, f"{operation.name} takes sort={sort} for {other}", make, KIND)


BROKEN = (*_filters(), *_contains(), *_sorts())
