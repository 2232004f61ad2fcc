"""Who asks, and what that lets them see and do (ROLE-)."""

from __future__ import annotations

from collections.abc import Iterable

from ...core.refusals import Problem
from ...state.record import record
from ...state.store import Store
from ...state.unit import Unit
from ..problems import SPACES_NOT_ENABLED
from .organisation import organisation
from .people import USERS, Initiator, Participant, Role, User
from .space import SPACES, Space


@record
class Caller:
    """The token's user, whose role counts (ROLE-TOKEN), and whether the token is an API token (ROLE-KINDS)."""

    user: User
    is_app: bool

    @property
    def is_admin(self) -> bool:
        """Whether the user has admin right."""
        return self.user.role is Role.ADMIN

    def owns(self, space: Space) -> bool:
        """Return whether the user is the owner."""
        return space.owner_id == self.user.id


def initiator(caller: Caller, member: Participant | None) -> Initiator:
    """Return who acts on a space: APP for API tokens, else the caller as a member of it, else the admin."""
    # Also where the token's user takes part (ROLE-KINDS, assumed).
    if caller.is_app:
        return Initiator(type="APP", user_id=caller.user.id)
    if member is not None:
        return Initiator(type="PARTICIPANT", participant=member)
    return Initiator(type="ADMIN", user_id=caller.user.id)


def require_plan(unit: Unit) -> None:
    """Refuse with 403 every call on spaces of a tenant without them (CONV-PLAN-403)."""
    if not organisation(unit).features.shared_spaces:
        raise SPACES_NOT_ENABLED.error()


def existing_space(unit: Unit, space_id: str, unknown: Problem) -> Space:
    """Return the space, or refuse with the operation's own 404."""
    # Before the 404: without the plan every call gets 403, whatever its id (CONV-PLAN-403).
    require_plan(unit)
    space = unit.store.get(SPACES, space_id)
    if space is None:
        raise unknown.error(id=space_id)
    return space


def own_space(unit: Unit, caller: Caller, space_id: str, *, unknown: Problem, not_yours: Problem) -> Space:
    """Return a space that the caller owns or, as an admin, may change; 404 comes before 403 (CONV-ORDER)."""
    space = existing_space(unit, space_id, unknown)
    # Also who may not see the space gets 403 here, not 404 (TRANSFER-403); only GET hides (CONV-HIDE).
    if not caller.is_admin and not caller.owns(space):
        raise not_yours.error()
    return space


def may_see(store: Store, caller: Caller, space: Space) -> bool:
    """Return whether the role shows the space: ROLE-ADMIN, ROLE-USER, ROLE-MANAGER, ROLE-MANAGER-PARTICIPANT."""
    if caller.is_admin or space.is_member(caller.user.id):
        return True
    return caller.user.role is Role.MANAGER and _has_report_among(store, caller.user.id, space.members())


def _has_report_among(store: Store, manager_id: str, user_ids: Iterable[str]) -> bool:
    # From the space's few members, not from the manager's reports, of which there may be many.
    users = (store.get(USERS, user_id) for user_id in user_ids)
    return any(user is not None and user.manager_id == manager_id for user in users)
