"""Snapshots: everything that tenants hold as one JSON document, and back, all of it or nothing.

A document holds every record whole, in the fields' own names, so that it needs neither seed data nor other tenants.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from ..core.clock import Clock
from ..core.ids import Ids
from .base import Base
from .documents import (
    SNAPSHOT_VERSION,
    ClockContent,
    LogContent,
    Position,
    RecordTypes,
    SnapshotError,
    TenantContent,
    read,
)
from .memory import MemoryStore
from .store import RecordType
from .tenant import Log, Tenant
from .tenants import Tenants


def take(tenant: Tenant, record_types: RecordTypes) -> bytes:
    """Return a snapshot of one tenant, within a unit of work."""
    return to_json({"version": SNAPSHOT_VERSION, "tenant": _content(tenant, record_types)})


def restore(tenants: Tenants, name: str, document: bytes, record_types: RecordTypes) -> Tenant:
    """Make a tenant of that name from a snapshot of any; it takes its place with `Tenants.replace`.

    Raises SnapshotError. A reset leads back to the server's seed data, not to the snapshot.
    """
    content = read(document, "tenant", record_types)
    return _restored(tenants.fresh(name), content, record_types, "tenant")


def restored_all(tenants: Tenants, document: bytes, record_types: RecordTypes) -> list[Tenant]:
    """Make all tenants of a snapshot; raises SnapshotError."""
    contents: list[TenantContent] = read(document, "tenants", record_types)
    # Two of a name would not fail by themselves: the later one would quietly take the other's place.
    _check_unique("name", [content["name"] for content in contents], "tenants")
    return [
        _restored(tenants.fresh(content["name"]), content, record_types, f"tenants[{position}]")
        for position, content in enumerate(contents)
    ]


def _content(tenant: Tenant, record_types: RecordTypes) -> dict[str, Any]:
    return {
        "name": tenant.name,
        "clock": clock_content(tenant.clock),
        "chance": {"ids": _position(tenant.ids), "problem_ids": _position(tenant.problem_ids)},
        "logs": log_contents(tenant),
        "records": {record_type.name: list(tenant.store.all(record_type)) for record_type in record_types},
    }


def clock_content(clock: Clock) -> ClockContent:
    """Return a clock as documents hold it."""
    return {"frozen": clock.frozen, "offset": clock.offset}


def log_contents(tenant: Tenant) -> dict[str, LogContent]:
    """Return a tenant's logs as documents hold them."""
    return {name: {"dropped": log.dropped, "entries": log.read()} for name, log in tenant.logs.items()}


def _position(ids: Ids) -> Position:
    return {"stream": ids.stream, "position": ids.position}


def _restored(tenant: Tenant, content: TenantContent, record_types: RecordTypes, place: str) -> Tenant:
    tenant.store = MemoryStore(_base(content["records"], record_types, f"{place}.records"))
    for record_type in record_types:
        # What no type can tell, such as a missing record that another needs: an assertion would fail much later.
        if (wrong := next(iter(record_type.inconsistencies(tenant.store)), None)) is not None:
            raise SnapshotError(f"{place}.records.{record_type.name}: {wrong}")
    tenant.clock = Clock(**content["clock"])
    tenant.ids = Ids(**content["chance"]["ids"])
    tenant.problem_ids = Ids(**content["chance"]["problem_ids"])
    tenant.logs = {name: Log(log["entries"], log["dropped"]) for name, log in content["logs"].items()}
    return tenant


def _base(records: Any, record_types: RecordTypes, place: str) -> Base:
    found: dict[RecordType[Any], list[Any]] = {record_type: records[record_type.name] for record_type in record_types}
    for record_type, some in found.items():
        for name, value_of in {"key": record_type.key, **record_type.unique}.items():
            _check_unique(name, [value_of(record) for record in some], f"{place}.{record_type.name}")
    # A base of its own: the tenant needs no seed data of the server's, and no overlay that holds everything.
    return Base(found)


def _check_unique(name: str, values: Sequence[str | None], place: str) -> None:
    seen: set[str] = set()
    for position, value in enumerate(values):
        if value in seen:
            raise SnapshotError(f'{place}[{position}]: the {name} "{value}" is used twice; each must be unique')
        if value is not None:
            seen.add(value)
