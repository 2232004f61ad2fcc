"""One space in every place that shows it: the same, and whole, for everybody who may see it (SPACE-, GET-, PATCH-)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...core import expect
from ...core.check import Check, Run, check
from ...core.violation import ExtraMember, Inconclusive, TargetLacks
from ...transport.session import Caller
from ..assertions import with_each_token
from ..client import Client
from ..lists import SPACES, mark
from ..strategies.spaces import UNUSUAL, within
from .spaces import has_the_further_members, has_the_guides_members

Space = Mapping[str, Any]
VIEWERS = ("admin", "owner", "manager")
"""Who may see the spaces that checks create."""
EVERYWHERE = ("CREATE-OK", "PATCH-OK", "GET-OK", "SPACE-LISTED")
UNLISTED = "description"
MADE: tuple[dict[str, Any], ...] = ({}, UNUSUAL, {"sharedSpaceTemplate": "published_template"})
"""Fields of spaces to look at; a template is an offer's name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A space in one place: the rule that promises it there, and how a GET of the administrator's shows it."""

    place: str
    rule: str
    space: Space
    now: Space


def _everywhere(
    client: Client, fields: dict[str, Any], rules: Collection[str] = EVERYWHERE, *, status: str = "ACTIVE"
) -> Iterator[Shown]:
    title = mark(client)
    template = fields.get("sharedSpaceTemplate")
    made = fields if template is None else {"sharedSpaceTemplate": {"id": client.target.offer(template)["id"]}}
    created = client.space(title=title, **within(client.target, made))
    path = f"{SPACES}/{created['id']}"
    yield Shown("the answer to a create", "CREATE-OK", created, client.now(created["id"]))
    with expect.needed("an updated space", "PATCH-OK"):
        updated = expect.answered(client.owner.patch(path, {"description": "Changed", "status": status}), 200)
    now = client.now(created["id"])
    yield Shown("the answer to an update", "PATCH-OK", updated, now)
    for caller in _viewers(client) if "GET-OK" in rules else ():
        exchange = caller.get(path)
        if exchange.status == 200:  # else a rule of their role is broken
            yield Shown(f"a GET by {caller.name}", "GET-OK", expect.json_object(exchange), now)
    for caller in _viewers(client) if "SPACE-LISTED" in rules else ():
        for item in _listed(caller, title):
            if item.get("id") == created["id"]:
                yield Shown(f"the list of {caller.name}", "SPACE-LISTED", item, now)


def _viewers(client: Client) -> Iterator[Caller]:
    for name in VIEWERS:
        if name in client.target.actors and client.target.actors[name].api_token is not None:
            yield from with_each_token(client, name)


def _listed(caller: Caller, title: str) -> list[Any]:
    with expect.needed("a list by title", "LIST-TITLE"):
        items = expect.member(expect.answered(caller.get(SPACES, params={"title": title}), 200), "items")
        expect.of_type(items, list, "items of the list")
        return list(items)


def _is_the_same(shown: Shown) -> None:
    """It has just the members of the space as it is now, with their values."""
    listed = shown.rule == "SPACE-LISTED"
    expected = {name: value for name, value in shown.now.items() if not (listed and name == UNLISTED)}
    for name, value in _known(expected).items():
        expect.equal(expect.member(shown.space, name, of=shown.place), value, f"{name} of {shown.place}")
    for name in _known(shown.space).keys() - expected.keys():
        raise ExtraMember(shown.place, expected=f"no {name}", received=shown.space[name])


def _known(space: Space) -> Space:
    """Leave out a template that is none: it may be null or absent (SPACE-TEMPLATE)."""
    return {name: value for name, value in space.items() if name != "sharedSpaceTemplate" or value is not None}


def _same_in(rule: str) -> Run[Client]:
    def run(client: Client, made: dict[str, Any], status: str) -> None:
        for shown in _everywhere(client, made, [rule], status=status):
            if shown.rule == rule:
                _is_the_same(shown)

    return run


def _check(rule: str, name: str) -> Check[Client]:
    decorate = check(rule, writes=True, always={"made": MADE, "status": ("ACTIVE", "ARCHIVED", "ACTIVE")})
    run = _same_in(rule)
    run.__name__ = name
    return decorate(run)


THE_SAME_EVERYWHERE = (
    _check("CREATE-OK", "a_create_is_answered_with_the_space_as_it_is_read"),
    _check("PATCH-OK", "an_update_is_answered_with_the_space_as_it_is_read"),
    _check("GET-OK", "everybody_reads_the_same_space"),
    _check("SPACE-LISTED", "everybody_is_listed_the_space_as_it_is_read"),
)


@check("SPACE-FIELDS", writes=True, always={"made": MADE, "status": ("ARCHIVED", "ACTIVE", "ACTIVE")})
def everybody_is_shown_the_members_that_the_guide_lists(client: Client, made: dict[str, Any], status: str) -> None:
    """SPACE-FIELDS: in every place, but that lists leave out the description."""
    for shown in _everywhere(client, made, status=status):
        with_description = {UNLISTED: "", **shown.space} if shown.rule == "SPACE-LISTED" else shown.space
        has_the_guides_members(with_description)


@check("SPACE-FIELDS-MORE", writes=True, always={"made": MADE, "status": ("ARCHIVED", "ACTIVE", "ACTIVE")})
def everybody_is_shown_the_members_that_the_description_adds(client: Client, made: dict[str, Any], status: str) -> None:
    """SPACE-FIELDS-MORE: in every place."""
    for shown in _everywhere(client, made, status=status):
        has_the_further_members(shown.space)


@check("SPACE-TEMPLATE", writes=True)
def every_place_names_the_template(client: Client) -> None:
    """SPACE-TEMPLATE: its id and its name, also after an update."""
    offered = client.target.offer("published_template")
    for shown in _everywhere(client, {"sharedSpaceTemplate": "published_template"}):
        for name in ("id", "name"):
            told = expect.member(shown.space, f"sharedSpaceTemplate.{name}", of=shown.place)
            expect.equal(told, offered[name], f"sharedSpaceTemplate.{name} of {shown.place}")


@check("SPACE-LISTED")
def a_space_of_the_tenants_own_is_listed_as_it_is(client: Client) -> None:
    """SPACE-LISTED: one that may have what no create gives, such as a customer's logo."""
    before = client.now(client.target.offer("some_space"))
    found = [item for item in _listed(client.admin, before["title"]) if item.get("id") == before["id"]]
    # The tenant's people may be at work on it: then a difference proves nothing.
    if client.now(before["id"]) != before:
        raise Inconclusive("the space was changed meanwhile")
    if not found:
        raise TargetLacks("a space that its title finds")
    _is_the_same(Shown("the list", "SPACE-LISTED", found[0], before))
