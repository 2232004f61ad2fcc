"""Sharing Themes (AROUND-THEMES)."""

from __future__ import annotations

from ...core import expect
from ...core.check import check
from ...core.violation import WrongValue
from ..client import Client
from ..forms import ONE_THEME, THEME
from ..lists import holds, ids, lacks, list_of
from .lookups import UNKNOWN, complete, one, parts_of_a_list, sorted_list

THEMES = "/themes"


@check("AROUND-THEMES")
def every_answer_about_themes_is_complete(client: Client) -> None:
    """AROUND-THEMES: in lists and alone, where a theme tells its experiences too; for administrators and others."""
    complete(client, THEMES, THEME, ONE_THEME)


@check("AROUND-THEMES")
def the_global_theme_belongs_to_no_division_and_others_to_one(client: Client) -> None:
    """AROUND-THEMES: division is null, or an object with an id."""
    world = one(client.admin, THEMES, client.target.offer("global_theme"))
    expect.equal((world["isGlobal"], world["division"]), (True, None), "isGlobal and division of the Global Theme")
    other = one(client.admin, THEMES, client.target.offer("other_theme"))
    expect.equal(other["isGlobal"], False, "isGlobal of another theme")  # noqa: FBT003
    expect.of_type(expect.member(other, "division.id"), str, "division.id of another theme")


@check("AROUND-THEMES")
def themes_are_found_by_what_they_are(client: Client) -> None:
    """AROUND-THEMES: every theme listed passes isDefault, and title."""
    for value in (True, False):
        for theme in list_of(client.admin, THEMES, isDefault=str(value).lower()):
            expect.equal(theme["isDefault"], value, "isDefault of a theme listed for it")
        parts_of_a_list(client, THEMES, isDefault=str(value).lower())
    other = one(client.admin, THEMES, client.target.offer("other_theme"))
    found = list_of(client.admin, THEMES, title=other["title"])
    holds(ids(found), other["id"], "the themes by title")
    for theme in found:
        if other["title"].casefold() not in theme["title"].casefold():
            raise WrongValue("title of a theme listed for it", expected=other["title"], received=theme["title"])
    parts_of_a_list(client, THEMES, title=other["title"])


@check("AROUND-THEMES")
def themes_are_found_by_their_division(client: Client) -> None:
    """AROUND-THEMES: with the Global Theme where that is asked for, and without it where not."""
    world, other = (client.target.offer(name) for name in ("global_theme", "other_theme"))
    division = expect.member(one(client.admin, THEMES, other), "division.id")
    for value, test in (("true", holds), ("false", lacks)):
        found = list_of(client.admin, THEMES, divisionId=division, includeGlobal=value)
        test(ids(found), world, f"the themes with includeGlobal={value}")
        parts_of_a_list(client, THEMES, divisionId=division, includeGlobal=value)
        holds(ids(found), other, "the themes of the division")
        for theme in found:
            if not theme["isGlobal"]:
                expect.equal(expect.member(theme, "division.id"), division, "division of a theme listed for it")


@check("AROUND-THEMES")
def themes_come_in_order_and_in_pages(client: Client) -> None:
    """AROUND-THEMES: the newest first when nothing is said, and 50 of them."""
    sorted_list(client, THEMES, ("title", "createdAt", "updatedAt"))
    parts_of_a_list(client, THEMES, sort="createdAt")


@check("AROUND-THEMES", given=UNKNOWN, examples=2)
def a_theme_that_is_not_there_is_answered_404(client: Client, unknown: str) -> None:
    """AROUND-THEMES: an id that no theme has."""
    expect.refused(client.admin.get(f"{THEMES}/{unknown}"), 404)
