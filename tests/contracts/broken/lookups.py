"""Servers that break rules of users, assets, themes, templates and divisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .acting import TARGET, actor, as_somebody
from .tampering import answering, asking, calling, ignoring, keeping, query, refusing, requery, taking
from .wrapping import App, Ask, Broken, Seen, Wrong

USERS, ASSETS, THEMES, TEMPLATES, DIVISIONS = "/users", "/assets", "/themes", "/shared-space-templates", "/divisions"
PARTNER = "f855a21e249118030df3743af6f059d9"
"""Of the mock's demo data."""
Make = Callable[[App], App]
Thing = dict[str, Any]


def each(path: str, change: Callable[[Thing], Any]) -> Make:
    """Every object is told otherwise, alone and listed."""

    def tell(seen: Seen) -> None:
        for thing in seen.answer.get("items", [seen.answer]):
            change(thing)

    return answering("GET", f"{path}(/[^/]+)?", tell)


def listed(path: str, change: Callable[[Thing], Any]) -> Make:
    """Every object of a list is told otherwise."""

    def tell(seen: Seen) -> None:
        for thing in seen.answer["items"]:
            change(thing)

    return answering("GET", path, tell)


def alone(path: str, change: Callable[[Thing], Any]) -> Make:
    """An object that is asked for alone is told otherwise."""
    return answering("GET", f"{path}/[^/]+", lambda seen: change(seen.answer))


def without(path: str, name: str) -> Make:
    return each(path, lambda thing: thing.pop(name, None))


def default(path: str, name: str, value: str) -> Make:
    """A parameter has another value when it is not given."""
    return asking("GET", path, lambda seen: requery(seen, **{name: query(seen).get(name, value)}))


def first_of_several(text: str) -> str:
    return text.partition(",")[0]


def last_of_several(text: str) -> str:
    return text.rpartition(",")[2]


def unless_null(name: str) -> Callable[[Thing], None]:
    """A member without a value is left out."""

    def change(thing: Thing) -> None:
        if thing[name] is None:
            del thing[name]

    return change


def none_means_all(seen: Seen) -> None:
    if query(seen).get("limit") == "0":
        requery(seen, limit=None)


def missing_is_empty(path: str) -> Make:
    """What is not there is answered as nothing."""

    class Empty(Wrong):
        async def after(self, seen: Seen, ask: Ask) -> None:
            if seen.is_("GET", f"{path}/[^/]+") and seen.status == 404:
                seen.status, seen.answer = 200, {}

    return Empty


def reversed_when_descending(seen: Seen) -> None:
    if query(seen).get("sort", "-").startswith("-"):
        seen.answer["items"].reverse()


def asset_name_is(test: Callable[[str, str], bool]) -> Make:
    return keeping(ASSETS, lambda seen, asset: "name" not in query(seen) or test(query(seen)["name"], asset["name"]))


def shorter_ranges(asset: Thing) -> None:
    for pages in asset["lockedPages"]:
        pages["end"] -= 1


def appended_left_out(asset: Thing) -> None:
    if asset["enforcedPages"]:
        asset["enforcedPages"]["append"] = []


def textual(name: str, key: str) -> Callable[[Thing], None]:
    """What is told as objects is told as texts."""

    def change(thing: Thing) -> None:
        thing[name] = [one[key] for one in thing[name]]

    return change


def on_other_pages(path: str, change: Callable[[Thing], Any]) -> Make:
    """Every object is told otherwise, but for the first page."""

    def tell(seen: Seen) -> None:
        if query(seen).get("offset", "0") != "0":
            for thing in seen.answer["items"]:
                change(thing)

    return answering("GET", path, tell)


def to_others(path: str, change: Callable[[Thing], Any]) -> Make:
    """Every object is told otherwise to whoever is no administrator."""

    def tell(seen: Seen) -> None:
        if actor(seen) != "admin":
            for thing in seen.answer.get("items", [seen.answer]):
                change(thing)

    return answering("GET", f"{path}(/[^/]+)?", tell)


