"""The unit of work: what decides on a tenant's state and changes it, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable

from ...state.tenants import Tenants
from ..call import Call
from ..form import refuse_ignored
from ..render import Answer


class Transaction:
    """Runs the route's handler in a unit of work; a refusal takes back every change. It awaits nothing."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants

    def __call__(self, call: Call) -> None:
        """Set the call's answer and the rules that decided it."""
        if call.answer is not None:  # a preflight changes nothing
            return
        assert call.tenant is not None
        with self._tenants.transaction(call.tenant.name) as call.unit:
            if call.unit.tenant is not call.tenant:  # it was deleted, reset or restored meanwhile, its users with it
                assert call.vendor is not None
                call.vendor.authenticate(call, self._tenants)
            # Starlette types an endpoint for its own Request; a vendor's takes a Call and returns an Answer.
            endpoint: Callable[[Call], Answer] = call.route.endpoint
            answer = endpoint(call)
            # Within the unit, so that --strict takes back what the handler has done.
            if call.query and not call.is_query_read:
                call.tell_unread_query()
                if call.strict:
                    raise refuse_ignored(call.ignored)
        # Set once nothing can be taken back any more: what was refused must not leave the answer to a success.
        call.answer, call.rules = answer, tuple(dict.fromkeys(call.unit.rules))
