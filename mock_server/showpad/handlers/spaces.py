"""The operations on Shared Spaces."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, json_answer, no_content
from ..domain import listing, spaces
from ..wire import spaces as wire


def list_all(call: Call) -> Answer:
    """Answer `GET /shared-spaces`."""
    query = wire.LIST.read_query(call)
    page = listing.list_spaces(call.unit, call.caller, query)
    return json_answer(wire.spaces_answer(page, call.unit.tenant.name))


def create(call: Call) -> Answer:
    """Answer `POST /shared-spaces`."""
    space = spaces.create(call.unit, call.caller, wire.CREATE.read_body(call))
    return json_answer(wire.space_answer(space, call.unit.tenant.name), 201)


def get(call: Call) -> Answer:
    """Answer `GET /shared-spaces/{shareId}`."""
    space = spaces.get(call.unit, call.caller, call.params["shareId"])
    return json_answer(wire.space_answer(space, call.unit.tenant.name))


def update(call: Call) -> Answer:
    """Answer `PATCH /shared-spaces/{shareId}`."""
    space = spaces.update(call.unit, call.caller, call.params["shareId"], wire.UPDATE.read_body(call))
    return json_answer(wire.space_answer(space, call.unit.tenant.name))


def delete(call: Call) -> Answer:
    """Answer `DELETE /shared-spaces/{shareId}`."""
    spaces.delete(call.unit, call.caller, call.params["shareId"])
    return no_content()
