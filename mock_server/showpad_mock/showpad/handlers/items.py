"""The operation on a space's items."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, json_answer
from ..domain import items
from ..wire import items as wire
from ..wire.callers import caller_of


def add(call: Call) -> Answer:
    """Answer `POST /shared-spaces/{shareId}/items`."""
    added = items.add(call.unit, caller_of(call), call.params["shareId"], wire.ADD.read_body(call))
    return json_answer(wire.added_answer(added), 201)
