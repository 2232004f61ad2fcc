"""Servers that do what the plan of their tenant does not allow, and what else a control API makes visible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .acting import SPACE, SPACES, as_admin_asks, recoded, taken
from .tampering import Make
from .wrapping import App, Ask, Broken, Seen, Wrong

ITEMS = f"{SPACE}/items"
ADDED = {"summary": {"assetSuccessCount": 1, "assetFailureCount": 0}, "failedItems": []}


def forbidding_nothing(method: str, path: str, status: int, answer: Any) -> Make:
    """What is forbidden succeeds."""

    class ForbidsNothing(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_(method, path) and seen.status == 403:
                seen.status, seen.answer = status, answer

    return ForbidsNothing


def trying_without(path: str, name: str, status: int) -> Callable[[App], App]:
    """What is refused is done without the member that it was refused for."""

    class TriesWithout(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("POST", path) and seen.status == status and name in seen.body:
                body = {key: value for key, value in seen.body.items() if key != name}
                seen.status, seen.answer = await as_admin_asks(seen, ask, "POST", seen.path, body)

    return TriesWithout


class InNoHurry(Wrong):
    """A 429 does not tell when to come again, or tells it in words."""

    told: bytes | None = None

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.status == 429:
            seen.answer_headers = [one for one in seen.answer_headers if one[0] != b"retry-after"]
            if self.told is not None:
                seen.answer_headers.append((b"retry-after", self.told))


class InWords(InNoHurry):
    told = b"soon"


BROKEN = (
    Broken("CONV-RATE", "who sends too much is 503", recoded("GET", SPACES, 429, 503)),
    Broken("CONV-RATE", "a change that comes too often is answered 200", recoded("PATCH", SPACE, 429, 200)),
    Broken("CONV-RATE-AFTER", "a 429 does not tell when to come again", InNoHurry),
    Broken("CONV-RATE-AFTER", "a 429 tells in words when to come again", InWords),
    Broken("CONV-PLAN", "without Shared Spaces there are none", forbidding_nothing("GET", SPACES, 200, {"items": []})),
    Broken("CONV-PLAN", "without Shared Spaces one is deleted", forbidding_nothing("DELETE", SPACE, 204, None)),
    Broken("CONV-PLAN", "without Shared Spaces items are added", forbidding_nothing("POST", ITEMS, 201, ADDED)),
    Broken("CONV-PLAN-403", "without Shared Spaces a space is 404", recoded("GET", SPACE, 403, 404)),
    Broken("SHARE-403", "without API access a Share is answered", forbidding_nothing("POST", "/shares", 201, {})),
    Broken(
        "CREATE-TEMPLATE-FEATURE",
        "without the feature a template is left out",
        trying_without(SPACES, "sharedSpaceTemplate", 403),
    ),
    Broken(
        "CREATE-UPLOAD-ADDON",
        "without the add-on upload is left out",
        trying_without(SPACES, "isExternalUploadAllowed", 403),
    ),
    Broken(
        "ITEMS-UNDER",
        "a folder that is named is not looked at",
        taken("POST", ITEMS, lambda body: body.pop("folderItemId", None)),
    ),
    Broken(
        "ITEMS-UNDER", "what is to lie under no folder lies in the space", trying_without(ITEMS, "folderItemId", 400)
    ),
)
