"""The setting `--state`: which log it names, a file or an engine, and the JSON file that it once was."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from ..app import App, AppOptions
from ..settings import Settings
from ..state.documents import SnapshotError
from ..state.logs.protocol import ChangeLog, Unavailable
from ..state.logs.sqlite import IsSnapshot, SqliteLog

KEPT_SNAPSHOT = ".json"
"""What is added to the name of a JSON snapshot that a state file has taken the place of."""
ENGINES = ("redis://", "rediss://", "redis+cluster://", "rediss+cluster://")
COMPANIONS = ("-wal", "-shm", "-lock")


def open_state(settings: Settings, options: AppOptions) -> ChangeLog:
    """Return the log that `--state` names; raises Unavailable, which says why it cannot be used."""
    assert settings.state is not None
    if settings.state.startswith(ENGINES):
        return _engine(settings.state)
    file = Path(settings.state)
    try:
        return _opened(file, settings)
    except IsSnapshot:
        _import(file, options)
        return _opened(file, settings)


def _engine(url: str) -> ChangeLog:
    try:
        from ..state.logs.redis import RedisLog  # an extra

        return RedisLog(url)
    except (ModuleNotFoundError, ValueError) as error:
        raise Unavailable(str(error)) from None


def _opened(file: Path, settings: Settings) -> SqliteLog:
    return SqliteLog(file, shared=settings.state_shared, sync=settings.state_sync)


def _import(file: Path, options: AppOptions) -> None:
    """Make of a JSON snapshot the state file of its name; the snapshot stays beside it."""
    partial = file.with_name(f"{file.name}.partial")
    _remove(partial)  # of a start that was cut off
    try:
        asyncio.run(_restore(file.read_bytes(), SqliteLog(partial), options))
        kept = file.with_name(file.name + KEPT_SNAPSHOT)
        shutil.copy2(file, kept)
        # Last, and whole: until then the next start finds the snapshot where it was.
        partial.replace(file)
    except SnapshotError as error:
        raise Unavailable(f"{file}: {error}") from None
    except OSError as error:
        raise Unavailable(f"{file}: cannot be made a state file: {error.strerror}") from None
    finally:
        _remove(partial)


async def _restore(document: bytes, log: SqliteLog, options: AppOptions) -> None:
    app = App(options, log=log)
    try:
        await app.begin()
        await app.restore(document)
    finally:
        await app.end()


def _remove(partial: Path) -> None:
    for companion in ("", *COMPANIONS):
        partial.with_name(partial.name + companion).unlink(missing_ok=True)
