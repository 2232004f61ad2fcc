"""Wrong in one member of many: missing, null, of another value or another JSON type, in one place or in all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ..wrapping import App, Ask, Broken, Seen, Wrong
from .table import CREATED, FILL, LISTED, PLACES, READ_ALONE, SHARE, UPDATED, Place

KIND = "member"
TIME = re.compile(r"\d{4}-\d\d-\d\dT.*Z")
Thing = dict[str, Any]
MISSING = object()


def other(value: Any) -> Any:
    """Give another value of the same JSON type and form."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and TIME.match(value):
        return f"2001{value[4:]}"
    if isinstance(value, str):
        return {"ACTIVE": "ARCHIVED", "ARCHIVED": "ACTIVE"}.get(
            value
        ) or f"{value[:-1]}{'e' if value[-1:] != 'e' else 'f'}"
    if isinstance(value, dict):
        return {name: other(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return value[1:] if value else [{"id": "e"}]
    return "e"


def as_text(value: Any) -> Any:
    """Give a value as a text: true as "true", 3 as "3"."""
    return value if value is None or isinstance(value, str) else str(value).lower()


def as_number(value: Any) -> Any:
    """Give a value as a number: true as 1, a time as seconds, a text as 0."""
    if isinstance(value, str) and TIME.match(value):
        return 1_736_422_686
    return int(value) if isinstance(value, bool) else 0 if isinstance(value, str) else value


def in_list(value: Any) -> Any:
    """Give a value as the one member of an array."""
    return [value]


def without_milliseconds(value: Any) -> Any:
    """Give a time in whole seconds."""
    return re.sub(r"\.\d+Z$", "Z", value) if isinstance(value, str) else value


def with_offset(value: Any) -> Any:
    """Give a time with an offset."""
    return re.sub("Z$", "+00:00", value) if isinstance(value, str) else value


def missing(_: Any) -> Any:
    """Leave a member out."""
    return MISSING


def null(_: Any) -> Any:
    """Give null."""
    return None


def missing_when_null(value: Any) -> Any:
    """Leave a member out where it is null."""
    return MISSING if value is None else value


def change(thing: Any, path: str, way: Callable[[Any], Any]) -> None:
    """Change a member, which may lie within others; `*` stands for every member of an array."""
    name, _, rest = path.partition(".")
    if name == "*" and isinstance(thing, list):
        for inner in thing:
            change(inner, rest, way)
    elif isinstance(thing, dict) and name in thing:
        if rest:
            change(thing[name], rest, way)
            return
        value = way(thing[name])
        if value is MISSING:
            del thing[name]
        else:
            thing[name] = value


class OneMember(Wrong):
    """Tells one member otherwise wherever `found` finds the object."""

    def __init__(
        self, right: App, *, found: Callable[[Seen], list[Thing]], path: str, way: Callable[[Any], Any]
    ) -> None:
        super().__init__(right)
        self.found, self.path, self.way = found, path, way

    async def after(self, seen: Seen, ask: Ask) -> None:
        for thing in self.found(seen):
            change(thing, self.path, self.way)


def wrong(rule: str, story: str, found: Callable[[Seen], list[Thing]], path: str, way: Callable[[Any], Any]) -> Broken:
    """Make a server that is wrong in one member."""
    return Broken(rule, story, partial(OneMember, found=found, path=path, way=way), KIND)


WAYS: dict[str, Callable[[Any], Any]] = {
    "is missing": missing,
    "is null": null,
    "has another value": other,
    "is a text": as_text,
    "is a number": as_number,
    "is in an array": in_list,
    "has no milliseconds": without_milliseconds,
    "has an offset": with_offset,
    "is missing where it is null": missing_when_null,
}
TEXT = ("is missing", "is null", "has another value", "is a number", "is in an array")
NULLABLE_TEXT = ("is missing", "has another value", "is a number")
BOOLEAN = ("is missing", "is null", "has another value", "is a text", "is a number")
INTEGER = ("is missing", "is null", "has another value", "is a text")
CLOCK = ("is missing", "is null", "has another value", "is a number", "has no milliseconds", "has an offset")
OBJECT = ("is missing", "is null", "has another value", "is in an array")
NULLABLE = ("is missing", "has another value", "is missing where it is null")
ARRAY = ("is missing", "is null", "has another value")

SPACE_MEMBERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "id": ("SPACE-FIELDS", TEXT),
    "title": ("SPACE-FIELDS", TEXT),
    "publicUri": ("SPACE-FIELDS", TEXT),
    "publicUrl": ("SPACE-URL", TEXT),
    "status": ("SPACE-STATUS", TEXT),
    "isExternalDownloadAllowed": ("SPACE-FIELDS", BOOLEAN),
    "isExternalInviteAllowed": ("SPACE-FIELDS", BOOLEAN),
    "isExternalUploadAllowed": ("SPACE-FIELDS", BOOLEAN),
    "isCommentAllowed": ("SPACE-FIELDS-MORE", BOOLEAN),
    "isSearchAIAllowed": ("SPACE-FIELDS-MORE", BOOLEAN),
    "createdAt": ("SPACE-FIELDS", CLOCK),
    "updatedAt": ("SPACE-FIELDS-MORE", CLOCK),
    "lastActivityAt": ("SPACE-FIELDS", tuple(way for way in CLOCK if way != "is null")),  # SPACE-ACTIVITY-NULL
    "archivedAt": ("SPACE-STATUS", (*NULLABLE, "is null", "is a number", "has no milliseconds")),
    "description": ("SPACE-FIELDS", TEXT),
    "owner": ("SPACE-FIELDS", OBJECT),
    "owner.userId": ("SPACE-FIELDS", TEXT),
    "theme": ("SPACE-FIELDS", OBJECT),
    "theme.id": ("SPACE-FIELDS", TEXT),
    "customerLogo": ("SPACE-FIELDS-MORE", NULLABLE),
    "sharedSpaceTemplate.id": ("SPACE-TEMPLATE", ("is missing", "is null", "has another value", "is a number")),
    "sharedSpaceTemplate.name": ("SPACE-FIELDS-MORE", ("is missing", "is null", "has another value", "is a number")),
}
"""Of each member the rule that asks for it, and the ways in which it can be wrong."""
LOGO_MEMBERS = {
    "customerLogo.url": TEXT,
    "customerLogo.height": INTEGER,
    "customerLogo.isTransparent": BOOLEAN,
}
PLACE_RULES = {CREATED: "CREATE-OK", READ_ALONE: "GET-OK", UPDATED: "PATCH-OK", LISTED: "SPACE-LISTED"}


def _rule(place: Place, member_rule: str, way: str) -> str:
    if way in ("has no milliseconds", "has an offset"):
        return "CONV-TIME"
    if place is LISTED:
        return "SPACE-LISTED"
    return PLACE_RULES[place] if way == "has another value" and member_rule.startswith("SPACE-FIELDS") else member_rule


def _of_a_space(place: Place) -> Iterator[Broken]:
    for path, (rule, ways) in SPACE_MEMBERS.items():
        if place is LISTED and path == "description":
            continue  # SPACE-LISTED
        for way in ways:
            if place is CREATED and path == "archivedAt" and way not in NULLABLE:
                continue  # it is null
            yield wrong(_rule(place, rule, way), f"{path} {way} in {place.name}", place.spaces, path, WAYS[way])


def _of_a_logo(place: Place) -> Iterator[Broken]:
    for path, ways in LOGO_MEMBERS.items():
        for way in ways:
            if way != "has another value" or place is LISTED:  # alone, which is right is known to nobody
                rule = _rule(place, "SPACE-FIELDS-MORE", way)
                yield wrong(rule, f"{path} {way} in {place.name}", place.spaces, path, WAYS[way])


def _answer(seen: Seen, operation: Any) -> list[Thing]:
    return [seen.answer] if operation.done(seen) and isinstance(seen.answer, dict) else []


def _share(seen: Seen) -> list[Thing]:
    return _answer(seen, SHARE)


def _items(seen: Seen) -> list[Thing]:
    return _answer(seen, FILL)


SHARE_MEMBERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "id": ("SHARE-FIELDS", ("is missing", "is null", "is a number")),
    "title": ("SHARE-FIELDS", TEXT),
    "assets": ("SHARE-FIELDS", ARRAY),
    "assets.*.id": ("SHARE-FIELDS", TEXT),
    "assets.*.page": ("SHARE-PAGE", ("is missing", "is null", "has another value", "is a text")),
    "origin": ("SHARE-FIELDS", TEXT),
    "isDownloadAllowed": ("SHARE-FIELDS", BOOLEAN),
    "expiresAt": ("SHARE-EXPIRES", (*NULLABLE, "is null", "is a number")),
    "theme": ("SHARE-FIELDS", OBJECT),
    "theme.id": ("SHARE-FIELDS", TEXT),
    "anonymousUrl": ("SHARE-URLS", TEXT),
    "untrackedUrl": ("SHARE-FIELDS", ("is missing", "is null", "is a number")),
    "dynamicUrl": ("SHARE-URLS", TEXT),
    "createdAt": ("SHARE-FIELDS", ("is missing", "is null", "is a number")),
}
ITEMS_MEMBERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "summary": ("ITEMS-ANSWER", ("is missing", "is null", "is in an array")),
    "summary.assetSuccessCount": ("ITEMS-ANSWER", INTEGER),
    "summary.assetFailureCount": ("ITEMS-ANSWER", INTEGER),
    "failedItems": ("ITEMS-ANSWER", ("is missing", "is null", "has another value")),
    "failedItems.*.type": ("ITEMS-FAILED-FIELDS", TEXT),
    "failedItems.*.assetId": ("ITEMS-FAILED-FIELDS", TEXT),
    "failedItems.*.reason": ("ITEMS-FAILED-FIELDS", TEXT),
    "failedItems.*.page": ("ITEMS-FAILED-PAGE", ("is missing", "is null", "has another value", "is a text")),
    "failedItems.*.name": ("ITEMS-FAILED-NAME", ("is a number", "has another value")),
}


