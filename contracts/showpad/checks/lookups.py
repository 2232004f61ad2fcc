"""Users, themes, templates and divisions, as far as spaces and Shares need them (AROUND-); assets have their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from ... import expect
from ...check import Check, check
from ...failure import TargetLacks, Undecided, WrongForm, WrongList, WrongValue
from ..api import Api
from ..strategies.items import unknown_ids
from .lists import holds, ids, in_order, lacks, list_of, only, same_members

USERS, THEMES, TEMPLATES, DIVISIONS = "/users", "/themes", "/shared-space-templates", "/divisions"
USER = ("id", "email", "firstName", "lastName", "createdAt", "updatedAt")
DIVISION = ("id", "name", "isAssetSharingEnabled", "createdAt", "updatedAt")
COLORS = ("headerColor", "headerFontColor", "accentColor", "accentFontColor")
THEME = (
    *("id", "title", "isGlobal", "isDefault", "createdAt", "updatedAt", "division"),
    *(f"displayData.{name}" for name in ("aboutDescription", "logo", "displayImage")),
    *(f"colorSettings.{name}" for name in COLORS),
)
TEMPLATE = (
    *("id", "isPublished", "creator.id", "name", "description", "division.id", "usageCount", "createdAt", "updatedAt"),
    *(f"sharedSpaceData.{name}" for name in ("title", "description", "theme")),
)
UNKNOWN = {"unknown": unknown_ids}


def described(thing: dict[str, Any], members: Sequence[str], what: str) -> None:
    """An object has these members, and its times and yes-or-no members are such."""
    expect.members(thing, members, what)
    for name in ("createdAt", "updatedAt"):
        expect.time(thing[name], f"{name} of {what}")
    for name in members:
        if name.startswith("is"):
            expect.of_type(thing[name], bool, f"{name} of {what}")


def one(api: Api, path: str, thing_id: str) -> dict[str, Any]:
    """Give an object by its id, which it tells."""
    thing = expect.answered(api.admin.get(f"{path}/{thing_id}"), 200)
    expect.equal(expect.member(thing, "id"), thing_id, "id of what was asked for")
    return thing


def parts_of_a_list(api: Api, path: str, **params: Any) -> None:
    """Pages of a list are parts of the whole, and without a limit it has 50 at most."""
    whole = ids(list_of(api.admin, path, limit=1000, **params))
    asked = [{}, {"limit": 50}, {"limit": 1}, {"limit": 2}, {"offset": 1}, {"limit": 1, "offset": 1}]
    pages = [(page, ids(list_of(api.admin, path, **page, **params))) for page in asked]
    if ids(list_of(api.admin, path, limit=1000, **params)) != whole:
        raise Undecided("the list changed meanwhile")
    for page, found in pages:
        start = page.get("offset", 0)
        expected = whole[start : start + page.get("limit", 50)]
        if found != expected:
            raise WrongList(f"{path} with {page}", expected=expected, received=found)


def initial(text: str) -> str | None:
    """Give what any order of texts goes by: the first letter, where that is one of A to Z."""
    return text[0] if "A" <= text[:1] <= "Z" else None


def sorted_list(api: Api, path: str, keys: Sequence[str], **params: Any) -> None:
    """A list comes in the order asked for, by each key in either direction, and the newest first without one."""
    for sort in ("", *keys, *(f"-{key}" for key in keys)):
        found = list_of(api.admin, path, limit=1000, **params, **({"sort": sort} if sort else {}))
        key = sort.removeprefix("-") or "createdAt"
        values = [initial(item[key]) if key in ("name", "title") else item[key] for item in found]
        in_order(values, f"{key} of {path} with sort={sort!r}", descending=sort != key)


@check("AROUND-USERS")
def a_user_is_the_same_alone_and_listed(api: Api) -> None:
    """AROUND-USERS: with all members."""
    user = one(api, USERS, api.target.user_id("owner"))
    described(user, USER, "the user")
    listed = only(list_of(api.admin, USERS, ids=user["id"]), user["id"], "the users by one id")
    expect.equal([listed.get(name) for name in USER], [user[name] for name in USER], "the user in the list")


@check("AROUND-USERS")
def users_are_found_by_ids_and_by_addresses(api: Api) -> None:
    """AROUND-USERS: one, and several with commas between them."""
    users = [one(api, USERS, api.target.user_id(actor)) for actor in ("owner", "participant")]
    for some in (users[:1], users[1:], users):
        for name, key in (("ids", "id"), ("emails", "email")):
            found = list_of(api.admin, USERS, **{name: ",".join(user[key] for user in some)})
            same_members(ids(found), ids(some), f"the users by {name}")


@check("AROUND-USERS")
def a_list_of_users_comes_in_pages(api: Api) -> None:
    """AROUND-USERS: of 50 when nothing is said; a page of none is one too."""
    users = [api.target.user_id(actor) for actor in ("owner", "participant")]
    parts_of_a_list(api, USERS, ids=",".join(users))
    expect.equal(list_of(api.admin, USERS, limit=0), [], "the users with limit=0")
    if len(list_of(api.admin, USERS)) > 50:
        raise WrongList("the users without a limit", expected="50 at most", received="more")


@check("AROUND-USERS", given=UNKNOWN, examples=2)
def a_user_that_is_not_there_is_answered_404(api: Api, unknown: str) -> None:
    """AROUND-USERS: and listed nowhere."""
    expect.refused(api.admin.get(f"{USERS}/{unknown}"), 404)
    expect.equal(list_of(api.admin, USERS, ids=unknown), [], "the users by an unknown id")


@check("AROUND-THEMES")
def a_theme_is_the_same_alone_and_listed(api: Api) -> None:
    """AROUND-THEMES: alone it tells its experiences too; colours are six hex digits."""
    for listed in list_of(api.admin, THEMES, limit=5):
        described(listed, THEME, "the theme")
        for name in COLORS:
            expect.matches(listed["colorSettings"][name], "[0-9A-Fa-f]{6}", f"{name} of the theme")
        theme = one(api, THEMES, listed["id"])
        expect.member(theme, "experiences", of="the theme alone")
        expect.equal({name: theme.get(name) for name in listed}, listed, "the theme alone")


@check("AROUND-THEMES")
def the_global_theme_belongs_to_no_division_and_others_to_one(api: Api) -> None:
    """AROUND-THEMES: division is null, or an object with an id."""
    world = one(api, THEMES, api.target.offer("global_theme"))
    expect.equal((world["isGlobal"], world["division"]), (True, None), "isGlobal and division of the Global Theme")
    other = one(api, THEMES, api.target.offer("other_theme"))
    expect.equal(other["isGlobal"], False, "isGlobal of another theme")  # noqa: FBT003
    expect.of_type(expect.member(other, "division.id"), str, "division.id of another theme")


@check("AROUND-THEMES")
def themes_are_found_by_what_they_are(api: Api) -> None:
    """AROUND-THEMES: every theme listed passes isDefault, and title."""
    for value in (True, False):
        for theme in list_of(api.admin, THEMES, isDefault=str(value).lower()):
            expect.equal(theme["isDefault"], value, "isDefault of a theme listed for it")
    other = one(api, THEMES, api.target.offer("other_theme"))
    found = list_of(api.admin, THEMES, title=other["title"])
    holds(ids(found), other["id"], "the themes by title")
    for theme in found:
        if other["title"].casefold() not in theme["title"].casefold():
            raise WrongValue("title of a theme listed for it", expected=other["title"], received=theme["title"])


@check("AROUND-THEMES")
def themes_are_found_by_their_division(api: Api) -> None:
    """AROUND-THEMES: with the Global Theme where that is asked for, and without it where not."""
    world, other = (api.target.offer(name) for name in ("global_theme", "other_theme"))
    division = expect.member(one(api, THEMES, other), "division.id")
    for value, test in (("true", holds), ("false", lacks)):
        found = list_of(api.admin, THEMES, divisionId=division, includeGlobal=value)
        test(ids(found), world, f"the themes with includeGlobal={value}")
        holds(ids(found), other, "the themes of the division")
        for theme in found:
            if not theme["isGlobal"]:
                expect.equal(expect.member(theme, "division.id"), division, "division of a theme listed for it")


@check("AROUND-THEMES")
def themes_come_in_order_and_in_pages(api: Api) -> None:
    """AROUND-THEMES: the newest first when nothing is said, and 50 of them."""
    sorted_list(api, THEMES, ("title", "createdAt", "updatedAt"))
    parts_of_a_list(api, THEMES, sort="createdAt")


@check("AROUND-THEMES", given=UNKNOWN, examples=2)
def a_theme_that_is_not_there_is_answered_404(api: Api, unknown: str) -> None:
    """AROUND-THEMES: an id that no theme has."""
    expect.refused(api.admin.get(f"{THEMES}/{unknown}"), 404)


@check("AROUND-TEMPLATES")
def a_template_is_the_same_alone_and_listed(api: Api) -> None:
    """AROUND-TEMPLATES: with all members."""
    template = one(api, TEMPLATES, api.target.offer("published_template")["id"])
    described(template, TEMPLATE, "the template")
    expect.of_type(template["usageCount"], int, "usageCount of the template")
    if template["sharedSpaceData"]["theme"] is not None:
        expect.of_type(expect.member(template, "sharedSpaceData.theme.id"), str, "theme of the template")
    for listed in list_of(api.admin, TEMPLATES, limit=1000):
        described(listed, TEMPLATE, "a listed template")
        if listed["id"] == template["id"]:
            names = [name.partition(".")[0] for name in TEMPLATE if name not in ("usageCount", "updatedAt")]
            expect.equal([listed[name] for name in names], [template[name] for name in names], "the listed template")


@check("AROUND-TEMPLATES")
def templates_that_are_not_published_are_listed_on_demand(api: Api) -> None:
    """AROUND-TEMPLATES: for administrators; those that are published are always there."""
    draft, ready = api.target.offer("unpublished_template"), api.target.offer("published_template")["id"]
    for params, test in (
        ({}, lacks),
        ({"includeUnpublished": "false"}, lacks),
        ({"includeUnpublished": "true"}, holds),
    ):
        found = list_of(api.admin, TEMPLATES, limit=1000, **params)
        holds(ids(found), ready, f"the templates with {params}")
        test(ids(found), draft, f"the templates with {params}")
        if test is lacks and not all(template["isPublished"] is True for template in found):
            raise WrongForm("isPublished of the templates listed", expected="true in each", received=found)


@check("AROUND-TEMPLATES")
def templates_are_found_by_their_division(api: Api) -> None:
    """AROUND-TEMPLATES: every template listed is of it."""
    template = one(api, TEMPLATES, api.target.offer("published_template")["id"])
    others = [division for division in ids(list_of(api.admin, DIVISIONS)) if division != template["division"]["id"]]
    for division in (template["division"]["id"], *others[:2]):
        found = list_of(api.admin, TEMPLATES, divisionId=division, limit=1000)
        (lacks if division in others else holds)(ids(found), template["id"], f"the templates of {division}")
        for other in found:
            expect.equal(other["division"]["id"], division, "division of a template listed for it")


@check("AROUND-TEMPLATES")
def templates_come_in_order_and_in_pages(api: Api) -> None:
    """AROUND-TEMPLATES: the newest first when nothing is said, and 50 of them."""
    sorted_list(api, TEMPLATES, ("createdAt", "updatedAt", "name", "usageCount"), includeUnpublished="true")
    parts_of_a_list(api, TEMPLATES, sort="createdAt", includeUnpublished="true")


@check("AROUND-TEMPLATES", writes=True)
def a_template_counts_the_spaces_made_from_it(api: Api) -> None:
    """AROUND-TEMPLATES: one more, or more if others made some as well."""
    template = api.target.offer("published_template")["id"]
    before = one(api, TEMPLATES, template)["usageCount"]
    api.space(sharedSpaceTemplate={"id": template})
    after = one(api, TEMPLATES, template)["usageCount"]
    if after <= before:
        raise WrongValue("usageCount of the template", expected=f"{before + 1} or more", received=after)


@check("AROUND-TEMPLATES", given={"unknown": st.uuids(version=4).map(str)}, examples=2)
def a_template_that_is_not_there_is_answered_404(api: Api, unknown: str) -> None:
    """AROUND-TEMPLATES: an id that no template has."""
    expect.refused(api.admin.get(f"{TEMPLATES}/{unknown}"), 404)


@check("AROUND-DIVISIONS")
def a_division_is_the_same_alone_and_listed(api: Api) -> None:
    """AROUND-DIVISIONS: with all members."""
    division = one(api, DIVISIONS, api.target.offer("division"))
    found = list_of(api.admin, DIVISIONS)
    for listed in found:
        described(listed, DIVISION, "a listed division")
    described(division, DIVISION, "the division")
    if len(found) >= 50 and division["id"] not in ids(found):
        raise TargetLacks("a list of divisions that is short")  # how such a list is paged is not published
    listed = only([one for one in found if one["id"] == division["id"]], division["id"], "the divisions")
    expect.equal([listed[name] for name in DIVISION], [division[name] for name in DIVISION], "the listed division")


@check("AROUND-DIVISIONS", given=UNKNOWN, examples=2)
def a_division_that_is_not_there_is_answered_404(api: Api, unknown: str) -> None:
    """AROUND-DIVISIONS: an id that no division has."""
    expect.refused(api.admin.get(f"{DIVISIONS}/{unknown}"), 404)


CHECKS: tuple[Check, ...] = (
    a_user_is_the_same_alone_and_listed,
    users_are_found_by_ids_and_by_addresses,
    a_list_of_users_comes_in_pages,
    a_user_that_is_not_there_is_answered_404,
    a_theme_is_the_same_alone_and_listed,
    the_global_theme_belongs_to_no_division_and_others_to_one,
    themes_are_found_by_what_they_are,
    themes_are_found_by_their_division,
    themes_come_in_order_and_in_pages,
    a_theme_that_is_not_there_is_answered_404,
    a_template_is_the_same_alone_and_listed,
    templates_that_are_not_published_are_listed_on_demand,
    templates_are_found_by_their_division,
    templates_come_in_order_and_in_pages,
    a_template_counts_the_spaces_made_from_it,
    a_template_that_is_not_there_is_answered_404,
    a_division_is_the_same_alone_and_listed,
    a_division_that_is_not_there_is_answered_404,
)
