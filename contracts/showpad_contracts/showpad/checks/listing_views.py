"""Every filter and every order of the list of spaces: for whoever asks, on every page, beside a sort (LIST-)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from typing import Any

from ...core import expect
from ...core.check import Check
from ...core.violation import TargetLacks, WrongList
from ..client import Client
from ..lists import instant
from ..stateful.model import Requester
from ..stateful.model_listing import SORTS
from ..stateful.story import Story
from ..stateful.views import PLAIN, ROLES, View

Asked = Mapping[str, Any]
PEOPLE = ("owner", "participant", "outsider")
FILTERS: Mapping[str, tuple[Asked, ...]] = {
    "LIST-TITLE": ({},),
    "LIST-SORT": tuple({"sort": sign + name} for name in SORTS for sign in ("", "-")),
    "LIST-OWNER-EMAIL": tuple({"filter": "email", "about": who} for who in PEOPLE),
    "LIST-EMAIL": tuple({"filter": "participant", "about": who} for who in PEOPLE),
    "LIST-EMAIL-MINE": ({"filter": "mine"},),
    "LIST-OWNER": tuple({"filter": "owner", "about": who} for who in PEOPLE),
    "LIST-USER": tuple({"filter": "user", "about": who, "role": role} for who in PEOPLE for role in ROLES),
    "LIST-MANAGER": tuple({"filter": "team", "role": role} for role in ROLES),
    "LIST-GROUP": tuple({"filter": "group", "role": role} for role in ROLES),
    "LIST-SINCE": ({"filter": "since"},),
    "LIST-DEACTIVATED": ({"filter": "active"}, {"filter": "deactivated"}),
}
"""Rule -> what it narrows or orders a list by."""
ANYWHERE: tuple[Asked, ...] = (
    {},
    {"sort": "title"},
    *({"limit": limit, "offset": offset} for limit, offset in ((1, 0), (1, 1), (1, 2), (2, 1), (1000, None))),
    {"offset": 1},
)
"""Pages, and a list in another order."""
AT_A_PLACE = 4
"""How many of the filters are tried on each page, in turn."""
FIRST_AND_SECOND: tuple[Asked, ...] = ({}, {"limit": 1, "offset": 1})


def _stage(client: Client, rule: str) -> Story:
    """Create spaces of several people; where participants are asked for, the owner's are given away."""
    story = Story(client, rule)
    for owner in (
        "owner",
        "participant",
        "owner",
        "manager" if rule.startswith("LIST-EMAIL") else "participant",
        "owner",
    ):
        # At times of their own: of equal ones any order would do.
        instant()
        story.create(owner, story.admin)
    story.change(story.model.spaces[2], story.admin, {"status": "ARCHIVED"})
    for space in list(story.model.spaces) if rule.startswith("LIST-EMAIL") else ():
        if space.owner == client.target.user_id("owner"):
            story.hand_over(space, story.admin, {"userId": client.target.user_id("participant")})
    return story


def _places(story: Story) -> Iterator[tuple[Requester, Asked]]:
    for place in ANYWHERE:
        yield story.admin, place
    for name in ("owner", "manager"):
        for who in (one for one in story.cast.requesters if one.person.name == name):
            yield from ((who, place) for place in FIRST_AND_SECOND)


def _check(rule: str) -> Check[Client]:
    def run(client: Client) -> None:
        with expect.needed("spaces to list", "CREATE-OK"):
            story = _stage(client, rule)
        _holds_wherever(story, FILTERS[rule])

    name = f"what_{rule.lower().replace('-', '_')}_says_holds_for_everybody_and_on_every_page"
    return Check(name=name, rules=(rule,), run=run, writes=True, requests=80)


def _holds_wherever(story: Story, filters: tuple[Asked, ...]) -> None:
    """Where the list is right without the filter, it is right with it."""
    if story.rule == "LIST-OWNER-EMAIL" and _is_ignored(story, filters[0]):
        raise TargetLacks("a filter ownerEmail")  # the name is assumed (LIST-OWNER-EMAIL-NAME)
    waiting = cycle(filters)
    for who, place in _places(story):
        if story.rule == "LIST-TITLE":
            _bear_the_mark(story, who, place)
        elif not View(who, {**PLAIN, **place}).is_right(story):
            continue  # for other rules
        is_sure = story.rule != "LIST-TITLE" or not place  # what the count of a page is, is assumed
        for narrowed in islice(waiting, min(len(filters), AT_A_PLACE)) if is_sure else ():
            story.hold(View(who, {**PLAIN, **place, **narrowed}))


def _bear_the_mark(story: Story, who: Requester, place: Asked) -> None:
    """Every title on a page has the mark that was asked for; how many there are on it other rules say."""
    query = story.cast.query(story.model, who, story.mark, {**PLAIN, **place})
    exchange = story.asked(who, query)
    for item in exchange.received["items"]:
        if story.mark.strip() not in expect.member(item, "title"):
            raise WrongList(
                exchange.name, expected=f"titles with {story.mark}", received=item["title"], rule=story.rule
            )


def _is_ignored(story: Story, narrowed: Asked) -> bool:
    query = story.cast.query(story.model, story.admin, story.mark, {**PLAIN, **narrowed})
    return len(story.own(story.asked(story.admin, query))) == len(story.model.spaces)


VIEWS = tuple(map(_check, FILTERS))
