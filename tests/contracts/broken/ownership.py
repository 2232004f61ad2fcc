"""Servers that break rules of transferring ownership."""

from __future__ import annotations

from typing import Any

from .acting import (
    SPACE,
    TARGET,
    TRANSFER,
    act_as,
    actor,
    as_admin_asks,
    as_somebody,
    done_all_the_same,
    recoded,
    taken,
)
from .tampering import answer_problem, asking, refusing
from .wrapping import Ask, Broken, Seen, Wrong

ADMIN = TARGET.user_id("admin")


class NothingHappens(Wrong):
    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER):
            code, space = await as_admin_asks(seen, ask, "GET", seen.path.removesuffix("/transfer-ownership"))
            if code == 200:
                seen.body = {"userId": space["owner"]["userId"]}


class TransferSharesTheSpace(Wrong):
    """Answers with the space."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.status == 204:
            seen.status = 200
            _, seen.answer = await as_admin_asks(seen, ask, "GET", seen.path.removesuffix("/transfer-ownership"))


class TransferArchives(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.status == 204:
            await as_admin_asks(
                seen, ask, "PATCH", seen.path.removesuffix("/transfer-ownership"), {"isCommentAllowed": False}
            )


class NewOwnerHasNoRight(Wrong):
    """Shows the new owner, and lets the former one rule on."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and actor(seen) == "participant":
            act_as(seen, "outsider")


class RefusedAfterTheTransfer(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.status == 400:
            await as_admin_asks(seen, ask, "POST", seen.path, {"userId": ADMIN})


def taken_for_another(offer: str) -> Any:
    """Hand the space to somebody who may own it, where the one who is meant may not."""

    def change(body: dict[str, Any]) -> None:
        if body.get("userId") == TARGET.offer(offer):
            body["userId"] = ADMIN

    return taken("POST", TRANSFER, change)


class OneRefusalForAll(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.status == 400:
            seen.answer["detail"] = "The new owner is not valid."


class NobodyIsTheAdministrator(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.status == 400 and "not found" in seen.answer["detail"]:
            seen.status, seen.answer = await as_admin_asks(seen, ask, "POST", seen.path, {"userId": ADMIN})


class DeactivatedKeepTheirSpaces(Wrong):
    """Refuses to touch a space whose owner is deactivated."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER):
            _, space = await as_admin_asks(seen, ask, "GET", seen.path.removesuffix("/transfer-ownership"))
            if space.get("owner") == {"userId": TARGET.offer("deactivated_user")}:
                answer_problem(seen, 400)


def without_a_user_it_is_the_requester(body: dict[str, Any]) -> None:
    body.setdefault("userId", ADMIN)


def other_names(body: dict[str, Any]) -> None:
    if "userId" not in body and "id" in body:
        body["userId"] = ADMIN


def in_person(seen: Seen) -> None:
    if actor(seen) == "participant" and seen.body == {"userId": TARGET.user_id("participant")}:
        act_as(seen, "admin")


BROKEN = (
    Broken("TRANSFER-OK", "nothing happens", NothingHappens),
    Broken("TRANSFER-OK", "a transfer answers with the space", TransferSharesTheSpace),
    Broken("TRANSFER-OK", "a transfer changes the space", TransferArchives),
    Broken("TRANSFER-OK", "the new owner has no right", NewOwnerHasNoRight),
    Broken(
        "TRANSFER-OK",
        "the owner may not transfer",
        refusing("POST", TRANSFER, lambda seen: actor(seen) == "owner", code=403),
    ),
    Broken(
        "TRANSFER-USERID",
        "without a user it is the requester",
        taken("POST", TRANSFER, without_a_user_it_is_the_requester),
    ),
    Broken("TRANSFER-USERID", "id stands for userId", taken("POST", TRANSFER, other_names)),
    Broken("TRANSFER-USERID", "the space is passed on though refused", RefusedAfterTheTransfer),
    Broken("TRANSFER-NOT-FOUND", "an unknown user is 404", recoded("POST", TRANSFER, 400, 404)),
    Broken("TRANSFER-NOT-FOUND", "all refusals read the same", OneRefusalForAll),
    Broken("TRANSFER-NOT-FOUND", "for an unknown user the administrator stands in", NobodyIsTheAdministrator),
    Broken("TRANSFER-NOT-FOUND", "the space is passed on though refused", RefusedAfterTheTransfer),
    Broken("TRANSFER-DEACTIVATED", "somebody stands in for a deactivated user", taken_for_another("deactivated_user")),
    Broken("TRANSFER-DEACTIVATED", "all refusals read the same", OneRefusalForAll),
    Broken("TRANSFER-DEACTIVATED", "a deactivated user is 403", recoded("POST", TRANSFER, 400, 403)),
    Broken("TRANSFER-UNLICENSED", "somebody stands in for an unlicensed user", taken_for_another("unlicensed_user")),
    Broken("TRANSFER-UNLICENSED", "all refusals read the same", OneRefusalForAll),
    Broken("TRANSFER-UNLICENSED", "the space is passed on though refused", RefusedAfterTheTransfer),
    Broken("TRANSFER-403", "everybody may transfer", as_somebody("admin", "POST", TRANSFER)),
    Broken(
        "TRANSFER-403",
        "the owner's manager may transfer",
        as_somebody("admin", "POST", TRANSFER, lambda seen: actor(seen) == "manager"),
    ),
    Broken("TRANSFER-403", "who may not see the space gets 404", recoded("POST", TRANSFER, 403, 404)),
    Broken("TRANSFER-403", "a transfer is refused, but done", done_all_the_same("POST", TRANSFER, 403)),
    Broken("TRANSFER-403", "everybody may take a space for themselves", asking("POST", TRANSFER, in_person)),
    Broken("TRANSFER-404", "an unknown space is 400", recoded("POST", TRANSFER, 404, 400)),
    Broken("TRANSFER-404", "an unknown space is 204", recoded("POST", TRANSFER, 404, 204)),
    Broken("TRANSFER-FROM-DEACTIVATED", "a deactivated user's space cannot be passed on", DeactivatedKeepTheirSpaces),
)
