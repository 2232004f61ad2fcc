"""What a vendor brings: one value that app.py registers, and that web and control read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AdminOperation:
    """Something that the control API may read or change in a tenant and no route of the vendor can.

    `path` lies under `/__admin/tenants/{name}`. `act` takes the unit of work, the path's parameters and the body as
    `body` (a Pydantic-readable type, or None) makes it, and gives what is answered as JSON. It raises Refusal.
    """

    method: str
    path: str
    summary: str
    act: Callable[..., Any]
    body: Any = None


@dataclass(frozen=True, slots=True)
class Vendor:
    """An emulated API."""

    name: str
    base_path: str
    routes: Sequence[Any]
    """The routes it serves, each a Starlette Route with its full path and, as name, its operationId."""
    not_emulated: Sequence[Any]
    """Routes that the vendor publishes and the mock does not serve yet: 501."""
    levels: Mapping[str, str]
    """Rule id -> D, S or A."""
    record_types: Sequence[Any]
    """The sorts of record it keeps, for snapshots."""
    authenticate: Callable[..., None]
    """Finds the tenant and the caller of a call, or raises the refusal."""
    cross_origin: Callable[..., Sequence[tuple[bytes, bytes]]]
    """The CORS headers of the answer to a call from that origin, none for a foreign one."""
    preflight: Callable[..., Any]
    """The answer to a CORS preflight and the rules that decided it, or the refusal."""
    sessions: Callable[..., list[dict[str, str]]]
    """The ready-made tokens of a tenant: who, what for, token."""
    admin_operations: Sequence[AdminOperation]
