"""Mutual action plans: made, listed, deleted; who takes part in them, and of what they are told (AROUND-MAP)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ...core.refusals import Parsed
from ...state.record import record
from ...state.unit import Unit
from .. import problems
from .access import Caller, require_plan
from .people import USERS, Participant
from .plan import (
    ACTIONS,
    MILESTONES,
    PLANS,
    Action,
    ContextType,
    Milestone,
    Notifications,
    Plan,
    actions_of,
    context_of,
    forget_plan,
    milestones_of,
    open_plan,
    plan_of,
)
from .space import SPACES


@record
class NewPlan:
    """What a create asks for; what is None was left out, or faulty."""

    context_type: ContextType | None = None
    context_id: str | None = None
    source_id: str | None = None


@record
class PlanQuery:
    """Whose plan is asked for; what is None was left out, or faulty."""

    is_of_space: bool = False
    space_id: str | None = None


class ListedPlan(NamedTuple):
    """A plan, and the title of its space."""

    plan: Plan
    title: str


@record
class NotificationChanges:
    """What a change of the settings asks for; None is what was left out."""

    of_assigned: bool | None = None
    of_completed: bool | None = None


class Member(NamedTuple):
    """Who takes part in a plan, and whether they still can."""

    participant: Participant
    is_active: bool


def create(unit: Unit, caller: Caller, body: Parsed[NewPlan]) -> Plan:
    """Make a plan for a space or a template, empty or after another one."""
    require_plan(unit)
    asked = body.partial()
    # 404 before 400, as far as the body tells what it is about (CONV-ORDER).
    if asked is not None and asked.context_type is not None and asked.context_id is not None:
        _require_context(unit, caller, asked.context_type, asked.context_id)
    request = body.require()
    assert request.context_type is not None
    assert request.context_id is not None
    if plan_of(unit.store, request.context_type, request.context_id) is not None:
        raise problems.MAP_TWICE.error(at="contextId")
    source = _source(unit, caller, request.source_id)
    unit.decide("AROUND-MAP")
    plan = Plan(
        id=unit.ids.hex32(),
        context_type=request.context_type,
        context_id=request.context_id,
        milestone_ids=(),
        notifications=(),
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.put(PLANS, replace(plan, milestone_ids=_copied(unit, source, plan.id) if source is not None else ()))
    return plan


def _require_context(unit: Unit, caller: Caller, context_type: ContextType, context_id: str) -> None:
    if context_of(unit, caller, context_type, context_id) is None:
        raise problems.MAP_CONTEXT_UNKNOWN.error(id=context_id)


def _source(unit: Unit, caller: Caller, source_id: str | None) -> Plan | None:
    if source_id is None:
        return None
    source = unit.store.get(PLANS, source_id)
    if source is None or context_of(unit, caller, source.context_type, source.context_id) is None:
        raise problems.MAP_SOURCE_UNKNOWN.error(at="sourceMapId", id=source_id)
    unit.decide("AROUND-MAP-COPY")
    return source


def _copied(unit: Unit, source: Plan, plan_id: str) -> tuple[str, ...]:
    """Copy a plan's milestones: what is to be done, not by whom, when, or whether it is (AROUND-MAP-COPY, assumed)."""
    copies = [_copied_milestone(unit, one, plan_id) for one in milestones_of(unit.store, source)]
    return tuple(one.id for one in copies)


def _copied_milestone(unit: Unit, milestone: Milestone, plan_id: str) -> Milestone:
    actions = actions_of(unit.store, milestone)
    ids = [unit.ids.hex32() for _ in actions]
    copy = Milestone(
        id=unit.ids.hex32(),
        plan_id=plan_id,
        title=milestone.title,
        action_ids=tuple(ids),
        created_at=unit.now,
        updated_at=unit.now,
    )
    for id_, action in zip(ids, actions, strict=True):
        fresh = Action(
            id=id_,
            plan_id=plan_id,
            milestone_id=copy.id,
            title=action.title,
            due_at=None,
            is_completed=False,
            created_at=unit.now,
            updated_at=unit.now,
        )
        unit.put(ACTIONS, fresh)
    unit.put(MILESTONES, copy)
    return copy


