"""Random sequences of every operation by several people, also refused ones; each answer is held against the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from ...stateful.long_runs import Finding
from ...stateful.prediction import Prediction
from ...stateful.steps import run_steps, watched
from ..client import Client
from ..strategies.items import item_trees
from ..strategies.spaces import within
from . import compare
from .cast import NOBODY, OWNERS, Cast
from .machine_draws import (
    CHANGES,
    CREATE_FAULTS,
    FIELDS,
    ITEMS_FAULTS,
    REQUESTS,
    TRANSFER_FAULTS,
    UPDATE_FAULTS,
    Request,
    perhaps,
)
from .machine_listing import ListingSteps
from .machine_steps import ANYBODY, SPACE, WHO, Who
from .model import Requester, Space

PASTS = ("new", "archived", "participant", "manager")
"""What has happened to a space before a sequence: to whom it was given, where that is a name."""
WHOSE: Mapping[str, Callable[[Space], bool]] = {
    "gone": lambda space: space.is_gone,
    "active": lambda space: not (space.is_gone or space.is_archived),
    "archived": lambda space: space.is_archived and not space.is_gone,
    "refused": lambda _: False,
}
"""Whose publicUri is sent again; a refused create left no space."""


class Sequences(ListingSteps):
    """One sequence of steps; those that list are inherited."""

    def __init__(self, client: Client, finding: Finding) -> None:
        super().__init__(client, finding)
        self.refused_uris: list[str] = []

    @initialize(pasts=st.lists(st.sampled_from(PASTS), min_size=1, max_size=3))
    @watched
    def begin(self, pasts: list[str]) -> None:
        """Begin with a few spaces, some of which something has happened to."""
        for past in pasts:
            self.begin_anew(past)

    def begin_anew(self, past: str) -> None:
        """Create a space that something has happened to."""
        admin = self.admin
        self._create(admin, self.cast.owned(self.body({}, "a"), admin, "owner"))
        if past == "archived":
            self.change(self.model.spaces[-1], admin, {"status": "ARCHIVED"})
        elif past != "new":
            self.hand_over(self.model.spaces[-1], admin, {"userId": self.cast.somebody(past).user_id})

    @rule(
        who=WHO,
        owner=st.sampled_from((*OWNERS, None)),
        fields=FIELDS,
        word=st.sampled_from("aBb"),
        fault=perhaps(CREATE_FAULTS),
    )
    @watched
    def create(self, who: Who, owner: str | None, fields: dict[str, Any], word: str, fault: str | None) -> None:
        """Create a space, for somebody or without saying for whom."""
        creator = self.acting(who)
        sound = self.cast.owned(self.body(fields, word), creator, owner)
        body = sound if fault is None else CREATE_FAULTS[fault](sound, self.cast)
        if body is not None:
            self._create(creator, body)

    @rule(whose=st.sampled_from(("gone", "refused", "active", "archived")))
    @watched
    def create_again(self, whose: str) -> None:
        """Create a space with a publicUri that was sent before, if need be just now."""
        admin, living = self.admin, list(self.model.living())
        if whose == "refused" and not self.refused_uris:
            self._create(admin, self.body({}, "a"))  # without the owner
        if whose == "archived" and living and not any(space.is_archived for space in living):
            self.change(living[-1], admin, {"status": "ARCHIVED"})
        chosen = [space for space in self.model.spaces if WHOSE[whose](space)]
        uris = self.refused_uris if whose == "refused" else [space.fields["publicUri"] for space in chosen]
        if uris:
            # Taken off: from now on it is in use, and no longer one that was only refused.
            self._create(admin, self.cast.owned({**self.body({}, "a"), "publicUri": uris.pop()}, admin, "owner"))

    def _create(self, who: Requester, body: dict[str, Any]) -> None:
        # Only one that is well formed can be sent again, to see that the refused create did not take it.
        made, uri = self.make(who, body), body.get("publicUri")
        if made is None and isinstance(uri, str) and self.client.session.bears_mark(uri):
            self.refused_uris.append(uri)

    @rule(
        space=SPACE,
        who=WHO,
        change=CHANGES,
        word=st.none() | st.sampled_from("aBb"),
        fault=perhaps(UPDATE_FAULTS),
    )
    @watched
    def update(self, space: Space, who: Who, change: dict[str, Any], word: str | None, fault: str | None) -> None:
        """Change some fields or none; where one is wrong, nothing may be done."""
        title = {"title": self.mark + word} if word else {}
        wrong = {} if fault is None else UPDATE_FAULTS[fault](space, self.cast)
        self.change(space, self.acting(who, space), {**within(self.client.target, change), **title, **wrong})

    @rule(space=SPACE, who=WHO)
    @watched
    def delete(self, space: Space, who: Who) -> None:
        """Delete for good; the last one gets a successor, for most steps need a space."""
        self.remove(space, self.acting(who, space))
        if not list(self.model.living()):
            self.begin_anew("new")

    @rule(space=SPACE, who=WHO, to=st.sampled_from(OWNERS), fault=perhaps(TRANSFER_FAULTS))
    @watched
    def transfer(self, space: Space, who: Who, to: str, fault: str | None) -> None:
        """Transfer a space to somebody, perhaps to whom it belongs, or to nobody who can own it."""
        sound = {"userId": self.cast.somebody(to).user_id}
        body = sound if fault is None else TRANSFER_FAULTS[fault](self.cast)
        if body is not None:
            self.hand_over(space, self.acting(who, space), body)

    def hand_over(self, space: Space, who: Requester, body: dict[str, Any]) -> None:
        """Transfer the ownership of a space, which the former and the new owner see afterwards."""
        former = self.owners(space)
        super().hand_over(space, who, body)
        if former is not self.owners(space):
            self.see(space, former)
            self.see(space, self.owners(space))

    @rule(space=SPACE, who=WHO, tree=item_trees(), fault=perhaps(ITEMS_FAULTS))
    @watched
    def add_items(self, space: Space, who: Who, tree: list[dict[str, Any]], fault: str | None) -> None:
        """Add assets and folders, some of which cannot be added; where one is malformed, none may be."""
        adder = self.acting(who, space)
        if fault is not None:
            self.fill(space, adder, ITEMS_FAULTS[fault])
            return
        if self.cast.has_assets:
            self.fill_with(space, adder, tree)

    @rule(space=SPACE, who=ANYBODY)
    @watched
    def get(self, space: Space, who: Requester) -> None:
        """Look at a space, as anybody."""
        self.see(space, who)

    @rule(space=SPACE, request=st.sampled_from(REQUESTS))
    @watched
    def ask_without_a_token(self, space: Space, request: Request) -> None:
        """Nobody may do anything."""
        exchange = self.client.nobody.request(request.method, f"/shared-spaces/{space.id}{request.below}", request.body)
        told = Prediction(401, "CONV-AUTH-401")
        compare.status(exchange, told)
        self.was_refused(space, told)

    @rule(who=ANYBODY, request=st.sampled_from(REQUESTS))
    @watched
    def ask_for_no_space(self, who: Requester, request: Request) -> None:
        """There is no space of this id, whoever asks."""
        exchange = self.by(who).request(request.method, f"/shared-spaces/{NOBODY}{request.below}", request.body)
        compare.status(exchange, Prediction(404, request.rule, by_code="CONV-ORDER"))


def run_sequences(client: Client) -> None:
    """Run the machine as the run's profile and seed have it."""
    Cast(client.target)  # what the target lacks is told before anything is sent
    run_steps(client, Sequences)
