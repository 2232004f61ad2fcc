"""The setting `--state`: which log it names, a file or an engine, for one process or for several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from ..settings import Settings
from ..state.logs.protocol import ChangeLog, Unavailable
from ..state.logs.sqlite import IsSnapshot, SqliteLog, hold

T = TypeVar("T")

ENGINES = ("redis://", "rediss://", "redis+cluster://", "rediss+cluster://")


def open_state(settings: Settings) -> ChangeLog:
    """Return the log that `--state` names; raises Unavailable, which says why it cannot be used."""
    assert settings.state is not None
    if settings.state.startswith(ENGINES):
        return _engine(settings.state)
    return _file_opened(settings, lambda file: SqliteLog(file, shared=settings.state_shared, sync=settings.state_sync))


@contextmanager
def hold_state(settings: Settings) -> Iterator[None]:
    """Hold what `--state` names for processes of our own, which `open_held` it; raises Unavailable."""
    if settings.state is None or settings.state.startswith(ENGINES):
        yield
        return
    with closing(_file_opened(settings, lambda file: hold(file, shared=settings.state_shared))):
        yield


def open_held(settings: Settings) -> ChangeLog:
    """Return the log of a state that another process holds for this one and more; raises Unavailable."""
    assert settings.state is not None
    if settings.state.startswith(ENGINES):
        return _engine(settings.state)
    return SqliteLog(Path(settings.state), shared=True, is_held=True, sync=settings.state_sync)


def _engine(url: str) -> ChangeLog:
    try:
        from ..state.logs.redis import RedisLog  # an extra

        return RedisLog(url)
    except (ModuleNotFoundError, ValueError) as error:
        raise Unavailable(str(error)) from None


def _file_opened(settings: Settings, open_file: Callable[[Path], T]) -> T:
    assert settings.state is not None
    file = Path(settings.state)
    try:
        return open_file(file)
    except IsSnapshot:
        from .json_state import take_over  # loads the app, which the parent of workers does without

        take_over(file, settings, SqliteLog)
        return open_file(file)
