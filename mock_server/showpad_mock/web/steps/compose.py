"""A long answer is made here: outside the transaction, piece by piece."""

from __future__ import annotations

from collections.abc import Awaitable

from ..call import Call
from ..render import ComposedAnswer


def compose(call: Call) -> Awaitable[None] | None:
    """Make the answer, if it is one that is made in pieces."""
    return call.answer.compose() if isinstance(call.answer, ComposedAnswer) else None
