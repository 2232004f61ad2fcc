"""The operation on a space's ownership."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, no_content
from ..domain import ownership
from ..wire import spaces as wire
from ..wire.callers import caller_of


def transfer(call: Call) -> Answer:
    """Answer `POST /shared-spaces/{shareId}/transfer-ownership`."""
    ownership.transfer(call.unit, caller_of(call), call.params["shareId"], wire.TRANSFER.read_body(call))
    return no_content()
