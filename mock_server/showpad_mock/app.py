"""The composition root: settings become one ASGI app."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING

from .control import health
from .core.journal import Journal
from .faults.faults import FAULT_RECORDS, Faults
from .rspace.vendor import RSPACE
from .showpad.vendor import SHOWPAD
from .state.tenant import Seed, joined
from .state.tenants import Tenants
from .web.call import Receive, Scope, Send
from .web.gateway import Gateway, GatewayOptions
from .web.seed_data import parts_of
from .web.vendor import SeedSource, Vendor
from .webhooks.records import RECORD_TYPES
from .webhooks.service import Deliveries, DeliveryOptions

if TYPE_CHECKING:
    from .control.api import Control
    from .control.exchanges import Exchanges
    from .control.operation import Server
    from .control.root import Root
    from .state.boards.protocol import Board
    from .state.logs.protocol import ChangeLog
    from .state.shared_journal import SharedJournal

VENDORS = (SHOWPAD, RSPACE)
CONTROL = "/__admin"
OURS = (CONTROL, *health.PATHS)


@dataclass(frozen=True, slots=True)
class AppOptions:
    """What an app is made from: its seed data or where it lies, the random generator's seed, how strict it is.

    `admin_token` guards the control API; None lets loopback callers in without one. `copies` is how many of the tenants
    that a log keeps are held in memory; None: all that are asked for. `deliveries` says how webhooks are delivered.
    With `local_links` answers tell the addresses of this server's own pages instead of the vendor's.
    """

    data: SeedSource = "demo"
    seed: int = 0
    strict: bool = False
    local_links: bool = False
    admin_token: str | None = None
    copies: int | None = None
    deliveries: DeliveryOptions = field(default_factory=DeliveryOptions)


def read_seed(data: SeedSource, vendors: Sequence[Vendor] = VENDORS) -> Seed:
    """Read seed data, each vendor its part; raises SeedError, a ValueError."""
    parts = parts_of(data, [vendor.name for vendor in vendors])
    return joined([vendor.read_seed(part) for vendor, part in zip(vendors, parts, strict=True)])


class App:
    """The mock server as an ASGI app, with its state: in this process, or in a log.

    Servers that share a log tell one another on a board what they answered: the control API of each tells of all.
    What most runs never use, the control API and snapshots, is loaded when it is first used.
    """

    def __init__(
        self,
        options: AppOptions,
        vendors: Sequence[Vendor] = VENDORS,
        *,
        log: ChangeLog | None = None,
        board: Board | None = None,
    ) -> None:
        self.admin_token = options.admin_token
        self.tenants = Tenants(read_seed(options.data, vendors), random_seed=options.seed)
        self.journal = Journal()
        self.vendors = vendors
        self.record_types = (*(one for vendor in vendors for one in vendor.record_types), *RECORD_TYPES, *FAULT_RECORDS)
        sources = {vendor.name: vendor.webhooks for vendor in vendors if vendor.webhooks is not None}
        self.deliveries = self.tenants.work = Deliveries(self.tenants, sources, options.deliveries)
        self.faults = Faults(self.tenants)
        self.deliveries.choose_fault = self.faults.of_delivery
        way = GatewayOptions(
            strict=options.strict,
            local_links=options.local_links,
            in_log=log is not None,
            choose_fault=self.faults,
        )
        self.gateway = Gateway(vendors, self.tenants, self.journal, way)
        self._log, self._copies = log, options.copies
        self._shared_journal = self._on(board) if board is not None else None
        self._loading = RLock()  # two threads may ask for the control API at once
        self._control: Control | None = None
        self._on_shutdown: Callable[[], None] | None = None
        self._is_ending = False

    def _on(self, board: Board) -> SharedJournal:
        from .state.shared_journal import SharedJournal

        return SharedJournal(self.journal, self.gateway.decided, board)

    @property
    def control(self) -> Control:
        """The control API."""
        return self._control or self._load_control()

    def _load_control(self) -> Control:
        from .control.api import Control

        with self._loading:
            if self._control is None:
                control = Control(self._parts(), self.admin_token)
                control.end_with(self._on_shutdown)
                # Loaded while the server ends: nobody may begin to wait then.
                if self._is_ending:
                    control.close()
                self._control = control
            return self._control

    def _parts(self) -> Server:
        from .control.operation import Server

        return Server(
            tenants=self.tenants,
            exchanges=self._exchanges(),
            vendors=self.vendors,
            record_types=self.record_types,
            deliveries=self.deliveries,
        )

    def _exchanges(self) -> Exchanges:
        from .control.exchanges import OwnExchanges, SharedExchanges

        if self._shared_journal is not None:
            return SharedExchanges(self._shared_journal)
        return OwnExchanges(self.journal, self.gateway.decided)

    def end_with(self, stop: Callable[[], None]) -> None:
        """Let `POST /__admin/shutdown` end the server by calling this."""
        with self._loading:
            self._on_shutdown = stop
            if self._control is not None:
                self._control.end_with(stop)

    def open(self) -> None:
        """Let requests wait for others, as at the start, after a `close`."""
        self._is_ending = False
        self.faults.waiting.open()
        if self._control is not None:
            self._control.open()

    def close(self) -> None:
        """Answer who waits or is delayed, now and from now on, so that nobody delays a shutdown; safe in any thread."""
        self._is_ending = True
        self.faults.waiting.close()
        if self._control is not None:
            self._control.close()

    async def begin(self) -> None:
        """Begin to keep tenants in the log, where there is one; raises state.logs.protocol.Unavailable."""
        if self._log is not None:
            from .state.commits import Commits

            await Commits(self.tenants, self._log, self.record_types, copies=self._copies).begin()
        if self._shared_journal is not None:
            await self._shared_journal.begin()
        self.deliveries.begin()

    async def end(self) -> None:
        """Deliver nothing any more; let go of log and board."""
        await self.deliveries.end()
        if self._shared_journal is not None:
            await self._shared_journal.end()
        if self._log is not None:
            await self._log.close()

    async def restore(self, document: bytes) -> None:
        """Put all tenants of a snapshot in place; raises SnapshotError and changes nothing for anything else."""
        from .state.snapshot import restored_all

        for tenant in restored_all(self.tenants, document, self.record_types):
            await self.tenants.run(tenant.name, partial(self.tenants.replace, tenant))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "http":
            await self._serving(scope)(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            raise ValueError(f"the mock serves HTTP, not {scope['type']}")

    def _serving(self, scope: Scope) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        path = scope["path"]
        if not path.startswith(OURS):
            return self._root() if path == "/" and scope["method"] in ("GET", "HEAD") else self.gateway
        if path in health.PATHS:
            # Whether a log is there, the control API asks.
            is_told = health.is_plain(scope) and (path == health.LIVEZ or self._log is None)
            return health.tell if is_told else self.control
        # `/__administrator` is no path of ours, though it begins like one.
        return self.control if path == CONTROL or path.startswith(CONTROL + "/") else self.gateway

    def _root(self) -> Root:
        from .control.root import Root

        return Root(self.vendors, self.tenants, CONTROL)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