def list_all(unit: Unit, caller: Caller, query: Parsed[PlanQuery]) -> list[ListedPlan]:
    """List the plan of a space, if it has one."""
    require_plan(unit)
    asked = query.partial()
    # As of a create: what the id names is known with its type alone.
    if asked is not None and asked.is_of_space and asked.space_id is not None:
        _require_context(unit, caller, ContextType.SPACE, asked.space_id)
    request = query.require()
    if request.space_id is None or not request.is_of_space:
        raise problems.MAP_CONTEXT_NEEDED.error(at="contextType" if request.space_id is not None else "contextId")
    space = unit.store.get(SPACES, request.space_id)
    assert space is not None
    unit.decide("AROUND-MAP")
    plan = plan_of(unit.store, ContextType.SPACE, space.id)
    return [ListedPlan(plan, space.title)] if plan is not None else []


def delete(unit: Unit, caller: Caller, plan_id: str) -> None:
    """Delete a plan with all it holds."""
    forget_plan(unit, open_plan(unit, caller, plan_id))
    unit.decide("AROUND-MAP")


def participants(unit: Unit, caller: Caller, plan_id: str) -> list[Member]:
    """List who takes part in a plan: the members of its space (AROUND-MAP-PARTICIPANTS)."""
    plan = open_plan(unit, caller, plan_id)
    unit.decide("AROUND-MAP")
    return [_member(unit, one) for one in members_of(unit, plan)]


def members_of(unit: Unit, plan: Plan) -> tuple[Participant, ...]:
    """Return who may be given something to do; nobody in the plan of a template."""
    space = unit.store.get(SPACES, plan.context_id) if plan.context_type is ContextType.SPACE else None
    return space.participants if space is not None else ()


def _member(unit: Unit, participant: Participant) -> Member:
    user = unit.store.get(USERS, participant.user_id) if participant.user_id is not None else None
    return Member(participant, is_active=user is None or user.is_active)


def myself(unit: Unit, caller: Caller, plan_id: str) -> Member:
    """Return the caller as a participant of the plan."""
    member = _member(unit, _me(unit, caller, open_plan(unit, caller, plan_id)))
    unit.decide("AROUND-MAP")
    return member


def _me(unit: Unit, caller: Caller, plan: Plan) -> Participant:
    found = next((one for one in members_of(unit, plan) if one.user_id == caller.user.id), None)
    if found is None:
        raise problems.MAP_NO_PART.error()
    return found


def settings(unit: Unit, caller: Caller, plan_id: str) -> Notifications:
    """Return of what the caller is told; of everything unless chosen otherwise."""
    plan = open_plan(unit, caller, plan_id)
    unit.decide("AROUND-MAP")
    return _chosen(plan, _me(unit, caller, plan))


def _chosen(plan: Plan, participant: Participant) -> Notifications:
    chosen = (one for one in plan.notifications if one.participant_id == participant.id)
    return next(chosen, Notifications(participant.id))


def change_settings(unit: Unit, caller: Caller, plan_id: str, body: Parsed[NotificationChanges]) -> Notifications:
    """Change of what the caller is told."""
    plan = open_plan(unit, caller, plan_id)
    before = _chosen(plan, _me(unit, caller, plan))
    request = body.require()
    unit.decide("AROUND-MAP")
    changed = Notifications(
        before.participant_id,
        before.of_assigned if request.of_assigned is None else request.of_assigned,
        before.of_completed if request.of_completed is None else request.of_completed,
    )
    others = tuple(one for one in plan.notifications if one.participant_id != before.participant_id)
    unit.put(PLANS, replace(plan, notifications=(*others, changed)))
    return changed
