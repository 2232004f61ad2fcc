"""The mutual action plan as it is kept: one record with all it holds, so that it changes and goes as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from ...core.refusals import Problem
from ...state.record import record
from ...state.store import RecordType, Store
from ...state.unit import Unit
from .. import problems
from .access import Caller, require_plan
from .branding import TEMPLATES, Template
from .space import SPACES, Space

MOST_MILESTONES = 50
MOST_ACTIONS = 1000  # of a plan, in all


class ContextType(StrEnum):
    """What a plan is of."""

    SPACE = "SHARED-SPACE"
    TEMPLATE = "SHARED-SPACE-TEMPLATE"


@record
class Assignee:
    """Who is to do an action."""

    id: str
    participant_id: str
    created_at: int
    updated_at: int


@record
class Action:
    """Something to be done, perhaps by a time (in milliseconds)."""

    id: str
    title: str
    due_at: int | None
    is_completed: bool
    assignees: tuple[Assignee, ...]
    created_at: int
    updated_at: int


@record
class Milestone:
    """A step of a plan, and the actions that it takes, in their order."""

    id: str
    title: str
    actions: tuple[Action, ...]
    created_at: int
    updated_at: int


class Notifications(NamedTuple):
    """Of what a participant wants to be told."""

    participant_id: str
    of_assigned: bool = True
    of_completed: bool = True


@record
class Plan:
    """A mutual action plan (AROUND-MAP). `notifications` are those of participants who chose."""

    id: str
    context_type: ContextType
    context_id: str
    milestones: tuple[Milestone, ...]
    notifications: tuple[Notifications, ...]
    created_at: int
    updated_at: int


def context_key(context_type: ContextType, context_id: str) -> str:
    """Return what one plan alone may have (AROUND-MAP-ONE)."""
    return f"{context_type} {context_id}"


def _without_context(store: Store) -> Iterator[str]:
    for plan in store.all(PLANS):
        spaces = plan.context_type is ContextType.SPACE
        known = store.get(SPACES, plan.context_id) if spaces else store.get(TEMPLATES, plan.context_id)
        if known is None:
            yield f"the plan {plan.id} is of {plan.context_id}, which is missing"


PLANS = RecordType(
    "plans",
    Plan,
    key=lambda plan: plan.id,
    unique={"context": lambda plan: context_key(plan.context_type, plan.context_id)},
    inconsistencies=_without_context,
)


def context_of(unit: Unit, caller: Caller, context_type: ContextType, context_id: str) -> Space | Template | None:
    """Return what a plan is of, None where there is no such thing or the caller has no part in it (AROUND-MAP-WHO)."""
    if context_type is ContextType.TEMPLATE:
        return unit.store.get(TEMPLATES, context_id) if caller.is_admin else None
    space = unit.store.get(SPACES, context_id)
    return space if space is not None and (caller.is_admin or space.is_member(caller.user.id)) else None


def plan_of(store: Store, context_type: ContextType, context_id: str) -> Plan | None:
    """Return the plan of a space or a template, if it has one."""
    return store.find(PLANS, "context", context_key(context_type, context_id))


def open_plan(unit: Unit, caller: Caller, plan_id: str) -> Plan:
    """Return a plan that the caller may see and change; any other is told like one that does not exist."""
    require_plan(unit)
    plan = unit.store.get(PLANS, plan_id)
    if plan is None:
        raise problems.MAP_UNKNOWN.error(id=plan_id)
    if context_of(unit, caller, plan.context_type, plan.context_id) is None:
        raise problems.MAP_HIDDEN.error(id=plan_id)
    return plan


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


def one_of(some: tuple[T, ...], wanted: str, unknown: Problem) -> T:
    """Return the one with that id, or refuse with 404."""
    found = next((one for one in some if one.id == wanted), None)
    if found is None:
        raise unknown.error(id=wanted)
    return found


def replaced(some: tuple[T, ...], changed: T) -> tuple[T, ...]:
    """Put the changed one in the place of what has its id."""
    return tuple(changed if one.id == changed.id else one for one in some)


def without(some: tuple[T, ...], gone: T) -> tuple[T, ...]:
    """Leave one out."""
    return tuple(one for one in some if one.id != gone.id)


def placed(some: tuple[T, ...], one: T, position: int | None) -> tuple[T, ...]:
    """Put one at a place, counted from 0, or at the end; a place beyond the end is the end (AROUND-MAP-POSITION)."""
    others = without(some, one)
    place = len(others) if position is None else position
    return (*others[:place], one, *others[place:])


def delete_of(unit: Unit, space: Space) -> None:
    """Delete a space's plan, if it has one."""
    plan = plan_of(unit.store, ContextType.SPACE, space.id)
    if plan is not None:
        unit.delete(PLANS, plan.id)


def forget_participant(unit: Unit, space: Space, participant_id: str) -> None:
    """Take somebody who left the space out of what its plan has assigned."""
    plan = plan_of(unit.store, ContextType.SPACE, space.id)
    if plan is None:
        return
    milestones = tuple(_forgetting(milestone, participant_id) for milestone in plan.milestones)
    chosen = tuple(one for one in plan.notifications if one.participant_id != participant_id)
    changed = replace(plan, milestones=milestones, notifications=chosen)
    if changed != plan:
        unit.put(PLANS, changed)


def _forgetting(milestone: Milestone, participant_id: str) -> Milestone:
    actions = (
        replace(action, assignees=tuple(one for one in action.assignees if one.participant_id != participant_id))
        for action in milestone.actions
    )
    return replace(milestone, actions=tuple(actions))
