"""Random sequences of every operation by several people, also refused ones; each answer is held against the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from .. import expect
from ..exchange import Exchange
from . import comparing
from .api import Api
from .comparing import Blame
from .long_runs import Finding, run_machine, to_the_end
from .machine_cast import NOBODY, OWNERS, Cast
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
from .machine_steps import ANYBODY, SPACE, WHO, Who, watched
from .model import Prediction, Requester, Space, asset_ids
from .strategies.items import item_trees, placed
from .strategies.spaces import within

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

    def __init__(self, api: Api, finding: Finding) -> None:
        super().__init__(api, finding)
        self.refused_uris: list[str] = []

    @initialize(pasts=st.lists(st.sampled_from(PASTS), min_size=1, max_size=3))
    @watched
    def begin(self, pasts: list[str]) -> None:
        """Begin with a few spaces, some of which something has happened to."""
        for past in pasts:
            self.begin_anew(past)

    def begin_anew(self, past: str) -> None:
        """Create a space that something has happened to."""
        admin = self.cast.requesters[0]
        self._create(admin, self.cast.owned(self.body({}, "a"), admin, "owner"))
        if past == "archived":
            self._update(self.model.spaces[-1], admin, {"status": "ARCHIVED"})
        elif past != "new":
            self._transfer(self.model.spaces[-1], admin, {"userId": self.cast.somebody(past).user_id})

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
        admin, living = self.cast.requesters[0], list(self.model.living())
        if whose == "refused" and not self.refused_uris:
            self._create(admin, self.body({}, "a"))  # without the owner
        if whose == "archived" and living and not any(space.is_archived for space in living):
            self._update(living[-1], admin, {"status": "ARCHIVED"})
        chosen = [space for space in self.model.spaces if WHOSE[whose](space)]
        uris = self.refused_uris if whose == "refused" else [space.fields["publicUri"] for space in chosen]
        if uris:
            self._create(admin, self.cast.owned({**self.body({}, "a"), "publicUri": uris.pop()}, admin, "owner"))

    def _create(self, who: Requester, body: dict[str, Any]) -> None:
        told = self.model.create(who, body)
        exchange = self.api.create(body, by=self.by(who))
        sound = self.cast.owned(self.body({}, "a"), who, "owner")
        self.judge(exchange, told, lambda: self.api.create(sound, by=self.by(who)))
        if told.is_refusal:
            self.model.create_refused(body)
            if isinstance(body.get("publicUri"), str) and self.api.session.bears_mark(body["publicUri"]):
                self.refused_uris.append(body["publicUri"])
            return
        with comparing.at_stake(told.rule):
            received = expect.json_object(exchange)
            space = self.model.created(who, body, str(expect.member(received, "id")), self.api.target.tenant)
            comparing.space(space, received, comparing.created(body))
        self.look(space, Blame("CREATE-OK"))

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
        self._update(space, self.acting(who, space), {**within(self.api.target, change), **title, **wrong})

    def _update(self, space: Space, who: Requester, body: dict[str, Any]) -> None:
        told = self.model.update(who, space, body)
        path = f"/shared-spaces/{space.id}"
        exchange = self.by(who).patch(path, body)
        self.judge(exchange, told, lambda: self.by(who).patch(path, {}))
        if told.is_refusal:
            self.was_refused(space, told)
            return
        blame = comparing.updated(body, was_archived=space.is_archived)
        self.model.updated(space, body)
        with comparing.at_stake(told.rule):
            comparing.space(space, expect.json_object(exchange), blame)
        self.look(space, blame)

    @rule(space=SPACE, who=WHO)
    @watched
    def delete(self, space: Space, who: Who) -> None:
        """Delete for good; the last one gets a successor, for most steps need a space."""
        deleter = self.acting(who, space)
        told = self.model.delete(deleter, space)
        exchange = self.api.delete(space.id, by=self.by(deleter))
        comparing.status(exchange, told)
        if told.is_refusal:
            self.was_refused(space, told)
        else:
            self.model.deleted(space)
            self.look(space, comparing.GOT)
        if not list(self.model.living()):
            self.begin_anew("new")

    @rule(space=SPACE, who=WHO, to=st.sampled_from(OWNERS), fault=perhaps(TRANSFER_FAULTS))
    @watched
    def transfer(self, space: Space, who: Who, to: str, fault: str | None) -> None:
        """Give a space to somebody, perhaps to whom it belongs, or to nobody who can own it."""
        sound = {"userId": self.cast.somebody(to).user_id}
        body = sound if fault is None else TRANSFER_FAULTS[fault](self.cast)
        if body is not None:
            self._transfer(space, self.acting(who, space), body)

    def _transfer(self, space: Space, who: Requester, body: dict[str, Any]) -> None:
        told = self.model.transfer(who, space, body)
        path = f"/shared-spaces/{space.id}/transfer-ownership"
        exchange = self.by(who).post(path, body)
        self.judge(exchange, told, lambda: self.by(who).post(path, {"userId": space.owner}))
        if told.is_refusal:
            self.was_refused(space, told)
            return
        former, is_same = self.acting(None, space), body["userId"] == space.owner
        self.model.transferred(space, body["userId"])
        self.look(space, comparing.SAME_OWNER if is_same else comparing.TRANSFERRED)
        for viewer in (former, self.acting(None, space)):
            self._get(space, viewer)

    @rule(space=SPACE, who=WHO, tree=item_trees(), fault=perhaps(ITEMS_FAULTS))
    @watched
    def add_items(self, space: Space, who: Who, tree: list[dict[str, Any]], fault: str | None) -> None:
        """Add assets and folders, some of which cannot be added; where one is malformed, none may be."""
        adder = self.acting(who, space)
        if fault is not None:
            self._add(space, adder, ITEMS_FAULTS[fault])
            return
        if not self.cast.has_assets:
            return
        made = placed(tree, self.api.target)
        exchange = self._add(space, adder, {"items": made.items})
        if exchange is not None:
            is_sure = adder.person.name in ("admin", "owner")  # what others have access to is not known
            comparing.items(exchange, len(list(asset_ids(made.items))), made.failing if is_sure else None)

    def _add(self, space: Space, who: Requester, body: Mapping[str, Any]) -> Exchange | None:
        told = self.model.add_items(who, space, body)
        exchange = self.by(who).post(f"/shared-spaces/{space.id}/items", body)
        folder = {"type": "folder", "name": "Folder"}
        self.judge(exchange, told, lambda: self.api.add_items(space.id, [folder], by=self.by(who)))
        if told.is_refusal:
            self.was_refused(space, told)
            return None
        self.look(space, comparing.FILLED)
        return exchange

    @rule(space=SPACE, who=ANYBODY)
    @watched
    def get(self, space: Space, who: Requester) -> None:
        """Look at a space, as anybody."""
        self._get(space, who)

    def _get(self, space: Space, viewer: Requester) -> None:
        told = self.model.get(viewer, space)
        exchange = self.by(viewer).get(f"/shared-spaces/{space.id}")
        comparing.status(exchange, told)
        if not told.is_refusal:
            with comparing.at_stake(told.rule):
                comparing.space(space, expect.json_object(exchange), comparing.GOT)

    @rule(space=SPACE, request=st.sampled_from(REQUESTS))
    @watched
    def ask_without_a_token(self, space: Space, request: Request) -> None:
        """Nobody may do anything."""
        exchange = self.api.nobody.request(request.method, f"/shared-spaces/{space.id}{request.below}", request.body)
        told = Prediction(401, "CONV-AUTH-401")
        comparing.status(exchange, told)
        self.was_refused(space, told)

    @rule(who=ANYBODY, request=st.sampled_from(REQUESTS))
    @watched
    def ask_for_no_space(self, who: Requester, request: Request) -> None:
        """There is no space of this id, whoever asks."""
        exchange = self.by(who).request(request.method, f"/shared-spaces/{NOBODY}{request.below}", request.body)
        comparing.status(exchange, Prediction(404, request.rule, by_code="CONV-ORDER"))


def run_sequences(api: Api) -> None:
    """Run the machine as the run's profile and seed have it."""
    finding, draws = Finding(api.session), api.session.draws
    Cast(api.target)  # what the target lacks is told before anything is sent

    class Found(Sequences):
        def __init__(self) -> None:
            finding.begin()
            super().__init__(api, finding)

    to_the_end(finding, lambda: run_machine(Found, draws))
