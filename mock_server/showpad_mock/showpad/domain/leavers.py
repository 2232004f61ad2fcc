"""What becomes of a space whose owner has left (AROUND-LEAVERS)."""

from __future__ import annotations

from dataclasses import replace

from ...state.unit import Unit
from .. import problems
from .history import notify
from .organisation import organisation
from .people import USERS, Participant, User
from .space import SPACES, Space, public_url
from .timeline import timeline


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
    passed = replace(space, owner_id=heir.id, updated_at=unit.now)
    unit.put(SPACES, passed)
    notify(unit, heir, passed, organisation(unit).ownership_transferred, public_url(unit.tenant.name, passed))
    return passed


def _most_recently_active(unit: Unit, space: Space) -> User | None:
    users = [unit.store.get(USERS, one.user_id) for one in space.participants if one.user_id is not None]
    members = {user.id: user for user in users if user is not None and user.is_active}
    for entry in reversed(timeline(unit.store, space)[0]):
        who = entry.initiator.participant
        if who is not None and who.user_id in members:
            return members[who.user_id]
    # Nobody did anything that the timeline holds: who joined last came last (assumed).
    return list(members.values())[-1] if members else None
