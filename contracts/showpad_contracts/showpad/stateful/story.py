"""Stories: changes made one after the other, after each of which everything that shows the spaces must show it."""

from __future__ import annotations

from typing import Any

from ...core.exchange import Exchange
from ...core.violation import TargetLacks, Violation, WrongList
from ..client import Client
from ..strategies.spaces import UNUSUAL
from .cast import ACTING, Cast
from .compare import Blame
from .model import Requester, Space
from .model_listing import Query
from .play_lists import ListedPlay
from .views import PLAIN, View, all_views

TIES = "LIST-SORT-TIES"
FEW = 5
"""A run that draws no more examples of a property looks at a change through a part of the views, in turn."""
PARTS = 3
"""How many such parts there are."""


class Story(ListedPlay):
    """Some spaces of the owner's and one of somebody else's, which no change is about.

    What is not shown as the model says before a change is looked at no more: that is for rules of its own.
    """

    def __init__(self, client: Client, rule: str) -> None:
        super().__init__(client)
        self.cast = Cast(client.target, in_person=ACTING)
        self.rule = rule
        self.views: list[View] = []
        self._unproven: list[View] = []  # what they narrow a list by is nothing that can be told before the change
        self._looks = 0
        self._they_stay: bool | None = None
        self.lasting: Space | None = None
        """A space whose last change is held against what is written next: what is wrong with it, is wrong by that."""

    def begin(self, spaces: int) -> list[Space]:
        """Create the spaces, the other's last, and find out what is shown rightly."""
        # Nothing at its default: a server that falls back to defaults is found by each member.
        made = [self.create(owner, self.admin, **UNUSUAL) for owner in (*["owner"] * spaces, "participant")]
        self.views = [view for view in all_views(self) if view.is_right(self)]
        self._unproven = [view for view in self.views if not view.is_narrowed(self)]
        return made

    def create(self, owner: str, by: Requester, **fields: Any) -> Space:
        """Create a space of somebody's."""
        described = {"description": "Told", **fields}  # what a space without one shows is assumed
        body = self.body(described, f"no. {len(self.model.spaces)}")
        space = self.make(by, self.cast.owned(body, by, owner))
        assert space is not None  # the model refuses no sound create
        return space

    def who(self, name: str, *, in_person: bool = False) -> Requester:
        """Return somebody who acts; in person where there is a token for that."""
        found = [one for one in self.cast.requesters if one.person.name == name]
        if not found:
            raise TargetLacks(f"the actor {name}")
        return found[-1] if in_person else found[0]

    def look_around(self, *, everywhere: bool = False) -> None:
        """Everything that was shown rightly is so still; else the change broke its rule."""
        for view in self.views if everywhere else self._next_views():
            self.hold(view)

    def hold(self, view: View) -> None:
        """What a view shows is as the model says, where that is promised; else the story's rule is broken."""
        if not self.is_sure(view):
            return
        try:
            view.look(self)
        except Violation as violation:
            if violation.rule == TIES and not self._ties_are_as_assumed(view):
                return
            if view not in self._unproven:
                violation.rule = self.rule
            raise

    def _next_views(self) -> list[View]:
        """Return every view; of a run that draws few examples a part, another one each time."""
        if self.client.session.draws.examples > FEW:
            return self.views
        self._looks += 1
        return self.views[self._looks % PARTS :: PARTS]

    def look(self, space: Space, blame: Blame) -> None:
        """Look what became of a space after a request."""
        try:
            super().look(space, blame)
        except Violation as violation:
            if space is self.lasting:
                violation.rule = self.rule
            raise

    def listed(self, who: Requester, query: Query) -> Exchange:
        """Ask for a list, which has none but the story's spaces where their mark is in the title asked for."""
        exchange = super().listed(who, query)
        own = {space.id for space in self.model.spaces}
        others = [one["id"] for one in exchange.received["items"] if one["id"] not in own]
        if others and "title" in query.params:
            raise WrongList(exchange.name, expected=sorted(own), received=others, rule="LIST-TITLE-CONTAINS")
        return exchange

    def look_at(self, *spaces: Space) -> None:
        """These spaces are alone as the model says, for the administrator and their owners."""
        for space in spaces:
            for viewer in (self.admin, self.owners(space)):
                try:
                    self.see(space, viewer)
                except Violation as violation:
                    violation.rule = self.rule
                    raise

    def list_all(self) -> None:
        """The administrator's list of the spaces is as the model says."""
        self.listed(self.admin, self.cast.query(self.model, self.admin, self.mark, PLAIN))

    def is_sure(self, view: View) -> bool:
        """Return whether what a view shows is promised: that former owners stay members is not (TRANSFER-MEMBERS)."""
        told = view.told(self)
        # The model is asked twice: as it is, and as if no former owner had stayed.
        members = [(space, space.members) for space in self.model.spaces]
        for space, all_of_them in members:
            space.members = {user: why for user, why in all_of_them.items() if why != "TRANSFER-MEMBERS"}
        is_promised = view.told(self) == told
        for space, all_of_them in members:
            space.members = all_of_them
        return is_promised or self._former_owners_stay()

    def _ties_are_as_assumed(self, view: View) -> bool:
        """Return whether the plain list in a view's order has equal spaces, and those without value, where assumed."""
        return View(self.admin, {**PLAIN, "sort": (view.asked or PLAIN)["sort"]}).is_right(self)

    def _former_owners_stay(self) -> bool:
        if self._they_stay is None:
            people = [self.who(name) for name in ("owner", "participant")]
            views = [view for who in people for view in (View(who), View(who, PLAIN))]
            self._they_stay = all(view.is_right(self) for view in views)
        return self._they_stay

    def hand_over(self, space: Space, who: Requester, body: dict[str, Any]) -> None:
        """Transfer the ownership of a space."""
        super().hand_over(space, who, body)
        # Who was the owner before is another now: that they stay has to be seen anew.
        self._they_stay = None
