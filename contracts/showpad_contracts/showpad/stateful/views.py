"""Every way to look at a play's spaces: alone as everybody, in every order and by every filter, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from ...core.violation import Violation
from .model import Requester
from .model_listing import SORTS, whole
from .play_lists import ListedPlay

PLAIN: Mapping[str, Any] = {
    "title": (str, ""),
    "filter": None,
    "about": "owner",
    "role": None,
    "sort": None,
    "limit": None,
    "offset": None,
}
"""A list of the play's own spaces, as Cast.query takes it."""
ROLES = ("ANY", "OWNER", "PARTICIPANT")
PEOPLE = ("owner", "participant")
FILTERS: tuple[Mapping[str, Any], ...] = (
    *({"filter": name, "about": who} for name in ("email", "owner", "participant") for who in PEOPLE),
    *({"filter": "user", "about": who, "role": role} for who in PEOPLE for role in ROLES),
    *({"filter": name, "role": role} for name in ("group", "team") for role in ROLES),
    *({"filter": name} for name in ("active", "deactivated", "since")),
    {"limit": 1},
    {"limit": 1, "offset": 1},
    # Titles differ, and a story's first space has the lowest before a change and after it: whatever the ids of spaces
    # that are alike otherwise, it is never the one that this page leaves out.
    {"limit": 2, "offset": 1, "sort": "-title"},
    {"limit": 1000},
)
"""What the administrator's lists are narrowed by, and how they are sorted where that matters."""
MINE: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "manager": ({"filter": "team", "role": "ANY"}, {"filter": "team", "role": "OWNER"}),
    "owner": ({"filter": "mine"},),
    "participant": ({"filter": "mine"},),
}
"""What others narrow their lists by."""


@dataclass(frozen=True, slots=True)
class View:
    """One look, as somebody: at each space alone, or at a list."""

    who: Requester
    asked: Mapping[str, Any] | None = None

    def look(self, play: ListedPlay) -> None:
        """Hold what is shown against the model. Raises Violation."""
        if self.asked is None:
            for space in play.model.spaces:
                play.see(space, self.who)
        else:
            play.listed(self.who, play.cast.query(play.model, self.who, play.mark, self.asked))

    def is_right(self, play: ListedPlay) -> bool:
        """Return whether it shows what the model says."""
        try:
            self.look(play)
        except Violation:
            return False
        return True

    def is_narrowed(self, play: ListedPlay) -> bool:
        """Return whether the list is narrowed by what is asked for, which may be nothing that the model can tell."""
        if self.asked is None or self.asked["filter"] is None:
            return True
        return len(play.cast.query(play.model, self.who, play.mark, self.asked).filters) > 1

    def told(self, play: ListedPlay) -> list[Any]:
        """Return which spaces the model says are shown."""
        if self.asked is None:
            return [play.model.get(self.who, space).status for space in play.model.spaces]
        query = play.cast.query(play.model, self.who, play.mark, self.asked)
        return [space.id for space in whole(play.model, self.who.person, query)]


def all_views(play: ListedPlay) -> Iterator[View]:
    """Return every view; the orders are spread over the filters, so that each comes up once at least."""
    # Every order beside every filter would be twelve times as many requests after each change.
    sorts = cycle(sign + name for name in SORTS for sign in ("", "-"))
    for narrowed in FILTERS:
        yield View(play.admin, {**PLAIN, "sort": next(sorts), **narrowed})
    for who in play.cast.requesters:
        yield View(who)
        yield View(who, PLAIN)
        for narrowed in () if who.in_person else MINE.get(who.person.name, ()):
            yield View(who, {**PLAIN, **narrowed, "sort": next(sorts)})
