"""Servers that break rules of reading, updating and deleting one space."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .acting import SPACE, SPACES, TRANSFER, actor, as_admin_asks, as_somebody, done_all_the_same, recoded, taken, told
from .tampering import answering, refusing, with_status
from .wrapping import App, Ask, Broken, Seen, Wrong

Body = dict[str, Any]
ITEMS = "/shared-spaces/[^/]+/items"
DEFAULTS = {
    "description": "",
    "isExternalDownloadAllowed": True,
    "isExternalInviteAllowed": True,
    "isExternalUploadAllowed": False,
    "isCommentAllowed": True,
    "isSearchAIAllowed": True,
}


def update(change: Callable[[Body], object]) -> Callable[[App], App]:
    """Take the body of an update otherwise."""
    return taken("PATCH", SPACE, change)


def updated(change: Callable[[Body], object]) -> Callable[[App], App]:
    """Answer an update otherwise."""
    return told("PATCH", SPACE, change)


def refuse(when: Callable[[Body], object], code: int = 400) -> Callable[[App], App]:
    """Refuse updates that should be accepted."""
    return refusing("PATCH", SPACE, lambda seen: isinstance(seen.body, dict) and bool(when(seen.body)), code=code)


def ignores(*names: str) -> Callable[[App], App]:
    return update(lambda body: [body.pop(name, None) for name in names])


def nothing_shown(seen: Seen) -> None:
    seen.status, seen.answer = 204, None


def cut(body: Body) -> None:
    if isinstance(body.get("title"), str):
        body["title"] = body["title"][:255] or "Untitled"


class SavedBeforeItIsChecked(Wrong):
    """Refuses an update beyond the limits after it has saved the rest."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status == 400 and isinstance(seen.body, dict):
            rest = {name: value for name, value in seen.body.items() if isinstance(value, bool)}
            await as_admin_asks(seen, ask, "PATCH", seen.path, rest)


class StaleReading(Wrong):
    """Reads from a copy that lacks what came last."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and seen.status == 200:
            seen.answer["description"] = ""


class StaleAfterAnUpdate(Wrong):
    """Answers an update as asked, and goes on reading what was before."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.kept: dict[str, Any] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 201:
            self.kept[seen.answer["id"]] = json.loads(json.dumps(seen.answer))
        if seen.is_("GET", SPACE) and seen.status == 200:
            seen.answer = self.kept.get(seen.answer["id"], seen.answer)


