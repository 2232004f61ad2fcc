"""The right status and the wrong effect: what is refused is done all the same, whole or in part."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..acting import SPACES, TARGET, as_admin_asks
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .memory import Overlay, space_id
from .table import CREATE, DELETE, FILL, HAND_OVER, SWITCHES, UPDATE, Operation, Refusal

Body = dict[str, Any]
KIND = "effect"
NEVER_DONE = ("CONV-AUTH-401", "PATCH-404", "DELETE-404", "TRANSFER-404", "ITEMS-404")
"""Refusals after which there is nothing that could be done all the same."""
NOW = "2099-01-01T00:00:00.000Z"


def mended(body: Any) -> Body:
    """Give a create that is accepted and as near to this one as can be."""
    sent = body if isinstance(body, dict) else {}
    title, uri = sent.get("title"), sent.get("publicUri")
    kept = {name: sent[name] for name in SWITCHES if isinstance(sent.get(name), bool)}
    if isinstance(sent.get("description"), str):
        kept["description"] = sent["description"][:65_535]
    if isinstance(uri, str):
        kept["publicUri"] = "".join(one for one in uri.lower() if one in "abcdefghijklmnopqrstuvwxyz0123456789-_")[:255]
    owner = sent.get("owner")
    named = owner.get("userId") if isinstance(owner, dict) else None
    known = [one.user_id for name, one in TARGET.actors.items() if name != "deactivated"]
    return {
        "owner": {"userId": named if named in known else TARGET.user_id("owner")},
        "title": str(title)[:255] or "Untitled" if title is not None else "Untitled",
        **{name: value for name, value in kept.items() if value != ""},
    }


class CreatedThoughRefused(Wrong):
    """Stores what it refuses."""

    def __init__(self, right: App, *, refusal: Refusal) -> None:
        super().__init__(right)
        self.refusal = refusal

    async def after(self, seen: Seen, ask: Ask) -> None:
        if CREATE.asked(seen) and self.refusal.is_told(seen):
            body = mended(seen.body)
            status, _ = await as_admin_asks(seen, ask, "POST", SPACES, body)
            if status == 400:  # the publicUri is in use
                await as_admin_asks(seen, ask, "POST", SPACES, {**body, "publicUri": f"{body['publicUri'][:253]}-2"})


class UpdatedThoughRefused(Overlay):
    """Stores what it refuses, as it was sent."""

    def __init__(self, right: App, *, refusal: Refusal) -> None:
        super().__init__(right)
        self.refusal = refusal

    async def after(self, seen: Seen, ask: Ask) -> None:
        if UPDATE.asked(seen) and self.refusal.is_told(seen) and isinstance(seen.body, dict):
            self.members.setdefault(space_id(seen), {}).update(seen.body)
        self.cover(seen)


class UpdatedInPartThoughRefused(Wrong):
    """Stores what is right of what it refuses."""

    def __init__(self, right: App, *, refusal: Refusal) -> None:
        super().__init__(right)
        self.refusal = refusal

    async def after(self, seen: Seen, ask: Ask) -> None:
        if UPDATE.asked(seen) and self.refusal.is_told(seen) and isinstance(seen.body, dict):
            for name, value in seen.body.items():
                await as_admin_asks(seen, ask, "PATCH", seen.path, {name: value})


class DoneThoughRefused(Wrong):
    """Does what it refuses, as the administrator could."""

    def __init__(self, right: App, *, operation: Operation, refusal: Refusal) -> None:
        super().__init__(right)
        self.operation, self.refusal = operation, refusal

    async def after(self, seen: Seen, ask: Ask) -> None:
        if self.operation.asked(seen) and self.refusal.is_told(seen):
            await as_admin_asks(seen, ask, seen.method, seen.path, seen.body)


class HandedOverThoughRefused(Overlay):
    """Makes the owner who was asked for, and says no."""

    def __init__(self, right: App, *, refusal: Refusal) -> None:
        super().__init__(right)
        self.refusal = refusal

    async def after(self, seen: Seen, ask: Ask) -> None:
        if HAND_OVER.asked(seen) and self.refusal.is_told(seen):
            sent = seen.body if isinstance(seen.body, dict) else {}
            self.members[space_id(seen)] = {"owner": {"userId": sent.get("userId")}}
        self.cover(seen)


class FilledThoughRefused(Overlay):
    """Refuses items, and takes it for an activity: something was added."""

    def __init__(self, right: App, *, refusal: Refusal) -> None:
        super().__init__(right)
        self.refusal = refusal

    async def after(self, seen: Seen, ask: Ask) -> None:
        if FILL.asked(seen) and self.refusal.is_told(seen):
            self.members[space_id(seen)] = {"lastActivityAt": NOW, "updatedAt": NOW}
        self.cover(seen)


def _though_refused(operation: Operation, refusal: Refusal) -> tuple[Broken, ...]:
    story = f"{operation.name} {refusal.story} is refused, but done"
    if operation is CREATE:
        return (Broken(refusal.rule, story, partial(CreatedThoughRefused, refusal=refusal), KIND),)
    if operation is UPDATE:
        rule = "PATCH-URI" if refusal.rule == "PATCH-URI-400" else refusal.rule
        if refusal.status == 403:
            return (Broken(rule, story, partial(DoneThoughRefused, operation=operation, refusal=refusal), KIND),)
        return (
            Broken(rule, story, partial(UpdatedThoughRefused, refusal=refusal), KIND),
            Broken(refusal.rule, f"{story} in part", partial(UpdatedInPartThoughRefused, refusal=refusal), KIND),
        )
    if operation is HAND_OVER and refusal.status == 400:
        return (Broken(refusal.rule, story, partial(HandedOverThoughRefused, refusal=refusal), KIND),)
    if operation is FILL:
        rule = refusal.rule if refusal.status == 403 or refusal.rule == "ITEMS-ARCHIVED-SPACE" else "ITEMS-400"
        return (Broken(rule, story, partial(FilledThoughRefused, refusal=refusal), KIND),)
    return (Broken(refusal.rule, story, partial(DoneThoughRefused, operation=operation, refusal=refusal), KIND),)


BROKEN = tuple(
    wrong
    for operation in (CREATE, UPDATE, DELETE, HAND_OVER, FILL)
    for refusal in operation.refusals
    if refusal.rule not in NEVER_DONE and not (refusal.rule == "CONV-JSON" and operation is UPDATE)
    for wrong in _though_refused(operation, refusal)
)
