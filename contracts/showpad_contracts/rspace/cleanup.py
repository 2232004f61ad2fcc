"""What a run created is deleted: its documents are found by the mark in their name, and unshared before they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..core.exchange import Exchange
from ..core.violation import NotPermitted, NotTheApi, Violation, WrongForm
from ..suite import Cleanup
from ..transport.limits import MOST_PAGES
from ..transport.session import Caller, Session

MARKED = ("name",)
"""The members of a document that bear a mark."""
CLEANUP = Cleanup(actor="owner", noun="document", collections=("/documents",))
REQUESTS = 4  # its shares are asked for, as a rule it has two at most, and it goes
PAGE = 100  # the largest that RS-PAGE-SIZE allows
SETTLING_SECONDS = 2.0  # how long a create whose answer was never seen may still be at work


def announce(body: Any, session: Session) -> str | None:
    """Note what a create is about to send, and return the mark by which its document is found again; None without one.

    On a server that is not the kit's own a body without a mark raises NotPermitted.
    """
    names = session.marks.in_fields(body, MARKED) if isinstance(body, Mapping) else {}
    if not session.target.is_own:
        session.target.token(CLEANUP.actor, oauth=False)  # who deletes it
        if not names:
            raise NotPermitted("it creates a document that could not be found again by name: only the kit's own mock")
    mark = next(map(session.marks.in_text, names.values()), None)
    if mark is not None:
        session.marks.send(mark, names)
        session.ledger.will_create(mark, names)
    return mark


def take_on(session: Session, exchange: Exchange, mark: str | None) -> None:
    """Take note of how a create was answered: its document is the run's to delete.

    Elsewhere the server has to show it by that id with what was sent. Raises NotTheApi where it shows another document
    instead: whatever a check did to it would be done to somebody's.
    """
    document = exchange.received
    # Not after a 5xx: who answers so may have created it all the same, and it is looked for at the end.
    if 400 <= exchange.status < 500 and mark is not None:
        session.ledger.refused(mark)
    if not (200 <= exchange.status < 300 and isinstance(document, dict) and type(document.get("id")) is int):
        return
    created = str(document["id"])
    if session.target.is_own:
        session.keep(created, mark or "")
    elif mark is not None and created not in session.kept():  # else the second is looked for at the end
        with session.aside():
            shown = _shown(session, created)
        if shown is not None and session.marks.of(shown, MARKED) is None:
            raise NotTheApi(
                f"{session.target.base_url} answers a create with the id {created}, under which it shows a document "
                "that the run did not create: nothing more is sent"
            )
        session.keep(created, mark, seen=shown is not None)


def _shown(session: Session, document: str) -> Mapping[str, Any] | None:
    """Return what the owner sees under an id, None where that is no document of this id."""
    try:
        exchange = _owner(session).get(f"/documents/{document}")
    except Violation:
        return None
    shown = exchange.received
    return shown if exchange.status == 200 and isinstance(shown, dict) and str(shown.get("id")) == document else None


def clean_up(session: Session) -> list[str]:
    """Delete every document that the session keeps, and return the ids of those that could not be."""
    return [document for document in session.kept() if not _delete(session, document)]


def _delete(session: Session, document: str) -> bool:
    """Delete a document of the run, if the server shows it as such; False where it is to be tried again."""
    try:
        if session.is_seen(document):
            return _is_deleted(session, document)
        shown = _shown(session, document)
        if shown is not None and session.marks.of(shown, MARKED) is not None:
            return _is_deleted(session, document)
    except Violation:
        return False
    session.disown(document)
    if shown is not None:
        session.ledger.left(f"document {document}: it was to be the run's, but does not bear its mark")
    return True


def _is_deleted(session: Session, document: str) -> bool:
    for share in _shares_of(session, document):
        _owner(session).delete(f"/share/{share}")
    # 404 is as good: somebody has deleted it by hand.
    is_gone = _owner(session).delete(f"/documents/{document}").status in (200, 204, 404)
    if is_gone:
        session.forget(document)
    return is_gone


def _shares_of(session: Session, document: str) -> Iterator[int]:
    """Return the ids of a document's own shares: nothing says that they go with the document."""
    told = _owner(session).get(f"/share/document/{document}").received
    shares = told.get("directShares") if isinstance(told, dict) and str(told.get("sharedDocId")) == document else None
    for share in shares if isinstance(shares, list) else []:
        if isinstance(share, dict) and type(share.get("shareId")) is int:
            yield share["shareId"]


def _owner(session: Session) -> Caller:
    return Caller(session, CLEANUP.actor, session.target.token(CLEANUP.actor, oauth=False))


def sweep(session: Session) -> list[str]:
    """Delete what the list of documents shows to be the run's; returns what could not be, or not be looked for."""
    try:
        if session.ledger.doubtful():
            session.pause(SETTLING_SECONDS)
            _adopt(session)
        return clean_up(session)
    except Violation as violation:
        return [*session.kept(), f"documents of the run {session.run_id}, which could not be looked for: {violation}"]


def _adopt(session: Session) -> None:
    # First all of them, deleted afterwards: to delete between two pages would move the next one.
    for document in list(_all_documents(session)):
        mark = session.marks.of(document, MARKED)
        if mark is not None and type(document.get("id")) is int:
            session.keep(str(document["id"]), mark, seen=True)


def _all_documents(session: Session) -> Iterator[dict[str, Any]]:
    """Return every document that the owner lists, the newest first."""
    for number in range(MOST_PAGES):
        params = {"pageSize": PAGE, "pageNumber": number, "orderBy": "created desc"}
        exchange = _owner(session).get("/documents", params=params)
        page = exchange.received
        documents = page.get("documents") if exchange.status == 200 and isinstance(page, dict) else None
        if not isinstance(documents, list):
            raise WrongForm("the list of documents", expected="a page with documents", received=exchange.text[:200])
        yield from (one for one in documents if isinstance(one, dict))
        if len(documents) < PAGE:
            return
