"""The composition root: settings become one ASGI app."""

from __future__ import annotations

from dataclasses import dataclass

from .control.api import Control
from .journal import Journal
from .showpad.api import SHOWPAD
from .showpad.seeding import read_seed
from .state.tenants import Tenants
from .web.gateway import Gateway, Receive, Scope, Send

VENDORS = (SHOWPAD,)


@dataclass(frozen=True, slots=True)
class AppOptions:
    """What an app is made from: where its seed data lies, the random generator's seed, how strict it is.

    `admin_token` guards the control API; None lets loopback callers in without one.
    """

    data: str = "demo"
    seed: int = 0
    strict: bool = False
    admin_token: str | None = None


class App:
    """The mock server as an ASGI app, with its state."""

    def __init__(self, options: AppOptions) -> None:
        self.tenants = Tenants(read_seed(options.data), random_seed=options.seed)
        self.journal = Journal()
        self.vendors = VENDORS
        self.kinds = tuple(kind for vendor in VENDORS for kind in vendor.kinds)
        self.gateway = Gateway(VENDORS, self.tenants, self.journal, strict=options.strict)
        self.control = Control(self.tenants, self.journal, VENDORS, self.gateway.decided, options.admin_token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "http":
            serve = self.control if self.control.serves(scope["path"]) else self.gateway
            await serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            raise ValueError(f"the mock serves HTTP, not {scope['type']}")

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
