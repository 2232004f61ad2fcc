"""The route that a request means, and what of it the mock itself refuses: all that comes before the vendor's 401."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.refusals import Problem
from ...webhooks.protocol import DELIVERY
from ..call import Call
from ..dispatch import Dispatcher
from ..encoding import refuse_encoded
from ..json_body import check_depth
from ..vendor import Vendor
from .read import BODY_CAP

BODY_TOO_LARGE = Problem(
    "", 413, "/mock-server/body-too-large", "Content Too Large", "The body is larger than {cap} bytes (10 MiB)."
)
FROM_DELIVERY = Problem(
    "", 403, "/mock-server/from-delivery", "Forbidden", "Deliveries of webhooks are for receivers; a mock takes none."
)
DELIVERED = DELIVERY.lower().encode()


class Match:
    """Finds the route: 404 for an unknown path, 405 for a wrong method."""

    def __init__(self, vendors: Sequence[Vendor]) -> None:
        self._dispatcher: Dispatcher[Vendor] = Dispatcher(
            (route, vendor) for vendor in vendors for route in vendor.routes
        )

    def __call__(self, call: Call) -> None:
        """Set the call's route, the values of its path and its vendor."""
        # An event that is delivered to where it comes from, such as a Share's own page, would never end.
        if DELIVERED in call.first_values:
            raise FROM_DELIVERY.error()
        # A browser's question, not the vendor's OPTIONS, which no vendor documents: that is a wrong method.
        is_preflight = call.method == "OPTIONS" and b"access-control-request-method" in call.first_values
        match = self._dispatcher.match(None if is_preflight else call.method, call.path, call.raw_path)
        # After the route: who has the path wrong is told that, whatever the body.
        if call.is_too_large:
            raise BODY_TOO_LARGE.error(cap=BODY_CAP)
        if call.body:
            if not call.body.startswith(b"{"):  # what is compressed begins otherwise: the usual body is not asked about
                refuse_encoded(call.header(b"content-encoding"))
            check_depth(call.body)
        call.vendor, call.route, call.params, call.is_preflight = match.owner, match.route, match.params, is_preflight

    def allowed(self, call: Call) -> list[str]:
        """Return the methods that the call's path takes."""
        return self._dispatcher.allowed(call.path, call.raw_path)
