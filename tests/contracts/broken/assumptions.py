"""Tenants that refute what is only assumed of conventions, spaces and ownership: no rule of theirs is broken."""

from __future__ import annotations

from typing import Any

from .acting import SPACE, SPACES, TARGET, TRANSFER, act_as, actor, as_admin_asks, recoded, taken, told
from .tampering import answer_problem, asking, keeping, query, refusing, requery
from .wrapping import App, Ask, Broken, Seen, Wrong


def deactivated_see_on(seen: Seen) -> None:
    if actor(seen) == "deactivated":
        act_as(seen, "outsider")


class OneFaultAtATime(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.status == 400 and "meta" in seen.answer:
            seen.answer["meta"] = seen.answer["meta"][:1]


class FaultsByLastName(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        for entry in seen.answer.get("meta", ()) if seen.status == 400 else ():
            entry["name"] = entry["name"].rpartition(".")[2]


def days_are_times(seen: Seen) -> None:
    since = query(seen).get("lastActivitySince", "")
    if len(since) == len("2025-01-09"):
        requery(seen, lastActivitySince=f"{since}T00:00:00Z")


def converted(body: dict[str, Any]) -> None:
    for name, value in body.items():
        if name.startswith("is") and value in ("true", "false", 0, 1):
            body[name] = value in ("true", 1)
        if name in ("title", "description", "publicUri") and isinstance(value, int | float):
            body[name] = f"{TARGET.subdomain}-{value}".lower()


def in_utf_16(seen: Seen) -> bool:
    title = seen.body.get("title") if isinstance(seen.body, dict) else None
    return isinstance(title, str) and len(title.encode("utf-16-le", "surrogatepass")) > 2 * 255


class TimesComeBackAsSent(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shares") and seen.status == 201 and "expiresAt" in seen.body:
            seen.answer["expiresAt"] = seen.body["expiresAt"]


class HalvesAreReplaced(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and isinstance(seen.body, dict) and isinstance(seen.body.get("title"), str):
            seen.body = {**seen.body, "title": seen.body["title"].encode("utf-8", "replace").decode()}


class PagesAreRounded(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shared-spaces/[^/]+/items") and isinstance(seen.body.get("items"), list):
            items = [{**item, "page": int(item["page"])} if "page" in item else item for item in seen.body["items"]]
            seen.body = {"items": items}


def page_with_a_fraction(seen: Seen) -> bool:
    return any(isinstance(item.get("page"), float) for item in seen.body["items"] or ())


class AnArrayIsNothing(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and not isinstance(seen.body, dict):
            seen.body = {}


def of_the_page(answer: dict[str, Any]) -> None:
    answer["count"] = len(answer["items"])


class BodiesFirst(Wrong):
    """Looks at a body before it looks for the space."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status in (403, 404):
            answer_problem(seen, 400)


class ActivityStays(Wrong):
    """Takes no transfer for activity."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.created: dict[str, str] = {}

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 201:
            self.created[seen.answer["id"]] = seen.answer["lastActivityAt"]
        if seen.is_("GET", SPACE) and seen.status == 200:
            seen.answer["lastActivityAt"] = self.created.get(seen.answer["id"], seen.answer["lastActivityAt"])


class UpdatedAtStays(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", SPACE) and seen.status == 200:
            seen.answer["updatedAt"] = seen.answer["lastActivityAt"]


class OneRefusalOfOwners(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.status == 400:
            seen.answer["detail"] = "The owner is not valid."


class UrisAreBurned(Wrong):
    """Gives no publicUri a second time, deleted or not."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.used: set[str] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        uri = seen.body.get("publicUri") if seen.is_("POST", SPACES) and isinstance(seen.body, dict) else None
        if isinstance(uri, str) and uri in self.used:
            answer_problem(seen, 400)
        elif isinstance(uri, str):
            self.used.add(uri)


class ArchivingFrees(Wrong):
    """Archives a space under another publicUri: deletes it, seen from the kit's side."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status == 200 and seen.answer["status"] == "ARCHIVED":
            await as_admin_asks(seen, ask, "DELETE", seen.path)


class ArchivedAnew(Wrong):
    """Goes by the last update for the time of archiving."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.body == {"status": "ARCHIVED"}:
            await ask("PATCH", seen.path, {"status": "ACTIVE"})


class ActiveKeepsItsTime(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status == 200 and seen.answer["archivedAt"] is None:
            seen.answer["archivedAt"] = seen.answer["createdAt"]


class EmptyTouches(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.body == {}:
            await ask("PATCH", seen.path, {"description": "Touched"})


def no_uri(body: dict[str, Any]) -> None:
    body.pop("publicUri", None)


def no_owner(body: dict[str, Any]) -> None:
    body.pop("owner", None)


class FormerOwnerLeaves(Wrong):
    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.left: set[str] = set()

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.status == 204:
            self.left.add(seen.path.split("/")[2])
        if seen.is_("GET", SPACES) and actor(seen) == "owner":
            seen.answer["items"] = [space for space in seen.answer["items"] if space["id"] not in self.left]


class SameOwnerIsRefused(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER):
            _, space = await as_admin_asks(seen, ask, "GET", seen.path.removesuffix("/transfer-ownership"))
            if space.get("owner") == seen.body:
                answer_problem(seen, 400)


BROKEN = (
    Broken(
        "CONV-AUTH-DEACTIVATED",
        "a deactivated user sees nothing of their own",
        asking("GET", SPACES, deactivated_see_on),
    ),
    Broken("CONV-META-ALL", "one fault is told at a time", OneFaultAtATime),
    Broken("CONV-META-ALL", "faults are told by the last of their names", FaultsByLastName),
    Broken("CONV-TIME-IN", "a day is a time", asking("GET", SPACES, days_are_times)),
    Broken("CONV-TIME-IN", "a time comes back as it was sent", TimesComeBackAsSent),
    Broken("CONV-TYPES", "texts and numbers are converted", taken("POST", SPACES, converted)),
    Broken("CONV-TYPES", "updates are converted", taken("PATCH", SPACE, converted)),
    Broken("CONV-TYPES", "texts are counted in UTF-16", refusing("POST", SPACES, in_utf_16)),
    Broken("CONV-TYPES", "half characters are replaced", HalvesAreReplaced),
    Broken("CONV-TYPES", "pages are rounded", PagesAreRounded),
    Broken("CONV-TYPES", "3.0 is no integer", refusing("POST", "/shared-spaces/[^/]+/items", page_with_a_fraction)),
    Broken(
        "LIST-NOBODY",
        "what is no e-mail address is refused",
        refusing("GET", SPACES, lambda seen: "@" not in query(seen).get("participantEmail", "@")),
    ),
    Broken("CONV-JSON", "what is no object changes nothing", AnArrayIsNothing),
    Broken(
        "CONV-JSON", "unknown parameters are refused", refusing("GET", SPACES, lambda seen: "x-note" in query(seen))
    ),
    Broken("CONV-COUNT", "the count is the page's", told("GET", SPACES, of_the_page)),
    Broken("CONV-ORDER", "bodies come first", BodiesFirst),
    Broken(
        "SPACE-DESCRIPTION", "no description is null", told("GET", SPACE, lambda space: space.update(description=None))
    ),
    Broken("SPACE-ACTIVITY-SET", "a transfer is no activity", ActivityStays),
    Broken("SPACE-ACTIVITY-SET", "an update is no change", UpdatedAtStays),
    Broken("CREATE-OWNER-ADMIN-403", "another owner is 400", recoded("POST", SPACES, 403, 400)),
    Broken("CREATE-OWNER-UNKNOWN", "an unknown owner is 404", recoded("POST", SPACES, 400, 404)),
    Broken("CREATE-OWNER-DEACTIVATED", "all owners are refused alike", OneRefusalOfOwners),
    Broken("CREATE-OWNER-UNLICENSED", "all owners are refused alike", OneRefusalOfOwners),
    Broken("CREATE-URI-SCOPE", "a publicUri is given once", UrisAreBurned),
    Broken("CREATE-URI-SCOPE", "archiving frees a publicUri", ArchivingFrees),
    Broken("CREATE-THEME-UNKNOWN", "an unknown theme is 404", recoded("POST", SPACES, 400, 404)),
    Broken("PATCH-EMPTY", "an empty update moves updatedAt", EmptyTouches),
    Broken("PATCH-EMPTY", "an empty update is 400", refusing("PATCH", SPACE, lambda seen: seen.body == {})),
    Broken("PATCH-ARCHIVE-AGAIN", "archiving again moves the time", ArchivedAnew),
    Broken("PATCH-ARCHIVE-AGAIN", "the time of archiving stays", ActiveKeepsItsTime),
    Broken("PATCH-URI-400", "another publicUri is ignored", taken("PATCH", SPACE, no_uri)),
    Broken("PATCH-OWNER", "another owner is ignored", taken("PATCH", SPACE, no_owner)),
    Broken("TRANSFER-MEMBERS", "the former owner leaves", FormerOwnerLeaves),
    Broken(
        "TRANSFER-MEMBERS", "the new owner is no member", keeping(SPACES, lambda seen, _: actor(seen) != "participant")
    ),
    Broken("TRANSFER-SAME", "the present owner is refused", SameOwnerIsRefused),
)
