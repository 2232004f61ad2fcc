"""The operations on mutual action plans, their participants and settings."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, json_answer, no_content
from ..domain import plans
from ..wire import plans as wire
from ..wire.callers import caller_of

PLAN = "mutualActionPlanId"


def create(call: Call) -> Answer:
    """Answer `POST /mutual-action-plan`."""
    return json_answer(wire.plan_answer(plans.create(call.unit, caller_of(call), wire.CREATE.read_body(call))), 201)


def list_all(call: Call) -> Answer:
    """Answer `GET /mutual-action-plan`."""
    found = plans.list_all(call.unit, caller_of(call), wire.LIST.read_query(call))
    return json_answer({"items": [wire.listed_answer(one) for one in found]})


def delete(call: Call) -> Answer:
    """Answer `DELETE /mutual-action-plan/{mutualActionPlanId}`."""
    plans.delete(call.unit, caller_of(call), call.params[PLAN])
    return no_content()


def participants(call: Call) -> Answer:
    """Answer `GET .../participants`."""
    found = plans.participants(call.unit, caller_of(call), call.params[PLAN])
    return json_answer({"items": [wire.member_answer(one) for one in found]})


def myself(call: Call) -> Answer:
    """Answer `GET .../participants/self`."""
    return json_answer(wire.member_answer(plans.myself(call.unit, caller_of(call), call.params[PLAN])))


def settings(call: Call) -> Answer:
    """Answer `GET .../participants/self/settings`."""
    return json_answer(wire.settings_answer(plans.settings(call.unit, caller_of(call), call.params[PLAN])))


def change_settings(call: Call) -> Answer:
    """Answer `PATCH .../participants/self/settings`."""
    body = wire.SETTINGS.read_body(call)
    changed = plans.change_settings(call.unit, caller_of(call), call.params[PLAN], body)
    return json_answer(wire.settings_answer(changed))
