"""What a run created is deleted: its spaces and subscriptions are found by the run's mark, and told from others'."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ..core.exchange import Exchange
from ..core.target import Target
from ..core.violation import NotPermitted, Violation, WrongForm
from ..suite import Cleanup
from ..transport.creations import Creations
from ..transport.limits import MOST_PAGES
from ..transport.session import Caller, Session
from .paths import WEBHOOKS

CLEANUP = Cleanup(actor="admin", noun="space", collections=("/shared-spaces", f"{WEBHOOKS}/subscriptions"))
ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
SHARE_LIFE = timedelta(hours=1)
PAGE = 1000  # the largest that LIST-LIMIT allows
SETTLING_SECONDS = 2.0  # how long a create whose answer was never seen may still be at work


def _id_of(space: Any) -> str | None:
    known = space.get("id") if isinstance(space, dict) else None
    return known if isinstance(known, str) and ID.fullmatch(known) is not None else None


def _end(admin: Caller, space_id: str) -> bool:
    # 404 is as good: somebody has deleted it by hand.
    return admin.delete(f"/shared-spaces/{space_id}").status in (204, 404)


CREATIONS = Creations(
    noun=CLEANUP.noun,
    actor=CLEANUP.actor,
    path=lambda _: "/shared-spaces",
    marked=("publicUri", "title"),
    id_of=_id_of,
    end=_end,
)


def subscriptions(target: Target) -> str:
    """Return the address of the subscriptions to webhooks, which lie beside v4."""
    return f"{target.at(str(target.offers.get('webhooks', WEBHOOKS)))}/subscriptions"


def _unsubscribe(admin: Caller, subscription_id: str) -> bool:
    return admin.delete(f"{subscriptions(admin.target)}/{subscription_id}").status in (200, 204, 404)


SUBSCRIPTIONS = Creations(
    noun="subscription",
    actor=CLEANUP.actor,
    path=subscriptions,
    marked=("name", "url"),
    id_of=_id_of,
    end=_unsubscribe,
    is_first=False,
)


def announce(body: Any, session: Session) -> str | None:
    """Note what a create is about to send, and return the mark by which its space is found again; None without one.

    On a tenant that is not the kit's own a body without a mark raises NotPermitted; what is no object creates nothing.
    """
    fields = _parsed(body)
    return CREATIONS.announce(session, fields) if isinstance(fields, Mapping) else None


def _parsed(body: Any) -> Any:
    if not isinstance(body, bytes):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def take_on(session: Session, exchange: Exchange, mark: str | None) -> None:
    """Take note of how a create was answered; see `Creations.take_on`."""
    CREATIONS.take_on(session, exchange, mark)


def clean_up(session: Session) -> list[str]:
    """Delete what the session keeps, and return by what it is kept where it could not be."""
    # Subscriptions first: nobody need be told that the spaces go. What still comes is refused for good.
    session.close_inboxes()
    return [*SUBSCRIPTIONS.clean_up(session), *CREATIONS.clean_up(session)]


def must_expire(body: Any, session: Session) -> None:
    """Raise NotPermitted for a Share that outlives the hour on a tenant that is not the kit's own."""
    fields = _parsed(body)
    if session.target.is_own or not isinstance(fields, Mapping):
        return
    try:
        expires = datetime.fromisoformat(fields["expiresAt"])
        is_short = expires.tzinfo is not None and expires <= datetime.now(UTC) + SHARE_LIFE
    except (KeyError, TypeError, ValueError):
        is_short = False
    if not is_short:
        raise NotPermitted("it creates a Share that does not expire within the hour: only the kit's own mock")


def share_named(share_id: Any, title: Any) -> str:
    """Return how a Share is called that nothing can delete."""
    return f'Share {share_id} "{title}"'


def shares_of(session: Session, address: str) -> None:
    """Note the run's Shares that the newest rows of an export show and the ledger lacks: those never answered."""
    admin = CREATIONS.caller(session)
    count = _rows(admin.get(address, params={"limit": 1})).get("count")
    start = max(0, count - PAGE) if isinstance(count, int) else 0
    for row in _rows(admin.get(address, params={"limit": PAGE, "offset": start})).get("items", ()):
        named = share_named(row.get("shareId"), row.get("title")) if isinstance(row, Mapping) else ""
        if session.run_id in named and named not in session.ledger.left_behind():
            session.ledger.left(named)


def _rows(exchange: Exchange) -> Mapping[str, Any]:
    response = exchange.received.get("response") if isinstance(exchange.received, Mapping) else None
    return response if exchange.status == 200 and isinstance(response, Mapping) else {}


def sweep(session: Session) -> list[str]:
    """Delete what listings find to bear the run's mark; returns what could not be deleted, or not be looked for.

    By title first; where a create was never answered, also among all spaces, since a title may be another's.
    """
    try:
        CREATIONS.adopt(session, _listed(session, {"title": session.run_id}))
        left = clean_up(session)
        if session.ledger.doubtful():
            session.pause(SETTLING_SECONDS)
            CREATIONS.adopt(session, _listed(session, {}))
            left = clean_up(session)
    except Violation as violation:
        left = [*session.kept(), f"spaces of the run {session.run_id}, which could not be looked for: {violation}"]
    return [*left, *_sweep_subscriptions(session)]


def _sweep_subscriptions(session: Session) -> list[str]:
    """Delete the subscriptions whose create was never answered; they alone are listed for it."""
    if not session.marks.sent_in(SUBSCRIPTIONS.marked) & set(session.ledger.doubtful()):
        return []
    try:
        SUBSCRIPTIONS.adopt(session, _listed(session, {}, SUBSCRIPTIONS))
        return SUBSCRIPTIONS.clean_up(session)
    except Violation as violation:
        return [f"subscriptions of the run {session.run_id}, which could not be looked for: {violation}"]


def _listed(session: Session, filters: Mapping[str, str], things: Creations = CREATIONS) -> Iterator[Mapping[str, Any]]:
    """Return all things that the administrator sees, page after page; a page that brings nothing new is the end."""
    what = f"the list of {things.noun}s"
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        # From what was seen on, not by pages: one may hold less than was asked for.
        exchange = things.caller(session).get(
            things.path(session.target), params={**filters, "limit": PAGE, "offset": len(seen)}
        )
        page = exchange.received.get("items") if isinstance(exchange.received, dict) else None
        if exchange.status != 200 or not isinstance(page, list):
            raise WrongForm(what, expected="200 and items", received=exchange.status)
        if len(page) > PAGE:
            raise WrongForm(what, expected=f"at most {PAGE} a page", received=len(page))
        new = {known: one for one in page if (known := _id_of(one)) is not None}
        fresh = new.keys() - seen
        yield from (one for known, one in new.items() if known in fresh)
        seen |= fresh
        if not fresh:
            return
    raise WrongForm(what, expected=f"an end within {MOST_PAGES} pages", received=f"{len(seen)} {things.noun}s")
