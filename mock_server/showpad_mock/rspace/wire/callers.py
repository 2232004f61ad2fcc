"""Who asks, as `authenticate` found it."""

from __future__ import annotations

from ...web.call import Call
from ..domain.people import User


def caller_of(call: Call) -> User:
    """Return the caller of a call that was let in."""
    assert isinstance(call.caller, User)
    return call.caller
