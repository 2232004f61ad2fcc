"""The unit of work: all that one request changes in a tenant, done whole or not at all (`Tenants.transaction`)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from ..core.clock import Clock
from ..core.ids import Ids
from .store import RecordType, Store
from .tenant import Log, LogEntry, Tenant

if TYPE_CHECKING:
    from .commits import Commits
    from .tenants import Tenants

R = TypeVar("R")

logger = logging.getLogger("showpad_mock")


class Unit:
    """What a request sees of its tenant, what it changes, and which rules decided it.

    Used as a context, in which it alone reads and changes the tenants: an exception takes back every change, logs and
    the clock's among them. It must not await: what decides on state and what changes it belong together.
    """

    __slots__ = (
        "_after_commit",
        "_clock_before",
        "_name",
        "_oldest",
        "_position_before",
        "_undo",
        "begins",
        "ids",
        "logged",
        "now",
        "rules",
        "store",
        "tenant",
        "tenants",
    )

    tenant: Tenant
    store: Store
    ids: Ids
    now: int
    _oldest: list[Any]
    _position_before: int

    def __init__(self, tenants: Tenants, name: str) -> None:
        self.tenants = tenants
        self._name = name
        self.rules: list[str] = []
        self._undo: list[tuple[RecordType[Any], Any, Any]] = []  # the record now, the one before; None: none
        self.logged: list[tuple[str, LogEntry]] = []
        """What was recorded that happened: the log's name, the entry."""
        self._clock_before: Clock | None = None
        self.begins = False
        """Whether it is the first to write to its tenant."""
        # None instead of a list: hardly any request waits for its commit, and every request makes a unit.
        self._after_commit: list[Callable[[], None]] | None = None

    def decide(self, *rules: str) -> None:
        """Say that these rules decided the answer."""
        self.rules += rules

    def after_commit(self, act: Callable[[], None]) -> None:
        """Call this once the unit is done and others may work again; never for one that is taken back.

        What it raises is logged: the change is there, and its answer leaves.
        """
        if self._after_commit is None:
            self._after_commit = []
        self._after_commit.append(act)

    def set_clock(self, clock: Clock) -> None:
        """Set the tenant's clock; the `now` of this unit stays what it was."""
        if not self.tenant.written:
            self._claim()  # a set clock is kept as a written record is
        if self._clock_before is None:
            self._clock_before = self.tenant.clock
        self.tenant.clock = clock
        self.after_commit(partial(self.tenants.wake, self._name))

    def put(self, record_type: RecordType[R], record: R) -> None:
        """Add or replace a record."""
        if not self.tenant.written:
            self._claim()
        before = self.store.put(record_type, record)
        # Only what was there can have been shown; a create has nothing to drop.
        if before is not None:
            self.tenants.drop_shown(self.tenant.name, record_type.key(record))
        self._undo.append((record_type, record, before))

    def delete(self, record_type: RecordType[R], key: str) -> None:
        """Delete a record."""
        if not self.tenant.written:
            self._claim()
        self.tenants.drop_shown(self.tenant.name, key)
        self._undo.append((record_type, None, self.store.delete(record_type, key)))

    def _claim(self) -> None:
        self.tenants.claim(self.tenant)
        self.begins = True

    def record(self, log: str, entry: LogEntry) -> None:
        """Record something that happened, once the unit is done."""
        self.logged.append((log, entry))

    def __enter__(self) -> Unit:
        self.tenants.lock.acquire()
        try:
            # Opened under the lock: between opening and locking, a reset could put another tenant in its place.
            tenant = self.tenant = self.tenants.open(self._name)
            self.store, self.ids, self.now = tenant.store, tenant.ids, tenant.clock.now()
            self._position_before = tenant.ids.position
        except BaseException:
            self.tenants.lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if error is not None:
                self._take_back_changes()
            elif self.logged:
                self._log()
            if error is None and self.tenants.commits is not None:
                self._note(self.tenants.commits)
        finally:
            self.tenants.lock.release()
        # Outside the lock: what waits here may take its time, or begin a unit of its own. Where a log keeps the tenant,
        # it waits for that.
        if self._after_commit is not None and error is None and self.tenants.commits is None:
            self.committed()

    def _note(self, commits: Commits) -> None:
        try:
            commits.note(self)
        except BaseException:  # what cannot be kept must not be shown, either
            self.take_back()
            raise

    def committed(self) -> None:
        """Call what waits for the commit."""
        for act in self._after_commit or ():
            try:
                act()
            except Exception:
                logger.exception("what waited for a commit to tenant %r failed", self._name)

    @property
    def changes(self) -> dict[tuple[RecordType[Any], str], Any]:
        """The records that it put, or None where it deleted them, by type and key."""
        return {
            (record_type, record_type.key(record if record is not None else before)): record
            for record_type, record, before in self._undo
            if record is not None or before is not None
        }

    @property
    def is_change(self) -> bool:
        """Whether it changed anything that a tenant keeps."""
        return bool(self._undo or self.logged or self._clock_before is not None)

    def _log(self) -> None:
        self._oldest = []
        for name, entry in self.logged:
            log = self.tenant.logs.get(name)
            if log is None:
                log = self.tenant.logs[name] = Log()
            self._oldest.append(log.add(entry))

    def take_back(self) -> None:
        """Undo a unit that is done, before anything else has changed its tenant."""
        with self.tenants.lock:
            if self.logged:
                self._take_back_logs()
            self._take_back_changes()

    def _take_back_logs(self) -> None:
        for (name, _), oldest in zip(reversed(self.logged), reversed(self._oldest), strict=True):
            if self.tenant.logs[name].take_back(oldest):
                del self.tenant.logs[name]

    def _take_back_changes(self) -> None:
        self.ids.position = self._position_before
        if self.begins:
            self.tenants.unclaim(self.tenant)
        if self._clock_before is not None:
            self.tenant.clock = self._clock_before
        # Backwards: a record that was put twice must end as it was before the first time.
        for record_type, record, before in reversed(self._undo):
            if before is not None:
                self.store.put(record_type, before)
            elif record is not None:
                self.store.delete(record_type, record_type.key(record))
            if record is not None:
                # The same unit may have shown the record already: --strict refuses after the handler.
                self.tenants.drop_shown(self.tenant.name, record_type.key(record))
