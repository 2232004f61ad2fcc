"""Opening a state file: what it must be, who may hold it, which tables it has.

Beside FILE stand `FILE-wal` and `FILE-shm`, which are SQLite's, and `FILE-lock`, which says who holds it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from .protocol import Unavailable

APPLICATION_ID = 0x53504D4B
"""SPMK: by this a state file is told from other programs' databases."""

SCHEMA_VERSION = 2
"""Rises with every change to the tables that an older program would not understand."""

WAL_BYTES = 4 * 1024 * 1024
"""What is left of the write-ahead log after a larger one was carried over."""

WAIT = 5.0
"""Seconds that a commit waits for those of others."""

LOCK_WAIT = 0.5
"""Seconds: who only tries whether a file is free holds it for a moment."""

ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What a connection raises; the latter where damage lies in a text, be it that of the error itself."""

_MAGIC = b"SQLite format 3\0"

# `gone` is the version at which the tenant was last deleted; change sets behind `tail` are there with their bodies.
# All versions of tenants that are forgotten were `floor` at most.
_TABLES = f"""
BEGIN IMMEDIATE;
CREATE TABLE server (begun INTEGER NOT NULL, floor INTEGER NOT NULL DEFAULT 0);
INSERT INTO server VALUES (0, 0);
CREATE TABLE tenants (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0, tail INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE change_sets (tenant TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL, crc INTEGER, body BLOB);
CREATE UNIQUE INDEX change_sets_in_order ON change_sets (tenant, version, id);
CREATE TABLE snapshots (tenant TEXT PRIMARY KEY, version INTEGER NOT NULL, crc INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE kept (name TEXT PRIMARY KEY, crc INTEGER NOT NULL, body BLOB NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""

_FROM_VERSION_1 = f"""
BEGIN IMMEDIATE;
ALTER TABLE server ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""


class StateInUse(Unavailable):
    """Another server holds the file, and not both of them were told to share it."""


class BadStateFile(Unavailable):
    """The file cannot be used as a state file; the message names it and says what was expected."""


class IsSnapshot(BadStateFile):
    """The file is JSON: a snapshot, as `--state` saved it before. It was left as it is."""


def is_database(file: Path) -> bool:
    """Return whether a file begins as a SQLite database does; one that is missing or empty does not."""
    return _beginning(file).startswith(_MAGIC)


def hold(path: str | Path, *, shared: bool, wait: float = WAIT) -> sqlite3.Connection:
    """Make a file ready, and hold it until what is returned is closed; raises Unavailable as `SqliteLog` does."""
    file = Path(path).resolve()  # whoever comes by a symbolic link finds the same lock
    _check_beginning(file)
    with ExitStack() as undo:
        try:
            lock = undo.enter_context(closing(_hold(file, shared=shared)))
            with _turn(file, shared=shared, wait=wait), closing(connect(file, wait=wait)) as db:
                _prepare(db, file)
        except ERRORS as error:
            raise _because(file, error) from error
        undo.pop_all()
    return lock


def connect(file: Path, *, wait: float) -> sqlite3.Connection:
    """Return a connection whose transactions are begun by hand, and which waits for others that many seconds."""
    db = sqlite3.connect(file, timeout=wait, isolation_level=None, check_same_thread=False)
    db.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
    return db


def _beginning(file: Path) -> bytes:
    """Return the first bytes, none of a file that is missing; raise BadStateFile for what is no file."""
    try:
        if not file.parent.is_dir():
            raise BadStateFile(f"{file}: there is no folder {file.parent}")
        if not file.exists():
            return b""
        if not file.is_file():  # reading would wait for whoever writes into a pipe
            raise BadStateFile(
                f"{file}: is {'a folder' if file.is_dir() else 'no regular file'}, expected a state file"
            )
        with file.open("rb") as opened:
            return opened.read(64)
    except OSError as error:
        raise BadStateFile(f"{file}: cannot be read: {error.strerror}") from None


def _check_beginning(file: Path) -> None:
    beginning = _beginning(file)
    if beginning.lstrip().startswith(b"{"):
        raise IsSnapshot(f"{file}: is a JSON snapshot, expected a state file (a SQLite database)")
    if beginning and not beginning.startswith(_MAGIC):
        raise BadStateFile(f"{file}: is no SQLite database, expected a state file")


# The system lets go of the locks of a process that is killed, on every platform that SQLite knows.
def _hold(file: Path, *, shared: bool) -> sqlite3.Connection:
    """Take hold of a file until the connection is closed: a read transaction leaves room for others, no other does."""
    lock = connect(_lock_of(file), wait=LOCK_WAIT)
    try:
        lock.execute("PRAGMA journal_mode = MEMORY")  # nothing is ever written, so no file for undoing it either
        lock.execute("BEGIN" if shared else "BEGIN EXCLUSIVE")
        lock.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        lock.close()
        if _code(error) == sqlite3.SQLITE_BUSY:
            raise StateInUse(f"{file}: is in use by another server, and not both were told to share it") from None
        raise
    return lock


@contextmanager
def _turn(file: Path, *, shared: bool, wait: float) -> Iterator[None]:
    """Prepare a file one after the other: SQLite lets only one connection turn its write-ahead log on."""
    if not shared:
        yield
        return
    with closing(connect(_lock_of(file), wait=wait)) as turn:
        turn.execute("PRAGMA journal_mode = MEMORY")
        turn.execute("BEGIN IMMEDIATE")
        yield


def _lock_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-lock")


def _prepare(db: sqlite3.Connection, file: Path) -> None:
    """Create the tables in a new file; raise BadStateFile for one that is not ours, or newer than we are."""
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (schema,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    is_new = not (application or schema or tables)
    if not is_new and application != APPLICATION_ID:
        raise BadStateFile(f"{file}: is another program's database, expected a state file")
    if schema > SCHEMA_VERSION:
        raise BadStateFile(
            f"{file}: was written by a newer version (its schema is {schema}, expected {SCHEMA_VERSION} at most)"
        )
    if is_new:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # must come before all else
    (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise BadStateFile(f"{file}: its file system lacks what SQLite's write-ahead log needs, expected a local one")
    if is_new:
        db.executescript(_TABLES)
    # Damage is told now, half a second a GB: writing on it would make more of it.
    (finding,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if finding != "ok":
        raise _damaged(file, finding)
    if schema == 1:
        db.executescript(_FROM_VERSION_1)
    # SQLite opens what it may not write for reading, and says nothing until somebody writes.
    db.execute("BEGIN")
    db.execute("UPDATE server SET begun = begun")
    db.execute("ROLLBACK")


def _because(file: Path, error: Exception) -> Unavailable:
    code = _code(error)
    # SQLITE_ERROR: the tables are not those that its version has.
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR) or isinstance(
        error, UnicodeDecodeError
    ):
        return _damaged(file, str(error))
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return BadStateFile(f"{file}: cannot be written ({error}), expected a file in a folder that can be written")
    return Unavailable(f"{file}: {error}")


def _damaged(file: Path, finding: str) -> BadStateFile:
    return BadStateFile(f"{file}: is damaged ({' '.join(finding.split())}), expected a state file (a SQLite database)")


def _code(error: Exception) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)  # errors of the module's own have none
    return code & 0xFF
