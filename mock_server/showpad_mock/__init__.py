"""A stateful mock of Showpad's API v4 sharing side: run it as `showpad-mock serve`, or in Python.

from showpad_mock import MockShowpad

with MockShowpad() as server, server.tenant() as tenant:
    ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .testing.server import MockShowpad
    from .testing.tenant import MockTenant

__all__ = ["MockShowpad", "MockTenant"]


def __getattr__(name: str) -> object:
    # Whoever imports a part of the package, the pytest plugin first of all, should not pay for the server.
    if name == "MockShowpad":
        from .testing.server import MockShowpad

        return MockShowpad
    if name == "MockTenant":
        from .testing.tenant import MockTenant

        return MockTenant
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
