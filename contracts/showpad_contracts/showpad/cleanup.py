"""What a run created is deleted: its spaces are found by the mark in publicUri or title, and told from others'."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ..core.exchange import Exchange
from ..core.violation import NotPermitted, NotTheApi, Violation, WrongForm
from ..suite import Cleanup
from ..transport.limits import MOST_PAGES
from ..transport.session import Caller, Session

MARKED = ("publicUri", "title")
"""The members of a space that may bear a mark, the surest first."""
CLEANUP = Cleanup(actor="admin", noun="space", collections=("/shared-spaces",))
ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
SHARE_LIFE = timedelta(hours=1)
PAGE = 1000  # the largest that LIST-LIMIT allows
SETTLING_SECONDS = 2.0  # how long a create whose answer was never seen may still be at work


def announce(body: Any, session: Session) -> str | None:
    """Note what a create is about to send, and return the mark by which its space is found again; None without one.

    On a tenant that is not the kit's own a body without a mark raises NotPermitted.
    """
    fields = _parsed(body)
    if not isinstance(fields, Mapping):
        return None  # creates nothing
    names = session.marks.in_fields(fields, MARKED)
    if not session.target.is_own:
        session.target.token("admin", oauth=False)  # who deletes it
        if not names:
            raise NotPermitted(
                "it creates a space that could not be found again by publicUri or title: only the kit's own mock"
            )
    mark = next(map(session.marks.in_text, names.values()), None)
    if mark is not None:
        session.marks.send(mark, names)
        session.ledger.will_create(mark, names)
    return mark


def _parsed(body: Any) -> Any:
    if not isinstance(body, bytes):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def take_on(session: Session, exchange: Exchange, mark: str | None) -> None:
    """Take note of how a create was answered: its space is the run's to delete.

    Elsewhere the target has to show it by that id with what was sent. Raises NotTheApi where it shows another's space
    instead: whatever a check did to it would be done to somebody's.
    """
    space = exchange.received
    # Not after a 5xx: who answers so may have created it all the same, and it is looked for at the end.
    if 400 <= exchange.status < 500 and mark is not None:
        session.ledger.refused(mark)
    if not (200 <= exchange.status < 300 and isinstance(space, dict) and _is_id(space.get("id"))):
        return
    if session.target.is_own:
        session.keep(space["id"], mark or "")
    elif mark is not None and space["id"] not in session.kept():  # else the second is looked for at the end
        session.keep(space["id"], mark, seen=_is_shown_as_ours(session, space["id"]))


def _is_shown_as_ours(session: Session, space_id: str) -> bool:
    """See whether the target shows a created space as the run's; False where it does not show it."""
    with session.aside():
        shown = _shown(session, space_id)
    if shown is not None and session.marks.of(shown, MARKED) is None:
        raise NotTheApi(
            f"{session.target.base_url} answers a create with the id {space_id}, under which it shows a space that the "
            "run did not create: nothing more is sent"
        )
    return shown is not None


def _shown(session: Session, space_id: str) -> Mapping[str, Any] | None:
    """Return what the administrator sees under an id, None where that is no space of this id."""
    try:
        exchange = _admin(session).get(f"/shared-spaces/{space_id}")
    except Violation:
        return None
    space = exchange.received
    return space if exchange.status == 200 and isinstance(space, dict) and space.get("id") == space_id else None


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def clean_up(session: Session) -> list[str]:
    """Delete every space that the session keeps, and return the ids of those that could not be."""
    return [space_id for space_id in session.kept() if not _delete(session, space_id)]


def _delete(session: Session, space_id: str) -> bool:
    """Delete a space of the run, if the target shows it as such; False where it is to be tried again."""
    try:
        if session.is_seen(space_id):
            return _is_deleted(session, space_id)
        shown = _shown(session, space_id)
        if shown is not None and session.marks.of(shown, MARKED) is not None:
            return _is_deleted(session, space_id)
    except Violation:
        return False
    session.disown(space_id)
    if shown is not None:
        session.ledger.left(f"space {space_id}: it was to be the run's, but does not bear its mark")
    return True


def _is_deleted(session: Session, space_id: str) -> bool:
    # 404 is as good: somebody has deleted it by hand.
    is_gone = _admin(session).delete(f"/shared-spaces/{space_id}").status in (204, 404)
    if is_gone:
        session.forget(space_id)
    return is_gone


def _admin(session: Session) -> Caller:
    return Caller(session, CLEANUP.actor, session.target.token(CLEANUP.actor, oauth=False))


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


def sweep(session: Session) -> list[str]:
    """Delete what listings find to bear the run's mark; returns what could not be deleted, or not be looked for.

    By title first; where a create was never answered, also among all spaces, since a title may be another's.
    """
    try:
        _adopt(session, {"title": session.run_id})
        left = clean_up(session)
        if session.ledger.doubtful():
            session.pause(SETTLING_SECONDS)
            _adopt(session, {})
            left = clean_up(session)
    except Violation as violation:
        return [*session.kept(), f"spaces of the run {session.run_id}, which could not be looked for: {violation}"]
    return left


def _adopt(session: Session, filters: Mapping[str, str]) -> None:
    # First all of them, deleted afterwards: to delete between two pages would move the next one.
    for space in _listed(session, filters):
        mark = session.marks.of(space, MARKED)
        if mark is not None:
            session.keep(space["id"], mark, seen=True)


def _listed(session: Session, filters: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Return all spaces that the administrator sees, page after page; a page that brings nothing new is the end."""
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        # From what was seen on, not by pages: one may hold less than was asked for.
        exchange = _admin(session).get("/shared-spaces", params={**filters, "limit": PAGE, "offset": len(seen)})
        page = exchange.received.get("items") if isinstance(exchange.received, dict) else None
        if exchange.status != 200 or not isinstance(page, list):
            raise WrongForm("the list of spaces", expected="200 and items", received=exchange.status)
        if len(page) > PAGE:
            raise WrongForm("the list of spaces", expected=f"at most {PAGE} a page", received=len(page))
        new = {one["id"]: one for one in page if isinstance(one, dict) and _is_id(one.get("id"))}
        fresh = new.keys() - seen
        yield from (one for space_id, one in new.items() if space_id in fresh)
        seen |= fresh
        if not fresh:
            return
    raise WrongForm("the list of spaces", expected=f"an end within {MOST_PAGES} pages", received=f"{len(seen)} spaces")
