"""Who asks: the vendor's own token, or a browser that asks beforehand."""

from __future__ import annotations

from collections.abc import Callable

from ...state.tenants import Tenants
from ..call import Call


class Authenticate:
    """Lets the vendor find the tenant and the caller; answers a CORS preflight, which bears no token."""

    def __init__(self, tenants: Tenants, allowed: Callable[[Call], list[str]]) -> None:
        self._tenants = tenants
        self._allowed = allowed

    def __call__(self, call: Call) -> None:
        """Set the call's tenant and caller, or its answer; raises the vendor's refusal."""
        assert call.vendor is not None
        if call.is_preflight:
            call.params = {}
            call.answer, call.rules = call.vendor.preflight(call, self._allowed(call))
        else:
            call.vendor.authenticate(call, self._tenants)
