"""Servers that are wrong only after something else happened: sequences find them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode

from .wrapping import App, Ask, Broken, Seen, Wrong

SPACES = "/shared-spaces"
SPACE = "/shared-spaces/[^/]+"
ITEMS = f"{SPACE}/items"
TRANSFER = f"{SPACE}/transfer-ownership"
ADMIN = b"Bearer mock.contracts.admin"
OWN_ID = {
    "manager": "dddde9a0f5666edca8c1899abddd0108",
    "seller": "3d57fdd4699b20391685706edc3785ef",
    "partner": "f855a21e249118030df3743af6f059d9",
}
REFUSALS = {400: "/errors/bad-request", 403: "/errors/forbidden", 404: "/errors/not-found"}


def caller(seen: Seen) -> str:
    """Give the handle of who asks, whichever token they use."""
    token = dict(seen.headers).get(b"authorization", b"").decode()
    return token.removeprefix("Bearer mock.contracts.").removesuffix(".oauth")


def with_admin(seen: Seen) -> list[tuple[bytes, bytes]]:
    return [(name, ADMIN if name == b"authorization" else value) for name, value in seen.headers]


def as_admin(seen: Seen) -> None:
    seen.headers = with_admin(seen)


def space_of(seen: Seen) -> str:
    return "/".join(seen.path.split("/")[:3])


def answer(seen: Seen, status: int, body: Any) -> None:
    problem = status in REFUSALS
    kind = b"application/problem+json" if problem else b"application/json"
    seen.status, seen.answer, seen.raw_answer = status, body, None
    seen.answer_headers = [(b"content-type", kind)]


def refuse(seen: Seen, status: int) -> None:
    answer(seen, status, {"title": "Refused", "detail": "No.", "status": status, "type": REFUSALS[status]})


class DeletedStillAnswers(Wrong):
    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.last: Any = None
        self.kept: dict[str, Any] = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE):
            _, self.last = await ask("GET", seen.path, None)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE) and seen.status == 204:
            self.kept[seen.path] = self.last
        if seen.is_("GET", SPACE) and seen.path in self.kept:
            answer(seen, 200, self.kept[seen.path])


class DeletedStaysListed(Wrong):
    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.last: Any = None
        self.deleted: list[Any] = []

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE):
            _, self.last = await ask("GET", seen.path, None)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE) and seen.status == 204:
            self.deleted.append(self.last)
        if seen.is_("GET", SPACES) and seen.status == 200 and "limit" not in seen.query:
            seen.answer["items"] += self.deleted


class ParticipantsMayUpdate(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE):
            status, _ = await ask("GET", seen.path, None)
            if status == 200 and caller(seen) != "manager":
                as_admin(seen)


class RefusedUpdateIsDone(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status == 403:
            as_admin(seen)
            await ask("PATCH", seen.path, seen.body)


class ManagersMayDelete(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE) and caller(seen) == "manager":
            status, _ = await ask("GET", seen.path, None)
            if status == 200:
                as_admin(seen)


async def undo_create(seen: Seen, ask: Ask) -> None:
    space, seen.headers = seen.answer, with_admin(seen)
    await ask("DELETE", f"{SPACES}/{space['id']}", None)
    refuse(seen, 400)


class UriOfDeletedNeverFree(Wrong):
    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.used: set[str] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", SPACE):
            status, space = await ask("GET", seen.path, None)
            self.used |= {space["publicUri"]} if status == 200 else set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 201 and seen.answer["publicUri"] in self.used:
            await undo_create(seen, ask)


class ArchivingFreesTheUri(Wrong):
    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.archived: set[str] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.body.get("publicUri") in self.archived:
            seen.body["publicUri"] += "-2"
        if seen.is_("DELETE", SPACE):
            _, space = await ask("GET", seen.path, None)
            self.archived.discard(space.get("publicUri", ""))

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status == 200:
            is_archived = seen.answer["status"] == "ARCHIVED"
            (self.archived.add if is_archived else self.archived.discard)(seen.answer["publicUri"])


class RefusedCreateTakesTheUri(Wrong):
    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.taken: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and isinstance(seen.body.get("publicUri"), str):
            if seen.status == 400 and "in use" not in seen.answer["detail"]:
                self.taken.add(seen.body["publicUri"])
            elif seen.status == 201 and seen.body["publicUri"] in self.taken:
                await undo_create(seen, ask)


class SkipsAtTheBorder(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        query = {name: values[0] for name, values in parse_qs(seen.query).items()}
        if seen.is_("GET", SPACES) and int(query.get("offset", 0)) > 0:
            seen.query = urlencode({**query, "offset": int(query["offset"]) + 1})


class CountsThePage(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACES) and seen.status == 200:
            seen.answer["count"] = len(seen.answer["items"])


class TitleInOneCase(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        titles = parse_qs(seen.query).get("title")
        if seen.is_("GET", SPACES) and seen.status == 200 and titles:
            kept = [one for one in seen.answer["items"] if titles[0] in one["title"]]
            seen.answer["count"] -= len(seen.answer["items"]) - len(kept)
            seen.answer["items"] = kept


class FormerOwnerIsOut(Wrong):
    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.out: set[tuple[str, str]] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and (seen.path, caller(seen)) in self.out:
            refuse(seen, 404)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.status == 204 and caller(seen) != "admin":
            _, space = await ask("GET", space_of(seen), None)
            if space["owner"]["userId"] != OWN_ID[caller(seen)]:
                self.out.add((space_of(seen), caller(seen)))


class ArchivedIsNotTransferred(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.body.get("userId") in OWN_ID.values():
            status, space = await ask("GET", space_of(seen), None)
            if status == 200 and space["status"] == "ARCHIVED":
                seen.body["userId"] = space["owner"]["userId"]


class ArchivedTakesItems(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", ITEMS) and seen.status == 400 and "archived" in seen.answer["detail"]:
            count = json.dumps(seen.body).count('"assetId"')
            answer(seen, 201, {"summary": {"assetSuccessCount": count, "assetFailureCount": 0}, "failedItems": []})


class ArchivedAgainIsLater(Wrong):
    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.archived: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status == 200:
            if seen.answer["status"] == "ACTIVE":
                self.archived.discard(seen.path)
            elif seen.path in self.archived and "status" in seen.body:
                seen.answer["archivedAt"] = "2030-01-01T00:00:00.000Z"
            else:
                self.archived.add(seen.path)


class UpdateIsActivity(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if (seen.is_("PATCH", SPACE) or seen.is_("GET", SPACE)) and seen.status == 200:
            seen.answer["lastActivityAt"] = seen.answer["updatedAt"]


class OutsidersMayLook(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and caller(seen) == "outsider":
            as_admin(seen)


SEQUENCES = (
    Broken("DELETE-GONE", "a deleted space still answers", DeletedStillAnswers),
    Broken("DELETE-GONE", "a deleted space is still listed", DeletedStaysListed),
    Broken("PATCH-403", "a participant may update", ParticipantsMayUpdate),
    Broken("PATCH-403", "a refused update is done all the same", RefusedUpdateIsDone),
    Broken("DELETE-403", "a manager may delete the spaces of a report", ManagersMayDelete),
    Broken("CREATE-URI-SCOPE", "the publicUri of a deleted space stays taken", UriOfDeletedNeverFree),
    Broken("CREATE-URI-SCOPE", "archiving a space frees its publicUri", ArchivingFreesTheUri),
    Broken("CREATE-URI-TAKEN", "a refused create takes its publicUri", RefusedCreateTakesTheUri),
    Broken("LIST-SORT-TIES", "every page but the first skips a space", SkipsAtTheBorder),
    Broken("CONV-COUNT", "count is that of the page", CountsThePage),
    Broken("LIST-TITLE-CONTAINS", "the title filter tells upper from lower case", TitleInOneCase),
    Broken("TRANSFER-MEMBERS", "who gives a space away is out of it", FormerOwnerIsOut),
    Broken("TRANSFER-OK", "an archived space stays whose it was", ArchivedIsNotTransferred),
    Broken("ITEMS-ARCHIVED-SPACE", "an archived space takes items", ArchivedTakesItems),
    Broken("PATCH-ARCHIVE-AGAIN", "archiving again renews the time", ArchivedAgainIsLater),
    Broken("SPACE-ACTIVITY", "an update is an activity", UpdateIsActivity),
    Broken("CONV-HIDE", "everybody may look at a space", OutsidersMayLook),
)
