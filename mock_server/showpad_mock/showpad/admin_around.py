"""What tests may read and change around spaces: records of a CRM, user groups, who took part in a space when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired

from typing_extensions import TypedDict

from ..core.clock import iso
from ..state.unit import Unit
from ..web.vendor import AdminOperation
from .domain.crm import CRM_RECORDS, CrmRecord, LinkedTo, key_of, records_of
from .domain.history import shown_participant
from .domain.people import USER_GROUPS, USERS, UserGroup, find_user
from .domain.roles import Membership, memberships
from .domain.shares import SHARES
from .domain.space import SPACES, Space
from .problems import no_such
from .wire.crm import NewRecord, record_answer

Params = Mapping[str, str]


class NewGroup(TypedDict):
    """A group of users, who go by handle or id; its own id is drawn when left out."""

    id: NotRequired[str]
    name: str
    users: list[str]


class GroupChange(TypedDict):
    """Who is in a group from now on."""

    users: list[str]


def _space(unit: Unit, params: Params) -> Space:
    space = unit.store.get(SPACES, params["space"])
    if space is None:
        raise no_such("Shared Space", params["space"], (one.id for one in unit.store.all(SPACES)))
    return space


def _linked(unit: Unit, params: Params) -> tuple[LinkedTo, str]:
    if "space" in params:
        return LinkedTo.SPACE, _space(unit, params).id
    if unit.store.get(SHARES, params["share"]) is None:
        raise no_such("Share", params["share"], (one.id for one in unit.store.all(SHARES)))
    return LinkedTo.SHARE, params["share"]


def list_records(unit: Unit, params: Params) -> list[dict[str, Any]]:
    """List the records of a CRM that belong to a space or a Share."""
    return [record_answer(one) for one in records_of(unit.store, *_linked(unit, params))]


def add_record(unit: Unit, params: Params, body: NewRecord) -> dict[str, Any]:
    """Let a record of a CRM belong to a space or a Share; one of the same id there is replaced."""
    linked_to, linked_id = _linked(unit, params)
    record = CrmRecord(
        id=body.get("id") or unit.ids.hex32(),
        linked_to=linked_to,
        linked_id=linked_id,
        type=body["type"],
        name=body["name"],
        url=body.get("url"),
        account_id=body.get("accountId"),
        created_at=unit.now,
    )
    unit.put(CRM_RECORDS, record)
    return record_answer(record)


def remove_record(unit: Unit, params: Params) -> None:
    """Let a record belong to a space or a Share no longer."""
    key = key_of(*_linked(unit, params), params["record"])
    if unit.store.get(CRM_RECORDS, key) is None:
        raise no_such("CRM record", params["record"], (one.id for one in unit.store.all(CRM_RECORDS)))
    unit.delete(CRM_RECORDS, key)


def show_history(unit: Unit, params: Params) -> list[dict[str, Any]]:
    """List who takes part in a space and who left it, with their roles over time."""
    return [_shown_membership(one) for one in memberships(unit.store, _space(unit, params))]


def _shown_membership(one: Membership) -> dict[str, Any]:
    active_at = one.participant.last_activity_at
    return {
        **shown_participant(one.participant),
        "accessGrantedAt": iso(one.participant.granted_at),
        "accessRevokedAt": _time(one.revoked_at),
        "lastActivityAt": _time(active_at),
        "roles": [{"role": part.role, "since": iso(part.since), "until": _time(part.until)} for part in one.roles],
    }


def _time(milliseconds: int | None) -> str | None:
    return iso(milliseconds) if milliseconds is not None else None


def list_groups(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the user groups, by which spaces can be listed."""
    return [_shown_group(group) for group in sorted(unit.store.all(USER_GROUPS), key=lambda group: group.id)]


def add_group(unit: Unit, _: Params, body: NewGroup) -> dict[str, Any]:
    """Add a user group; one of the same id is replaced."""
    return _put_group(unit, body.get("id") or unit.ids.hex32(), body["name"], body["users"])


def change_group(unit: Unit, params: Params, body: GroupChange) -> dict[str, Any]:
    """Say who is in a user group from now on."""
    group = unit.store.get(USER_GROUPS, params["group"])
    if group is None:
        raise no_such("user group", params["group"], (one.id for one in unit.store.all(USER_GROUPS)))
    return _put_group(unit, group.id, group.name, body["users"])


def _put_group(unit: Unit, group_id: str, name: str, users: list[str]) -> dict[str, Any]:
    group = UserGroup(id=group_id, name=name, user_ids=tuple(_user_id(unit, user) for user in users))
    unit.put(USER_GROUPS, group)
    return _shown_group(group)


def _user_id(unit: Unit, name: str) -> str:
    user = find_user(unit.store, name)
    if user is None:
        raise no_such("user", name, (one.handle for one in unit.store.all(USERS)))
    return user.id


def _shown_group(group: UserGroup) -> dict[str, Any]:
    return {"id": group.id, "name": group.name, "userIds": list(group.user_ids)}


AROUND_OPERATIONS = (
    AdminOperation(
        "GET",
        "/shared-spaces/{space}/participants/history",
        "List participants with their roles over time",
        show_history,
    ),
    AdminOperation("GET", "/shared-spaces/{space}/crm-records", "List a space's CRM records", list_records),
    AdminOperation("POST", "/shared-spaces/{space}/crm-records", "Add a CRM record to a space", add_record, NewRecord),
    AdminOperation(
        "DELETE", "/shared-spaces/{space}/crm-records/{record}", "Take a CRM record from a space", remove_record
    ),
    AdminOperation("GET", "/shares/{share}/crm-records", "List a Share's CRM records", list_records),
    AdminOperation("POST", "/shares/{share}/crm-records", "Add a CRM record to a Share", add_record, NewRecord),
    AdminOperation("DELETE", "/shares/{share}/crm-records/{record}", "Take a CRM record from a Share", remove_record),
    AdminOperation("GET", "/user-groups", "List user groups", list_groups),
    AdminOperation("POST", "/user-groups", "Add a user group", add_group, NewGroup),
    AdminOperation("PATCH", "/user-groups/{group}", "Say who is in a user group", change_group, GroupChange),
)
"""In the order of the control API's documentation."""
