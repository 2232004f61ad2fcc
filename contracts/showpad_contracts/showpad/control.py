"""A mock's control API, on targets that offer one: what no operation of Showpad's does, checks have done by it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from ..core.exchange import NOTHING, Exchange
from ..core.violation import Inconclusive
from .client import Client

PATIENCE = 30  # seconds, for a receiver


class Control:
    """The control API at one tenant, or the named skip."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._tenant = client.target.at(str(client.target.offer("control")))

    @contextmanager
    def later(self, seconds: float) -> Iterator[None]:
        """Let the block begin so many seconds later by the tenant's clock, which goes on as it was afterwards."""
        before = self._done("GET", "").get("clock", {})
        self._done("POST", "/advance", {"seconds": seconds})
        with self._undone("", {"clock": before}):
            yield

    def advance(self, seconds: float) -> None:
        """Advance the tenant's clock: what falls due in between is delivered when this returns."""
        self._done("POST", "/advance", {"seconds": seconds, "wait": PATIENCE})

    @contextmanager
    def deactivated(self, user_id: str) -> Iterator[None]:
        """Let a user be deactivated in the block."""
        path = f"/users/{quote(user_id, safe='')}"
        self._done("PATCH", path, {"isActive": False})
        with self._undone(path, {"isActive": True}):
            yield

    @contextmanager
    def without(self, feature: str) -> Iterator[None]:
        """Let the tenant lack a feature of its plan in the block."""
        self._done("PATCH", "/features", {feature: False})
        with self._undone("/features", {feature: True}):
            yield

    @contextmanager
    def limited(self, requests: int, seconds: int) -> Iterator[None]:
        """Let everybody send so many requests in so many seconds in the block, and no more."""
        self._done("PUT", "/rate-limit", {"requests": requests, "seconds": seconds})
        with self._undone("/rate-limit", NOTHING, method="DELETE"):
            yield

    @contextmanager
    def _undone(self, path: str, body: Any, *, method: str = "PATCH") -> Iterator[None]:
        """Change something back behind the block, however that ends."""
        try:
            yield
        finally:
            with self._client.session.clearing_up():
                self._sent(method, path, body)

    def folder(self, space_id: str, name: str) -> str:
        """Return the id of the folder of a name in a space."""
        return next(str(one["id"]) for one in self.items(space_id) if one.get("name") == name)

    def items(self, space_id: str) -> list[dict[str, Any]]:
        """Return what is in a space, each with the `folderItemId` that it lies under."""
        return self._asked(f"/shared-spaces/{space_id}/items")

    def plan(self, space_id: str) -> dict[str, Any]:
        """Return a space's mutual action plan, with its milestones and their actions."""
        return self._done("GET", f"/shared-spaces/{space_id}/plan")

    def participant(self, space_id: str, **who: str) -> str:
        """Add somebody to a space, a `user` or an `email` from outside, and return the participant's id."""
        return str(self._done("POST", f"/shared-spaces/{space_id}/participants", who)["id"])

    def invitation(self, space_id: str, participant_id: str) -> dict[str, str]:
        """Return what a participant's own address of the space's page bears in its query, and no report."""
        kept: dict[str, str] = {}

        def secrets_in(_: Mapping[str, str], content: bytes) -> list[str]:
            told = json.loads(content)
            kept.update(parse_qsl(urlsplit(told.get("url", "")).query))
            return [*kept.values()]

        with self._client.session.confiding(secrets_in):
            self._done("POST", f"/shared-spaces/{space_id}/participants/{participant_id}/link")
        return kept

    def _asked(self, path: str) -> list[dict[str, Any]]:
        exchange = self._client.nobody.get(self._tenant + path)
        if exchange.status != 200 or not isinstance(exchange.received, list):
            raise Inconclusive(f"the control API answers {exchange.status} to {exchange.name}")
        return exchange.received

    def _done(self, method: str, path: str, body: Any = NOTHING) -> dict[str, Any]:
        exchange = self._sent(method, path, body)
        if not isinstance(exchange.received, dict):
            raise Inconclusive(f"the control API answers no object to {exchange.name}")
        return exchange.received

    def _sent(self, method: str, path: str, body: Any) -> Exchange:
        exchange = self._client.nobody.request(method, self._tenant + path, body)
        if not 200 <= exchange.status < 300:
            raise Inconclusive(f"the control API answers {exchange.status} to {exchange.name}")
        return exchange
