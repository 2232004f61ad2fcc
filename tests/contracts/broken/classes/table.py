"""What the classes of wrong servers go through: every operation, its refusals, and the places that show spaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..acting import SPACE, SPACES, TRANSFER
from ..wrapping import Seen

ITEMS = f"{SPACE}/items"
SHARES = "/shares"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One documented refusal: the rule that a reader would name, its status, and how the request is told apart.

    `decided` is the rule by which the mock tells it, where that is another one.
    """

    rule: str
    status: int
    story: str
    decided: str = ""

    def is_told(self, seen: Seen) -> bool:
        """Say whether the right server refused for this reason and no other."""
        return decided_by(seen) == {self.decided or self.rule}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how stories call it, where it is, what its success is, by which rule, and what it refuses."""

    name: str
    method: str
    path: str
    success: int
    rule: str
    refusals: tuple[Refusal, ...] = ()

    def asked(self, seen: Seen) -> bool:
        """Say whether this is what was asked for."""
        return seen.is_(self.method, self.path)

    def done(self, seen: Seen) -> bool:
        """Say whether this was asked for and done."""
        return self.asked(seen) and seen.status == self.success


def decided_by(seen: Seen) -> set[str]:
    """Give the rules that decided the right server's answer, as its own header tells them."""
    told = next((value.decode() for name, value in seen.answer_headers if name.lower() == b"x-mock-rules"), "")
    return {rule.strip().partition(";")[0] for rule in told.split(",") if rule.strip()}


NO_TOKEN = Refusal("CONV-AUTH-401", 401, "by an unknown token")
TYPES = Refusal("CONV-TYPES", 400, "with a wrong type")
NULL = Refusal("CONV-NULL", 400, "with a null")
JSON = Refusal("CONV-JSON", 400, "with what is no object")
BODY = (NO_TOKEN, TYPES, NULL, JSON)

LIST = Operation(
    "a list of spaces",
    "GET",
    SPACES,
    200,
    "LIST-OK",
    (
        NO_TOKEN,
        Refusal("LIST-BAD", 400, "with a parameter out of range"),
        Refusal("LIST-MANAGER-403", 403, "of another manager's team"),
    ),
)
CREATE = Operation(
    "a create",
    "POST",
    SPACES,
    201,
    "CREATE-OK",
    (
        *BODY,
        Refusal("CREATE-OWNER-REQUIRED", 400, "with no owner"),
        Refusal("CREATE-TITLE-REQUIRED", 400, "with no title"),
        Refusal("CREATE-TITLE-LENGTH", 400, "with a title of no legal length"),
        Refusal("CREATE-URI-TAKEN", 400, "with a publicUri in use"),
        Refusal("CREATE-URI-FORM", 400, "with a publicUri of another form"),
        Refusal("CREATE-DESCRIPTION", 400, "with a longer description"),
        Refusal("CREATE-TEMPLATE-INVALID", 400, "with a template that is none"),
        Refusal("CREATE-OWNER-ADMIN-403", 403, "with an owner whom only an administrator may name"),
        Refusal("CREATE-OWNER-UNKNOWN", 400, "with an unknown owner"),
        Refusal("CREATE-OWNER-DEACTIVATED", 400, "with a deactivated owner"),
        Refusal("CREATE-OWNER-UNLICENSED", 400, "with an unlicensed owner"),
        Refusal("CREATE-THEME-UNKNOWN", 400, "with an unknown theme"),
    ),
)
READ = Operation(
    "a GET",
    "GET",
    SPACE,
    200,
    "GET-OK",
    (NO_TOKEN, Refusal("GET-404", 404, "of an unknown space"), Refusal("CONV-HIDE", 404, "of a space out of sight")),
)
UPDATE = Operation(
    "an update",
    "PATCH",
    SPACE,
    200,
    "PATCH-OK",
    (
        *BODY,
        Refusal("PATCH-403", 403, "of somebody else's space"),
        Refusal("PATCH-404", 404, "of an unknown space"),
        Refusal("PATCH-FIELDS", 400, "with a title of no legal length", "CREATE-TITLE-LENGTH"),
        Refusal("PATCH-FIELDS", 400, "with a longer description", "CREATE-DESCRIPTION"),
        Refusal("PATCH-FIELDS", 400, "with a third status", "SPACE-STATUS"),
        Refusal("PATCH-URI-400", 400, "with another publicUri"),
        Refusal("PATCH-OWNER", 400, "with another owner"),
    ),
)
DELETE = Operation(
    "a deletion",
    "DELETE",
    SPACE,
    204,
    "DELETE-OK",
    (
        NO_TOKEN,
        Refusal("DELETE-403", 403, "of somebody else's space"),
        Refusal("DELETE-404", 404, "of an unknown space"),
    ),
)
HAND_OVER = Operation(
    "a transfer",
    "POST",
    TRANSFER,
    204,
    "TRANSFER-OK",
    (
        *BODY,
        Refusal("TRANSFER-USERID", 400, "with no userId"),
        Refusal("TRANSFER-NOT-FOUND", 400, "with an unknown owner"),
        Refusal("TRANSFER-DEACTIVATED", 400, "with a deactivated owner"),
        Refusal("TRANSFER-UNLICENSED", 400, "with an unlicensed owner"),
        Refusal("TRANSFER-403", 403, "of somebody else's space"),
        Refusal("TRANSFER-404", 404, "of an unknown space"),
    ),
)
FILL = Operation(
    "adding items",
    "POST",
    ITEMS,
    201,
    "ITEMS-OK",
    (
        *BODY,
        Refusal("ITEMS-REQUIRED", 400, "with an item that lacks what is required"),
        Refusal("ITEMS-EMPTY", 400, "with no items"),
        Refusal("ITEMS-NAME", 400, "with a longer name of a folder"),
        Refusal("ITEMS-PAGE", 400, "with a page that is none"),
        Refusal("ITEMS-ARCHIVED-SPACE", 400, "to an archived space"),
        Refusal("ITEMS-403", 403, "of somebody else's space"),
        Refusal("ITEMS-404", 404, "of an unknown space"),
    ),
)
SHARE = Operation(
    "a Share",
    "POST",
    SHARES,
    201,
    "SHARE-OK",
    (
        NO_TOKEN,
        Refusal("SHARE-TITLE", 400, "with a longer title or none"),
        Refusal("SHARE-ORIGIN", 400, "with a longer origin or none"),
        Refusal("SHARE-ASSETS-LIMIT", 400, "with no asset or more than 300"),
        Refusal("SHARE-PAGE", 400, "with a page that is none"),
        Refusal("SHARE-ASSET-UNKNOWN", 400, "with an unknown asset"),
        Refusal("SHARE-ASSET-400", 400, "with an asset that may not be shared"),
        Refusal("SHARE-EXPIRES-PAST", 400, "with an expiry in the past"),
        Refusal("SHARE-THEME-UNKNOWN", 400, "with an unknown theme"),
    ),
)


