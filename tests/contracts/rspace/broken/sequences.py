"""Servers that are wrong only after something else happened: sequences find them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from showpad_contracts.rspace.targets import OBSERVED

from ...broken.wrapping import App, Ask, Broken, Seen, Wrong
from .making import ALICE, INFOS, as_alice, header, refuse, with_header, wrong

SHARE, ONE, OF_ITEM = "/share", "/share/[^/]+", "/share/document/.*"
DOCUMENTS, DOCUMENT = "/documents", "/documents/[^/]+"
BOB = b"mock_contracts_bob"


def caller(seen: Seen) -> bytes | None:
    return header(seen, b"apikey")


def is_share(seen: Seen, by: bytes = ALICE) -> bool:
    """Give whether somebody shares something with somebody, not only tries what is refused."""
    is_sound = isinstance(seen.body, dict) and bool(seen.body.get("itemsToShare"))
    return is_sound and seen.is_("POST", SHARE) and caller(seen) == by


def is_of_one(seen: Seen) -> bool:
    """Give whether one item is shared with one recipient."""
    recipients = [*(seen.body.get("groups") or ()), *(seen.body.get("users") or ())]
    return len(seen.body["itemsToShare"]) == len(recipients) == 1


def id_of(seen: Seen) -> int:
    return int(seen.path.rpartition("/")[2])


async def shares_of(ask: Ask, item: int) -> list[dict[str, Any]]:
    """Give the shares of an item, as whoever asks is told them."""
    status, told = await ask("GET", f"/share/document/{item}", None)
    return list(told["directShares"]) if status == 200 else []


async def item_of(ask: Ask, share: int) -> int | None:
    """Give the item of one of the caller's shares."""
    _, told = await ask("GET", "/share?pageSize=100", None)
    return next((one["sharedItemId"] for one in told.get("shares", ()) if one["id"] == share), None)


class ChangesAllShares(Wrong):
    """A permission that is changed is that of all shares of the item."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PUT", SHARE) and seen.status == 204:
            item = await item_of(ask, seen.body["shareId"])
            for share in await shares_of(ask, item) if item is not None else []:
                if share["shareId"] != seen.body["shareId"]:
                    await ask("PUT", "/share", {**seen.body, "shareId": share["shareId"]})


class EditEndsOnce(Wrong):
    """A permission that was raised is not lowered again."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.raised: set[int] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PUT", SHARE) and isinstance(seen.body, dict):
            permission = str(seen.body.get("permission")).upper()
            if permission == "READ" and seen.body["shareId"] in self.raised and caller(seen) == ALICE:
                seen.body["permission"] = "EDIT"

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PUT", SHARE) and seen.status == 204 and seen.body["permission"].upper() == "EDIT":
            self.raised.add(seen.body["shareId"])


class EditorsMayShare(Wrong):
    """Who may edit an item shares it as if it were its owner."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if is_share(seen, BOB) and len(seen.body["itemsToShare"]) == 1:
            as_bob = seen.headers
            as_alice(seen)
            shares = [one for item in seen.body["itemsToShare"] for one in await shares_of(ask, item)]
            if not any(share["permission"] == "EDIT" for share in shares):
                seen.headers = as_bob


class ReceiversMayDelete(Wrong):
    """With whom a document is shared may delete it."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", DOCUMENT) and caller(seen) == BOB:
            status, _ = await ask("GET", seen.path, None)
            if status == 200:
                as_alice(seen)


class RefusedChangeIsDone(Wrong):
    """A change that a receiver is refused is done all the same."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PUT", SHARE) and seen.status == 404 and caller(seen) == BOB:
            as_alice(seen)
            await ask("PUT", "/share", seen.body)


class SharedTwiceAtMost(Wrong):
    """What has been shared with a recipient twice is not shared with it a third time."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.times: Counter[tuple[int, int]] = Counter()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if is_share(seen) and seen.status == 201:
            pairs = [(info["sharedItemId"], info["sharedTargetId"]) for info in seen.answer[INFOS]]
            self.times.update(pairs)
            if is_of_one(seen) and any(self.times[pair] > 2 for pair in pairs):
                refuse(seen, 400, 40002)


