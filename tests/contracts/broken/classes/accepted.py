"""Accepts what it should refuse: in silence, made to fit, or left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ..acting import SPACES, as_admin_asks
from ..items import every_item, items
from ..wrapping import App, Ask, Broken, Seen, Wrong
from .memory import Overlay, read, space_id
from .refused import mended
from .table import CREATE, FILL, HAND_OVER, UPDATE, Refusal

KIND = "accepts"
JSON = [(b"content-type", b"application/json")]


class Created(Wrong):
    """Creates what it should refuse, made to fit."""

    def __init__(self, right: App, *, refusal: Refusal) -> None:
        super().__init__(right)
        self.refusal = refusal

    async def after(self, seen: Seen, ask: Ask) -> None:
        if CREATE.asked(seen) and self.refusal.is_told(seen):
            body = mended(seen.body)
            status, space = await as_admin_asks(seen, ask, "POST", SPACES, body)
            if status == 400:  # the publicUri is in use
                body["publicUri"] = f"{body['publicUri'][:253]}-2"
                status, space = await as_admin_asks(seen, ask, "POST", SPACES, body)
            seen.status, seen.answer, seen.answer_headers = status, space, JSON


class Updated(Overlay):
    """Answers an update that it should refuse: ignored, told alone, or kept as it was sent."""

    def __init__(self, right: App, *, refusal: Refusal, told: bool, kept: bool) -> None:
        super().__init__(right)
        self.refusal, self.told, self.kept = refusal, told, kept

    async def after(self, seen: Seen, ask: Ask) -> None:
        if UPDATE.asked(seen) and self.refusal.is_told(seen):
            space = await read(seen, ask, seen.path)
            sent = seen.body if isinstance(seen.body, dict) else {}
            seen.status, seen.answer_headers = 200, JSON
            seen.answer = {
                **(space or {}),
                **({name: sent[name] for name in sent if name in (space or {})} if self.told else {}),
            }
            if self.kept:
                self.members.setdefault(space_id(seen), {}).update(sent)
        self.cover(seen)


class HandedOver(Overlay):
    """Answers a transfer that it should refuse: ignored, or done."""

    def __init__(self, right: App, *, refusal: Refusal, kept: bool) -> None:
        super().__init__(right)
        self.refusal, self.kept = refusal, kept

    async def after(self, seen: Seen, ask: Ask) -> None:
        if HAND_OVER.asked(seen) and self.refusal.is_told(seen):
            seen.status, seen.answer, seen.answer_headers = 204, None, []
            if self.kept and isinstance(seen.body, dict):
                self.members[space_id(seen)] = {"owner": {"userId": seen.body.get("userId")}}
        self.cover(seen)


class Filled(Wrong):
    """Adds the rest of a request of which it should refuse the whole; `counted` says whether as a failure."""

    def __init__(self, right: App, *, refusal: Refusal, counted: bool) -> None:
        super().__init__(right)
        self.refusal, self.counted = refusal, counted

    async def after(self, seen: Seen, ask: Ask) -> None:
        if not (FILL.asked(seen) and self.refusal.is_told(seen)):
            return
        sent = items(seen)
        right = []
        for item in sent:
            status, _ = await as_admin_asks(seen, ask, "POST", seen.path, {"items": [item]})
            right += [item] if status == 201 else []
        wrong = sum(one.get("type") == "asset" for item in sent if item not in right for one in every_item([item]))
        good = sum(one.get("type") == "asset" for one in every_item(right))
        summary = {"assetSuccessCount": good, "assetFailureCount": wrong if self.counted else 0}
        failed = [
            {"type": "asset", "assetId": str(one.get("assetId")), "reason": "ASSET_NOT_FOUND"}
            for item in sent
            if item not in right and self.counted
            for one in every_item([item])
            if one.get("type") == "asset"
        ]
        seen.status, seen.answer_headers = 201, JSON
        seen.answer = {"summary": summary, "failedItems": failed}


def _creates_and_updates() -> Iterator[Broken]:
    for refusal in (one for one in CREATE.refusals if one.status == 400):
        story = f"a create {refusal.story} is accepted, and made to fit"
        yield Broken(refusal.rule, story, partial(Created, refusal=refusal), KIND)
    for refusal in (one for one in UPDATE.refusals if one.status == 400):
        for story, told, kept in (("ignored", False, False), ("told", True, False), ("kept", True, True)):
            rule = "PATCH-URI" if refusal.rule == "PATCH-URI-400" and told else refusal.rule
            make = partial(Updated, refusal=refusal, told=told, kept=kept)
            yield Broken(rule, f"an update {refusal.story} is answered 200, and {story}", make, KIND)


def _transfers_and_items() -> Iterator[Broken]:
    for refusal in (one for one in HAND_OVER.refusals if one.status == 400):
        for story, kept in (("ignored", False), ("done", True)):
            make: Any = partial(HandedOver, refusal=refusal, kept=kept)
            yield Broken(refusal.rule, f"a transfer {refusal.story} is answered 204, and {story}", make, KIND)
    for refusal in (one for one in FILL.refusals if one.status == 400 and one.rule != "ITEMS-ARCHIVED-SPACE"):
        for story, counted in (("skipped in silence", False), ("counted as a failure", True)):
            make = partial(Filled, refusal=refusal, counted=counted)
            # What is told as failed was not taken: that the whole request is refused is assumed.
            rule = "ITEMS-400" if counted and refusal.rule.startswith("ITEMS-") else refusal.rule
            yield Broken(rule, f"adding items {refusal.story}: it is {story}", make, KIND)


BROKEN = (*_creates_and_updates(), *_transfers_and_items())
