"""What a server shows of itself: a group to share with, a document of the colleague's.

Reads alone, and takes nothing for granted: what a look-up does not show is left out, and its checks are skipped. How a
server behaves where guide and code differ no look-up shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..core.target import Actor, Target
from ..core.violation import Inconclusive, TargetLacks, Violation
from ..transport.session import Caller, Session
from .client import Client
from .targets import ROLES


def discovered(session: Session) -> Target:
    """Return the session's target with what its look-ups show; what it names already stays as it is."""
    client = Client(session)
    documents = {name: _own_document(client, name) for name in ROLES if name != "disabled"}
    actors = dict(client.target.actors)
    for name, document in documents.items():
        if document is not None:
            actors[name] = _with_id(actors[name], document["owner"]["id"])
    offers = dict(_groups(client, actors))
    if (colleagues := documents["colleague"]) is not None:
        offers["colleagues_document"] = colleagues["id"]
    return replace(client.target, actors=actors, offers={**offers, **client.target.offers})


def _with_id(actor: Actor, user_id: int) -> Actor:
    return actor if actor.user_id is not None else replace(actor, user_id=str(user_id))


def _own_document(client: Client, name: str) -> Mapping[str, Any] | None:
    """Return a document of an actor's own, which tells who that is: only to its owner it has a parent."""
    for document in _things(client, name, "/documents?pageSize=100", "documents"):
        owner = document.get("owner")
        is_known = isinstance(owner, Mapping) and type(owner.get("id")) is int and type(document.get("id")) is int
        if is_known and document.get("parentFolderId") is not None:
            return document
    return None


def _groups(client: Client, actors: Mapping[str, Actor]) -> Iterator[tuple[str, Any]]:
    """Yield the group of owner and colleague, and one of the colleague's without the owner."""
    mine = list(_things(client, "owner", "/groups"))
    theirs = list(_things(client, "colleague", "/groups"))
    ids = {group.get("id") for group in mine}
    common = [group for group in theirs if group.get("id") in ids] or [
        group for group in mine if actors["colleague"].user_id in _members(group)
    ]
    foreign = [group for group in theirs if group.get("id") not in ids]
    for offer, found in (("group", common), ("other_group", foreign)):
        if found and type(found[0].get("id")) is int:
            yield offer, {"id": found[0]["id"], "folder": found[0].get("sharedFolderId")}


def _members(group: Mapping[str, Any]) -> set[str]:
    members = group.get("members")
    return {str(one.get("id")) for one in members if isinstance(one, Mapping)} if isinstance(members, list) else set()


def _things(client: Client, name: str, path: str, member: str | None = None) -> list[Mapping[str, Any]]:
    """Return what a list shows an actor; nothing where it has no key or the list is another than promised."""
    try:
        caller: Caller = client.as_(name)
        answer = caller.get(path).received
    except (TargetLacks, Violation, Inconclusive):
        return []
    listed = answer.get(member) if member is not None and isinstance(answer, Mapping) else answer
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
