"""Whether the server is there."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer
from ..wire.answers import answer

RSPACE_VERSION = "2.25.0"  # the one whose behaviour is observed


def show_status(call: Call) -> Answer:
    """Answer `GET /status`."""
    call.unit.decide("RS-STATUS")
    return answer({"message": "OK", "rspaceVersion": RSPACE_VERSION})
