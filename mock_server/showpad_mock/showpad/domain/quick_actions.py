"""Quick actions of a space: buttons that open what an extension shows (AROUND-QUICK-ACTIONS, AROUND-EXTENSIONS)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...core.refusals import Parsed
from ...state.record import record
from ...state.store import RecordType, Store, get_all, starting_with
from ...state.unit import Unit
from .. import problems
from .access import Caller, existing_space, may_see
from .changes import given
from .page import Page, PageQuery
from .space import SPACES, Space


@record
class Extension:
    """A Shared Space extension of the organisation; what is not known of it is None."""

    id: str
    name: str
    description: str | None
    icon: str | None


@record
class QuickAction:
    """A quick action; one that is internal is not for people from outside."""

    id: str
    space_id: str
    title: str
    url: str
    is_internal: bool
    extension_id: str
    created_at: int
    updated_at: int


@record
class NewQuickAction:
    """What a create asks for."""

    title: str
    url: str
    extension_id: str
    is_internal: bool = False


@record
class QuickActionChanges:
    """What an update asks for; None is what was left out."""

    title: str | None = None
    url: str | None = None
    extension_id: str | None = None
    is_internal: bool | None = None


def _dangling(store: Store) -> Iterator[str]:
    for action in store.all(QUICK_ACTIONS):
        if store.get(SPACES, action.space_id) is None:
            yield f"the quick action {action.id} is of the space {action.space_id}, which is missing"
        if store.get(EXTENSIONS, action.extension_id) is None:
            yield f"the quick action {action.id} opens the extension {action.extension_id}, which is missing"


EXTENSIONS = RecordType(
    "extensions",
    Extension,
    key=lambda extension: extension.id,
    # ULIDs sort by time (CONV-ID).
    indexes={"id": lambda extension: ((extension.id,),)},
)
QUICK_ACTIONS = RecordType(
    "quickactions",
    QuickAction,
    key=lambda action: action.id,
    indexes={"space": lambda action: ((action.space_id, action.created_at, action.id),)},
    inconsistencies=_dangling,
)


def list_extensions(unit: Unit, _: Caller, query: Parsed[PageQuery]) -> Page[Extension]:
    """List the organisation's extensions."""
    request = query.require()
    unit.decide("AROUND-EXTENSIONS")
    keys = unit.store.scan(EXTENSIONS, "id", skip=request.offset, limit=request.limit)
    return Page(count=unit.store.count(EXTENSIONS, "id"), items=list(get_all(unit.store, EXTENSIONS, keys)))


def extension_of(store: Store, action: QuickAction) -> Extension:
    """Return the extension that a quick action opens."""
    extension = store.get(EXTENSIONS, action.extension_id)
    assert extension is not None  # none is ever deleted
    return extension


def actions_of(store: Store, space_id: str, *, skip: int = 0, limit: int | None = None) -> Iterator[QuickAction]:
    """Return a space's quick actions, oldest first."""
    keys = store.scan(QUICK_ACTIONS, "space", starting_with(space_id), skip=skip, limit=limit)
    return get_all(store, QUICK_ACTIONS, keys)


def list_all(unit: Unit, caller: Caller, space_id: str, query: Parsed[PageQuery]) -> Page[QuickAction]:
    """List the quick actions of a space that the caller may see."""
    space = _visible(unit, caller, space_id)
    request = query.require()
    unit.decide("AROUND-QUICK-ACTIONS")
    return Page(
        count=unit.store.count(QUICK_ACTIONS, "space", starting_with(space.id)),
        items=list(actions_of(unit.store, space.id, skip=request.offset, limit=request.limit)),
    )


def get(unit: Unit, caller: Caller, space_id: str, action_id: str) -> QuickAction:
    """Return a quick action of a space that the caller may see."""
    action = _existing(unit, _visible(unit, caller, space_id), action_id)
    unit.decide("AROUND-QUICK-ACTIONS")
    return action


def create(unit: Unit, caller: Caller, space_id: str, body: Parsed[NewQuickAction]) -> QuickAction:
    """Add a quick action to a space."""
    space = existing_space(unit, space_id, problems.ACTION_SPACE_UNKNOWN)
    _require_part(caller, space)
    request = body.require()
    _check_extension(unit, request.extension_id)
    unit.decide("AROUND-QUICK-ACTIONS")
    action = QuickAction(
        id=unit.ids.hex32(),
        space_id=space.id,
        title=request.title,
        url=request.url,
        is_internal=request.is_internal,
        extension_id=request.extension_id,
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.put(QUICK_ACTIONS, action)
    return action


def update(unit: Unit, caller: Caller, space_id: str, action_id: str, body: Parsed[QuickActionChanges]) -> QuickAction:
    """Change what is sent of a quick action and nothing else."""
    action = _own(unit, caller, space_id, action_id)
    request = body.require()
    _check_extension(unit, request.extension_id)
    unit.decide("AROUND-QUICK-ACTIONS")
    changed = replace(action, **given(request))
    if changed == action:
        return action
    changed = replace(changed, updated_at=unit.now)
    unit.put(QUICK_ACTIONS, changed)
    return changed


def delete(unit: Unit, caller: Caller, space_id: str, action_id: str) -> None:
    """Take a quick action out of its space."""
    unit.delete(QUICK_ACTIONS, _own(unit, caller, space_id, action_id).id)
    unit.decide("AROUND-QUICK-ACTIONS")


def delete_of(unit: Unit, space: Space) -> None:
    """Delete a space's quick actions, with which nothing else goes."""
    for action in list(actions_of(unit.store, space.id)):
        unit.delete(QUICK_ACTIONS, action.id)


def _visible(unit: Unit, caller: Caller, space_id: str) -> Space:
    space = existing_space(unit, space_id, problems.ACTION_SPACE_UNKNOWN)
    if not may_see(unit.store, caller, space):
        raise problems.SPACE_HIDDEN.error(id=space_id)
    return space


def _own(unit: Unit, caller: Caller, space_id: str, action_id: str) -> QuickAction:
    space = existing_space(unit, space_id, problems.ACTION_SPACE_UNKNOWN)
    # Both 404s first, as of any other two (CONV-ORDER).
    action = _existing(unit, space, action_id)
    _require_part(caller, space)
    return action


def _existing(unit: Unit, space: Space, action_id: str) -> QuickAction:
    action = unit.store.get(QUICK_ACTIONS, action_id)
    if action is None or action.space_id != space.id:
        raise problems.ACTION_UNKNOWN.error(id=action_id)
    return action


def _require_part(caller: Caller, space: Space) -> None:
    # Who adds content may add these (AROUND-QUICK-ACTIONS-403, assumed).
    if not caller.is_admin and not space.is_member(caller.user.id):
        raise problems.ACTION_NOT_YOURS.error()


def _check_extension(unit: Unit, extension_id: str | None) -> None:
    if extension_id is not None and unit.store.get(EXTENSIONS, extension_id) is None:
        raise problems.ACTION_EXTENSION_UNKNOWN.error(at="sharedSpaceExtensionId", id=extension_id)
