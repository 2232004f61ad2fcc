"""Showpad's API as checks use it: actors by name, spaces that are deleted at the end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..core import expect
from ..core.exchange import Exchange
from ..core.target import is_whole
from ..core.violation import Violation
from ..transport.client import ActorsClient
from ..transport.session import Caller, Session
from . import cleanup, paths
from .cleanup import CLEANUP, SUBSCRIPTIONS

SIGNATURE_KEY = "signatureKey"
"""The member that tells, once, what a subscription's deliveries are signed with."""


class Client(ActorsClient):
    """What a check gets. `client.admin.get("/shared-spaces")`, `client.owner.post(...)`."""

    suite = "showpad"
    cleanup = CLEANUP

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.signature_keys: dict[str, str] = {}
        """What the deliveries to the run's subscriptions are signed with, by their ids: no exchange shows it."""

    def operation_of(self, method: str, path: str) -> str:
        """Return the operationId of a request, empty where it is none that is checked."""
        return paths.operation_of(method, path)

    @property
    def admin(self) -> Caller:
        """The administrator's API token."""
        return self.as_("admin")

    def with_token(self, token: str) -> Caller:
        """Requests with a token that is none of the target's; the report shows it as `stranger`."""
        return Caller(self.session, "stranger", token)

    def new_space(self, **fields: Any) -> dict[str, Any]:
        """Return the body of a create: the owner's, with title and publicUri of this run, changed by `fields`.

        A field given as None is left out.
        """
        uri = self.session.fresh_mark()
        # The mark in both: either finds the space again where a check changes or leaves out the other.
        body = {"owner": {"userId": self.target.user_id("owner")}, "title": f"Check {uri}", "publicUri": uri}
        return {name: value for name, value in {**body, **fields}.items() if value is not None}

    def create(self, body: Any, *, by: Caller | None = None) -> Exchange:
        """Send a create, whatever comes back; what it created is taken on.

        On a tenant that is not the kit's own the ledger has the space's mark before the request leaves; a create whose
        space could not be found again by publicUri or title raises NotPermitted there.
        """
        caller = by or self.admin
        mark = cleanup.announce(body, self.session)
        exchange = caller.post("/shared-spaces", body)
        cleanup.take_on(self.session, exchange, mark)
        return exchange

    def created(self, *, by: Caller | None = None, **fields: Any) -> dict[str, Any]:
        """Create a space, and return its object: the check is about that this succeeds."""
        space = expect.answered(self.create(self.new_space(**fields), by=by), 201)
        expect.of_type(expect.member(space, "id", of="the space"), str, "id of the space")
        return space

    def space(self, *, by: Caller | None = None, **fields: Any) -> dict[str, Any]:
        """Return a new space that a check needs: where it cannot be had, creating is broken, and not the check's rule.

        A check that is about creating, or about one of the `fields`, takes `created`.
        """
        with expect.needed("a space", "CREATE-OK"):
            return self.created(by=by, **fields)

    def archive(self, space_id: str, *, by: Caller | None = None) -> dict[str, Any]:
        """Archive a space that a check needs archived, and return its object: where that fails, it is not prepared."""
        with expect.needed("an archived space", "PATCH-ARCHIVE"):
            answer = (by or self.admin).patch(f"/shared-spaces/{space_id}", {"status": "ARCHIVED"})
            return expect.answered(answer, 200)

    def delete(self, space_id: str, *, by: Caller | None = None) -> Exchange:
        """Send a delete, whatever comes back."""
        exchange = (by or self.admin).delete(f"/shared-spaces/{space_id}")
        if exchange.status == 204 or (exchange.status == 404 and by is None):  # 404 may hide it from others
            self.session.forget(space_id)
        return exchange

    def now(self, space_id: str) -> dict[str, Any]:
        """Return a space as it is now, seen by the administrator."""
        return expect.answered(self.admin.get(f"/shared-spaces/{space_id}"), 200)

    def add_items(self, space_id: str, items: Any, *, by: Caller | None = None) -> Exchange:
        """Send items, whatever comes back."""
        return (by or self.admin).post(f"/shared-spaces/{space_id}/items", {"items": items})

    def transfer(self, space_id: str, user_id: Any, *, by: Caller | None = None) -> Exchange:
        """Send a transfer, whatever comes back."""
        return (by or self.admin).post(f"/shared-spaces/{space_id}/transfer-ownership", {"userId": user_id})

    def share(self, body: Any, *, by: Caller | None = None) -> Exchange:
        """Send a Share, whatever comes back; what it created is noted as left behind.

        On a tenant that is not the kit's own it must expire within the hour, else NotPermitted is raised.
        """
        cleanup.must_expire(body, self.session)
        exchange = (by or self.admin).post("/shares", body)
        if 200 <= exchange.status < 300 and isinstance(exchange.received, dict):
            self.session.ledger.left(cleanup.share_named(exchange.received.get("id"), exchange.received.get("title")))
        return exchange

    def subscriptions(self) -> str:
        """Return the address of the subscriptions to webhooks, or the named skip."""
        self.target.offer("webhooks")
        return cleanup.subscriptions(self.target)

    def subscribe(self, body: Any, *, by: Caller | None = None) -> Exchange:
        """Send a create of a subscription, whatever comes back; what it created is taken on, as with `create`."""
        address = self.subscriptions()
        mark = SUBSCRIPTIONS.announce(self.session, body) if isinstance(body, Mapping) else None
        told: list[str] = []

        def keys_in(_: Mapping[str, str], content: bytes) -> list[str]:
            told.extend(_keys_in(content))
            return told

        with self.session.confiding(keys_in):
            exchange = (by or self.admin).post(address, body)
        SUBSCRIPTIONS.take_on(self.session, exchange, mark)
        created = SUBSCRIPTIONS.id_of(exchange.received)
        if created is not None and told:
            self.signature_keys[created] = told[0]
        return exchange

    def unsubscribe(self, subscription_id: str) -> Exchange:
        """Send a delete of a subscription, whatever comes back."""
        exchange = self.admin.delete(f"{self.subscriptions()}/{subscription_id}")
        if exchange.status in (200, 204, 404):
            self.session.forget(SUBSCRIPTIONS.key(subscription_id))
        return exchange

    def exports(self, name: str) -> str:
        """Return the address of an export, or the named skip."""
        where = str(self.target.offer("exports"))
        return f"{where if is_whole(where) else self.target.beside(where)}/exports/{name}.json"

    def clean_up(self) -> list[str]:
        """Delete what is left; returns by what it is kept where it could not be."""
        return cleanup.clean_up(self.session)

    def sweep(self) -> list[str]:
        """Delete what a listing finds to bear the run's mark; returns what could not be deleted or looked for.

        Where there are exports, the run's Shares, which nothing can delete, are noted by name.
        """
        left = cleanup.sweep(self.session)
        if "exports" in self.target.offers and any(
            one.startswith("Share ") for one in self.session.ledger.left_behind()
        ):
            with suppress(Violation):  # they are noted as they were answered, too
                cleanup.shares_of(self.session, self.exports("shares"))
        return left


def _keys_in(content: bytes) -> list[str]:
    """Return the key that an answer tells, where it does."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return []
    key = answer.get(SIGNATURE_KEY) if isinstance(answer, dict) else None
    return [key] if isinstance(key, str) else []
