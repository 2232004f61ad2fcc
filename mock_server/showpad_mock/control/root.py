"""What there is, for who opens the server's address itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..state.tenants import Tenants
from ..web.call import Receive, Scope, Send
from ..web.render import json_answer
from ..web.vendor import Vendor
from . import health


class Root:
    """Answers `GET /`; asks for no token, and tells nothing that a start does not print."""

    def __init__(self, vendors: Sequence[Vendor], tenants: Tenants, control: str) -> None:
        self._vendors = vendors
        self._tenants = tenants
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what there is."""
        await json_answer(self._told())(scope, receive, send)

    def _told(self) -> dict[str, Any]:
        seed_tenant = self._tenants.peek(self._tenants.seed.subdomain)
        tokens = {vendor.name: [one["apiToken"] for one in vendor.sessions(seed_tenant)] for vendor in self._vendors}
        return {
            "what": "showpad-mock, a stateful mock server; not affiliated with the vendors whose APIs it emulates",
            "apis": [
                {
                    "name": vendor.name,
                    "basePath": vendor.base_path,
                    # A snapshot older than the API has no user of it.
                    "authorization": f"Bearer {tokens[vendor.name][0]}" if tokens[vendor.name] else None,
                    "operations": [
                        f"{method} {route.path}"
                        for route in vendor.routes
                        for method in sorted((route.methods or set()) - {"HEAD"})
                    ],
                }
                for vendor in self._vendors
            ],
            "control": self._control,
            "health": list(health.PATHS),
        }
