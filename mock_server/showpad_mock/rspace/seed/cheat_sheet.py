"""The cheat sheet of seed data: who there is and which key, whose item is which."""

from __future__ import annotations

from collections.abc import Sequence

from ...state.store import Store
from ...state.tenant import Seed, Tenant
from ..domain.groups import GROUPS
from ..domain.items import ITEMS, SHAREABLE, Item
from ..domain.people import user_by_id
from ..vendor import sessions

Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]


def tables(seed: Seed, tenant_name: str) -> list[Table]:
    """Return the sheet as tables: title, column names, rows."""
    tenant = Tenant(tenant_name, seed, stream="")
    users = [(one["user"], one["id"], one["groups"], one["state"], one["apiToken"]) for one in sessions(tenant)]
    sheet: list[Table] = [
        ("RSpace users", ("user", "id", "groups", "state", "API key, Bearer token"), users),
        ("RSpace groups", ("group", "id", "shared folder", "members"), _groups(tenant.store)),
        ("RSpace items", ("item", "id", "owner", "shared"), _items(tenant.store)),
    ]
    return [table for table in sheet if table[2]]


def _username(store: Store, user_id: int) -> str:
    user = user_by_id(store, user_id)
    return user.username if user is not None else str(user_id)


def _groups(store: Store) -> list[Sequence[str]]:
    groups = sorted(store.all(GROUPS), key=lambda group: group.id)
    return [
        (
            group.name,
            str(group.id),
            str(group.shared_folder_id),
            ", ".join(f"{_username(store, one.user_id)} ({one.role})" for one in group.members),
        )
        for group in groups
    ]


def _items(store: Store) -> list[Sequence[str]]:
    items = sorted((item for item in store.all(ITEMS) if item.parent_id is not None), key=lambda item: item.id)
    return [(item.name, item.global_id, _username(store, item.owner_id), _fate(item)) for item in items]


def _fate(item: Item) -> str:
    """Return how an attempt to share the item ends."""
    return "works" if item.kind in SHAREABLE else "in the failed list; observed: 401"