class KeepsTheFolder(Wrong):
    """An item that is shared again with the group lies where it lay at first."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.folders: dict[int, Any] = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        for group in (seen.body.get("groups") or ()) if is_share(seen) else ():
            kept = [self.folders[item] for item in seen.body["itemsToShare"] if item in self.folders]
            group["sharedFolderId"] = kept[0] if kept else group.get("sharedFolderId")

    async def after(self, seen: Seen, ask: Ask) -> None:
        if is_share(seen) and seen.status == 201:
            for info in seen.answer[INFOS]:
                if info["sharedTargetType"] == "GROUP":
                    self.folders.setdefault(info["sharedItemId"], seen.body["groups"][0]["sharedFolderId"])


class CountsEndedShares(Wrong):
    """totalHits counts shares that have ended."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.ended = 0

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", ONE) and seen.status == 204:
            self.ended += 1
        if seen.is_("GET", SHARE) and seen.status == 200 and "query" in seen.query and caller(seen) == ALICE:
            seen.answer["totalHits"] += self.ended


class SkipsAtTheBorder(Wrong):
    """The second page of shares begins one too late."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SHARE) and seen.status == 200 and "pageNumber=1" in seen.query:
            seen.answer["shares"] = seen.answer["shares"][1:]


class AccessOutlastsTheShare(Wrong):
    """Who could read a document once can read it for good, until it is deleted."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.opened: dict[str, Any] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", DOCUMENT) and caller(seen) == BOB:
            if seen.status == 404 and seen.path in self.opened:
                seen.status, seen.answer = 200, self.opened[seen.path]
            elif seen.status == 200:
                self.opened[seen.path] = seen.answer
        if seen.is_("DELETE", DOCUMENT) and seen.status == 204:
            self.opened.pop(seen.path, None)


class OneShareGivesAccess(Wrong):
    """Where one of two shares of a document ends, the colleague no longer lists it."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.hidden: set[int] = set()
        self.ending: int | None = None

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", ONE) and caller(seen) == ALICE and seen.path.rpartition("/")[2].isdigit():
            self.ending = await item_of(ask, id_of(seen))

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", ONE) and seen.status == 204 and self.ending is not None:
            self.hidden.add(self.ending)
        if seen.is_("POST", SHARE) and seen.status == 201:
            self.hidden -= {info["sharedItemId"] for info in seen.answer[INFOS]}
        if seen.is_("GET", DOCUMENTS) and seen.status == 200 and caller(seen) == BOB:
            kept = [one for one in seen.answer["documents"] if one["id"] not in self.hidden]
            seen.answer["documents"] = kept


class DeletedStaysListed(Wrong):
    """A document that was shared stays in the colleague's list when it is deleted."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.shown: dict[int, dict[str, Any]] = {}
        self.deleted: list[dict[str, Any]] = []

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", DOCUMENT) and seen.status == 204 and id_of(seen) in self.shown:
            self.deleted.append(self.shown[id_of(seen)])
        if seen.is_("GET", DOCUMENTS) and seen.status == 200 and caller(seen) == BOB:
            self.shown |= {one["id"]: one for one in seen.answer["documents"]}
            seen.answer["documents"] = [*self.deleted, *seen.answer["documents"]]


class NotebookSharesStay(Wrong):
    """An entry goes on telling its notebook's shares when they have ended."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.told: dict[str, list[Any]] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", OF_ITEM) and seen.status == 200:
            there = seen.answer["notebookShares"]
            self.told[seen.path] = seen.answer["notebookShares"] = there or self.told.get(seen.path, [])


class NotebookEndsAlone(Wrong):
    """With a notebook's share those of its entries do not end: they are shared anew."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", ONE) and caller(seen) == ALICE and seen.path.rpartition("/")[2].isdigit():
            _, told = await ask("GET", "/share?pageSize=100", None)
            self.before_it = told["shares"]

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("DELETE", ONE) and seen.status == 204:
            _, told = await ask("GET", "/share?pageSize=100", None)
            there = {one["id"] for one in told["shares"]}
            gone = [one for one in self.before_it if one["id"] not in {*there, id_of(seen)}]
            for one in gone:
                name = "groups" if one["sharedTargetType"] == "GROUP" else "users"
                body = {"itemsToShare": [one["sharedItemId"]], name: [{"id": one["sharedTargetId"]}]}
                with_header(seen, b"content-type", b"application/json")
                await ask("POST", "/share", body)


