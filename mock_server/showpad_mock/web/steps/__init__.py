"""The steps of a request, one a file; `web/gateway.py` names them in their order."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Protocol

from ..call import Call


class Step(Protocol):
    """One step of a request's way: takes the call further, or raises the refusal that ends its asking.

    It is a plain function, or one that returns what is to be awaited. The transaction awaits nothing.
    """

    def __call__(self, call: Call, /) -> Awaitable[None] | None:
        """Take the call one step further."""
