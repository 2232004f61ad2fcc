"""Servers that break rules of items."""

from __future__ import annotations

from .wrapping import Ask, Broken, Seen, Wrong

ITEMS = "/shared-spaces/[^/]+/items"


class OneSuccessTooMany(Wrong):
    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", ITEMS) and seen.status == 201:
            seen.answer["summary"]["assetSuccessCount"] += 1


BROKEN = (Broken("ITEMS-COUNT", "the summary counts one success too many", OneSuccessTooMany),)
