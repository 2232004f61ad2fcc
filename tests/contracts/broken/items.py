"""Servers that break rules of items, but for those about pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .tampering import Change, answer_problem, answering, as_admin, asking, refusing, with_status
from .wrapping import App, Ask, Broken, Seen, Wrong

ITEMS = "/shared-spaces/[^/]+/items"

Item = dict[str, Any]
Make = Callable[[App], App]


def items(seen: Seen) -> list[Any]:
    """Give the items of a request, none where it has none."""
    sent = seen.body.get("items") if isinstance(seen.body, dict) else None
    return sent if isinstance(sent, list) else []


def every_item(sent: list[Any]) -> Iterator[Item]:
    """Give every item at every depth that is an object."""
    for item in sent:
        if isinstance(item, dict):
            yield item
            yield from every_item(item.get("folderItems") or [])


def folders(seen: Seen) -> list[Item]:
    return [item for item in every_item(items(seen)) if item.get("type") == "folder"]


def folders_in(folder: Item) -> list[Any]:
    within = folder.get("folderItems") or []
    return [item for item in within if isinstance(item, dict) and item.get("type") == "folder"]


def asked(change: Change) -> Make:
    """Adding items does as if it had been asked something else."""
    return asking("POST", ITEMS, change)


def told(change: Change) -> Make:
    """What adding items answers is changed."""
    return answering("POST", ITEMS, change)


def refused(when: Callable[[Seen], object]) -> Make:
    """Adding items refuses what it should accept."""
    return refusing("POST", ITEMS, lambda seen: bool(when(seen)))


def failed(change: Callable[[Item], Any]) -> Make:
    """Each failed item is told otherwise."""

    def tell(seen: Seen) -> None:
        for item in seen.answer["failedItems"]:
            change(item)

    return told(tell)


def told_as(reason: str, other: str) -> Make:
    """A reason is told as another one."""
    return failed(lambda item: item.update(reason=other) if item["reason"] == reason else None)


def added_all_the_same(reason: str, *, when: Callable[[Seen], object] = lambda _: True) -> Make:
    """What fails for a reason is added."""

    def forgive(seen: Seen) -> None:
        if not when(seen):
            return
        kept = [item for item in seen.answer["failedItems"] if item["reason"] != reason]
        forgiven = len(seen.answer["failedItems"]) - len(kept)
        seen.answer["failedItems"] = kept
        seen.answer["summary"]["assetFailureCount"] -= forgiven
        seen.answer["summary"]["assetSuccessCount"] += forgiven

    return told(forgive)


def count(**more: int) -> Make:
    """The summary counts more or less."""

    def change(seen: Seen) -> None:
        for name, number in more.items():
            seen.answer["summary"][name] += number

    return told(change)


def folders_counted(seen: Seen) -> None:
    seen.answer["summary"]["assetSuccessCount"] += len(folders(seen))


def counts_as_texts(seen: Seen) -> None:
    seen.answer["summary"] = {name: str(number) for name, number in seen.answer["summary"].items()}


def left_out_when_empty(seen: Seen) -> None:
    if not seen.answer["failedItems"]:
        del seen.answer["failedItems"]


def failed_ids_only(seen: Seen) -> None:
    seen.answer["failedItems"] = [item["assetId"] for item in seen.answer["failedItems"]]


def nothing_kept(seen: Seen) -> None:
    if seen.answer["failedItems"]:
        seen.answer["summary"]["assetSuccessCount"] = 0


def stopped_at_the_first_failure(seen: Seen) -> None:
    seen.answer["failedItems"] = seen.answer["failedItems"][:1]
    seen.answer["summary"]["assetFailureCount"] = len(seen.answer["failedItems"])


def refused_when_all_fail(seen: Seen) -> None:
    if seen.answer["failedItems"] and seen.answer["summary"]["assetSuccessCount"] == 0:
        answer_problem(seen, 400)


def only_the_first_level(seen: Seen) -> None:
    for folder in folders(seen):
        for inner in folder.get("folderItems") or []:
            if isinstance(inner, dict) and "folderItems" in inner:
                inner["folderItems"] = []


def folders_flattened(seen: Seen) -> None:
    for folder in folders(seen):
        folder.pop("folderItems", None)


def without(*missing: str) -> Make:
    """Items that lack something are skipped, and the others added."""

    def well_formed(item: Any) -> bool:
        needed = {"type"} | ({"assetId"} if item.get("type") == "asset" else {"name"})
        return not (needed - item.keys()) & set(missing)

    def prune(sent: list[Any]) -> list[Any]:
        kept = [item for item in sent if isinstance(item, dict) and well_formed(item)]
        return [
            {**item, **({"folderItems": prune(item["folderItems"])} if "folderItems" in item else {})} for item in kept
        ]

    def skip(seen: Seen) -> None:
        if items(seen):
            seen.body = {"items": prune(items(seen)) or [{"type": "folder", "name": "Nothing"}]}

    return asked(skip)


def items_optional(seen: Seen) -> None:
    if isinstance(seen.body, dict) and "items" not in seen.body:
        seen.body = {"items": [{"type": "folder", "name": "Nothing"}]}


def nameless_folders_named(seen: Seen) -> None:
    for item in folders(seen):
        item.setdefault("name", "New folder")


def names_cut(seen: Seen) -> None:
    for item in folders(seen):
        if isinstance(item.get("name"), str):
            item["name"] = item["name"][:255]


def a_name(test: Callable[[str], object]) -> Callable[[Seen], object]:
    return lambda seen: any(isinstance(item.get("name"), str) and test(item["name"]) for item in folders(seen))


class NamesAreUnique(Wrong):
    """Refuses a folder whose name is in use in the space; `over_requests` only looks back at earlier requests."""

    over_requests = False

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self._names: set[tuple[str, str]] = set()

    async def before(self, seen: Seen, ask: Ask) -> None:
        if not seen.is_("POST", ITEMS):
            return
        names = [(seen.path, str(item.get("name"))) for item in folders(seen)]
        if self._names & set(names) or (len(set(names)) < len(names) and not self.over_requests):
            answer_problem(seen, 400)
        self._names |= set(names)


class NamesAreUniqueOverRequests(NamesAreUnique):
    """Refuses a folder whose name an earlier request used."""

    over_requests = True


def missing(name: str) -> Make:
    return failed(lambda item: item.pop(name, None))


def called(old: str, new: str) -> Make:
    return failed(lambda item: item.update({new: item.pop(old)}))


def unknown_space(code: int) -> Make:
    """A space that is not there is answered otherwise."""

    class Otherwise(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("POST", ITEMS) and seen.status == 404:
                seen.status = code
                if code == 201:
                    seen.answer = {"summary": {"assetSuccessCount": 0, "assetFailureCount": 0}, "failedItems": []}

    return Otherwise


def the_first_hundred(seen: Seen) -> None:
    del items(seen)[100:]


BROKEN = (
    Broken("ITEMS-OK", "added items are answered 200", told(with_status(200))),
    Broken(
        "ITEMS-OK",
        "a folder with a description is refused",
        refused(lambda seen: any("description" in item for item in folders(seen))),
    ),
    Broken("ITEMS-OK", "items are queued and answered 202", told(with_status(202))),
    Broken("ITEMS-ANSWER", "failedItems is left out when nothing failed", told(left_out_when_empty)),
    Broken("ITEMS-ANSWER", "the counts are texts", told(counts_as_texts)),
    Broken("ITEMS-ANSWER", "failedItems holds ids only", told(failed_ids_only)),
    Broken(
        "ITEMS-ANSWER",
        "the counts stand beside the summary",
        told(lambda seen: seen.answer.update(seen.answer.pop("summary"))),
    ),
    Broken("ITEMS-COUNT", "the summary counts one success too many", count(assetSuccessCount=1)),
    Broken("ITEMS-COUNT", "folders count as successes", told(folders_counted)),
    Broken(
        "ITEMS-COUNT", "failures are not counted", told(lambda seen: seen.answer["summary"].update(assetFailureCount=0))
    ),
    Broken("ITEMS-COUNT", "one failed item is told too few", told(lambda seen: seen.answer["failedItems"].clear())),
    Broken("ITEMS-PARTIAL", "one failure keeps everything out", told(nothing_kept)),
    Broken("ITEMS-PARTIAL", "only the first failure is told", told(stopped_at_the_first_failure)),
    Broken("ITEMS-PARTIAL", "a request of which everything fails is refused", told(refused_when_all_fail)),
    Broken("ITEMS-REQUIRED", "items without a type are skipped", without("type")),
    Broken("ITEMS-REQUIRED", "assets without assetId are skipped", without("assetId")),
    Broken("ITEMS-REQUIRED", "folders without name are skipped", without("name")),
    Broken("ITEMS-REQUIRED", "folders without name get one", asked(nameless_folders_named)),
    Broken("ITEMS-REQUIRED", "items may be left out", asked(items_optional)),
    Broken("ITEMS-NAME", "long names are cut", asked(names_cut)),
    Broken("ITEMS-NAME", "names may have 254 characters", refused(a_name(lambda name: len(name) > 254))),
    Broken("ITEMS-NAME", "names may have 255 bytes", refused(a_name(lambda name: len(name.encode()) > 255))),
    Broken("ITEMS-NEST", "what is within a second folder is dropped", asked(only_the_first_level)),
    Broken(
        "ITEMS-NEST",
        "folders are refused in folders",
        refused(lambda seen: any(folders_in(item) for item in folders(seen))),
    ),
    Broken("ITEMS-NEST", "what is in folders is dropped", asked(folders_flattened)),
    Broken(
        "ITEMS-EMPTY-FOLDER",
        "folderItems must not be empty",
        refused(lambda seen: any(item.get("folderItems") == [] for item in folders(seen))),
    ),
    Broken(
        "ITEMS-EMPTY-FOLDER",
        "folderItems is required",
        refused(lambda seen: any("folderItems" not in item for item in folders(seen))),
    ),
    Broken(
        "ITEMS-EMPTY-FOLDER",
        "an empty folder counts as a failure",
        told(lambda seen: seen.answer["summary"].update(assetFailureCount=len(folders(seen)))),
    ),
    Broken("ITEMS-SAME-NAME", "names are unique in a space", NamesAreUnique),
    Broken("ITEMS-SAME-NAME", "a name that an earlier request used is refused", NamesAreUniqueOverRequests),
    Broken("ITEMS-FAILED-FIELDS", "failed items have no type", missing("type")),
    Broken("ITEMS-FAILED-FIELDS", "the asset is called id", called("assetId", "id")),
    Broken("ITEMS-FAILED-FIELDS", "the reason is called code", called("reason", "code")),
    Broken("ITEMS-FAILED-FIELDS", "type is the asset's own", failed(lambda item: item.update(type="document"))),
    Broken(
        "ITEMS-FAILED-FIELDS", "the reason is a sentence", failed(lambda item: item.update(reason="It is archived."))
    ),
    Broken("ITEMS-FAILED-NAME", "the name is the asset's id", failed(lambda item: item.update(name=item["assetId"]))),
    Broken(
        "ITEMS-FAILED-NAME",
        "names are in upper case",
        failed(lambda item: item.update(name=item["name"].upper()) if item.get("name") else None),
    ),
    Broken("ITEMS-NOT-FOUND", "an unknown asset is told as inaccessible", told_as("ASSET_NOT_FOUND", "INACCESSIBLE")),
    Broken("ITEMS-NOT-FOUND", "an unknown asset is told as NOT_FOUND", told_as("ASSET_NOT_FOUND", "NOT_FOUND")),
    Broken("ITEMS-NOT-FOUND", "an unknown asset counts as added", added_all_the_same("ASSET_NOT_FOUND")),
    Broken(
        "ITEMS-INACCESSIBLE", "what is out of reach is told as not found", told_as("INACCESSIBLE", "ASSET_NOT_FOUND")
    ),
    Broken("ITEMS-INACCESSIBLE", "permissions are not looked at", asked(as_admin)),
    Broken("ITEMS-ARCHIVED", "an archived asset is told as non-shareable", told_as("ARCHIVED", "NON_SHAREABLE")),
    Broken("ITEMS-ARCHIVED", "an archived asset is told as not found", told_as("ARCHIVED", "ASSET_NOT_FOUND")),
    Broken("ITEMS-ARCHIVED", "archived assets are added", added_all_the_same("ARCHIVED")),
    Broken("ITEMS-NON-SHAREABLE", "restrictions are told as inaccessible", told_as("NON_SHAREABLE", "INACCESSIBLE")),
    Broken("ITEMS-NON-SHAREABLE", "assets with restrictions are added", added_all_the_same("NON_SHAREABLE")),
    Broken("ITEMS-404", "an unknown space is answered 400", unknown_space(400)),
    Broken("ITEMS-404", "an unknown space is answered 403", unknown_space(403)),
    Broken("ITEMS-404", "items for an unknown space are accepted", unknown_space(201)),
    Broken("ITEMS-BATCH", "more than 100 items are refused", refused(lambda seen: len(items(seen)) > 100)),
    Broken("ITEMS-BATCH", "items after the hundredth are dropped", asked(the_first_hundred)),
)
