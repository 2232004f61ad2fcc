"""Milestones of a plan, their actions, and who is to do them (AROUND-MAP)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from ...core.refusals import Parsed
from ...state.record import record
from ...state.store import RecordType, starting_with
from ...state.unit import Unit
from .. import problems
from .access import Caller
from .plan import (
    ACTIONS,
    ASSIGNEES,
    MILESTONES,
    MOST_ACTIONS,
    MOST_ASSIGNEES,
    MOST_MILESTONES,
    PLANS,
    Action,
    Assignee,
    Milestone,
    Plan,
    assignees_of,
    assignment_key,
    forget_action,
    forget_milestone,
    milestones_of,
    open_plan,
    placed,
    without,
)
from .plans import members_of

T = TypeVar("T", Milestone, Action)
R = TypeVar("R")


@record
class MilestoneChanges:
    """What is asked of a milestone; None is what was left out."""

    title: str | None = None
    position: int | None = None


@record
class NewAction:
    """What a create asks for."""

    title: str
    due_at: int | None = None


@record
class ActionChanges:
    """What is asked of an action; None is what was left out, and `clears_due` takes its time away."""

    title: str | None = None
    due_at: int | None = None
    clears_due: bool = False
    is_completed: bool | None = None
    milestone_id: str | None = None
    position: int | None = None


class Place(NamedTuple):
    """Where in a plan something is."""

    plan_id: str
    milestone_id: str
    action_id: str = ""


def create_milestone(unit: Unit, caller: Caller, plan_id: str, body: Parsed[str]) -> Milestone:
    """Add a milestone at the end of a plan."""
    plan = open_plan(unit, caller, plan_id)
    title = body.require()
    if len(plan.milestone_ids) >= MOST_MILESTONES:
        raise problems.MAP_FULL.error(cap=MOST_MILESTONES, what="milestones")
    unit.decide("AROUND-MAP")
    milestone = Milestone(
        id=unit.ids.hex32(), plan_id=plan.id, title=title, action_ids=(), created_at=unit.now, updated_at=unit.now
    )
    unit.put(MILESTONES, milestone)
    unit.put(PLANS, replace(plan, milestone_ids=(*plan.milestone_ids, milestone.id)))
    return milestone


def update_milestone(unit: Unit, caller: Caller, place: Place, body: Parsed[MilestoneChanges]) -> Milestone:
    """Rename a milestone, move it, or both."""
    plan, milestone = _milestone(unit, caller, place)
    request = body.require()
    unit.decide("AROUND-MAP")
    changed = _dated(unit, milestone, title=request.title)
    _keep(unit, MILESTONES, milestone, changed)
    if request.position is not None:
        ids = placed(plan.milestone_ids, milestone.id, request.position)
        _keep(unit, PLANS, plan, replace(plan, milestone_ids=ids))
    return changed


def delete_milestone(unit: Unit, caller: Caller, place: Place) -> None:
    """Delete a milestone with its actions."""
    plan, milestone = _milestone(unit, caller, place)
    unit.decide("AROUND-MAP")
    unit.put(PLANS, replace(plan, milestone_ids=without(plan.milestone_ids, milestone.id)))
    forget_milestone(unit, milestone)


def create_action(unit: Unit, caller: Caller, place: Place, body: Parsed[NewAction]) -> Action:
    """Add an action at the end of a milestone."""
    plan, milestone = _milestone(unit, caller, place)
    request = body.require()
    if sum(len(one.action_ids) for one in milestones_of(unit.store, plan)) >= MOST_ACTIONS:
        raise problems.MAP_FULL.error(cap=MOST_ACTIONS, what="actions")
    unit.decide("AROUND-MAP")
    action = Action(
        id=unit.ids.hex32(),
        plan_id=plan.id,
        milestone_id=milestone.id,
        title=request.title,
        due_at=request.due_at,
        is_completed=False,
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.put(ACTIONS, action)
    unit.put(MILESTONES, replace(milestone, action_ids=(*milestone.action_ids, action.id)))
    return action


def update_action(unit: Unit, caller: Caller, place: Place, body: Parsed[ActionChanges]) -> Action:
    """Change an action, complete it, move it within its milestone or to another one."""
    plan, milestone, action = _action(unit, caller, place)
    request = body.require()
    target = _target(unit, plan, milestone, request.milestone_id)
    unit.decide("AROUND-MAP")
    due_at = None if request.clears_due else action.due_at if request.due_at is None else request.due_at
    changed = _dated(unit, action, title=request.title, is_completed=request.is_completed)
    if due_at != action.due_at:
        changed = replace(changed, due_at=due_at, updated_at=unit.now)
    if target.id != milestone.id:
        _keep(unit, MILESTONES, milestone, replace(milestone, action_ids=without(milestone.action_ids, action.id)))
    if target.id != milestone.id or request.position is not None:
        ids = placed(target.action_ids, action.id, request.position)
        _keep(unit, MILESTONES, target, replace(target, action_ids=ids))
    changed = replace(changed, milestone_id=target.id)
    _keep(unit, ACTIONS, action, changed)
    return changed


def _target(unit: Unit, plan: Plan, milestone: Milestone, wanted: str | None) -> Milestone:
    found = milestone if wanted is None else unit.store.get(MILESTONES, wanted)
    if found is None or found.plan_id != plan.id:
        raise problems.MAP_TARGET_UNKNOWN.error(at="milestoneId", id=wanted)
    return found


def delete_action(unit: Unit, caller: Caller, place: Place) -> None:
    """Delete an action."""
    _, milestone, action = _action(unit, caller, place)
    unit.decide("AROUND-MAP")
    unit.put(MILESTONES, replace(milestone, action_ids=without(milestone.action_ids, action.id)))
    forget_action(unit, action)


def create_assignee(unit: Unit, caller: Caller, place: Place, body: Parsed[str]) -> Assignee:
    """Give an action to a participant of the plan."""
    plan, _, action = _action(unit, caller, place)
    participant_id = body.require()
    if participant_id not in [one.id for one in members_of(unit, plan)]:
        raise problems.MAP_PARTICIPANT_UNKNOWN.error(at="participantId", id=participant_id)
    if unit.store.find(ASSIGNEES, "assignment", assignment_key(action.id, participant_id)) is not None:
        raise problems.MAP_ASSIGNED_TWICE.error(at="participantId")
    if unit.store.count(ASSIGNEES, "participant", starting_with(plan.id)) >= MOST_ASSIGNEES:
        raise problems.MAP_FULL.error(cap=MOST_ASSIGNEES, what="assignees")
    unit.decide("AROUND-MAP")
    others = assignees_of(unit.store, action)
    assignee = Assignee(
        id=unit.ids.hex32(),
        plan_id=plan.id,
        action_id=action.id,
        participant_id=participant_id,
        number=others[-1].number + 1 if others else 0,
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.put(ASSIGNEES, assignee)
    return assignee


def delete_assignee(unit: Unit, caller: Caller, place: Place, assignee_id: str) -> None:
    """Take an action back from who was to do it."""
    _, _, action = _action(unit, caller, place)
    gone = unit.store.get(ASSIGNEES, assignee_id)
    if gone is None or gone.action_id != action.id:
        raise problems.MAP_ASSIGNEE_UNKNOWN.error(id=assignee_id)
    unit.decide("AROUND-MAP")
    unit.delete(ASSIGNEES, gone.id)


def _milestone(unit: Unit, caller: Caller, place: Place) -> tuple[Plan, Milestone]:
    plan = open_plan(unit, caller, place.plan_id)
    milestone = unit.store.get(MILESTONES, place.milestone_id)
    if milestone is None or milestone.plan_id != plan.id:
        raise problems.MAP_MILESTONE_UNKNOWN.error(id=place.milestone_id)
    return plan, milestone


def _action(unit: Unit, caller: Caller, place: Place) -> tuple[Plan, Milestone, Action]:
    plan, milestone = _milestone(unit, caller, place)
    action = unit.store.get(ACTIONS, place.action_id)
    if action is None or action.milestone_id != milestone.id:
        raise problems.MAP_ACTION_UNKNOWN.error(id=place.action_id)
    return plan, milestone, action


def _dated(unit: Unit, one: T, **changes: Any) -> T:
    """Return it with those changes that are some; only these set `updatedAt`."""
    made = {name: value for name, value in changes.items() if value not in (None, getattr(one, name))}
    return replace(one, **made, updated_at=unit.now) if made else one


def _keep(unit: Unit, record_type: RecordType[R], before: R, now: R) -> None:
    if now != before:
        unit.put(record_type, now)
