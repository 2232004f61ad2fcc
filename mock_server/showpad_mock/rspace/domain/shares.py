"""Shares: an item with one user or one group; found, changed and ended (RS-UNSHARE, RS-PERMISSION)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from ...core.refusals import Problem
from ...state.record import record
from ...state.store import RecordType, Store, get_all, starting_with
from ...state.unit import Unit
from .. import problems
from .groups import group_by_id, groups_of
from .items import Item, ItemKind, item_by_id, items_in
from .people import User, user_by_id


class Permission(StrEnum):
    """What a share lets its target do."""

    READ = "READ"
    EDIT = "EDIT"


class TargetType(StrEnum):
    """With whom an item is shared."""

    GROUP = "GROUP"
    USER = "USER"


@record
class Share:
    """An item with a target. `folder_id` is where a group finds it, `sharer_id` None where nobody knows."""

    id: int
    item_id: int
    target_type: TargetType
    target_id: int
    permission: Permission
    sharer_id: int | None
    folder_id: int | None


def pair(item_id: int, target_type: TargetType, target_id: int) -> str:
    """Return what may be shared once: the item with the target (RS-SHARE-AGAIN)."""
    return f"{item_id} {target_type} {target_id}"


SHARES = RecordType(
    "rspace_shares",
    Share,
    key=lambda share: str(share.id),
    unique={"pair": lambda share: pair(share.item_id, share.target_type, share.target_id)},
    indexes={
        "item": lambda share: ((share.item_id, str(share.id)),),
        "target": lambda share: ((share.target_type, share.target_id, str(share.id)),),
    },
)


def find_share(store: Store, item_id: int, target_type: TargetType, target_id: int) -> Share | None:
    """Return the share of the item with the target."""
    return store.find(SHARES, "pair", pair(item_id, target_type, target_id))


def shares_of(store: Store, item_id: int) -> list[Share]:
    """Return the shares of an item, oldest first."""
    return sorted(_scan(store, "item", item_id), key=lambda share: share.id)


def shares_with(store: Store, user: User) -> Iterator[Share]:
    """Return what is shared with a user or with a group of the user's."""
    yield from _scan(store, "target", TargetType.USER, user.id)
    for group in groups_of(store, user.id):
        yield from _scan(store, "target", TargetType.GROUP, group.id)


def _scan(store: Store, index: str, *prefix: object) -> Iterator[Share]:
    return get_all(store, SHARES, store.scan(SHARES, index, starting_with(*prefix)))


def received(store: Store, user: User) -> Iterator[Item]:
    """Return the items that others share with a user, those in shared notebooks among them, each once."""
    seen: dict[int, Item] = {}
    for share in shares_with(store, user):
        item = item_by_id(store, share.item_id)
        if item is not None:
            inside = items_in(store, "parent", item.id) if item.kind is ItemKind.NOTEBOOK else ()
            seen |= {one.id: one for one in (item, *inside)}
    return (item for item in seen.values() if item.owner_id != user.id)


def may_read(store: Store, user: User, item: Item) -> bool:
    """Return whether the item is the user's or shared with the user."""
    return item.owner_id == user.id or any(one.id == item.id for one in received(store, user))


def target_name(store: Store, share: Share) -> str:
    """Return the name of the group or user that an item is shared with."""
    if share.target_type is TargetType.GROUP:
        group = group_by_id(store, share.target_id)
        return group.name if group is not None else ""
    user = user_by_id(store, share.target_id)
    return user.full_name if user is not None else ""


def end(unit: Unit, caller: User, share_id: int) -> None:
    """End one share; of a notebook's, those of its entries with the same target end, too (RS-UNSHARE-NOTEBOOK)."""
    share = _own(unit, caller, share_id, problems.SHARE_UNKNOWN, problems.SHARE_NOT_YOURS)
    item = item_by_id(unit.store, share.item_id)
    ended = [share]
    if item is not None and item.kind is ItemKind.NOTEBOOK:
        entries = items_in(unit.store, "parent", item.id)
        of_entries = [find_share(unit.store, one.id, share.target_type, share.target_id) for one in entries]
        ended += [one for one in of_entries if one is not None]
        unit.decide("RS-UNSHARE-NOTEBOOK")
    unit.decide("RS-UNSHARE-OK")
    for one in ended:
        unit.delete(SHARES, str(one.id))


def change_permission(unit: Unit, caller: User, share_id: int, permission: Permission | None) -> None:
    """Change what a share permits; its id stays (RS-PERMISSION-OK)."""
    unknown = problems.PERMISSION_UNKNOWN_SHARE
    share = _own(unit, caller, share_id, unknown, unknown)
    if permission is None:
        raise problems.PERMISSION_MISSING.error()
    unit.decide("RS-PERMISSION-OK")
    unit.put(SHARES, replace(share, permission=permission))


def _own(unit: Unit, caller: User, share_id: int, unknown: Problem, not_yours: Problem) -> Share:
    share = unit.store.get(SHARES, str(share_id))
    if share is None:
        raise unknown.error(id=share_id)
    item = item_by_id(unit.store, share.item_id)
    # The same words for both: a stranger is not told which shares there are (RS-UNSHARE-FOREIGN).
    if item is None or item.owner_id != caller.id:
        raise not_yours.error(id=share_id)
    return share
