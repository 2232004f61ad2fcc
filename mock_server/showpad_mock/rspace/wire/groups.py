"""Groups on the wire."""

from __future__ import annotations

from typing import Any

from ...state.store import Store
from ..domain.groups import Group, Role
from ..domain.people import user_by_id


def group_answer(group: Group, store: Store) -> dict[str, Any]:
    """Show a group and its members: PIs first, then lab admins, then the rest, each by name (RS-GROUP-MEMBERS)."""
    return {
        "id": group.id,
        "globalId": f"GP{group.id}",
        "name": group.name,
        "uniqueName": group.unique_name,
        "type": group.type,
        "sharedFolderId": group.shared_folder_id,
        "sharedSnippetFolderId": group.snippet_folder_id,
        "raid": None,
        "members": _members(group, store),
        "_links": [],
    }


def _members(group: Group, store: Store) -> list[dict[str, Any]]:
    rank = {Role.PI: 0, Role.LAB_ADMIN: 1}
    named = [(member, user) for member in group.members if (user := user_by_id(store, member.user_id)) is not None]
    named.sort(key=lambda one: (rank.get(one[0].role, len(rank)), one[1].username))
    return [{"id": user.id, "username": user.username, "role": member.role} for member, user in named]
