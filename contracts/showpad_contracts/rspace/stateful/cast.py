"""Who acts in the sequences, and what is known of the tenant: a target as the model takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...core.target import Target
from ..assertions import NO_ID
from .model import COLLEAGUE, GROUP, OWNER, USER, Known, Recipient

OUTSIDER = "outsider"
PEOPLE = (OWNER, COLLEAGUE, OUTSIDER)
FOREIGN = {
    "colleagues_document": "RS-SHARE-NOT-OWNER",
    "plain_folder": "RS-SHARE-KIND",
    "file": "RS-SHARE-KIND",
}
"""What a target may offer that the owner cannot share."""


class Cast:
    """The target's people and what it offers. Raises TargetLacks without the owner or the group."""

    def __init__(self, target: Target) -> None:
        target.token(OWNER, oauth=False)
        self.owner_id = int(target.user_id(OWNER))
        self.group: dict[str, Any] = target.offer("group")
        self.people = [name for name in PEOPLE if _acts(target, name)]
        # Enough of what is asked must be granted, or no sequence would get anywhere.
        self.who = [*[OWNER] * len(self.people), *self.people]
        colleague = _user(target, COLLEAGUE)
        self.sound = [Recipient(GROUP, int(self.group["id"])), *([] if colleague is None else [colleague])]
        self.barred = dict(_barred(target))
        self.foreign = {NO_ID: "RS-SHARE-ITEM-UNKNOWN"} | {
            int(target.offers[name]): rule for name, rule in FOREIGN.items() if name in target.offers
        }
        self.folders = [int(target.offers["subfolder"])] if "subfolder" in target.offers else []
        self.known = Known(
            behaviour=target.offers.get("behaviour"),
            group=self.sound[0],
            top=self.group.get("folder"),
            recipients={**dict.fromkeys(self.sound, ""), **self.barred},
            foreign=self.foreign,
        )


def _acts(target: Target, name: str) -> bool:
    return name in target.actors and target.actors[name].api_token is not None


def _user(target: Target, name: str) -> Recipient | None:
    user_id = target.actors[name].user_id if name in target.actors else None
    return Recipient(USER, int(user_id)) if user_id is not None else None


def _barred(target: Target) -> Iterator[tuple[Recipient, str]]:
    """Yield with whom the owner may not share, each with the rule that refuses it."""
    yield from ((Recipient(type_, NO_ID), "RS-SHARE-TARGET-UNKNOWN") for type_ in (GROUP, USER))
    if "other_group" in target.offers:
        yield Recipient(GROUP, int(target.offers["other_group"]["id"])), "RS-SHARE-NOT-MEMBER"
    outsider = _user(target, OUTSIDER)
    if outsider is not None:
        yield outsider, "RS-SHARE-NOT-COLLEAGUE"
