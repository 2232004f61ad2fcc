"""From a create to its deletion: a run touches only what the target shows to bear the run's own mark.

Each API says what its things are (`Creations`); what is safe to take on and to delete is decided here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.exchange import Exchange
from ..core.target import Target
from ..core.violation import NotPermitted, NotTheApi, Violation
from .session import Caller, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Creations:
    """The things of an API that a run creates and deletes."""

    noun: str
    actor: str
    """The role that looks at them and deletes them, as an integration."""
    path: Callable[[Target], str]
    """Return the collection: a thing is shown and deleted at its id below."""
    marked: Sequence[str]
    """Their members that may bear a mark, the surest first."""
    id_of: Callable[[Any], str | None]
    """Return the id of what an answer shows, None where that is no such thing."""
    end: Callable[[Caller, str], bool]
    """Delete one by its id, and all that must go before it; return whether it is gone."""
    is_first: bool = True
    """Whether they are the suite's own; those of another noun are kept by noun and id, in two words."""

    def caller(self, session: Session) -> Caller:
        """Return who looks at them and deletes them."""
        return Caller(session, self.actor, session.target.token(self.actor, oauth=False))

    def announce(self, session: Session, fields: Mapping[str, Any]) -> str | None:
        """Note what a create is about to send; return the mark by which its thing is found again, None without one.

        On a target that is not the kit's own, fields without a mark raise NotPermitted.
        """
        names = session.marks.in_fields(fields, self.marked)
        if not session.target.is_own:
            session.target.token(self.actor, oauth=False)  # who deletes it
            if not names:
                found = " or ".join(self.marked)
                raise NotPermitted(
                    f"it creates a {self.noun} that could not be found again by {found}: only the kit's own mock"
                )
        mark = next(map(session.marks.in_text, names.values()), None)
        if mark is not None:
            session.marks.send(mark, names)
            session.ledger.will_create(mark, names)
        return mark

    def take_on(self, session: Session, exchange: Exchange, mark: str | None) -> None:
        """Take note of how a create was answered: its thing is the run's to delete.

        Elsewhere the target has to show it by that id with what was sent. Raises NotTheApi where it shows another thing
        instead: whatever a check did to it would be done to somebody's.
        """
        # Not after a 5xx: who answers so may have created it all the same, and it is looked for at the end.
        if 400 <= exchange.status < 500 and mark is not None:
            session.ledger.refused(mark)
        created = self.id_of(exchange.received) if 200 <= exchange.status < 300 else None
        if created is None:
            return
        key = self.key(created)
        if session.target.is_own:
            session.keep(key, mark or "")
        elif mark is not None and key not in session.kept():  # else the second is looked for at the end
            session.keep(key, mark, seen=self._is_shown_as_ours(session, created))

    def key(self, created: str) -> str:
        """Return by what a thing is kept."""
        return created if self.is_first else f"{self.noun} {created}"

    def kept(self, session: Session) -> list[str]:
        """Return the ids of those that the session keeps."""
        if self.is_first:
            return [key for key in session.kept() if " " not in key]
        return [key.removeprefix(f"{self.noun} ") for key in session.kept() if key.startswith(f"{self.noun} ")]

    def _is_shown_as_ours(self, session: Session, created: str) -> bool:
        """See whether the target shows what was created as the run's; False where it does not show it."""
        with session.aside():
            shown = self._shown(session, created)
        if shown is not None and session.marks.of(shown, self.marked) is None:
            raise NotTheApi(
                f"{session.target.base_url} answers a create with the id {created}, under which it shows a {self.noun} "
                "that the run did not create: nothing more is sent"
            )
        return shown is not None

    def _shown(self, session: Session, created: str) -> Any:
        """Return what is shown under an id, None where that is no thing of this id."""
        try:
            exchange = self.caller(session).get(f"{self.path(session.target)}/{created}")
        except Violation:
            return None
        return exchange.received if exchange.status == 200 and self.id_of(exchange.received) == created else None

    def clean_up(self, session: Session) -> list[str]:
        """Delete all of them that the session keeps, and return by what those are kept that could not be."""
        return [self.key(created) for created in self.kept(session) if not self._delete(session, created)]

    def _delete(self, session: Session, created: str) -> bool:
        """Delete what is the run's, if the target shows it as such; False where it is to be tried again."""
        try:
            if session.is_seen(self.key(created)):
                return self._is_deleted(session, created)
            shown = self._shown(session, created)
            if shown is not None and session.marks.of(shown, self.marked) is not None:
                return self._is_deleted(session, created)
        except Violation:
            return False
        session.disown(self.key(created))
        if shown is not None:
            session.ledger.left(f"{self.noun} {created}: it was to be the run's, but does not bear its mark")
        return True

    def _is_deleted(self, session: Session, created: str) -> bool:
        is_gone = self.end(self.caller(session), created)
        if is_gone:
            session.forget(self.key(created))
        return is_gone

    def adopt(self, session: Session, listed: Iterable[Any]) -> None:
        """Keep those of a list that bear the run's mark; deleted afterwards, so that no page moves meanwhile."""
        for one in listed:
            mark, created = session.marks.of(one, self.marked), self.id_of(one)
            if mark is not None and created is not None:
                session.keep(self.key(created), mark, seen=True)
