"""Servers that break rules of a CRM's records."""

from __future__ import annotations

from .acting import as_somebody, recoded
from .tampering import answering
from .wrapping import App, Ask, Broken, Seen, Wrong

OF_SPACE, OF_SHARE = "/crm/shared-space-records/[^/]+", "/crm/share-records/[^/]+"
RULE = "AROUND-CRM"
RECORD = {"id": "1", "type": "Account", "name": "Somebody else's"}


def untyped(seen: Seen) -> None:
    for record in seen.answer["items"]:
        record.pop("type")


def one_for_all(seen: Seen) -> None:
    seen.answer = {"count": 1, "items": [RECORD]}


def uncounted(seen: Seen) -> None:
    seen.answer["count"] += 1


class Empty(Wrong):
    """What is not there has no records."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("GET", OF_SHARE) and seen.status == 400:
            seen.status, seen.answer = 200, {"count": 0, "items": []}


def empty(right: App) -> App:
    return Empty(right)


BROKEN = (
    Broken(RULE, "a record has no type", answering("GET", OF_SPACE, untyped)),
    Broken(RULE, "every space has the same record", answering("GET", OF_SPACE, one_for_all)),
    Broken(RULE, "every Share has the same record", answering("GET", OF_SHARE, one_for_all)),
    Broken(RULE, "records are counted wrong", answering("GET", OF_SPACE, uncounted)),
    Broken(RULE, "an unknown Share has no records", empty),
    Broken(f"{RULE}-WHO", "whoever asks sees a space's records", as_somebody("admin", "GET", OF_SPACE)),
    Broken(f"{RULE}-WHO", "an unknown space is 404", recoded("GET", OF_SPACE, 400, 404)),
)