class NewEntriesAreHidden(Wrong):
    """An entry that is created in a shared notebook is not there for the colleague."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.entries: set[str] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", DOCUMENT) and seen.path in self.entries and caller(seen) == BOB:
            refuse(seen, 404, 50301)

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", DOCUMENTS) and seen.status == 201 and (seen.body or {}).get("parentFolderId"):
            status, told = await ask("GET", f"/share/document/{seen.answer['id']}", None)
            if status == 200 and told["notebookShares"]:
                self.entries.add(f"/documents/{seen.answer['id']}")


class RepeatsAnEndedShare(Wrong):
    """What was unshared and is shared anew has the permission that it had."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.had: dict[tuple[int, int], str] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if not (seen.is_("POST", SHARE) and seen.status == 201):
            return
        for info in seen.answer[INFOS]:
            pair = info["sharedItemId"], info["sharedTargetId"]
            old = self.had.setdefault(pair, info["permission"])
            if old != info["permission"]:
                await ask("PUT", "/share", {"shareId": info["id"], "permission": old})


class FailedOnceFailsForGood(Wrong):
    """A document that could not be shared once cannot be shared later."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.failed: set[int] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if not is_share(seen):
            return
        if seen.status in (401, 500):
            self.failed |= set(seen.body["itemsToShare"])
        elif (
            seen.status == 201
            and seen.answer[INFOS]
            and is_of_one(seen)
            and seen.body["itemsToShare"][0] in self.failed
        ):
            refuse(seen, 500, 50001)


SEQUENCES: tuple[Broken, ...] = (
    wrong("RS-PERMISSION-OK", "a change is made to all shares of the item", ChangesAllShares),
    wrong("RS-PERMISSION-OK", "what was raised is not lowered", EditEndsOnce),
    wrong("RS-PERMISSION-404", "a refused change is done all the same", RefusedChangeIsDone),
    wrong("RS-SHARE-FAILED", "who may edit may share", EditorsMayShare),
    wrong("RS-SHARE-NOT-OWNER", "who may edit may share", EditorsMayShare, OBSERVED),
    wrong("RS-SHARE-OK", "not a third time", SharedTwiceAtMost),
    wrong("RS-SHARE-OK", "with the permission that it had", RepeatsAnEndedShare),
    wrong("RS-SHARE-FOLDER", "where it lay at first", KeepsTheFolder),
    wrong("RS-SHARE-OK", "not what was refused before", FailedOnceFailsForGood, OBSERVED),
    wrong("RS-SHARES-OK", "ended ones are counted", CountsEndedShares),
    wrong("RS-PAGE-SIZE", "the second page skips one", SkipsAtTheBorder),
    wrong("RS-DOC-DELETE-404", "who reads it may delete it", ReceiversMayDelete),
    wrong("RS-DOC-404", "who could read it can for good", AccessOutlastsTheShare),
    wrong("RS-DOCS-OK", "one share ends and both do", OneShareGivesAccess),
    wrong("RS-DOCS-OK", "a deleted one stays in the colleague's", DeletedStaysListed),
    wrong("RS-DOC-SHARES-OK", "a notebook's stay when they have ended", NotebookSharesStay),
    wrong("RS-UNSHARE-NOTEBOOK", "its entries stay shared", NotebookEndsAlone),
    wrong("RS-DOC-OK", "an entry of a shared notebook is hidden", NewEntriesAreHidden),
)