class UnknownIsNothing(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and seen.status == 404:
            seen.status, seen.answer = 200, {}


class UriMoves(Wrong):
    """Takes the publicUri of an update."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.moved: dict[str, str] = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and isinstance(seen.body, dict) and "publicUri" in seen.body:
            self.moved[seen.path] = seen.body["publicUri"]
            seen.body = {name: value for name, value in seen.body.items() if name != "publicUri"}

    async def after(self, seen: Seen, ask: Ask) -> None:
        is_one = seen.is_("GET", SPACE) or seen.is_("PATCH", SPACE)
        if is_one and seen.status == 200 and seen.path in self.moved:
            seen.answer["publicUri"] = self.moved[seen.path]


class SoftDelete(Wrong):
    """Marks a space deleted, and goes on answering some calls on it."""

    method, path = "GET", SPACE

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.deleted: dict[str, Any] = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE):
            code, space = await as_admin_asks(seen, ask, "GET", seen.path)
            if code == 200:
                self.deleted[seen.path] = space

    async def after(self, seen: Seen, ask: Ask) -> None:
        space = seen.path.removesuffix("/items").removesuffix("/transfer-ownership")
        if seen.is_(self.method, self.path) and seen.status == 404 and space in self.deleted:
            seen.status, seen.answer = 200, self.deleted[space]


class DeletedCanBeUpdated(SoftDelete):
    method = "PATCH"


class DeletedCanBePassedOn(SoftDelete):
    method, path = "POST", TRANSFER


class DeletedCanBeFilled(SoftDelete):
    method, path = "POST", ITEMS


class DeletedTwice(SoftDelete):
    """Deleting again succeeds again."""

    method = "DELETE"


class DeletedIsListed(SoftDelete):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACES) and seen.status == 200:
            seen.answer["items"] += list(self.deleted.values())


class ArchivedStay(Wrong):
    """Keeps what is archived, whoever deletes it."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE):
            _, space = await as_admin_asks(seen, ask, "GET", seen.path)
            if space.get("status") == "ARCHIVED":
                seen.status = 204


class OldPicture(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status == 200 and seen.answer["archivedAt"] is not None:
            seen.answer["archivedAt"] = "1970-01-01T00:00:00.000Z"


def not_archived_with_a_title(body: Body) -> None:
    if "title" in body:
        body.pop("status", None)


BROKEN = (
    Broken("GET-OK", "a space is read as it was before", StaleReading),
    Broken(
        "GET-OK",
        "a space comes in an array",
        answering("GET", SPACE, lambda seen: setattr(seen, "answer", [seen.answer])),
    ),
    Broken(
        "GET-OK", "only administrators may read", refusing("GET", SPACE, lambda seen: actor(seen) != "admin", code=403)
    ),
    Broken("GET-404", "an unknown space is an empty object", UnknownIsNothing),
    Broken("GET-404", "an unknown space is 403", recoded("GET", SPACE, 404, 403)),
    Broken(
        "PATCH-OK", "what is not sent falls back to its default", update(lambda body: body.update({**DEFAULTS, **body}))
    ),
    Broken("PATCH-OK", "an update has no body", answering("PATCH", SPACE, nothing_shown)),
    Broken("PATCH-OK", "an update is not kept", StaleAfterAnUpdate),
    Broken(
        "PATCH-OK", "the owner may not update", refusing("PATCH", SPACE, lambda seen: actor(seen) == "owner", code=403)
    ),
    Broken("PATCH-OK", "a description is ignored", ignores("description")),
    Broken("PATCH-FIELDS", "isSearchAIAllowed is ignored", ignores("isSearchAIAllowed")),
    Broken("PATCH-FIELDS", "a theme is ignored", ignores("theme")),
    Broken("PATCH-FIELDS", "an archived space stays archived", refuse(lambda body: body.get("status") == "ACTIVE")),
    Broken("PATCH-FIELDS", "a title of any length is made to fit", update(cut)),
    Broken(
        "PATCH-FIELDS", "128 characters are the most of a title", refuse(lambda body: len(str(body.get("title"))) > 128)
    ),
    Broken("PATCH-FIELDS", "what is refused is saved in part", SavedBeforeItIsChecked),
    Broken("PATCH-ARCHIVE", "archiving sets no time", updated(lambda space: space.update(archivedAt=None))),
    Broken("PATCH-ARCHIVE", "the time of archiving lies before the creation", OldPicture),
    Broken("PATCH-ARCHIVE", "beside a title the status is ignored", update(not_archived_with_a_title)),
    Broken("PATCH-URI", "the publicUri moves", UriMoves),
    Broken("PATCH-403", "everybody may update", as_somebody("admin", "PATCH", SPACE)),
    Broken(
        "PATCH-403",
        "the owner's manager may update",
        as_somebody("admin", "PATCH", SPACE, lambda seen: actor(seen) == "manager"),
    ),
    Broken("PATCH-403", "who may not see the space gets 404", recoded("PATCH", SPACE, 403, 404)),
    Broken("PATCH-403", "an update is refused, but done", done_all_the_same("PATCH", SPACE, 403)),
    Broken("PATCH-404", "an unknown space is 400", recoded("PATCH", SPACE, 404, 400)),
    Broken("DELETE-OK", "a deletion is 200", answering("DELETE", SPACE, with_status(200))),
    Broken(
        "DELETE-OK",
        "a deletion answers with a body",
        answering("DELETE", SPACE, lambda seen: setattr(seen, "answer", {})),
    ),
    Broken(
        "DELETE-OK",
        "the owner may not delete",
        refusing("DELETE", SPACE, lambda seen: actor(seen) == "owner", code=403),
    ),
    Broken("DELETE-GONE", "a deleted space can be read", SoftDelete),
    Broken("DELETE-GONE", "a deleted space can be updated", DeletedCanBeUpdated),
    Broken("DELETE-GONE", "a deleted space can be passed on", DeletedCanBePassedOn),
    Broken("DELETE-GONE", "a deleted space can be filled", DeletedCanBeFilled),
    Broken("DELETE-GONE", "a deleted space can be deleted again", DeletedTwice),
    Broken("DELETE-GONE", "a deleted space is listed", DeletedIsListed),
    Broken("DELETE-GONE", "an archived space is only said to be deleted", ArchivedStay),
    Broken("DELETE-403", "everybody may delete", as_somebody("admin", "DELETE", SPACE)),
    Broken("DELETE-403", "a deletion is refused, but done", done_all_the_same("DELETE", SPACE, 403)),
    Broken("DELETE-403", "who may not see the space gets 404", recoded("DELETE", SPACE, 403, 404)),
    Broken("DELETE-404", "an unknown space is 204", recoded("DELETE", SPACE, 404, 204)),
)
