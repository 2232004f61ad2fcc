"""The operations on the milestones of a plan, their actions and assignees."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, json_answer, no_content
from ..domain import milestones
from ..domain.milestones import Place
from ..wire import milestones as wire
from ..wire.callers import caller_of
from .plans import PLAN


def _place(call: Call) -> Place:
    params = call.params
    return Place(params[PLAN], params["milestoneId"], params.get("actionId", ""))


def create_milestone(call: Call) -> Answer:
    """Answer `POST .../milestones`."""
    body = wire.MILESTONE.read_body(call)
    made = milestones.create_milestone(call.unit, caller_of(call), call.params[PLAN], body)
    return json_answer(wire.milestone_answer(made), 201)


def update_milestone(call: Call) -> Answer:
    """Answer `PATCH .../milestones/{milestoneId}`."""
    body = wire.MILESTONE_UPDATE.read_body(call)
    changed = milestones.update_milestone(call.unit, caller_of(call), _place(call), body)
    return json_answer(wire.milestone_answer(changed))


def delete_milestone(call: Call) -> Answer:
    """Answer `DELETE .../milestones/{milestoneId}`."""
    milestones.delete_milestone(call.unit, caller_of(call), _place(call))
    return no_content()


def create_action(call: Call) -> Answer:
    """Answer `POST .../actions`."""
    made = milestones.create_action(call.unit, caller_of(call), _place(call), wire.ACTION.read_body(call))
    return json_answer(wire.action_answer(made), 201)


def update_action(call: Call) -> Answer:
    """Answer `PATCH .../actions/{actionId}`."""
    body = wire.ACTION_UPDATE.read_body(call)
    return json_answer(wire.action_answer(milestones.update_action(call.unit, caller_of(call), _place(call), body)))


def delete_action(call: Call) -> Answer:
    """Answer `DELETE .../actions/{actionId}`."""
    milestones.delete_action(call.unit, caller_of(call), _place(call))
    return no_content()


def create_assignee(call: Call) -> Answer:
    """Answer `POST .../assignees`."""
    body = wire.ASSIGNEE.read_body(call)
    made = milestones.create_assignee(call.unit, caller_of(call), _place(call), body)
    return json_answer(wire.assignee_answer(made), 201)


def delete_assignee(call: Call) -> Answer:
    """Answer `DELETE .../assignees/{assigneeId}`."""
    milestones.delete_assignee(call.unit, caller_of(call), _place(call), call.params["assigneeId"])
    return no_content()
