"""Sharing that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from showpad_contracts.rspace.targets import OBSERVED

from ...broken.wrapping import Ask, Seen, Wrong
from .making import INFOS, SHARE, Change, answered, asked, coded, each, recoded, refusing, telling, without, wrong


def conflicts_where_nothing_is_new(seen: Seen) -> None:
    if not seen.answer[INFOS]:
        seen.status = 409


def each_target(change: Callable[[dict[str, Any]], Any]) -> Change:
    """Change each group and user of a share."""

    def change_all(seen: Seen) -> None:
        for name in ("groups", "users"):
            for one in (seen.body or {}).get(name) or ():
                change(one)

    return change_all


def upper(target: dict[str, Any]) -> None:
    if isinstance(target.get("permission"), str):
        target["permission"] = target["permission"].strip().upper()


def to_edit(target: dict[str, Any]) -> None:
    if target.get("permission") is None:
        target["permission"] = "EDIT"


def only_the_own_group(seen: Seen) -> None:
    groups = (seen.body or {}).get("groups") or []
    if len(groups) > 1:
        seen.body["groups"] = [group for group in groups if group["id"] == 12345]


class ChangesWhatIsShared(Wrong):
    """To share again changes the permission."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/share") and seen.status == 201 and not seen.answer["shareInfos"]:
            _, told = await ask("GET", f"/share/document/{seen.body['itemsToShare'][0]}", None)
            for share in told.get("directShares", []):
                await ask("PUT", "/share", {"shareId": share["shareId"], "permission": "EDIT"})


BROKEN = (
    wrong("RS-SHARE-OK", "200", recoded("POST", SHARE, 201, 200)),
    wrong("RS-SHARE-OK", "always to read", asked("POST", SHARE, each_target(lambda one: one.pop("permission", None)))),
    wrong(
        "RS-SHARE-OK",
        "only the first item",
        asked("POST", SHARE, lambda s: s.body["itemsToShare"].__delitem__(slice(1, None))),
    ),
    wrong("RS-SHARE-OK", "no id", answered("POST", SHARE, each(INFOS, lambda one: one.pop("id")))),
    wrong("RS-SHARE-DEFAULT", "to edit", asked("POST", SHARE, each_target(to_edit))),
    wrong(
        "RS-SHARE-FIELDS",
        "another spelling",
        answered("POST", SHARE, each(INFOS, lambda one: one.update(sharedItemName=one.pop("shareItemName")))),
    ),
    wrong("RS-SHARE-FIELDS", "no failed ones", without("POST", SHARE, "failedShares")),
    wrong(
        "RS-SHARE-FIELDS",
        "in lower case",
        answered("POST", SHARE, each(INFOS, lambda one: one.update(permission=one["permission"].lower()))),
    ),
    wrong(
        "RS-SHARE-TWICE",
        "it is told twice",
        answered("POST", SHARE, lambda s: s.answer[INFOS].extend(s.answer[INFOS][:1])),
    ),
    wrong(
        "RS-SHARE-FOLDER", "at the top", asked("POST", SHARE, each_target(lambda one: one.pop("sharedFolderId", None)))
    ),
    wrong(
        "RS-SHARE-FOLDER-OTHER", "it is refused", refusing("POST", SHARE, lambda s: "1103" in str(s.body), status=422)
    ),
    wrong("RS-SHARE-ITEMS-400", "422", recoded("POST", SHARE, 400, 422)),
    wrong(
        "RS-SHARE-ITEMS-400",
        "any number",
        asked("POST", SHARE, lambda s: s.body.get("itemsToShare", []).__delitem__(slice(255, None))),
    ),
    wrong(
        "RS-SHARE-ITEMS-400", "a hundred", refusing("POST", SHARE, lambda s: len(s.body.get("itemsToShare", [])) == 255)
    ),
    wrong("RS-SHARE-TARGETS-400", "404", recoded("POST", SHARE, 400, 404)),
    wrong(
        "RS-SHARE-TARGETS-400",
        "one error",
        answered("POST", SHARE, lambda s: s.answer.update(errors=s.answer["errors"][:1]), "400"),
    ),
    wrong("RS-SHARE-TARGET-ID-400", "another fault", coded("POST", SHARE, 400, 40009)),
    wrong("RS-SHARE-PERMISSION-400", "any case will do", asked("POST", SHARE, each_target(upper))),
    wrong("RS-SHARE-PERMISSION-400", "changes take any case", asked("PUT", SHARE, lambda s: upper(s.body))),
    wrong("RS-SHARE-FAILED", "the server's name", without("POST", SHARE, "failedShareIds")),
    wrong("RS-SHARE-FAILED", "nothing failed", telling("POST", SHARE, failedShareIds=[])),
    wrong("RS-SHARE-FAILED", "the permission changes", ChangesWhatIsShared),
    wrong(
        "RS-SHARE-FIRST",
        "all are told",
        answered("POST", SHARE, lambda s: s.answer[INFOS].extend(s.answer[INFOS])),
        OBSERVED,
    ),
    wrong("RS-SHARE-AGAIN", "the permission changes", ChangesWhatIsShared, OBSERVED),
    wrong(
        "RS-SHARE-AGAIN",
        "409",
        answered("POST", SHARE, conflicts_where_nothing_is_new),
        OBSERVED,
    ),
    *(
        wrong(f"RS-SHARE-{name}", "403", recoded("POST", SHARE, 401, 403), OBSERVED)
        for name in ("NOT-OWNER", "KIND", "NOT-MEMBER", "NOT-COLLEAGUE", "ALL-FAIL")
    ),
    wrong("RS-SHARE-ATOMIC", "with those that are allowed", asked("POST", SHARE, only_the_own_group), OBSERVED),
    wrong("RS-SHARE-INTO-NOTEBOOK", "400", recoded("POST", SHARE, 422, 400), OBSERVED),
)
