"""Milestones, actions and assignees of a plan on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from ...core.clock import iso, parse_time
from ...state.store import Store
from ..domain.milestones import ActionChanges, MilestoneChanges, NewAction
from ..domain.plan import Action, Assignee, Milestone, Plan, actions_of, assignees_of, milestones_of
from .forms import Time, Whole, body_form, partial_body_form
from .plans import plan_answer

MilestoneTitle = Annotated[str, Field(min_length=1, max_length=50)]
ActionTitle = Annotated[str, Field(min_length=1, max_length=500)]
Position = Annotated[Whole, Field(ge=0)]


class MilestoneBody(TypedDict):
    """What `POST .../milestones` takes."""

    title: MilestoneTitle


class MilestoneUpdate(TypedDict):
    """What `PATCH .../milestones/{milestoneId}` takes."""

    title: NotRequired[MilestoneTitle]
    position: NotRequired[Position]


class ActionBody(TypedDict):
    """What `POST .../actions` takes; the one place where null means something (AROUND-MAP)."""

    title: ActionTitle
    dueAt: NotRequired[Time | None]


class ActionUpdate(TypedDict):
    """What `PATCH .../actions/{actionId}` takes."""

    title: NotRequired[ActionTitle]
    dueAt: NotRequired[Time | None]
    status: NotRequired[Literal["COMPLETED", "NOT_COMPLETED"]]
    milestoneId: NotRequired[str]
    position: NotRequired[Position]


class AssigneeBody(TypedDict):
    """What `POST .../assignees` takes."""

    participantId: str


def _time(text: str | None) -> int | None:
    return parse_time(text) if text is not None else None


def _title(body: MilestoneBody) -> str:
    return body["title"]


def _participant(body: AssigneeBody) -> str:
    return body["participantId"]


def _milestone_changes(body: MilestoneUpdate) -> MilestoneChanges:
    return MilestoneChanges(title=body.get("title"), position=body.get("position"))


def _new_action(body: ActionBody) -> NewAction:
    return NewAction(title=body["title"], due_at=_time(body.get("dueAt")))


def _action_changes(body: ActionUpdate) -> ActionChanges:
    return ActionChanges(
        title=body.get("title"),
        due_at=_time(body.get("dueAt")),
        clears_due="dueAt" in body and body["dueAt"] is None,
        is_completed=body["status"] == "COMPLETED" if "status" in body else None,
        milestone_id=body.get("milestoneId"),
        position=body.get("position"),
    )


RULES = {
    "title:propertyRequired": "AROUND-MAP",
    "title:propertyLength": "AROUND-MAP",
    "status:propertyEnum": "AROUND-MAP",
    "participantId:propertyRequired": "AROUND-MAP",
    "position:propertyRange": "AROUND-MAP-POSITION",
}
MILESTONE = body_form(MilestoneBody, _title, rules=RULES)
MILESTONE_UPDATE = partial_body_form(MilestoneUpdate, _milestone_changes, rules=RULES)
ACTION = body_form(ActionBody, _new_action, rules=RULES)
ACTION_UPDATE = partial_body_form(ActionUpdate, _action_changes, rules=RULES)
ASSIGNEE = body_form(AssigneeBody, _participant, rules=RULES)


def _dated(one: Milestone | Action | Assignee) -> dict[str, str]:
    return {"createdAt": iso(one.created_at), "updatedAt": iso(one.updated_at)}


def milestone_answer(milestone: Milestone) -> dict[str, Any]:
    """Show a milestone."""
    return {"id": milestone.id, "title": milestone.title, **_dated(milestone)}


def action_answer(action: Action) -> dict[str, Any]:
    """Show an action."""
    return {
        "id": action.id,
        "title": action.title,
        "dueAt": iso(action.due_at) if action.due_at is not None else None,
        "status": "COMPLETED" if action.is_completed else "NOT_COMPLETED",
        **_dated(action),
    }


def assignee_answer(assignee: Assignee) -> dict[str, Any]:
    """Show an assignee."""
    return {"id": assignee.id, "participantId": assignee.participant_id, **_dated(assignee)}


def whole_plan(store: Store, plan: Plan) -> dict[str, Any]:
    """Show a plan with all it holds, as no route of Showpad's does."""
    milestones = [_whole_milestone(store, one) for one in milestones_of(store, plan)]
    return {**plan_answer(plan), "milestones": milestones}


def _whole_milestone(store: Store, milestone: Milestone) -> dict[str, Any]:
    return {
        **milestone_answer(milestone),
        "actions": [_whole_action(store, one) for one in actions_of(store, milestone)],
    }


def _whole_action(store: Store, action: Action) -> dict[str, Any]:
    return {**action_answer(action), "assignees": [assignee_answer(one) for one in assignees_of(store, action)]}
