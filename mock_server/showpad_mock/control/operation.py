"""An operation of the control API: the one description that dispatch, reading and its OpenAPI document share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from starlette.requests import Request

from ..core.names import is_tenant_name
from ..core.waiting import Waiting
from ..state.documents import RecordTypes
from ..state.tenants import Tenants
from ..web.vendor import Vendor
from ..webhooks.service import Deliveries
from .exchanges import Exchanges
from .problems import INVALID_NAME

SNAPSHOT_CAP = 2 * 1024**3


@dataclass(slots=True)
class SnapshotLimits:
    """How large a snapshot may be that is put in a tenant's place, in bytes."""

    cap: int = SNAPSHOT_CAP


@dataclass(slots=True, kw_only=True)
class Server:
    """What the operations read and change.

    The first vendor is the one the server is named after: a tenant's baseUrl and tokens are that one's. `shutdown` ends
    the server; it is None where nothing may.
    """

    tenants: Tenants
    exchanges: Exchanges
    vendors: Sequence[Vendor]
    record_types: RecordTypes
    deliveries: Deliveries
    waiting: Waiting = field(default_factory=Waiting)
    snapshots: SnapshotLimits = field(default_factory=SnapshotLimits)
    tenant_numbers: Iterator[int] = field(default_factory=lambda: count(1))
    operations: Sequence[Operation] = ()
    shutdown: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request, read and checked as far as its operation's description goes."""

    http: Request
    params: Mapping[str, str]
    query: Any
    body: Any

    @property
    def tenant(self) -> str:
        """The tenant's name in the path; refuses with 400 what cannot be one."""
        name = self.params["name"]
        if not is_tenant_name(name):
            raise INVALID_NAME.error(name=name)
        return name


Handler = Callable[[Server, ControlRequest], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `body`, `query` and `answer` are types that Pydantic can read.

    `handler` returns what is answered as JSON, None for 204, or a whole response. Without a `body` it may read the
    request itself; a body that may be left out is read as an empty object.
    """

    method: str
    path: str
    name: str
    summary: str
    handler: Handler
    status: int = field(default=200, kw_only=True)
    body: object = field(default=None, kw_only=True)
    is_body_optional: bool = field(default=False, kw_only=True)
    takes_snapshot: bool = field(default=False, kw_only=True)
    query: object = field(default=None, kw_only=True)
    answer: object = field(default=None, kw_only=True)
