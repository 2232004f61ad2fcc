"""How items become shared: what the guide promises, and what the server does instead (RS-SHARE)."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.refusals import Refusal
from ...state.record import record
from ...state.store import Store
from ...state.unit import Unit
from .. import problems
from .features import is_observed
from .groups import Group, colleagues_of, group_by_id
from .items import SHAREABLE, Item, ItemKind, is_within, item_by_id
from .people import User, user_by_id
from .sequences import Kind, draw
from .shares import SHARES, Permission, Share, TargetType, find_share


@record
class Target:
    """With whom to share, what that permits, and, of a group, into which folder."""

    type: TargetType
    id: int
    permission: Permission = Permission.READ
    folder_id: int | None = None


@record
class SharePost:
    """What a request asks for; groups come before users."""

    item_ids: tuple[int, ...]
    targets: tuple[Target, ...]


@record
class ShareResult:
    """The new shares that are told, and the ids of items that could not be shared."""

    shares: list[Share]
    failed: list[int]


def share(unit: Unit, caller: User, post: SharePost) -> ShareResult:
    """Share each item with each target."""
    # Each once: what stands twice in a request is skipped (RS-SHARE-TWICE).
    item_ids = list(dict.fromkeys(post.item_ids))
    first: dict[tuple[TargetType, int], Target] = {}
    for target in post.targets:
        first.setdefault((target.type, target.id), target)
    targets = list(first.values())
    if len(item_ids) < len(post.item_ids) or len(targets) < len(post.targets):
        unit.decide("RS-SHARE-TWICE")
    unit.decide("RS-SHARE-OK")
    return (_observed if is_observed(unit.store) else _documented)(unit, caller, item_ids, targets)


def _documented(unit: Unit, caller: User, item_ids: Sequence[int], targets: Sequence[Target]) -> ShareResult:
    made: list[Share] = []
    failed: list[int] = []
    known = [one for one in targets if _is_there(unit.store, one)]  # of a million that are not, no refusal is made
    allowed = [one for one in known if not (_unknown(unit.store, [one]) or _barred(unit.store, caller, [one]))]
    for item_id in item_ids:
        item = item_by_id(unit.store, item_id)
        new = _not_yet(unit.store, item, allowed) if item is not None and _refusal_of(caller, item) is None else []
        made += (_put(unit, caller, item, target) for target in new if item is not None)
        if len(new) < len(targets):
            failed.append(item_id)
    unit.decide(*(["RS-SHARE-EACH"] if made else []), *(["RS-SHARE-FAILED"] if failed else []))
    return ShareResult(shares=made, failed=failed)


def _observed(unit: Unit, caller: User, item_ids: Sequence[int], targets: Sequence[Target]) -> ShareResult:
    told: list[Share] = []
    refusals: list[Refusal] = []
    # Of the targets alone, so that many of both cost no more than their sum.
    unknown = _unknown(unit.store, targets)
    barred = _barred(unit.store, caller, targets) if unknown is None else None
    for item_id in item_ids:
        item = item_by_id(unit.store, item_id)
        if item is None:
            raise problems.SHARE_ITEM_UNKNOWN.error(id=item_id)
        if unknown is not None:
            raise unknown
        refusal = _refusal_of(caller, item) or barred
        if refusal is not None:
            refusals.append(refusal)
        else:
            told += _share_with_each(unit, caller, item, targets)
    if refusals:
        raise _failure(refusals, len(item_ids))
    return ShareResult(shares=told, failed=[])


def _failure(refusals: Sequence[Refusal], items: int) -> Refusal:
    if len(refusals) < items:
        return problems.SHARE_SOME_FAILED.error()
    into_notebook = [one for one in refusals if one.problem is problems.SHARE_INTO_NOTEBOOK]
    if into_notebook:
        return into_notebook[0]
    return refusals[0] if len(refusals) == 1 else problems.SHARE_NONE_ALLOWED.error()


def _share_with_each(unit: Unit, caller: User, item: Item, targets: Sequence[Target]) -> list[Share]:
    """Share with all targets and return the first new share, which alone is told (RS-SHARE-FIRST)."""
    new = _not_yet(unit.store, item, targets)
    if len(new) < len(targets):
        unit.decide("RS-SHARE-AGAIN")
    made = [_put(unit, caller, item, target) for target in new]
    if len(made) > 1:
        unit.decide("RS-SHARE-FIRST")
    return made[:1]


def _not_yet(store: Store, item: Item, targets: Sequence[Target]) -> list[Target]:
    return [one for one in targets if find_share(store, item.id, one.type, one.id) is None]


def _refusal_of(caller: User, item: Item) -> Refusal | None:
    """Return why an item cannot be shared, with whomsoever."""
    if item.owner_id != caller.id:
        return problems.SHARE_NOT_OWNER.error(id=item.id)
    return problems.SHARE_NOT_SHAREABLE.error(id=item.id) if item.kind not in SHAREABLE else None


def _unknown(store: Store, targets: Sequence[Target]) -> Refusal | None:
    """Return the refusal of the first target that there is not, or whose folder there is not."""
    for target in targets:
        if not _is_there(store, target):
            return problems.SHARE_TARGET_UNKNOWN.error(target=target.type.lower(), id=target.id)
        if target.folder_id is not None and item_by_id(store, target.folder_id) is None:
            return problems.SHARE_FOLDER_UNKNOWN.error(id=target.folder_id)
    return None


def _is_there(store: Store, target: Target) -> bool:
    find = group_by_id if target.type is TargetType.GROUP else user_by_id
    return find(store, target.id) is not None


def _barred(store: Store, caller: User, targets: Sequence[Target]) -> Refusal | None:
    """Return the refusal of the first target that the caller may not share with."""
    refusals = (_refusal_of_target(store, caller, target) for target in targets)
    first = next((refusal for refusal in refusals if refusal is not None), None)
    if first is None or first.problem is problems.SHARE_INTO_NOTEBOOK or len(targets) == 1:
        return first
    # With those that are allowed it is not shared either: that is inferred, the refusal of a lone target stated.
    is_mixed = any(_refusal_of_target(store, caller, target) is None for target in targets)
    return problems.SHARE_ATOMIC.error(detail=first.detail) if is_mixed else first


def _refusal_of_target(store: Store, caller: User, target: Target) -> Refusal | None:
    if target.type is TargetType.USER:
        is_colleague = target.id in colleagues_of(store, caller.id)
        return None if is_colleague else problems.SHARE_NOT_COLLEAGUE.error(id=target.id)
    if not _group(store, target).has(caller.id):
        return problems.SHARE_NOT_MEMBER.error(id=target.id)
    folder = item_by_id(store, target.folder_id) if target.folder_id is not None else None
    if folder is not None and folder.kind is ItemKind.NOTEBOOK and folder.owner_id == caller.id:
        return problems.SHARE_INTO_NOTEBOOK.error(id=folder.id)
    return None


def _group(store: Store, target: Target) -> Group:
    group = group_by_id(store, target.id)
    assert group is not None
    return group


def _put(unit: Unit, caller: User, item: Item, target: Target) -> Share:
    folder_id = _folder_of(unit, item, target) if target.type is TargetType.GROUP else None
    made = Share(
        id=draw(unit, Kind.SHARE),
        item_id=item.id,
        target_type=target.type,
        target_id=target.id,
        permission=target.permission,
        sharer_id=caller.id,
        folder_id=folder_id,
    )
    unit.put(SHARES, made)
    return made


def _folder_of(unit: Unit, item: Item, target: Target) -> int:
    group = _group(unit.store, target)
    if target.folder_id is not None:
        folder = item_by_id(unit.store, target.folder_id)
        if folder is not None and is_within(unit.store, folder, group.shared_folder_id):
            unit.decide("RS-SHARE-FOLDER")
            return folder.id
        # Silently, as for a folder of another group (RS-SHARE-FOLDER-OTHER).
        unit.decide("RS-SHARE-FOLDER-OTHER")
    return group.snippet_folder_id if item.kind is ItemKind.SNIPPET else group.shared_folder_id
