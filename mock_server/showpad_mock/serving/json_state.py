"""The JSON file that `--state` once was: a state file takes its place."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from ..app import App, AppOptions
from ..settings import Settings
from ..state.documents import SnapshotError
from ..state.logs.protocol import ChangeLog, Unavailable

KEPT_SNAPSHOT = ".json"
"""What is added to the name of a JSON snapshot that a state file has taken the place of."""
COMPANIONS = ("-wal", "-shm", "-lock")


def take_over(file: Path, settings: Settings, open_log: Callable[[Path], ChangeLog]) -> None:
    """Make of a JSON snapshot the state file of its name; the snapshot stays beside it. Raises Unavailable."""
    partial = file.with_name(f"{file.name}.partial")
    _remove(partial)  # of a start that was cut off
    try:
        asyncio.run(_restore(file.read_bytes(), open_log(partial), settings))
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


async def _restore(document: bytes, log: ChangeLog, settings: Settings) -> None:
    app = App(AppOptions(data=settings.data, seed=settings.seed), log=log)
    try:
        await app.begin()
        await app.restore(document)
    finally:
        await app.end()


def _remove(partial: Path) -> None:
    for companion in ("", *COMPANIONS):
        partial.with_name(partial.name + companion).unlink(missing_ok=True)
