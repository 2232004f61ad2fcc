"""The unit of work: all that one request changes in a tenant, done whole or not at all."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from .store import RecordType, Store
from .tenant import Log, LogEntry, Tenant

if TYPE_CHECKING:
    from .tenants import Tenants

R = TypeVar("R")


class Unit:
    """What a request sees of its tenant, what it changes, and which rules decided it.

    Used as a context: it holds the tenants' lock, and an exception takes back every change.
    It must not await: what decides on state and what changes it belong together.
    """

    __slots__ = ("_logged", "_undo", "ids", "now", "rules", "store", "tenant", "tenants")

    def __init__(self, tenants: Tenants, tenant: Tenant) -> None:
        self.tenants = tenants
        self.tenant = tenant
        self.store: Store = tenant.store
        self.ids = tenant.ids
        self.now = tenant.clock.now()
        self.rules: list[str] = []
        self._undo: list[tuple[RecordType[Any], Any, Any]] = []  # the record now, the one before; None: none
        self._logged: list[tuple[str, LogEntry]] = []

    def decide(self, *rules: str) -> None:
        """Say that these rules decided the answer."""
        self.rules += rules

    def put(self, record_type: RecordType[R], record: R) -> None:
        """Add or replace a record."""
        if not self.tenant.written:
            self.tenants.claim(self.tenant)
        before = self.store.put(record_type, record)
        if before is not None:
            self.tenants.drop_shown(self.tenant.name, record_type.key(record))
        self._undo.append((record_type, record, before))

    def delete(self, record_type: RecordType[R], key: str) -> None:
        """Take a record away."""
        if not self.tenant.written:
            self.tenants.claim(self.tenant)
        self.tenants.drop_shown(self.tenant.name, key)
        self._undo.append((record_type, None, self.store.delete(record_type, key)))

    def record(self, log: str, entry: LogEntry) -> None:
        """Record something that happened, once the unit is done."""
        self._logged.append((log, entry))

    def __enter__(self) -> Unit:
        self.tenants.lock.acquire()
        return self

    def __exit__(
        self, record_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if record_type is None:
                for name, entry in self._logged:
                    log = self.tenant.logs.get(name)
                    if log is None:
                        log = self.tenant.logs[name] = Log()
                    log.add(entry)
            else:
                self._take_back()
                if not self.tenant.written:  # so that there was no room for it: ids drawn for it were the first
                    self.tenant.ids.rewind()
        finally:
            self.tenants.lock.release()

    def _take_back(self) -> None:
        for record_type, record, before in reversed(self._undo):
            if before is not None:
                self.store.put(record_type, before)
            elif record is not None:
                self.store.delete(record_type, record_type.key(record))
            if record is not None:
                self.tenants.drop_shown(self.tenant.name, record_type.key(record))
