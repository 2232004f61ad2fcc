"""The operations on a space's quick actions, and the list of extensions."""

from __future__ import annotations

from typing import Any

from ...web.call import Call
from ...web.render import Answer, json_answer, no_content
from ..domain import quick_actions
from ..domain.quick_actions import QuickAction
from ..wire import quick_actions as wire
from ..wire.callers import caller_of
from ..wire.lookups import page_answer


def _shown(call: Call, action: QuickAction) -> dict[str, Any]:
    return wire.action_answer(action, quick_actions.extension_of(call.unit.store, action))


def list_all(call: Call) -> Answer:
    """Answer `GET /shared-spaces/{shareId}/quick-actions`."""
    page = quick_actions.list_all(call.unit, caller_of(call), call.params["shareId"], wire.LIST.read_query(call))
    return json_answer(page_answer(page, lambda action: _shown(call, action)))


def create(call: Call) -> Answer:
    """Answer `POST /shared-spaces/{shareId}/quick-actions`."""
    body = wire.CREATE.read_body(call)
    return json_answer(
        _shown(call, quick_actions.create(call.unit, caller_of(call), call.params["shareId"], body)), 201
    )


def get(call: Call) -> Answer:
    """Answer `GET /shared-spaces/{shareId}/quick-actions/{quickActionId}`."""
    space_id, action_id = call.params["shareId"], call.params["quickActionId"]
    return json_answer(_shown(call, quick_actions.get(call.unit, caller_of(call), space_id, action_id)))


def update(call: Call) -> Answer:
    """Answer `PATCH /shared-spaces/{shareId}/quick-actions/{quickActionId}`."""
    space_id, action_id, body = call.params["shareId"], call.params["quickActionId"], wire.UPDATE.read_body(call)
    return json_answer(_shown(call, quick_actions.update(call.unit, caller_of(call), space_id, action_id, body)))


def delete(call: Call) -> Answer:
    """Answer `DELETE /shared-spaces/{shareId}/quick-actions/{quickActionId}`."""
    quick_actions.delete(call.unit, caller_of(call), call.params["shareId"], call.params["quickActionId"])
    return no_content()


def list_extensions(call: Call) -> Answer:
    """Answer `GET /apps/v1/shared-space-extensions`."""
    page = quick_actions.list_extensions(call.unit, caller_of(call), wire.EXTENSIONS.read_query(call))
    return json_answer(page_answer(page, wire.extension_answer))
