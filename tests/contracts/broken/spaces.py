"""Servers that break rules of the Shared Space object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .acting import SPACE, SPACES, TARGET, as_somebody, told
from .wrapping import App, Ask, Broken, Seen, Wrong

Space = dict[str, Any]
OTHER_THEME = TARGET.offer("other_theme")
ITEMS = "/shared-spaces/[^/]+/items"


def every(change: Callable[[Space], object]) -> Callable[[App], App]:
    """Make a server that shows each single space otherwise."""

    class Every(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            is_one = seen.is_("POST", SPACES) or seen.is_("GET", SPACE) or seen.is_("PATCH", SPACE)
            if is_one and seen.status in (200, 201):
                change(seen.answer)

    return Every


def without(name: str) -> Callable[[Space], object]:
    return lambda space: space.pop(name, None)


def without_nulls(space: Space) -> None:
    for name in [name for name, value in space.items() if value is None]:
        del space[name]


def flat(space: Space) -> None:
    space["ownerId"] = space.pop("owner")["userId"]


def as_texts(space: Space) -> None:
    space["isExternalInviteAllowed"] = str(space["isExternalInviteAllowed"]).lower()


def template_by_id(space: Space) -> None:
    if space["sharedSpaceTemplate"] is not None:
        del space["sharedSpaceTemplate"]["name"]


def logo_by_url(space: Space) -> None:
    if space["customerLogo"] is not None:
        space["customerLogo"] = space["customerLogo"]["url"]


def only_the_guides_six(answer: dict[str, Any]) -> None:
    six = ("id", "title", "status", "createdAt", "lastActivityAt", "archivedAt")
    answer["items"] = [{name: space[name] for name in six} for space in answer["items"]]


def described(answer: dict[str, Any]) -> None:
    for space in answer["items"]:
        space["description"] = ""


def defaults_in_lists(answer: dict[str, Any]) -> None:
    for space in answer["items"]:
        space["isCommentAllowed"] = True


def archived_without_a_time(space: Space) -> None:
    space["archivedAt"] = None


def deleted_status(answer: dict[str, Any]) -> None:
    for space in answer["items"]:
        space["status"] = space["status"].title()


def always_dated(space: Space) -> None:
    space["archivedAt"] = space["archivedAt"] or space["createdAt"]


class ThemeOfTheDivision(Wrong):
    """Takes a theme other than the global one where none was asked for."""

    async def before(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", SPACES) and isinstance(seen.body, dict):
            seen.body = {"theme": {"id": OTHER_THEME}, **seen.body}


class Touching(Wrong):
    """Takes some updates for activity."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.touched: set[str] = set()

    def counts(self, body: Any) -> bool:
        return True

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("PATCH", SPACE) and seen.status == 200 and self.counts(seen.body):
            self.touched.add(seen.answer["id"])
        is_one = seen.is_("GET", SPACE) or seen.is_("PATCH", SPACE)
        if is_one and seen.status == 200 and seen.answer["id"] in self.touched:
            seen.answer["lastActivityAt"] = seen.answer["updatedAt"]


class TouchingByArchiving(Touching):
    def counts(self, body: Any) -> bool:
        return bool(body.get("status") == "ARCHIVED")


BROKEN = (
    Broken("SPACE-FIELDS", "nulls are left out", every(without_nulls)),
    Broken("SPACE-FIELDS", "no theme is shown", every(without("theme"))),
    Broken("SPACE-FIELDS", "the owner is flat", told("GET", SPACE, flat)),
    Broken("SPACE-FIELDS", "a boolean is a text", every(as_texts)),
    Broken("SPACE-FIELDS", "an update answers without publicUrl", told("PATCH", SPACE, without("publicUrl"))),
    Broken("SPACE-FIELDS-MORE", "no logo, no member", every(without("customerLogo"))),
    Broken("SPACE-FIELDS-MORE", "no updatedAt is shown", told("GET", SPACE, without("updatedAt"))),
    Broken("SPACE-FIELDS-MORE", "isSearchAIAllowed has another name", every(without("isSearchAIAllowed"))),
    Broken("SPACE-FIELDS-MORE", "a template is shown by its id alone", every(template_by_id)),
    Broken("SPACE-FIELDS-MORE", "a logo is shown by its URL alone", every(logo_by_url)),
    Broken(
        "SPACE-TEMPLATE",
        "the template is forgotten",
        told("GET", SPACE, lambda space: space.update(sharedSpaceTemplate=None)),
    ),
    Broken(
        "SPACE-TEMPLATE",
        "every space has a template",
        every(lambda space: space.update(sharedSpaceTemplate={"id": "none", "name": ""})),
    ),
    Broken(
        "SPACE-LISTED", "a list shows the six members of the guide's example", told("GET", SPACES, only_the_guides_six)
    ),
    Broken("SPACE-LISTED", "a list shows descriptions", told("GET", SPACES, described)),
    Broken("SPACE-LISTED", "a list shows a default for a value", told("GET", SPACES, defaults_in_lists)),
    Broken(
        "SPACE-URL",
        "publicUrl ends in the id",
        every(lambda space: space.update(publicUrl=f"https://{TARGET.subdomain}.showpad.com/s/{space['id']}")),
    ),
    Broken(
        "SPACE-URL",
        "publicUrl is on one domain for all",
        every(lambda space: space.update(publicUrl=f"https://app.showpad.com/s/{space['publicUri']}")),
    ),
    Broken("SPACE-STATUS", "archiving sets no time", every(archived_without_a_time)),
    Broken("SPACE-STATUS", "every space has a time of archiving", every(always_dated)),
    Broken("SPACE-STATUS", "a list spells the status otherwise", told("GET", SPACES, deleted_status)),
    Broken("SPACE-STATUS", "a new space is a draft", told("GET", SPACE, lambda space: space.update(status="DRAFT"))),
    Broken("SPACE-THEME", "a division's theme stands in for none", ThemeOfTheDivision),
    Broken("SPACE-ACTIVITY", "every update is activity", Touching),
    Broken("SPACE-ACTIVITY", "archiving is activity", TouchingByArchiving),
    Broken("SPACE-INVITE", "who has the id may read", as_somebody("admin", "GET", SPACE)),
    Broken("SPACE-INVITE", "every user may add content", as_somebody("admin", "POST", ITEMS)),
)
