"""What a run created is deleted: its documents are found by the mark in their name, and unshared before they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..core.exchange import Exchange
from ..core.violation import Violation, WrongForm
from ..suite import Cleanup
from ..transport.creations import Creations
from ..transport.limits import MOST_PAGES
from ..transport.session import Caller, Session

CLEANUP = Cleanup(actor="owner", noun="document", collections=("/documents",))
REQUESTS = 4  # its shares are asked for, as a rule it has two at most, and it goes
PAGE = 100  # the largest that RS-PAGE-SIZE allows
SETTLING_SECONDS = 2.0  # how long a create whose answer was never seen may still be at work


def _id_of(document: Any) -> str | None:
    known = document.get("id") if isinstance(document, dict) else None
    return str(known) if type(known) is int else None


def _end(owner: Caller, document: str) -> bool:
    for share in _shares_of(owner, document):
        owner.delete(f"/share/{share}")
    # 404 is as good: somebody has deleted it by hand.
    return owner.delete(f"/documents/{document}").status in (200, 204, 404)


def _shares_of(owner: Caller, document: str) -> Iterator[int]:
    """Return the ids of a document's own shares: nothing says that they go with the document."""
    told = owner.get(f"/share/document/{document}").received
    shares = told.get("directShares") if isinstance(told, dict) and str(told.get("sharedDocId")) == document else None
    for share in shares if isinstance(shares, list) else []:
        if isinstance(share, dict) and type(share.get("shareId")) is int:
            yield share["shareId"]


DOCUMENTS = Creations(
    noun=CLEANUP.noun, actor=CLEANUP.actor, path=lambda _: "/documents", marked=("name",), id_of=_id_of, end=_end
)


def announce(body: Any, session: Session) -> str | None:
    """Note what a create is about to send, and return the mark by which its document is found again; None without one.

    On a server that is not the kit's own a body without a mark raises NotPermitted, one that is no object among them: a
    document may come of it all the same.
    """
    return DOCUMENTS.announce(session, body if isinstance(body, Mapping) else {})


def take_on(session: Session, exchange: Exchange, mark: str | None) -> None:
    """Take note of how a create was answered; see `Creations.take_on`."""
    DOCUMENTS.take_on(session, exchange, mark)


def clean_up(session: Session) -> list[str]:
    """Unshare and delete every document that the session keeps, and return the ids of those that could not be."""
    return DOCUMENTS.clean_up(session)


def sweep(session: Session) -> list[str]:
    """Delete what the list of documents shows to be the run's; returns what could not be, or not be looked for."""
    try:
        if session.ledger.doubtful():
            session.pause(SETTLING_SECONDS)
            DOCUMENTS.adopt(session, _all_documents(session))
        return clean_up(session)
    except Violation as violation:
        return [*session.kept(), f"documents of the run {session.run_id}, which could not be looked for: {violation}"]


def _all_documents(session: Session) -> Iterator[dict[str, Any]]:
    """Return every document that the owner lists, the newest first."""
    for number in range(MOST_PAGES):
        params = {"pageSize": PAGE, "pageNumber": number, "orderBy": "created desc"}
        exchange = DOCUMENTS.caller(session).get("/documents", params=params)
        page = exchange.received
        documents = page.get("documents") if exchange.status == 200 and isinstance(page, dict) else None
        if not isinstance(documents, list):
            raise WrongForm("the list of documents", expected="a page with documents", received=exchange.text[:200])
        yield from (one for one in documents if isinstance(one, dict))
        if len(documents) < PAGE:
            return
