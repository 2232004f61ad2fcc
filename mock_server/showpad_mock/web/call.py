"""One call of a vendor's route, from its arrival to its answer."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from starlette.routing import Route

from ..core.refusals import Refusal, shortened
from ..state.tenant import Tenant
from ..state.unit import Unit
from .rate import WindowState
from .validation import NAMES_TOLD

if TYPE_CHECKING:
    from .form import Prepared
    from .render import Answer
    from .vendor import Vendor

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# A name may be as long as a body, and it goes into a header and the journal.
IGNORED_SHOWN = 200


class Ignored:
    """The names of what a request holds and nothing is made of: the first NAMES_TOLD, and how many more there are."""

    names: Sequence[str] = ()
    more = 0

    def __str__(self) -> str:
        return ", ".join(self.told())

    def add(self, name: str) -> None:
        """Note a name, shortened; beyond NAMES_TOLD it is only counted."""
        if len(self.names) < NAMES_TOLD:
            self.names = (*self.names, shortened(name, IGNORED_SHOWN))
        else:
            self.more += 1

    def told(self) -> tuple[str, ...]:
        """Return the names, then how many there are more."""
        return (*self.names, f"and {self.more} more") if self.more else tuple(self.names)


class MetFault(Protocol):
    """A fault that a call meets. `is_before` tells whether it acts before the change, or behind the answer."""

    name: str
    is_before: bool

    def act(self, call: Call, /) -> Awaitable[None] | None:
        """Do to the call what the fault does, which may have to be awaited; raises Refusal."""


class Call:
    """A request on its way (`web/steps`): what came in, then who asks, then what is answered and why.

    `tenant`, `caller` (which is the vendor's own) and `user` (its name, for the journal) are set by the vendor's
    `authenticate`; so is `fault_named`, where the token asks for a fault. `fault` is the one that was met, `rate` has
    the windows of a limit that is on. `unit` is the unit of work that the handler runs in; `rules` decided the answer,
    and `detail` tells why it is a refusal. `prepared` is a large body as the form of its route has read it. `token` is
    one of the mock's own form, no secret, that let nobody in.
    """

    __slots__ = (
        "answer",
        "body",
        "caller",
        "detail",
        "fault",
        "fault_named",
        "first_values",
        "has_innocent_names",
        "headers",
        "ignored",
        "is_preflight",
        "is_query_read",
        "is_too_large",
        "method",
        "params",
        "path",
        "prepared",
        "query",
        "rate",
        "raw_path",
        "receive",
        "refusal",
        "route",
        "rules",
        "scope",
        "started",
        "strict",
        "tenant",
        "token",
        "unit",
        "user",
        "vendor",
    )

    unit: Unit
    route: Route

    def __init__(self, scope: Scope, receive: Receive, *, strict: bool) -> None:
        self.started = time.perf_counter()
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        # ASGI lets a server leave it out; then an encoded slash cannot be told from a plain one.
        self.raw_path: bytes = scope.get("raw_path") or b""
        self.query: bytes = scope["query_string"]
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.first_values = dict(reversed(self.headers))
        """Each header's first value by its lower-case name."""
        self.receive = receive
        self.body = b""
        self.has_innocent_names = False
        """Whether the body is known to have no member with a secret's name; set by whoever has parsed it."""
        self.prepared: Prepared | None = None
        self.strict = strict
        self.params: dict[str, str] = {}
        self.ignored = Ignored()
        self.is_too_large = self.is_query_read = self.is_preflight = False
        self.tenant: Tenant | None = None
        self.user: str | None = None
        self.token: str | None = None
        self.caller: object = None
        self.vendor: Vendor | None = None
        self.fault: MetFault | None = None
        self.fault_named: str | None = None
        self.rate: Sequence[WindowState] | None = None
        self.answer: Answer | None = None
        self.refusal: Refusal | None = None
        self.rules: tuple[str, ...] = ()
        self.detail: str | None = None

    def parameters(self) -> list[tuple[str, str]]:
        """Return the query's parameters as they were sent."""
        # Percent-encoding is ASCII; latin-1 lets any other byte pass instead of failing the request.
        return parse_qsl(self.query.decode("latin-1"), keep_blank_values=True) if self.query else []

    def tell_unread_query(self) -> None:
        """Note every parameter as ignored, where the operation takes none."""
        if self.query and not self.is_query_read:
            for name, _ in self.parameters():
                self.ignored.add(f"query.{name}")
        self.is_query_read = True

    @property
    def origin(self) -> str:
        """Scheme, host and port under which the caller knows this server."""
        # Only an HTTP/1.0 client names no host; it gets the likeliest.
        return f"{self.scope.get('scheme', 'http')}://{self.header(b'host') or 'localhost'}"

    def header(self, name: bytes) -> str | None:
        """Return a header's first value by its lower-case name."""
        value = self.first_values.get(name)
        return value.decode("latin-1") if value is not None else None
