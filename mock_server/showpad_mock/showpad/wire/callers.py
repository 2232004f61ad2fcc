"""Who asks, as `authenticate` found it."""

from __future__ import annotations

from ...web.call import Call
from ..domain.access import Caller


def caller_of(call: Call) -> Caller:
    """Return the caller of a call that was let in."""
    assert isinstance(call.caller, Caller)
    return call.caller
