"""The mark of a run: by its id in publicUri or title its spaces are found again, and told from the tenant's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..exchange import Exchange
from ..failure import Barred, Failure, WrongForm
from ..session import Session

if TYPE_CHECKING:
    from .api import Api

ID = re.compile(r"[A-Za-z0-9_-]+")
SHARE_LIFE = timedelta(hours=1)
PAGE = 1000  # the largest that LIST-LIMIT allows
SETTLING_SECONDS = 2.0  # how long a create whose answer was never seen may still be at work


def mark_of(body: Any, session: Session) -> str | None:
    """Give the publicUri or title by which the space that a body creates is found again, None where there is none.

    On a tenant that is not the kit's own a body without either raises Barred.
    """
    fields = _parsed(body)
    if not isinstance(fields, Mapping):
        return None  # creates nothing
    mark: str | None = next(
        (fields[name] for name in ("publicUri", "title") if session.bears_mark(fields.get(name))), None
    )
    if session.target.is_own:
        return mark
    session.target.token("admin", oauth=False)  # who deletes it
    if mark is None:
        raise Barred("it creates a space that could not be found again by publicUri or title: only the kit's own mock")
    return mark


def _parsed(body: Any) -> Any:
    if not isinstance(body, bytes):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def take_on(exchange: Exchange, mark: str | None, session: Session) -> None:
    """Take note of how a create was answered: its space is the run's to delete, if it bears the run's mark."""
    space = exchange.received
    if 200 <= exchange.status < 300 and isinstance(space, dict) and isinstance(space.get("id"), str):
        if _has_id(space) and (session.target.is_own or _is_marked(space, session)):
            session.keep(space["id"], mark or "")
        else:
            session.ledger.left(f"space {space['id']}: the target says the run created it, but it lacks the run's mark")
    elif mark is not None and 400 <= exchange.status < 500:
        session.ledger.refused(mark)


def _is_marked(space: Mapping[str, Any], session: Session) -> bool:
    return _has_id(space) and any(session.bears_mark(space.get(name)) for name in ("publicUri", "title"))


def _has_id(space: Mapping[str, Any]) -> bool:
    return isinstance(space.get("id"), str) and ID.fullmatch(space["id"]) is not None


def must_expire(body: Any, session: Session) -> None:
    """Raise Barred for a Share that outlives the hour on a tenant that is not the kit's own."""
    fields = _parsed(body)
    if session.target.is_own or not isinstance(fields, Mapping):
        return
    try:
        expires = datetime.fromisoformat(fields["expiresAt"])
        is_short = expires.tzinfo is not None and expires <= datetime.now(UTC) + SHARE_LIFE
    except (KeyError, TypeError, ValueError):
        is_short = False
    if not is_short:
        raise Barred("it creates a Share that does not expire within the hour: only the kit's own mock")


def sweep(api: Api) -> list[str]:
    """Delete what listings find to bear the run's mark; gives what could not be deleted, or not be looked for.

    By title first; where a create was never answered, also among all spaces, since a title may be another's.
    """
    session = api.session
    try:
        _adopt(api, {"title": session.run_id})
        left = api.clean_up()
        if session.ledger.doubtful():
            session.pause(SETTLING_SECONDS)
            _adopt(api, {})
            left = api.clean_up()
    except Failure as failure:
        return [*session.kept(), f"spaces of the run {session.run_id}, which could not be looked for: {failure}"]
    return left


def _adopt(api: Api, filters: Mapping[str, str]) -> None:
    for space in _listed(api, filters):
        if _is_marked(space, api.session) and space["id"] not in api.session.kept():
            api.session.keep(space["id"], _mark_in(space, api.session))


def _mark_in(space: Mapping[str, Any], session: Session) -> str:
    return next(str(space[name]) for name in ("publicUri", "title") if session.bears_mark(space.get(name)))


def _listed(api: Api, filters: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Give all spaces that the administrator sees, page after page; a page that brings nothing new is the end."""
    seen: set[str] = set()
    while True:
        exchange = api.admin.get("/shared-spaces", params={**filters, "limit": PAGE, "offset": len(seen)})
        page = exchange.received.get("items") if isinstance(exchange.received, dict) else None
        if exchange.status != 200 or not isinstance(page, list):
            raise WrongForm("the list of spaces", expected="200 and items", received=exchange.status)
        new = [
            one for one in page if isinstance(one, dict) and isinstance(one.get("id"), str) and one["id"] not in seen
        ]
        yield from new
        seen.update(one["id"] for one in new)
        if not new:
            return
