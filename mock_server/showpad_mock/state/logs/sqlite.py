"""A log in a file: SQLite with a write-ahead log, for one server or for several of one machine.

Methods work at once, since a commit is a write to the system's cache: the end of the process, however it ends, loses
none. With `sync="full"` a commit waits for the disk, so that a loss of power loses none either; a thread waits then.

Otherwise it would cost each commit two hops, and a commit is some 100 us. All that it could spare others is that each
thousandth page or so a commit carries the write-ahead log over, which takes milliseconds, and that where several
servers share the file it waits for theirs.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar
from zlib import crc32

from .protocol import TAIL, ChangeSet, News, Unavailable
from .sqlite_file import ERRORS, WAIT, BadStateFile, IsSnapshot, StateInUse, connect, hold, is_database

__all__ = ["BadStateFile", "IsSnapshot", "SqliteLog", "StateInUse", "hold", "is_database"]

T = TypeVar("T")

GONE_KEPT = 10_000
"""Of how many tenants that are gone the names and versions are kept; beyond that all of these are forgotten."""
MOST_NEWEST = 40_000
"""Of how many tenants it is remembered which version is the newest: more than a server has copies of."""
LOOKED_AFTER = 1000
"""After how many deletions it is looked how many are gone."""


class SqliteLog:
    """A `ChangeLog` in a file. `shared` lets others, which share it too, open it at the same time.

    Opening raises Unavailable: `StateInUse`, `BadStateFile`, `IsSnapshot`. It is opened in the process that uses it,
    since no connection of SQLite's outlives a fork; `is_held` says that another one holds the file for it (`hold`).
    `wait` is how many seconds a commit waits for those of others.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        shared: bool = False,
        is_held: bool = False,
        sync: Literal["normal", "full"] = "normal",
        wait: float = WAIT,
    ) -> None:
        self.is_shared = shared
        self._file = Path(path).resolve()
        with ExitStack() as undo:
            if not is_held:
                undo.enter_context(closing(hold(self._file, shared=shared, wait=wait)))
            with self._telling():
                self._reads = connect(self._file, wait=wait)
            self._held = undo.pop_all()
        # While a thread commits, a read must not see what is not committed yet: so it has a connection of its own.
        self._thread = ThreadPoolExecutor(1, "state-file") if sync == "full" else None
        self._writes = connect(self._file, wait=wait) if sync == "full" else self._reads
        self._writes.execute(f"PRAGMA synchronous = {sync}")
        self._newest: dict[str, int] = {}
        self._seen = self._deleted = 0

    async def begin(self) -> int:
        """Return how many servers have begun on this file before, and count this one."""
        return await self._write(_begin)

    async def tenants(self) -> list[str]:
        """Return the names of the tenants that are there, in order."""
        with self._reading() as db:
            return [name for (name,) in db.execute("SELECT name FROM tenants WHERE version > gone ORDER BY name")]

    async def since(self, tenant: str, version: int) -> News:
        """Return what a copy of that version lacks."""
        if self.is_shared and self._is_newest(tenant, version):
            return News(version, None, ())
        with self._reading() as db:
            news = _since(db, tenant, version)
        if self.is_shared and (newest := news.version + len(news.change_sets)):
            if len(self._newest) >= MOST_NEWEST:
                self._newest.clear()
            self._newest[tenant] = newest
        return news

    async def append(self, tenant: str, expected: int, change_sets: Sequence[ChangeSet]) -> bool:
        """Append change sets in one transaction; return False where `expected` is not the last version."""
        self._newest.pop(tenant, None)
        frees = not all(one.body for one in change_sets)
        is_appended = await self._write(lambda db: _append(db, tenant, expected, change_sets), frees=frees)
        self._deleted += frees
        if self._deleted >= LOOKED_AFTER:
            self._deleted = 0
            with suppress(Unavailable):  # what was asked for is done
                await self.forget()
        return is_appended

    async def forget(self, most: int = GONE_KEPT) -> None:
        """Forget the tenants that are gone, where these are more than so many."""
        await self._write(lambda db: _forget(db, most), frees=True)

    async def snapshot(self, tenant: str, version: int, body: bytes) -> None:
        """Let a snapshot stand for all versions up to `version`, and drop what it stands for."""
        await self._write(lambda db: _snapshot(db, tenant, version, body), frees=True)

    async def keep(self, name: str, body: bytes) -> None:
        """Keep bytes under a name, where they are not there yet."""
        await self._write(
            lambda db: db.execute("INSERT OR IGNORE INTO kept VALUES (?, ?, ?)", (name, crc32(body), body))
        )

    async def kept(self, name: str) -> bytes | None:
        """Return what is kept under a name."""
        with self._reading() as db:
            row = db.execute("SELECT crc, body FROM kept WHERE name = ?", (name,)).fetchone()
            return None if row is None else _whole(*row)

    async def close(self) -> None:
        """Let go of the file."""
        if self._thread is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._writes.close)
            self._thread.shutdown()
            self._thread = None
        self._reads.close()
        self._held.close()

    def _is_newest(self, tenant: str, version: int) -> bool:
        """Return whether nothing can have been appended since a copy of that version was told so."""
        with self._telling():
            (seen,) = self._reads.execute("PRAGMA data_version").fetchone()
        if seen != self._seen:
            self._seen = seen
            self._newest.clear()
        return self._newest.get(tenant) == version

    async def _write(self, work: Callable[[sqlite3.Connection], T], *, frees: bool = False) -> T:
        if self._thread is None:
            return self._commit(work, frees=frees)
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(self._commit, work, frees=frees))

    def _commit(self, work: Callable[[sqlite3.Connection], T], *, frees: bool) -> T:
        with self._telling(), _transaction(self._writes, "IMMEDIATE"):
            result = work(self._writes)
        if frees:
            with suppress(sqlite3.Error):  # what was asked for is done
                _shrink(self._writes)
        return result

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._telling(), _transaction(self._reads, "DEFERRED"):
            yield self._reads

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what SQLite raises into Unavailable, which names the file."""
        try:
            yield
        except ERRORS as error:
            raise Unavailable(f"{self._file}: {error}") from error


@contextmanager
def _transaction(db: sqlite3.Connection, kind: str) -> Iterator[None]:
    db.execute(f"BEGIN {kind}")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a full disk has ended it already
            db.execute("ROLLBACK")
        raise


def _begin(db: sqlite3.Connection) -> int:
    (begun,) = db.execute("SELECT begun FROM server").fetchone()
    db.execute("UPDATE server SET begun = begun + 1")
    return int(begun)


def _since(db: sqlite3.Connection, tenant: str, version: int) -> News:
    last, gone, tail = _facts(db, tenant)
    snapshot, is_lost = None, not tail <= version <= last
    if is_lost or not version:
        query = "SELECT version, crc, body FROM snapshots WHERE tenant = ?"
        found = db.execute(query, (tenant,)).fetchone()
        if is_lost or found is not None:
            # Without a snapshot, what stands for all versions up to the last deletion is that the tenant is gone.
            version, *stored = found or (gone, 0, b"")
            snapshot = _whole(*stored)
    query = "SELECT crc, body FROM change_sets WHERE tenant = ? AND version > ? ORDER BY version"
    change_sets = [_whole(*row) for row in db.execute(query, (tenant, version))]
    if version + len(change_sets) != last:
        raise sqlite3.DatabaseError(f"a change set of {tenant} is missing: the file is damaged")
    return News(version, snapshot, change_sets)


def _facts(db: sqlite3.Connection, tenant: str) -> tuple[int, int, int]:
    """Return a tenant's last version, that at which it was last gone, and behind which one bodies are there.

    One that is not there may have been forgotten, and then all its versions were `floor` at most.
    """
    found = db.execute("SELECT version, gone, tail FROM tenants WHERE name = ?", (tenant,)).fetchone()
    last, gone, tail = found or db.execute("SELECT floor, floor, floor FROM server").fetchone()
    return last, gone, tail


def _append(db: sqlite3.Connection, tenant: str, expected: int, change_sets: Sequence[ChangeSet]) -> bool:
    last, before, _ = _facts(db, tenant)
    # Looked for only here: what is there already was appended behind the same version, which then is the last no more.
    if last != expected:
        return all(_is_known(db, tenant, last - TAIL, one.id) for one in change_sets)
    numbered = list(enumerate(change_sets, expected + 1))
    gone = max((version for version, one in numbered if not one.body), default=before)
    if gone > before:
        db.execute("DELETE FROM change_sets WHERE tenant = ?", (tenant,))
        db.execute("DELETE FROM snapshots WHERE tenant = ?", (tenant,))
    # The ids of what is gone with the tenant are kept: whoever lost this connection asks for all of them.
    bodies = [(version, one.id, one.body if version > gone else b"") for version, one in numbered]
    db.executemany(
        "INSERT INTO change_sets VALUES (?, ?, ?, ?, ?)",
        [(tenant, version, id, crc32(body), body) for version, id, body in bodies],
    )
    db.execute(
        "INSERT INTO tenants VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE"
        " SET version = excluded.version, gone = max(gone, excluded.gone), tail = max(tail, excluded.tail)",
        (tenant, expected + len(change_sets), gone, gone),
    )
    return True


def _is_known(db: sqlite3.Connection, tenant: str, behind: int, id: str) -> bool:
    query = "SELECT 1 FROM change_sets WHERE tenant = ? AND version > ? AND id = ?"
    return db.execute(query, (tenant, behind, id)).fetchone() is not None


def _snapshot(db: sqlite3.Connection, tenant: str, version: int, body: bytes) -> None:
    last, gone, _ = _facts(db, tenant)
    (former,) = db.execute("SELECT version FROM snapshots WHERE tenant = ?", (tenant,)).fetchone() or (gone,)
    if not former < version <= last:
        return
    db.execute("REPLACE INTO snapshots VALUES (?, ?, ?, ?)", (tenant, version, crc32(body), body))
    db.execute("DELETE FROM change_sets WHERE tenant = ? AND version <= ?", (tenant, min(version, last - TAIL)))
    tail = _tail(db, tenant, version, len(body))
    db.execute(
        "UPDATE change_sets SET crc = NULL, body = NULL WHERE tenant = ? AND version <= ? AND body IS NOT NULL",
        (tenant, tail),
    )
    db.execute("UPDATE tenants SET tail = ? WHERE name = ?", (tail, tenant))


def _forget(db: sqlite3.Connection, most: int) -> None:
    number, last = db.execute("SELECT count(*), max(version) FROM tenants WHERE version = gone").fetchone()
    if number > most:
        db.execute("UPDATE server SET floor = max(floor, ?)", (last,))
        db.execute("DELETE FROM change_sets WHERE tenant IN (SELECT name FROM tenants WHERE version = gone)")
        db.execute("DELETE FROM tenants WHERE version = gone")


def _tail(db: sqlite3.Connection, tenant: str, version: int, room: int) -> int:
    """Return behind which version change sets keep their bodies: as many as are no larger together than the snapshot.

    A copy that lacks more is helped faster by the snapshot; and the file does not grow with what the tenant held once.
    """
    query = "SELECT length(body) FROM change_sets WHERE tenant = ? AND version <= ? ORDER BY version DESC"
    for (size,) in db.execute(query, (tenant, version)):
        room = -1 if size is None else room - size
        if room < 0:
            break
        version -= 1
    return version


def _shrink(db: sqlite3.Connection) -> None:
    """Return free pages to the file system where they are more than a quarter of the file."""
    (free,) = db.execute("PRAGMA freelist_count").fetchone()
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    if free * 4 > pages:
        db.executescript(f"PRAGMA incremental_vacuum({free})")  # a page is one step, and `execute` takes only one


def _whole(crc: int | None, body: bytes | None) -> bytes:
    if body is None or crc32(body) != crc:
        raise sqlite3.DatabaseError("what was read is not what was written: the file is damaged")
    return body