def within(name: str, change: Callable[[Thing], Any]) -> Callable[[Thing], Any]:
    """An object inside is told otherwise."""
    return lambda thing: change(thing[name])


def of_the_page(seen: Seen) -> None:
    seen.answer["count"] = len(seen.answer["items"])


def themeless(template: Thing) -> None:
    if template["sharedSpaceData"]["theme"]["id"] == TARGET.offer("global_theme"):
        template["sharedSpaceData"]["theme"] = None


def only_named(template: Thing) -> None:
    template["sharedSpaceData"]["theme"] = {"id": template["sharedSpaceData"]["theme"]["id"]}


def addresses(theme: Thing) -> None:
    theme["displayData"]["logo"] = (theme["displayData"]["logo"] or {}).get("url")


def with_hash(theme: Thing) -> None:
    theme["colorSettings"] = {name: f"#{color}" for name, color in theme["colorSettings"].items()}


BROKEN = (
    Broken("AROUND-USERS", "lastName is left out", without(USERS, "lastName")),
    Broken("AROUND-USERS", "a listed user has no email", listed(USERS, lambda user: user.pop("email"))),
    Broken("AROUND-USERS", "times are Unix seconds", each(USERS, lambda user: user.update(createdAt=1736422686))),
    Broken("AROUND-USERS", "ids is ignored", ignoring(USERS, "ids")),
    Broken("AROUND-USERS", "emails is ignored", ignoring(USERS, "emails")),
    Broken("AROUND-USERS", "only the first of several ids counts", taking(USERS, "ids", first_of_several)),
    Broken("AROUND-USERS", "limit is ignored", ignoring(USERS, "limit")),
    Broken("AROUND-USERS", "offset is ignored", ignoring(USERS, "offset")),
    Broken("AROUND-USERS", "a limit of 0 means all", asking("GET", USERS, none_means_all)),
    Broken("AROUND-USERS", "a user that is not there is empty", missing_is_empty(USERS)),
    Broken("AROUND-USERS", "every user is answered as the same", alone(USERS, lambda user: user.update(id=PARTNER))),
    Broken("AROUND-USERS", "the count is the page's", answering("GET", USERS, of_the_page)),
    Broken("AROUND-USERS", "updatedAt is left out alone", alone(USERS, lambda user: user.pop("updatedAt"))),
    Broken("AROUND-USERS", "others are told no names", to_others(USERS, lambda user: user.pop("firstName"))),
    Broken("AROUND-THEMES", "a logo is an address", each(THEMES, addresses)),
    Broken(
        "AROUND-THEMES",
        "what nobody wrote about is null",
        each(
            THEMES,
            within("displayData", lambda shown: shown.update(aboutDescription=shown["aboutDescription"] or None)),
        ),
    ),
    Broken(
        "AROUND-THEMES",
        "about is longer than 800 characters",
        each(THEMES, within("displayData", lambda shown: shown.update(aboutDescription="a" * 801))),
    ),
    Broken(
        "AROUND-THEMES",
        "colours of the header alone",
        each(THEMES, within("colorSettings", lambda colours: colours.pop("accentFontColor"))),
    ),
    Broken(
        "AROUND-THEMES",
        "the second page tells no displayData",
        on_other_pages(THEMES, lambda theme: theme.pop("displayData")),
    ),
    Broken("AROUND-TEMPLATES", "a template without a theme has null", each(TEMPLATES, themeless)),
    Broken("AROUND-TEMPLATES", "one template only names its theme", alone(TEMPLATES, only_named)),
    Broken("AROUND-TEMPLATES", "one template tells no users", alone(TEMPLATES, lambda one: one.pop("users"))),
    Broken(
        "AROUND-TEMPLATES", "one template tells no user groups", alone(TEMPLATES, lambda one: one.pop("userGroups"))
    ),
    Broken("AROUND-TEMPLATES", "templates are for everybody", as_somebody("admin", "GET", TEMPLATES)),
    Broken("AROUND-TEMPLATES", "one template is for everybody", as_somebody("admin", "GET", f"{TEMPLATES}/[^/]+")),
    Broken("AROUND-ASSETS", "tagIds is ignored", ignoring(ASSETS, "tagIds")),
    Broken("AROUND-ASSETS", "only the last of several slugs counts", taking(ASSETS, "slugs", last_of_several)),
    Broken("AROUND-ASSETS", "the count is the page's", answering("GET", ASSETS, of_the_page)),
    Broken("AROUND-ASSETS", "an asset is READY", each(ASSETS, lambda asset: asset.update(status="READY"))),
    Broken("AROUND-ASSETS", "types are in capitals", each(ASSETS, lambda one: one.update(type=one["type"].upper()))),
    Broken("AROUND-ASSETS", "a slug is null in lists", listed(ASSETS, lambda asset: asset.update(slug=None))),
    Broken("AROUND-ASSETS", "tags are texts", each(ASSETS, textual("tags", "id"))),
    Broken("AROUND-ASSETS", "languages are texts", each(ASSETS, textual("languages", "code"))),
    Broken(
        "AROUND-ASSETS",
        "no locked pages are null",
        each(ASSETS, lambda one: one.update(lockedPages=one["lockedPages"] or None)),
    ),
    Broken("AROUND-ASSETS", "renditions are told no more", without(ASSETS, "downloadableExternal")),
    Broken("AROUND-ASSETS", "a missing checksum is left out", each(ASSETS, unless_null("checksum"))),
    Broken(
        "AROUND-ASSETS", "others are told no permissions", to_others(ASSETS, lambda asset: asset.pop("permissions"))
    ),
    Broken(
        "AROUND-ASSETS", "the second page tells no authors", on_other_pages(ASSETS, lambda asset: asset.pop("authors"))
    ),
    Broken("AROUND-THEMES", "experiences are left out", alone(THEMES, lambda theme: theme.pop("experiences"))),
    Broken("AROUND-THEMES", "colours begin with #", each(THEMES, with_hash)),
    Broken(
        "AROUND-THEMES",
        "the Global Theme has an empty division",
        each(THEMES, lambda theme: theme.update(division=theme["division"] or {})),
    ),
    Broken("AROUND-THEMES", "isDefault is ignored", ignoring(THEMES, "isDefault")),
    Broken("AROUND-THEMES", "divisionId is ignored", ignoring(THEMES, "divisionId")),
    Broken("AROUND-THEMES", "includeGlobal is always true", taking(THEMES, "includeGlobal", lambda _: "true")),
    Broken("AROUND-THEMES", "includeGlobal is always false", taking(THEMES, "includeGlobal", lambda _: "false")),
    Broken("AROUND-THEMES", "title is ignored", ignoring(THEMES, "title")),
    Broken("AROUND-THEMES", "sort is ignored", ignoring(THEMES, "sort")),
    Broken("AROUND-THEMES", "the oldest come first by default", default(THEMES, "sort", "createdAt")),
    Broken("AROUND-THEMES", "limit is ignored", ignoring(THEMES, "limit")),
    Broken("AROUND-THEMES", "displayData is left out in lists", listed(THEMES, lambda theme: theme.pop("displayData"))),
    Broken("AROUND-THEMES", "a theme that is not there is empty", missing_is_empty(THEMES)),
    Broken("AROUND-TEMPLATES", "drafts are always listed", default(TEMPLATES, "includeUnpublished", "true")),
    Broken("AROUND-TEMPLATES", "drafts are never listed", ignoring(TEMPLATES, "includeUnpublished")),
    Broken(
        "AROUND-TEMPLATES",
        "includeUnpublished lists drafts only",
        keeping(TEMPLATES, lambda seen, one: query(seen).get("includeUnpublished") != "true" or not one["isPublished"]),
    ),
    Broken("AROUND-TEMPLATES", "divisionId is ignored", ignoring(TEMPLATES, "divisionId")),
    Broken(
        "AROUND-TEMPLATES", "usageCount stands still", each(TEMPLATES, lambda template: template.update(usageCount=1))
    ),
    Broken(
        "AROUND-TEMPLATES",
        "usageCount is a text",
        each(TEMPLATES, lambda one: one.update(usageCount=str(one["usageCount"]))),
    ),
    Broken(
        "AROUND-TEMPLATES", "the - for descending is ignored", answering("GET", TEMPLATES, reversed_when_descending)
    ),
    Broken("AROUND-TEMPLATES", "offset is ignored", ignoring(TEMPLATES, "offset")),
    Broken("AROUND-TEMPLATES", "the creator is left out", without(TEMPLATES, "creator")),
    Broken("AROUND-TEMPLATES", "what a space gets is left out", without(TEMPLATES, "sharedSpaceData")),
    Broken("AROUND-TEMPLATES", "a template that is not there is empty", missing_is_empty(TEMPLATES)),
    Broken("AROUND-ASSETS", "ids is ignored", ignoring(ASSETS, "ids")),
    Broken("AROUND-ASSETS", "slugs is ignored", ignoring(ASSETS, "slugs")),
    Broken("AROUND-ASSETS", "externalIds is taken for ids", calling(ASSETS, "externalIds", "ids")),
    Broken("AROUND-ASSETS", "divisionIds is ignored", ignoring(ASSETS, "divisionIds")),
    Broken("AROUND-ASSETS", "name is ignored", ignoring(ASSETS, "name")),
    Broken("AROUND-ASSETS", "a name must be the text", asset_name_is(lambda text, name: name == text)),
    Broken("AROUND-ASSETS", "a name must start with the text", asset_name_is(lambda text, name: name.startswith(text))),
    Broken("AROUND-ASSETS", "limit is ignored", ignoring(ASSETS, "limit")),
    Broken(
        "AROUND-ASSETS",
        "a limit of 0 is refused",
        refusing("GET", ASSETS, lambda seen: query(seen).get("limit") == "0"),
    ),
    Broken("AROUND-ASSETS", "no asset is archived", each(ASSETS, lambda asset: asset.update(isArchived=False))),
    Broken(
        "AROUND-ASSETS", "permissions are left out in lists", listed(ASSETS, lambda asset: asset.pop("permissions"))
    ),
    Broken(
        "AROUND-ASSETS",
        "every asset is shareable",
        each(ASSETS, lambda asset: asset["permissions"].update(isShareable=True)),
    ),
    Broken("AROUND-ASSETS", "locked ranges leave out their end", each(ASSETS, shorter_ranges)),
    Broken("AROUND-ASSETS", "enforced pages at the end are left out", each(ASSETS, appended_left_out)),
    Broken(
        "AROUND-ASSETS",
        "pageCount counts from 0",
        each(ASSETS, lambda one: one.update(pageCount=(one["pageCount"] or 1) - 1)),
    ),
    Broken("AROUND-ASSETS", "an asset that is not there is empty", missing_is_empty(ASSETS)),
    Broken("AROUND-DIVISIONS", "isAssetSharingEnabled is left out", without(DIVISIONS, "isAssetSharingEnabled")),
    Broken(
        "AROUND-DIVISIONS",
        "isAssetSharingEnabled is a number",
        each(DIVISIONS, lambda one: one.update(isAssetSharingEnabled=1)),
    ),
    Broken(
        "AROUND-DIVISIONS",
        "a listed division has another name",
        listed(DIVISIONS, lambda one: one.update(name="Division")),
    ),
    Broken("AROUND-DIVISIONS", "a division that is not there is empty", missing_is_empty(DIVISIONS)),
)
