"""The links by which participants open a space (SPACE-INVITE)."""

from __future__ import annotations

from ...state.record import record
from ...state.store import RecordType
from ...state.unit import Unit
from .. import problems
from .people import Participant
from .space import Space


@record
class Invitation:
    """The link by which one participant opens a space; the token stands for who they are."""

    token: str
    space_id: str
    participant_id: str


INVITATIONS = RecordType(
    "invitations",
    Invitation,
    key=lambda invitation: invitation.token,
    unique={"participant": lambda invitation: f"{invitation.space_id}/{invitation.participant_id}"},
)


def invite(unit: Unit, space: Space, participant: Participant) -> Invitation:
    """Return a participant's own link to a space, the same each time."""
    known = unit.store.find(INVITATIONS, "participant", _of(space, participant))
    if known is not None:
        return known
    invitation = Invitation(token=unit.ids.token(), space_id=space.id, participant_id=participant.id)
    unit.put(INVITATIONS, invitation)
    return invitation


def invited(unit: Unit, space: Space, token: str) -> Participant:
    """Return the participant whom an invitation is for; refuses any other text (SPACE-INVITE)."""
    invitation = unit.store.get(INVITATIONS, token)
    if invitation is not None and invitation.space_id == space.id:
        for one in space.participants:
            if one.id == invitation.participant_id:
                return one
    raise problems.LINK_UNINVITED.error()


def delete_invitations(unit: Unit, space: Space) -> None:
    """Delete the invitations to a space that is deleted."""
    for one in space.participants:
        withdraw(unit, space, one)


def withdraw(unit: Unit, space: Space, participant: Participant) -> None:
    """Delete a participant's invitation, if there is one."""
    invitation = unit.store.find(INVITATIONS, "participant", _of(space, participant))
    if invitation is not None:
        unit.delete(INVITATIONS, invitation.token)


def _of(space: Space, participant: Participant) -> str:
    return f"{space.id}/{participant.id}"
