"""Acting on spaces of one's own and holding every answer against the model: what sequences and fixed stories share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...core import expect
from ...core.exchange import Exchange
from ...stateful.prediction import Prediction, at_stake
from ...transport.session import Caller
from ..client import Client
from ..strategies.items import Item, placed
from ..strategies.spaces import within
from . import compare
from .cast import Cast
from .compare import Blame
from .model import Model, Requester, Space, asset_ids


class Play:
    """Some spaces, told from all others by the mark in their titles, and what the model says of them."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cast = Cast(client.target)
        self.model = Model(self.cast.known)
        self.mark = f"[{client.session.fresh_mark()}] "

    @property
    def admin(self) -> Requester:
        """The administrator's API token."""
        return self.cast.requesters[0]

    def by(self, who: Requester) -> Caller:
        """Act as somebody."""
        return self.client.as_(who.person.name, oauth=who.in_person)

    def body(self, fields: Mapping[str, Any], word: str) -> dict[str, Any]:
        """Return the body of a create, its owner left out."""
        uri = self.client.session.fresh_mark()
        return {"title": self.mark + word, "publicUri": uri, **within(self.client.target, dict(fields))}

    def owners(self, space: Space) -> Requester:
        """Return whose space it is, as an integration."""
        own = (one for one in self.cast.requesters if one.person.user_id == space.owner)
        # Who owns it may have no token, or not be one of the actors: the owner's then.
        return next(own, self.cast.requesters[1])

    def make(self, who: Requester, body: dict[str, Any]) -> Space | None:
        """Create a space; None where it is refused, as the model says."""
        told = self.model.create(who, body)
        exchange = self.client.create(body, by=self.by(who))
        sound = self.cast.owned(self.body({}, "a"), who, "owner")
        self.judge(exchange, told, lambda: self.client.create(sound, by=self.by(who)))
        if told.is_refusal:
            self.model.create_refused(body)
            return None
        with at_stake(told.rule):
            received = expect.json_object(exchange)
            space = self.model.created(who, body, str(expect.member(received, "id")), self.client.target.tenant)
            compare.space(space, received, compare.created(body))
        self.look(space, Blame("CREATE-OK"))
        return space

    def change(self, space: Space, who: Requester, body: dict[str, Any]) -> None:
        """Update a space."""
        told = self.model.update(who, space, body)
        path = f"/shared-spaces/{space.id}"
        exchange = self.by(who).patch(path, body)
        # Should it be allowed after all, nothing moves by it (PATCH-EMPTY).
        self.judge(exchange, told, lambda: self.by(who).patch(path, {}))
        if told.is_refusal:
            self.was_refused(space, told)
            return
        # Before the model follows, which then no longer knows whether it was archived.
        blame = compare.updated(body, was_archived=space.is_archived)
        self.model.updated(space, body)
        with at_stake(told.rule):
            compare.space(space, expect.json_object(exchange), blame)
        self.look(space, blame)

    def remove(self, space: Space, who: Requester) -> None:
        """Delete a space for good."""
        told = self.model.delete(who, space)
        exchange = self.client.delete(space.id, by=self.by(who))
        compare.status(exchange, told)
        if told.is_refusal:
            self.was_refused(space, told)
        else:
            self.model.deleted(space)
            self.look(space, compare.GOT)

    def hand_over(self, space: Space, who: Requester, body: dict[str, Any]) -> None:
        """Transfer the ownership of a space."""
        told = self.model.transfer(who, space, body)
        path = f"/shared-spaces/{space.id}/transfer-ownership"
        exchange = self.by(who).post(path, body)
        # Should it be allowed after all, the space stays its owner's (TRANSFER-SAME).
        self.judge(exchange, told, lambda: self.by(who).post(path, {"userId": space.owner}))
        if told.is_refusal:
            self.was_refused(space, told)
            return
        is_same = body["userId"] == space.owner
        self.model.transferred(space, body["userId"])
        self.look(space, compare.SAME_OWNER if is_same else compare.TRANSFERRED)

    def fill(self, space: Space, who: Requester, body: Mapping[str, Any]) -> Exchange | None:
        """Add items to a space; None where they are refused."""
        told = self.model.add_items(who, space, body)
        exchange = self.by(who).post(f"/shared-spaces/{space.id}/items", body)
        folder = {"type": "folder", "name": "Folder"}
        self.judge(exchange, told, lambda: self.client.add_items(space.id, [folder], by=self.by(who)))
        if told.is_refusal:
            self.was_refused(space, told)
            return None
        self.look(space, compare.FILLED)
        return exchange

    def fill_with(self, space: Space, who: Requester, tree: list[Item]) -> None:
        """Add a drawn tree of items to a space, and see which of them were added."""
        made = placed(tree, self.client.target)
        exchange = self.fill(space, who, {"items": made.items})
        if exchange is not None:
            is_sure = who.person.name in ("admin", "owner")  # what others have access to is not known
            compare.items(exchange, len(list(asset_ids(made.items))), made.failing if is_sure else None)

    def see(self, space: Space, viewer: Requester) -> None:
        """Read a space, as anybody."""
        told = self.model.get(viewer, space)
        exchange = self.by(viewer).get(f"/shared-spaces/{space.id}")
        compare.status(exchange, told)
        if not told.is_refusal:
            with at_stake(told.rule):
                compare.space(space, expect.json_object(exchange), compare.GOT)

    def judge(self, exchange: Exchange, told: Prediction, soundly: Callable[[], Exchange]) -> None:
        """The status is the one predicted.

        Who may not and asks wrongly, too, is told the first (CONV-ORDER). Where it is the second, asking soundly tells
        whether the first would be told at all.
        """
        if told.by_code == "CONV-ORDER" and exchange.status == 400:
            compare.status(soundly(), Prediction(told.status, told.rule))
        compare.status(exchange, told)

    def look(self, space: Space, blame: Blame) -> None:
        """Look what became of a space, as the administrator; what is wrong now, the last request did."""
        exchange = self.client.admin.get(f"/shared-spaces/{space.id}")
        compare.status(exchange, Prediction(404, "DELETE-GONE") if space.is_gone else Prediction(200, blame.rule))
        if not space.is_gone:
            with at_stake(blame.rule):
                compare.space(space, expect.json_object(exchange), blame)

    def was_refused(self, space: Space, told: Prediction) -> None:
        """Look whether a refused request changed something all the same."""
        if not space.is_gone:
            self.look(space, compare.refused(told.rule))
