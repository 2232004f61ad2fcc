"""The operation on Shares."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, json_answer
from ..domain import shares
from ..wire import shares as wire
from ..wire.callers import caller_of


def create(call: Call) -> Answer:
    """Answer `POST /shares`."""
    share = shares.create(call.unit, caller_of(call), wire.CREATE.read_body(call))
    return json_answer(wire.share_answer(share, call.unit.tenant.name), 201)
