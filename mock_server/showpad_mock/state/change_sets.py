"""Change sets as bytes, as a log keeps them: made of a unit of work, and applied to a copy of its tenant.

A body is a change, a whole tenant that was put in place of what was there, or empty: the tenant is gone.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import to_json

from ..core.clock import Clock
from .documents import SNAPSHOT_VERSION, Beginning, ChangeContent, RecordTypes, SnapshotError, read
from .snapshot import Document, clock_content, document_of, logs_of, restore, take
from .store import RecordType
from .tenant import Log, Seed, Tenant
from .tenants import Tenants
from .unit import Unit

GONE = b""
HEAD = re.compile(rb'\{"version":(\d+),"(\w+)"')


def of_unit(unit: Unit) -> bytes:
    """Return what a unit that is done has changed."""
    put: dict[str, list[Any]] = {}
    deleted: dict[str, list[str]] = {}
    for (record_type, key), record in unit.changes.items():
        if record is None:
            deleted.setdefault(record_type.name, []).append(key)
        else:
            put.setdefault(record_type.name, []).append(record)
    logs: dict[str, list[Any]] = {}
    for name, entry in unit.logged:
        logs.setdefault(name, []).append(entry.shown())
    tenant = unit.tenant
    change: ChangeContent = {
        "begins": _beginning(tenant) if unit.begins else None,
        "deleted": deleted,
        "logs": {name: {"dropped": 0, "entries": entries} for name, entries in logs.items()},
        "clock": clock_content(tenant.clock),
        "position": tenant.ids.position,
        "records": put,
    }
    return to_json({"version": SNAPSHOT_VERSION, "change": change})


def of_tenant(tenant: Tenant, record_types: RecordTypes) -> bytes:
    """Return all that a tenant holds beside its seed data; the whole of one that has none of the server's."""
    return b"".join(whole(tenant, record_types).pieces())


def whole(tenant: Tenant, record_types: RecordTypes) -> Document:
    """Return what `of_tenant` is made of."""
    if tenant.store.base is not tenant.seed.base:  # restored from a snapshot
        return document_of(tenant, record_types)
    changes = {record_type.name: tenant.store.changes(record_type) for record_type in record_types}
    content = {
        "begins": _beginning(tenant),
        "deleted": {name: deleted for name, (_, deleted) in changes.items() if deleted},
        "clock": clock_content(tenant.clock),
        "position": tenant.ids.position,
    }
    records = {name: put for name, (put, _) in changes.items() if put}
    return Document("change", content, logs_of(tenant), records)


def _beginning(tenant: Tenant) -> Beginning:
    return {"seed": tenant.seed.fingerprint, "stream": tenant.ids.stream}


class UnknownSeed(LookupError):
    """A tenant begins from seed data that is not here; the argument is its fingerprint."""


def seed_document(seed: Seed, record_types: RecordTypes) -> bytes:
    """Return seed data whole, for servers that have another one."""
    return take(Tenant("seed", seed, stream=""), record_types)


class Copies:
    """The copies of tenants here, which bodies from a log bring further. `seeds` are known by their fingerprints."""

    def __init__(self, tenants: Tenants, record_types: RecordTypes) -> None:
        self._tenants = tenants
        self._record_types = record_types
        self.seeds: dict[str, Seed] = {}

    def learn_seed(self, fingerprint: str, document: bytes) -> None:
        """Take in seed data of another server."""
        whole = restore(self._tenants, "seed", document, self._record_types)
        self.seeds[fingerprint] = Seed(whole.store.base, clock=whole.clock, fingerprint=fingerprint)

    def apply(self, name: str, body: bytes) -> None:
        """Bring a tenant's copy one body further; raises SnapshotError for what is none, UnknownSeed."""
        with self._tenants.lock:
            head = HEAD.match(body)
            if body == GONE:
                self._tenants.drop(name)
            elif head is not None and head[2] == b"tenant":
                restored = restore(self._tenants, name, body, self._record_types)
                self._tenants.drop(name)
                self._tenants.place(restored)
            else:
                is_older = head is not None and int(head[1]) < SNAPSHOT_VERSION
                self._change(name, read(body, "change", self._record_types), is_older=is_older)

    def _change(self, name: str, change: ChangeContent, *, is_older: bool) -> None:
        tenant = self._begun(name, change["begins"])
        if is_older:
            for record_type in self._record_types:
                self._delete_parts(tenant, record_type, change)
        for record_type in self._record_types:
            self._change_records(tenant, record_type, change)
        for log_name, content in change["logs"].items():
            log = tenant.logs.setdefault(log_name, Log())
            log.dropped += content["dropped"]
            for entry in content["entries"]:
                log.add(entry)
        tenant.clock = Clock(**change["clock"])
        tenant.ids.position = change["position"]

    def _begun(self, name: str, begins: Beginning | None) -> Tenant:
        if begins is not None:
            if begins["seed"] not in self.seeds:
                raise UnknownSeed(begins["seed"])
            self._tenants.drop(name)
            self._tenants.place(Tenant(name, self.seeds[begins["seed"]], stream=begins["stream"]))
        tenant = self._tenants.find(name)
        if tenant is None or not tenant.written:
            raise SnapshotError(f'change: tenant "{name}" was not begun')
        return tenant

    def _delete_parts(self, tenant: Tenant, record_type: RecordType[Any], change: ChangeContent) -> None:
        """Delete what records held in themselves that a change of an older version replaces or deletes."""
        put = change["records"].get(record_type.name, ())
        for key in (*change["deleted"].get(record_type.name, ()), *map(record_type.key, put)):
            before = tenant.store.get(record_type, key)
            parts = list(record_type.parts(tenant.store, before)) if before is not None else ()
            for part_type, part in parts:
                tenant.store.delete(part_type, part)
                self._tenants.drop_shown(tenant.name, part)

    def _change_records(self, tenant: Tenant, record_type: RecordType[Any], change: ChangeContent) -> None:
        for key in change["deleted"].get(record_type.name, ()):
            tenant.store.delete(record_type, key)
            self._tenants.drop_shown(tenant.name, key)
        for record in change["records"].get(record_type.name, ()):
            tenant.store.put(record_type, record)
            self._tenants.drop_shown(tenant.name, record_type.key(record))
