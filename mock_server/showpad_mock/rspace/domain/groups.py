"""Groups: who is in them, in which role, and who may see them (RS-GROUP)."""

from __future__ import annotations

from enum import StrEnum

from ...state.record import record
from ...state.store import RecordType, Store, get_all, starting_with
from ...state.unit import Unit
from ..problems import GROUP_UNKNOWN
from .people import User


class Role(StrEnum):
    """A member's role, in the order in which members are listed (RS-GROUP-MEMBERS)."""

    PI = "PI"
    LAB_ADMIN = "LAB_ADMIN"
    GROUP_OWNER = "GROUP_OWNER"
    USER = "USER"


@record
class Member:
    """Somebody in a group."""

    user_id: int
    role: Role


@record
class Group:
    """A group with its two shared folders."""

    id: int
    name: str
    unique_name: str
    type: str
    shared_folder_id: int
    snippet_folder_id: int
    members: tuple[Member, ...]

    def has(self, user_id: int) -> bool:
        """Return whether the user is a member."""
        return any(member.user_id == user_id for member in self.members)


GROUPS = RecordType(
    "rspace_groups",
    Group,
    key=lambda group: str(group.id),
    indexes={"member": lambda group: [(member.user_id, str(group.id)) for member in group.members]},
)


def group_by_id(store: Store, group_id: int) -> Group | None:
    """Return the group with that id."""
    return store.get(GROUPS, str(group_id))


def groups_of(store: Store, user_id: int) -> list[Group]:
    """Return the groups that a user is in, by name (RS-GROUPS-ORDER)."""
    found = get_all(store, GROUPS, store.scan(GROUPS, "member", starting_with(user_id)))
    return sorted(found, key=lambda group: (group.name, group.id))


def colleagues_of(store: Store, user_id: int) -> set[int]:
    """Return the ids of all who are in a group with the user, the user among them."""
    return {member.user_id for group in groups_of(store, user_id) for member in group.members}


def list_groups(unit: Unit, caller: User) -> list[Group]:
    """List the caller's groups."""
    unit.decide("RS-GROUPS-OK", "RS-GROUPS-ORDER")
    return groups_of(unit.store, caller.id)


def get_group(unit: Unit, caller: User, group_id: int) -> Group:
    """Return a group to its members and system administrators; to all others it does not exist (RS-GROUP-404)."""
    group = group_by_id(unit.store, group_id)
    if group is None or not (group.has(caller.id) or caller.is_sysadmin):
        raise GROUP_UNKNOWN.error(id=group_id)
    unit.decide("RS-GROUP-OK")
    return group
