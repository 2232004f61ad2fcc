"""Mutual action plans on the wire, their participants and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from ...core.clock import iso
from ...core.refusals import FieldError
from ...web.call import Call
from ..domain.plan import ContextType, Notifications, Plan
from ..domain.plans import ListedPlan, Member, NewPlan, NotificationChanges, PlanQuery
from .forms import partial_body_form, query_form


class CreateBody(TypedDict):
    """What `POST /mutual-action-plan` takes; that the first two must be there, `_needed` tells."""

    contextType: NotRequired[Literal["SHARED-SPACE", "SHARED-SPACE-TEMPLATE"]]
    contextId: NotRequired[str]
    sourceMapId: NotRequired[str]


class ListQuery(TypedDict, total=False):
    """What `GET /mutual-action-plan` takes; that both are there, the domain asks."""

    contextType: Literal["SHARED-SPACE"]
    contextId: str


class SettingsBody(TypedDict):
    """What `PATCH .../participants/self/settings` takes, one or more."""

    assignedActionNotifications: NotRequired[bool]
    completedActionNotifications: NotRequired[bool]


def _new_plan(body: CreateBody) -> NewPlan:
    return NewPlan(
        context_type=ContextType(body["contextType"]) if "contextType" in body else None,
        context_id=body.get("contextId"),
        source_id=body.get("sourceMapId"),
    )


def _needed(_: Call, body: Mapping[str, Any]) -> list[FieldError]:
    missing = (name for name in ("contextType", "contextId") if name not in body)
    return [FieldError(name, "Field required", "propertyRequired", "AROUND-MAP") for name in missing]


def _query(query: ListQuery) -> PlanQuery:
    return PlanQuery(is_of_space="contextType" in query, space_id=query.get("contextId"))


def _settings(body: SettingsBody) -> NotificationChanges:
    return NotificationChanges(
        of_assigned=body.get("assignedActionNotifications"), of_completed=body.get("completedActionNotifications")
    )


def _one_at_least(_: Call, body: Mapping[str, Any]) -> list[FieldError]:
    if SettingsBody.__annotations__.keys() & body.keys():
        return []
    reason = "Either it or completedActionNotifications is required"
    return [FieldError("assignedActionNotifications", reason, "propertyRequired", "AROUND-MAP")]


CREATE = partial_body_form(CreateBody, _new_plan, rules={"contextType:propertyEnum": "AROUND-MAP"}, also=_needed)
LIST = query_form(ListQuery, _query, rule="AROUND-MAP")
SETTINGS = partial_body_form(SettingsBody, _settings, rules={}, also=_one_at_least)


def _plan(plan: Plan, **more: Any) -> dict[str, Any]:
    return {
        "id": plan.id,
        "context": {"type": plan.context_type, "id": plan.context_id, **more},
        "createdAt": iso(plan.created_at),
        "updatedAt": iso(plan.updated_at),
    }


def plan_answer(plan: Plan) -> dict[str, Any]:
    """Show a plan as it was made."""
    return _plan(plan)


def listed_answer(listed: ListedPlan) -> dict[str, Any]:
    """Show a plan in a list, with the title of its space."""
    return _plan(listed.plan, title=listed.title)


def member_answer(member: Member) -> dict[str, Any]:
    """Show who takes part in a plan."""
    participant = member.participant
    return {
        "id": participant.id,
        "status": "ACTIVE" if member.is_active else "INACTIVE",
        "userId": participant.user_id,
        "email": participant.email,
        "avatar": None,  # the mock knows no pictures of people
        "firstName": participant.first_name,
        "lastName": participant.last_name,
    }


def settings_answer(chosen: Notifications) -> dict[str, bool]:
    """Show of what somebody is told."""
    return {
        "assignedActionNotifications": chosen.of_assigned,
        "completedActionNotifications": chosen.of_completed,
    }
