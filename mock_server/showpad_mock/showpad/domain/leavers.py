"""What becomes of a space whose owner has left (AROUND-LEAVERS)."""

from __future__ import annotations

from ...state.unit import Unit
from .. import problems
from .history import notify
from .organisation import organisation
from .people import USERS, Initiator, Participant, User
from .space import Space, TimelineEntry
from .timeline import put_with_activity


def pass_on(unit: Unit, space: Space, visitor: Participant) -> Space:
    """Return the space as somebody visits it: from outside, a deactivated owner's space passes to another member.

    That is the active user among its members who was active last; without one, people from outside lose access.
    """
    owner = unit.store.get(USERS, space.owner_id)
    if visitor.user_id is not None or owner is None or owner.is_active:
        return space
    heir = _most_recently_active(unit, space)
    if heir is None:
        raise problems.LINK_OWNERLESS.error()
    unit.decide("AROUND-LEAVERS")
    # As a transfer by an automation, which nobody has to ask for.
    entry = TimelineEntry(
        at=unit.now, text=f"An automation transferred ownership to {heir.name}", initiator=Initiator(type="APP")
    )
    passed = put_with_activity(unit, space, entry, owner_id=heir.id)
    notify(unit, heir, passed, organisation(unit).ownership_transferred)
    return passed


def _most_recently_active(unit: Unit, space: Space) -> User | None:
    members = [one for one in space.participants if one.user_id is not None]
    # Of those who did nothing as yet, who joined last came last (assumed).
    for one in sorted(members, key=lambda one: (one.last_activity_at or 0, one.granted_at), reverse=True):
        user = unit.store.get(USERS, one.user_id or "")
        # A user without a content licence can own no space (ROLE-DEACTIVATED).
        if user is not None and user.is_active and user.has_content_license:
            return user
    return None