def _empty_failed_items(way: str) -> Callable[[Any], Any]:
    return lambda value: WAYS[way](value) if value == [] else value


def _of_answers() -> Iterator[Broken]:
    for found, what, members in ((_share, "a Share", SHARE_MEMBERS), (_items, "the answer to items", ITEMS_MEMBERS)):
        for path, (rule, ways) in members.items():
            for way in ways:
                yield wrong(rule, f"{path} {way} in {what}", found, path, WAYS[way])
    for way in ("is missing", "is null"):
        yield wrong(
            "ITEMS-ANSWER", f"failedItems {way} where none failed", _items, "failedItems", _empty_failed_items(way)
        )
    for name in ("assetSuccessCount", "assetFailureCount"):
        yield wrong(
            "ITEMS-ANSWER",
            f"{name} is missing where it is 0",
            _items,
            f"summary.{name}",
            lambda value: value or MISSING,
        )


def _problem(seen: Seen) -> list[Thing]:
    return [seen.answer] if seen.status >= 400 and isinstance(seen.answer, dict) else []


def not_a_path(_: Any) -> Any:
    """Give a problem's type that is an address."""
    return "https://example.com/errors#bad"


def a_longer_type(value: Any) -> Any:
    """Give a problem's type that ends in a slash."""
    return f"{value}/"


def _of_problems() -> Iterator[Broken]:
    members = {"title": TEXT[:2], "detail": TEXT[:2], "type": TEXT[:2], "status": INTEGER}
    for path, ways in members.items():
        for way in (*ways, "is in an array"):
            yield wrong("CONV-PROBLEM", f"{path} {way} in a problem", _problem, path, WAYS[way])
    yield wrong("CONV-PROBLEM", "type is an address in a problem", _problem, "type", not_a_path)
    yield wrong("CONV-PROBLEM", "type ends in a slash in a problem", _problem, "type", a_longer_type)
    for name in ("name", "reason", "category"):
        for way in ("is missing", "is null", "is a number"):
            story = f"{name} {way} in a problem's meta"
            yield wrong("CONV-PROBLEM-META", story, _problem, f"meta.*.{name}", WAYS[way])


BROKEN = (
    *(one for place in PLACES for one in _of_a_space(place)),
    *(one for place in (READ_ALONE, LISTED) for one in _of_a_logo(place)),
    *_of_answers(),
    *_of_problems(),
)
