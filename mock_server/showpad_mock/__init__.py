"""A stateful mock of the sharing sides of Showpad's API v4 and RSpace's API v1: `showpad-mock serve`, or in Python.

from showpad_mock import MockShowpad

with MockShowpad() as server, server.tenant() as tenant:
    ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .rspace.testing import MockRSpace, RSpaceTenant
    from .showpad.testing import MockShowpad, MockTenant

__all__ = ["MockRSpace", "MockShowpad", "MockTenant", "RSpaceTenant"]


def __getattr__(name: str) -> Any:
    # Whoever imports a part of the package, the pytest plugin first of all, should not pay for the server.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if "RSpace" in name:
        from .rspace import testing as rspace

        return getattr(rspace, name)
    from .showpad import testing as showpad

    return getattr(showpad, name)
