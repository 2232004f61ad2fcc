"""Who takes part in a space: how somebody joins and leaves."""

from __future__ import annotations

from dataclasses import replace

from ...state.record import record
from ...state.unit import Unit
from ..problems import ALREADY_MEMBER, OWNER_STAYS
from .history import emit_user_added
from .invitations import withdraw
from .people import Participant, User, participant_of
from .plan import forget_participant
from .space import FORMER_CAP, SPACES, Left, Space


@record
class Outsider:
    """Somebody who is no user (ROLE-OUTSIDE); what is not known of them is None."""

    email: str
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    job_title: str | None = None


def joined(unit: Unit, space: Space, person: User | Outsider, inviter: Participant | User | None) -> Space:
    """Return the space with somebody more, for the caller to put; an event tells of it (TRANSFER-EVENT)."""
    participant_id = unit.ids.hex32()
    one = (
        participant_of(person, participant_id, unit.now)
        if isinstance(person, User)
        else _from_outside(unit, person, participant_id)
    )
    emit_user_added(unit, space, inviter, one)
    return replace(space, participants=(*space.participants, one), updated_at=unit.now)


def _from_outside(unit: Unit, person: Outsider, participant_id: str) -> Participant:
    return Participant(
        id=participant_id,
        email=person.email,
        user_id=None,
        first_name=person.first_name,
        last_name=person.last_name,
        company=person.company,
        job_title=person.job_title,
        granted_at=unit.now,
    )


def add(unit: Unit, space: Space, person: User | Outsider) -> Participant:
    """Add somebody whom the owner invites; refuses an e-mail that takes part already."""
    email = person.email.casefold()
    if any(one.email.casefold() == email for one in space.participants):
        raise ALREADY_MEMBER.error(email=person.email)  # before an id is drawn
    changed = joined(unit, space, person, space.participant(space.owner_id))
    unit.put(SPACES, changed)
    return changed.participants[-1]


def remove(unit: Unit, space: Space, participant: Participant) -> None:
    """Remove a participant; the owner stays until the ownership is transferred."""
    if participant.user_id == space.owner_id:
        raise OWNER_STAYS.error()
    stay = tuple(one for one in space.participants if one is not participant)
    left = (*space.left, Left(participant, unit.now))[-FORMER_CAP:]
    unit.put(SPACES, replace(space, participants=stay, left=left, updated_at=unit.now))
    forget_participant(unit, space, participant.id)
    withdraw(unit, space, participant)
