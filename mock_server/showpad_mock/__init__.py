"""A stateful mock of Showpad's API v4 sharing side: run it as `showpad-mock serve`, or in Python.

from showpad_mock import MockShowpad

with MockShowpad() as server, server.tenant() as tenant:
    ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .showpad.testing import MockShowpad, MockTenant

__all__ = ["MockShowpad", "MockTenant"]


def __getattr__(name: str) -> object:
    # Whoever imports a part of the package, the pytest plugin first of all, should not pay for the server.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .showpad import testing

    found: object = getattr(testing, name)
    return found
