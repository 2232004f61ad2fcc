"""The operations on subscriptions to webhooks."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, json_answer, no_content
from ..domain import subscriptions
from ..wire import subscriptions as wire
from ..wire.callers import caller_of


def create(call: Call) -> Answer:
    """Answer `POST /subscriptions`."""
    created = subscriptions.create(call.unit, caller_of(call), wire.CREATE.read_body(call))
    return json_answer(wire.created_answer(created), 201)


def list_all(call: Call) -> Answer:
    """Answer `GET /subscriptions`."""
    page = subscriptions.list_subscriptions(call.unit, caller_of(call), wire.LIST.read_query(call))
    return json_answer(wire.list_answer(page))


def get(call: Call) -> Answer:
    """Answer `GET /subscriptions/{id}`."""
    return json_answer(wire.subscription_answer(subscriptions.get(call.unit, caller_of(call), call.params["id"])))


def update(call: Call) -> Answer:
    """Answer `POST /subscriptions/{id}`."""
    body = wire.UPDATE.read_body(call)
    return json_answer(
        wire.subscription_answer(subscriptions.update(call.unit, caller_of(call), call.params["id"], body))
    )


def delete(call: Call) -> Answer:
    """Answer `DELETE /subscriptions/{id}`."""
    subscriptions.delete(call.unit, caller_of(call), call.params["id"])
    return no_content()


def logs(call: Call) -> Answer:
    """Answer `GET /subscriptions/{id}/logs`."""
    query = wire.LIST.read_query(call)
    return json_answer(wire.logs_answer(subscriptions.logs(call.unit, caller_of(call), call.params["id"], query)))
