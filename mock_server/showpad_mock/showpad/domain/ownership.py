"""Who may own a space, and how it passes on (TRANSFER-)."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.refusals import Parsed, Problem
from ...state.store import Store
from ...state.unit import Unit
from .. import problems
from .access import Caller, own_space
from .history import activity, notify
from .organisation import organisation
from .participants import joined
from .people import USERS, User
from .timeline import put_with_activity


@dataclass(frozen=True, slots=True)
class OwnerProblems:
    """The refusals of one operation for who cannot own (ROLE-DEACTIVATED)."""

    unknown: Problem
    deactivated: Problem
    unlicensed: Problem


TRANSFER_TO = OwnerProblems(
    unknown=problems.TRANSFER_TO_NOBODY,
    deactivated=problems.TRANSFER_TO_DEACTIVATED,
    unlicensed=problems.TRANSFER_TO_UNLICENSED,
)


def eligible_owner(store: Store, user_id: str, refusals: OwnerProblems, *, at: str) -> User:
    """Return the user, or refuse with 400: unknown, deactivated, or without a content licence."""
    user = store.get(USERS, user_id)
    if user is None:
        raise refusals.unknown.error(at=at)
    if not user.is_active:
        raise refusals.deactivated.error(at=at)
    if not user.has_content_license:
        raise refusals.unlicensed.error(at=at)
    return user


def transfer(unit: Unit, caller: Caller, space_id: str, body: Parsed[str]) -> None:
    """Transfer the space to another user, who is notified; the former owner stays a participant (TRANSFER-MEMBERS)."""
    space = own_space(unit, caller, space_id, unknown=problems.TRANSFER_UNKNOWN, not_yours=problems.TRANSFER_NOT_YOURS)
    # Asked of the new owner alone: a deactivated user's space can be transferred (TRANSFER-FROM-DEACTIVATED).
    owner = eligible_owner(unit.store, body.require(), TRANSFER_TO, at="userId")
    unit.decide("TRANSFER-OK")
    # Nothing moves, nobody is notified; that this is no error is assumed (TRANSFER-SAME).
    if owner.id == space.owner_id:
        unit.decide("TRANSFER-SAME")
        return
    # Looked up before the new owner joins: a caller who transfers to themselves took no part until now.
    member = space.participant(caller.user.id)
    if space.participant(owner.id) is None:
        space = joined(unit, space, owner, member or caller.user)
    entry = activity(unit, caller, member, f"transferred ownership to {owner.name}")
    moved = put_with_activity(unit, space, entry, owner_id=owner.id)
    notify(unit, owner, moved, organisation(unit).ownership_transferred)
