"""The mutual action plan as it is kept: a record each for plan, milestone, action and assignee.

So a change writes what it changes, however much a plan holds; what is in an order, whatever contains it has the ids of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from ...state.record import record
from ...state.store import RecordType, Store, get_all, starting_with
from ...state.unit import Unit
from .. import problems
from .access import Caller, require_plan
from .branding import TEMPLATES, Template
from .older import upgrade_plan
from .space import SPACES, Space

# Of one plan, in all: a change that deletes it names all of them.
MOST_MILESTONES = 50
MOST_ACTIONS = 1000
MOST_ASSIGNEES = 2000


Part = tuple[RecordType[Any], str]
"""A record of a plan's by its type and key."""


class ContextType(StrEnum):
    """What a plan is of."""

    SPACE = "SHARED-SPACE"
    TEMPLATE = "SHARED-SPACE-TEMPLATE"


@record
class Assignee:
    """Who is to do an action; `number` is the place among those of the action."""

    id: str
    plan_id: str
    action_id: str
    participant_id: str
    number: int
    created_at: int
    updated_at: int


@record
class Action:
    """Something to be done, perhaps by a time (in milliseconds)."""

    id: str
    plan_id: str
    milestone_id: str
    title: str
    due_at: int | None
    is_completed: bool
    created_at: int
    updated_at: int


@record
class Milestone:
    """A step of a plan, and the actions that it takes, in their order."""

    id: str
    plan_id: str
    title: str
    action_ids: tuple[str, ...]
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
    milestone_ids: tuple[str, ...]
    notifications: tuple[Notifications, ...]
    created_at: int
    updated_at: int


def context_key(context_type: ContextType, context_id: str) -> str:
    """Return what one plan alone may have (AROUND-MAP-ONE)."""
    return f"{context_type} {context_id}"


def assignment_key(action_id: str, participant_id: str) -> str:
    """Return what there is once alone (AROUND-MAP-ASSIGNEES)."""
    return f"{action_id} {participant_id}"


def _missing_of_plans(store: Store) -> Iterator[str]:
    for plan in store.all(PLANS):
        spaces = plan.context_type is ContextType.SPACE
        known = store.get(SPACES, plan.context_id) if spaces else store.get(TEMPLATES, plan.context_id)
        if known is None:
            yield f"the plan {plan.id} is of {plan.context_id}, which is missing"
        found = [one for id_ in plan.milestone_ids if (one := store.get(MILESTONES, id_)) and one.plan_id == plan.id]
        if len({one.id for one in found}) < len(plan.milestone_ids):
            yield f"the plan {plan.id} has a milestone twice, or one that is missing"


def _missing_actions(store: Store) -> Iterator[str]:
    for milestone in store.all(MILESTONES):
        ids = milestone.action_ids
        found = [one for id_ in ids if (one := store.get(ACTIONS, id_)) and one.milestone_id == milestone.id]
        if len({one.id for one in found}) < len(ids):
            yield f"the milestone {milestone.id} has an action twice, or one that is missing"


def _parts(store: Store, plan: Plan) -> Iterator[Part]:
    for milestone in milestones_of(store, plan):
        yield from _of_milestone(store, milestone)


def _of_milestone(store: Store, milestone: Milestone) -> Iterator[Part]:
    yield MILESTONES, milestone.id
    for action in actions_of(store, milestone):
        yield from _of_action(store, action)


def _of_action(store: Store, action: Action) -> Iterator[Part]:
    yield ACTIONS, action.id
    yield from ((ASSIGNEES, assignee.id) for assignee in assignees_of(store, action))


PLANS = RecordType(
    "plans",
    Plan,
    key=lambda plan: plan.id,
    unique={"context": lambda plan: context_key(plan.context_type, plan.context_id)},
    inconsistencies=_missing_of_plans,
    upgrade=upgrade_plan,
    parts=_parts,
)
MILESTONES = RecordType("milestones", Milestone, key=lambda milestone: milestone.id, inconsistencies=_missing_actions)
ACTIONS = RecordType("actions", Action, key=lambda action: action.id)
ASSIGNEES = RecordType(
    "assignees",
    Assignee,
    key=lambda assignee: assignee.id,
    unique={"assignment": lambda one: assignment_key(one.action_id, one.participant_id)},
    indexes={
        "action": lambda one: ((one.action_id, one.number, one.id),),
        "participant": lambda one: ((one.plan_id, one.participant_id, one.id),),
    },
)
RECORD_TYPES = (PLANS, MILESTONES, ACTIONS, ASSIGNEES)


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


def milestones_of(store: Store, plan: Plan) -> list[Milestone]:
    """Return a plan's milestones in their order."""
    return list(get_all(store, MILESTONES, plan.milestone_ids))


def actions_of(store: Store, milestone: Milestone) -> list[Action]:
    """Return a milestone's actions in their order."""
    return list(get_all(store, ACTIONS, milestone.action_ids))


def assignees_of(store: Store, action: Action) -> list[Assignee]:
    """Return who is to do an action, in the order in which they were told to."""
    return list(get_all(store, ASSIGNEES, store.scan(ASSIGNEES, "action", starting_with(action.id))))


def placed(ids: tuple[str, ...], one: str, position: int | None) -> tuple[str, ...]:
    """Put one at a place, counted from 0, or at the end; a place beyond the end is the end (AROUND-MAP-POSITION)."""
    others = without(ids, one)
    place = len(others) if position is None else position
    return (*others[:place], one, *others[place:])


def without(ids: tuple[str, ...], gone: str) -> tuple[str, ...]:
    """Leave one out."""
    return tuple(one for one in ids if one != gone)


def forget_action(unit: Unit, action: Action) -> None:
    """Delete an action and who is to do it."""
    _forget(unit, _of_action(unit.store, action))


def forget_milestone(unit: Unit, milestone: Milestone) -> None:
    """Delete a milestone with its actions."""
    _forget(unit, _of_milestone(unit.store, milestone))


def forget_plan(unit: Unit, plan: Plan) -> None:
    """Delete a plan with all it holds."""
    _forget(unit, _parts(unit.store, plan))
    unit.delete(PLANS, plan.id)


def _forget(unit: Unit, parts: Iterable[Part]) -> None:
    for record_type, key in list(parts):
        unit.delete(record_type, key)


def delete_of(unit: Unit, space: Space) -> None:
    """Delete a space's plan, if it has one."""
    plan = plan_of(unit.store, ContextType.SPACE, space.id)
    if plan is not None:
        forget_plan(unit, plan)


def forget_participant(unit: Unit, space: Space, participant_id: str) -> None:
    """Take somebody who left the space out of what its plan has assigned."""
    plan = plan_of(unit.store, ContextType.SPACE, space.id)
    if plan is None:
        return
    for key in list(unit.store.scan(ASSIGNEES, "participant", starting_with(plan.id, participant_id))):
        unit.delete(ASSIGNEES, key)
    chosen = tuple(one for one in plan.notifications if one.participant_id != participant_id)
    if chosen != plan.notifications:
        unit.put(PLANS, replace(plan, notifications=chosen))
