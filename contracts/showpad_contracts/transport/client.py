"""What the clients of all APIs have in common: who acts."""

from __future__ import annotations

from ..core.target import Target
from .session import Caller, Session


class ActorsClient:
    """Acts on a target as somebody that it names, or as nobody."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.target: Target = session.target

    def as_(self, actor: str, *, oauth: bool = False) -> Caller:
        """Act as somebody; `oauth` in person, else as an integration. Skips where there is no token."""
        return Caller(self.session, actor, self.target.token(actor, oauth=oauth), oauth=oauth)

    @property
    def owner(self) -> Caller:
        """Who owns what checks create, as an integration."""
        return self.as_("owner")

    @property
    def nobody(self) -> Caller:
        """Requests without a token."""
        return Caller(self.session, None, None)
