"""Snapshots: everything that tenants hold as one JSON document, and back, all of it or nothing.

A document holds every record whole, in the fields' own names, so that it needs neither seed data nor other tenants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic_core import to_json

from ..core.clock import Clock
from ..core.ids import Ids
from .base import Base
from .documents import (
    SNAPSHOT_VERSION,
    ClockContent,
    Position,
    RecordTypes,
    SnapshotError,
    TenantContent,
    read,
)
from .memory import MemoryStore
from .store import RecordType
from .tenant import Log, LogEntry, Tenant
from .tenants import Tenants

RECORDS_AT_ONCE, ENTRIES_AT_ONCE = 200, 10  # an entry may show a thousand items


class Document(NamedTuple):
    """What a tenant held at a moment: its `member` beside the version, what is little, and what may be much.

    Records and entries never change, so that it may be written later, piece by piece.
    """

    member: str
    content: Mapping[str, Any]
    logs: Mapping[str, tuple[int, Sequence[dict[str, Any] | LogEntry]]]
    records: Mapping[str, Sequence[Any]]

    def pieces(self) -> Iterator[bytes]:
        """Return it as JSON."""
        beginning = to_json({"version": SNAPSHOT_VERSION, self.member: self.content})
        yield beginning.removesuffix(b"}}") + b',"logs":{'
        for nth, (name, (dropped, entries)) in enumerate(self.logs.items()):
            yield b'%b%b:{"dropped":%d,"entries":[' % (b"," if nth else b"", to_json(name), dropped)
            for start in range(0, len(entries), ENTRIES_AT_ONCE):
                some = entries[start : start + ENTRIES_AT_ONCE]
                shown = [entry if isinstance(entry, dict) else entry.shown() for entry in some]
                yield (b"," if start else b"") + to_json(shown)[1:-1]
            yield b"]}"
        yield b'},"records":{'
        for nth, (name, records) in enumerate(self.records.items()):
            yield b"%b%b:[" % (b"," if nth else b"", to_json(name))
            for start in range(0, len(records), RECORDS_AT_ONCE):
                yield (b"," if start else b"") + to_json(records[start : start + RECORDS_AT_ONCE])[1:-1]
            yield b"]"
        yield b"}}}"


def take(tenant: Tenant, record_types: RecordTypes) -> bytes:
    """Return a snapshot of one tenant, within a unit of work."""
    return b"".join(document_of(tenant, record_types).pieces())


def document_of(tenant: Tenant, record_types: RecordTypes) -> Document:
    """Return what a snapshot of one tenant is made of, within a unit of work."""
    content = {
        "name": tenant.name,
        "clock": clock_content(tenant.clock),
        "chance": {"ids": _position(tenant.ids), "problem_ids": _position(tenant.problem_ids)},
    }
    records = {record_type.name: list(tenant.store.all(record_type)) for record_type in record_types}
    return Document("tenant", content, logs_of(tenant), records)


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


def clock_content(clock: Clock) -> ClockContent:
    """Return a clock as documents hold it."""
    return {"frozen": clock.frozen, "offset": clock.offset}


def logs_of(tenant: Tenant) -> dict[str, tuple[int, Sequence[dict[str, Any] | LogEntry]]]:
    """Return how many entries of each log had to make room, and those that are there."""
    return {name: (log.dropped, log.held()) for name, log in tenant.logs.items()}


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