def _look_ups(noun: str, plural: str, path: str, rule: str) -> tuple[Operation, Operation]:
    unknown = Refusal(rule, 404, "of an unknown one")
    return (
        Operation(f"a list of {plural}", "GET", path, 200, rule, (NO_TOKEN,)),
        Operation(f"a GET of one of the {plural}", "GET", f"{path}/[^/]+", 200, rule, (NO_TOKEN, unknown)),
    )


LOOK_UPS = (
    *_look_ups("user", "users", "/users", "AROUND-USERS"),
    *_look_ups("asset", "assets", "/assets", "AROUND-ASSETS"),
    *_look_ups("theme", "themes", "/themes", "AROUND-THEMES"),
    *_look_ups("template", "templates", "/shared-space-templates", "AROUND-TEMPLATES"),
    *_look_ups("division", "divisions", "/divisions", "AROUND-DIVISIONS"),
)
ON_SPACES = (LIST, CREATE, READ, UPDATE, DELETE, HAND_OVER)
EVERY = (*ON_SPACES, FILL, SHARE, *LOOK_UPS)
WRITES = (CREATE, UPDATE, DELETE, HAND_OVER, FILL)

RESOURCES: dict[str, frozenset[str]] = {
    noun: frozenset(nouns)
    for nouns in (
        ("CREATE", "GET", "PATCH", "DELETE", "TRANSFER", "LIST", "SPACE", "ROLE"),
        ("ITEMS",),
        ("SHARE",),
        ("AROUND",),
        ("LINK",),
        ("CONV",),
    )
    for noun in nouns
}
"""The nouns of rules that are about the same resource, by each of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place that shows spaces: how stories call it, and the operation that shows them."""

    name: str
    operation: Operation

    def spaces(self, seen: Seen) -> list[dict[str, Any]]:
        """Give the spaces that are shown here, none elsewhere."""
        if not self.operation.done(seen) or not isinstance(seen.answer, dict):
            return []
        return list(seen.answer["items"]) if self.operation is LIST else [seen.answer]


CREATED = Place("the answer to a create", CREATE)
READ_ALONE = Place("a GET", READ)
UPDATED = Place("the answer to an update", UPDATE)
LISTED = Place("the list", LIST)
PLACES = (CREATED, READ_ALONE, UPDATED, LISTED)
LATER = (READ_ALONE, LISTED)
"""Where a space is seen after it was answered."""


def shown(seen: Seen) -> list[dict[str, Any]]:
    """Give the spaces that an answer shows, wherever."""
    return [space for place in PLACES for space in place.spaces(seen)]


SWITCHES = (
    "isExternalDownloadAllowed",
    "isExternalInviteAllowed",
    "isExternalUploadAllowed",
    "isCommentAllowed",
    "isSearchAIAllowed",
)
OTHER_THEME = "2de459bf8936bb4a22ffe3b05260a93d"
GLOBAL_THEME = "53bd105be2c675272cf81e9a5099710c"
"""Of the mock's demo data."""
DEFAULTS: dict[str, Any] = {
    "description": "",
    "isExternalDownloadAllowed": True,
    "isExternalInviteAllowed": True,
    "isExternalUploadAllowed": False,
    "isCommentAllowed": True,
    "isSearchAIAllowed": True,
    "theme": {"id": GLOBAL_THEME},
}
"""What a space has that was not told otherwise."""
CHANGEABLE = ("title", *DEFAULTS, "status")
"""What an update may change."""
TIMES = ("createdAt", "updatedAt", "lastActivityAt", "archivedAt")
Change = Callable[[dict[str, Any]], object]
