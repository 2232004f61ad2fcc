"""Servers that break rules of roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .acting import SPACE, SPACES, TARGET, TRANSFER, act_as, actor, as_somebody, is_in_person
from .tampering import answer_problem, asking, keeping, query
from .wrapping import Ask, Broken, Seen, Wrong

ID = {name: TARGET.user_id(name) for name in ("admin", "manager", "owner")}


def owner(space: dict[str, Any]) -> str:
    return str(space["owner"]["userId"])


def narrower(name: str, keeps: Callable[[dict[str, Any]], bool]) -> Callable[[Seen, dict[str, Any]], bool]:
    """What an actor's list keeps of what it should hold."""
    return lambda seen, space: actor(seen) != name or keeps(space)


class ForWhoMayNotOwn(Wrong):
    """Does not look at whether a new owner may own: creates, and says so."""

    who = "deactivated_user"

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and seen.body.get("owner") == {"userId": TARGET.offer(self.who)}:
            seen.body = {**seen.body, "owner": {"userId": ID["owner"]}}


class ForTheUnlicensed(ForWhoMayNotOwn):
    who = "unlicensed_user"


class TransferredToWhoMayNotOwn(Wrong):
    """Hands the space to somebody who can hold it instead, whoever is meant."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.body.get("userId") == TARGET.offer("deactivated_user"):
            seen.body = {"userId": TARGET.user_id("participant")}


class RefusedAfterTheTransfer(TransferredToWhoMayNotOwn):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", TRANSFER) and seen.body == {"userId": TARGET.user_id("participant")}:
            answer_problem(seen, 400)


class ParticipantsAreUsers(Wrong):
    """Looks the e-mail address up among the users alone."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        address = query(seen).get("participantEmail")
        if seen.is_("GET", SPACES) and address is not None:
            _, users = await ask("GET", f"/users?emails={address}", None)
            if not users["items"]:
                seen.answer = {"count": 0, "items": []}


class ParticipantsBecomeUsers(Wrong):
    """Shows everybody who takes part as a user."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", "/users") and "emails" in query(seen):
            seen.answer = {"count": 1, "items": [{"id": "0" * 32, "email": query(seen)["emails"]}]}


def an_integration(seen: Seen) -> bool:
    return not is_in_person(seen)


BROKEN = (
    Broken(
        "ROLE-ADMIN",
        "administrators list only what they own",
        keeping(SPACES, narrower("admin", lambda space: owner(space) == ID["admin"])),
    ),
    Broken(
        "ROLE-ADMIN",
        "administrators list no archived space",
        keeping(SPACES, narrower("admin", lambda space: space["status"] == "ACTIVE")),
    ),
    Broken(
        "ROLE-MANAGER",
        "managers list only what they own",
        keeping(SPACES, narrower("manager", lambda space: owner(space) == ID["manager"])),
    ),
    Broken(
        "ROLE-MANAGER",
        "managers list only what their reports own",
        keeping(SPACES, narrower("manager", lambda space: owner(space) != ID["manager"])),
    ),
    Broken(
        "ROLE-MANAGER",
        "managers list everything",
        as_somebody("admin", "GET", SPACES, lambda seen: actor(seen) == "manager"),
    ),
    Broken(
        "ROLE-MANAGER-PARTICIPANT",
        "of their reports' spaces managers list those alone that these own",
        keeping(SPACES, narrower("manager", lambda space: owner(space) in (ID["manager"], ID["owner"]))),
    ),
    Broken("ROLE-USER", "users list everything", as_somebody("admin", "GET", SPACES)),
    Broken(
        "ROLE-USER",
        "users list only what they own",
        keeping(SPACES, narrower("owner", lambda space: owner(space) == ID["owner"])),
    ),
    Broken(
        "ROLE-USER",
        "users list only what others invited them to",
        keeping(SPACES, narrower("owner", lambda space: owner(space) != ID["owner"])),
    ),
    Broken(
        "ROLE-USER",
        "users list what their group does",
        as_somebody("owner", "GET", SPACES, lambda seen: actor(seen) == "participant"),
    ),
    Broken("ROLE-TOKEN", "integrations list everything", as_somebody("admin", "GET", SPACES, an_integration)),
    Broken("ROLE-TOKEN", "integrations change everything", as_somebody("admin", "PATCH", SPACE, an_integration)),
    Broken(
        "ROLE-TOKEN",
        "an administrator in person has no more right than a user",
        as_somebody("outsider", "GET", SPACES, lambda seen: is_in_person(seen) and actor(seen) == "admin"),
    ),
    Broken(
        "ROLE-TOKEN",
        "only administrators' integrations may write",
        asking(
            "PATCH",
            SPACE,
            lambda seen: act_as(seen, "outsider") if an_integration(seen) and actor(seen) == "owner" else None,
        ),
    ),
    Broken("ROLE-DEACTIVATED", "a space is created for a deactivated user", ForWhoMayNotOwn),
    Broken("ROLE-DEACTIVATED", "a space is created for an unlicensed user", ForTheUnlicensed),
    Broken("ROLE-DEACTIVATED", "a transfer to a deactivated user succeeds", TransferredToWhoMayNotOwn),
    Broken(
        "ROLE-DEACTIVATED", "a transfer to a deactivated user is refused, but the owner gone", RefusedAfterTheTransfer
    ),
    Broken("ROLE-OUTSIDE", "only users take part", ParticipantsAreUsers),
    Broken("ROLE-OUTSIDE", "who takes part becomes a user", ParticipantsBecomeUsers),
)
