"""Milestones of a plan, their actions, and who is to do them (AROUND-MAP)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from ...core.refusals import Parsed
from ...state.record import record
from ...state.unit import Unit
from .. import problems
from .access import Caller
from .plan import (
    MOST_ACTIONS,
    MOST_MILESTONES,
    PLANS,
    Action,
    Assignee,
    Milestone,
    Plan,
    one_of,
    open_plan,
    placed,
    replaced,
    without,
)
from .plans import members_of

T = TypeVar("T", Milestone, Action)


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
    if len(plan.milestones) >= MOST_MILESTONES:
        raise problems.MAP_FULL.error(cap=MOST_MILESTONES, what="milestones")
    unit.decide("AROUND-MAP")
    milestone = Milestone(id=unit.ids.hex32(), title=title, actions=(), created_at=unit.now, updated_at=unit.now)
    unit.put(PLANS, replace(plan, milestones=(*plan.milestones, milestone)))
    return milestone


def update_milestone(unit: Unit, caller: Caller, place: Place, body: Parsed[MilestoneChanges]) -> Milestone:
    """Rename a milestone, move it, or both."""
    plan, milestone = _milestone(unit, caller, place)
    request = body.require()
    unit.decide("AROUND-MAP")
    changed = _dated(unit, milestone, title=request.title)
    milestones = replaced(plan.milestones, changed)
    if request.position is not None:
        milestones = placed(milestones, changed, request.position)
    _keep(unit, plan, milestones)
    return changed


def delete_milestone(unit: Unit, caller: Caller, place: Place) -> None:
    """Delete a milestone with its actions."""
    plan, milestone = _milestone(unit, caller, place)
    unit.decide("AROUND-MAP")
    _keep(unit, plan, without(plan.milestones, milestone))


def create_action(unit: Unit, caller: Caller, place: Place, body: Parsed[NewAction]) -> Action:
    """Add an action at the end of a milestone."""
    plan, milestone = _milestone(unit, caller, place)
    request = body.require()
    if sum(len(one.actions) for one in plan.milestones) >= MOST_ACTIONS:
        raise problems.MAP_FULL.error(cap=MOST_ACTIONS, what="actions")
    unit.decide("AROUND-MAP")
    action = Action(
        id=unit.ids.hex32(),
        title=request.title,
        due_at=request.due_at,
        is_completed=False,
        assignees=(),
        created_at=unit.now,
        updated_at=unit.now,
    )
    _keep(unit, plan, replaced(plan.milestones, replace(milestone, actions=(*milestone.actions, action))))
    return action


def update_action(unit: Unit, caller: Caller, place: Place, body: Parsed[ActionChanges]) -> Action:
    """Change an action, complete it, move it within its milestone or to another one."""
    plan, milestone, action = _action(unit, caller, place)
    request = body.require()
    target = _target(plan, milestone, request.milestone_id)
    unit.decide("AROUND-MAP")
    due_at = None if request.clears_due else action.due_at if request.due_at is None else request.due_at
    changed = _dated(unit, action, title=request.title, is_completed=request.is_completed)
    if due_at != action.due_at:
        changed = replace(changed, due_at=due_at, updated_at=unit.now)
    milestones = replaced(plan.milestones, replace(milestone, actions=replaced(milestone.actions, changed)))
    if target is not milestone or request.position is not None:
        milestones = _moved(milestones, changed, milestone.id, target.id, request.position)
    _keep(unit, plan, milestones)
    return changed


def _target(plan: Plan, milestone: Milestone, wanted: str | None) -> Milestone:
    if wanted is None or wanted == milestone.id:
        return milestone
    found = next((one for one in plan.milestones if one.id == wanted), None)
    if found is None:
        raise problems.MAP_TARGET_UNKNOWN.error(at="milestoneId", id=wanted)
    return found


def _moved(
    milestones: tuple[Milestone, ...], action: Action, source: str, target: str, position: int | None
) -> tuple[Milestone, ...]:
    emptied = tuple(
        replace(one, actions=without(one.actions, action)) if one.id == source else one for one in milestones
    )
    return tuple(
        replace(one, actions=placed(one.actions, action, position)) if one.id == target else one for one in emptied
    )


def delete_action(unit: Unit, caller: Caller, place: Place) -> None:
    """Delete an action."""
    plan, milestone, action = _action(unit, caller, place)
    unit.decide("AROUND-MAP")
    _keep(unit, plan, replaced(plan.milestones, replace(milestone, actions=without(milestone.actions, action))))


def create_assignee(unit: Unit, caller: Caller, place: Place, body: Parsed[str]) -> Assignee:
    """Give an action to a participant of the plan."""
    plan, milestone, action = _action(unit, caller, place)
    participant_id = body.require()
    if participant_id not in [one.id for one in members_of(unit, plan)]:
        raise problems.MAP_PARTICIPANT_UNKNOWN.error(at="participantId", id=participant_id)
    if participant_id in [one.participant_id for one in action.assignees]:
        raise problems.MAP_ASSIGNED_TWICE.error(at="participantId")
    unit.decide("AROUND-MAP")
    assignee = Assignee(id=unit.ids.hex32(), participant_id=participant_id, created_at=unit.now, updated_at=unit.now)
    _keep_action(unit, plan, milestone, replace(action, assignees=(*action.assignees, assignee)))
    return assignee


def delete_assignee(unit: Unit, caller: Caller, place: Place, assignee_id: str) -> None:
    """Take an action back from who was to do it."""
    plan, milestone, action = _action(unit, caller, place)
    gone = one_of(action.assignees, assignee_id, problems.MAP_ASSIGNEE_UNKNOWN)
    unit.decide("AROUND-MAP")
    _keep_action(unit, plan, milestone, replace(action, assignees=without(action.assignees, gone)))


def _milestone(unit: Unit, caller: Caller, place: Place) -> tuple[Plan, Milestone]:
    plan = open_plan(unit, caller, place.plan_id)
    return plan, one_of(plan.milestones, place.milestone_id, problems.MAP_MILESTONE_UNKNOWN)


def _action(unit: Unit, caller: Caller, place: Place) -> tuple[Plan, Milestone, Action]:
    plan, milestone = _milestone(unit, caller, place)
    return plan, milestone, one_of(milestone.actions, place.action_id, problems.MAP_ACTION_UNKNOWN)


def _dated(unit: Unit, one: T, **changes: Any) -> T:
    """Return it with those changes that are some; only these set `updatedAt`."""
    made = {name: value for name, value in changes.items() if value not in (None, getattr(one, name))}
    return replace(one, **made, updated_at=unit.now) if made else one


def _keep(unit: Unit, plan: Plan, milestones: tuple[Milestone, ...]) -> None:
    if milestones != plan.milestones:
        unit.put(PLANS, replace(plan, milestones=milestones))


def _keep_action(unit: Unit, plan: Plan, milestone: Milestone, action: Action) -> None:
    kept = replace(milestone, actions=replaced(milestone.actions, action))
    _keep(unit, plan, replaced(plan.milestones, kept))
