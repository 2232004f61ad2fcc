"""The setting `--state`: which log it names, a file or an engine, for one process or for several."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

from ..settings import Settings
from ..state.boards.protocol import Board
from ..state.logs.protocol import ChangeLog, Unavailable
from ..state.logs.sqlite import IsSnapshot, SqliteLog, hold

T = TypeVar("T")

ENGINES = ("redis://", "rediss://", "redis+cluster://", "rediss+cluster://")


class State(NamedTuple):
    """A log, and the board of the servers that share it, where they have one."""

    log: ChangeLog
    board: Board | None = None


def open_state(settings: Settings) -> State:
    """Return the state that `--state` names; raises Unavailable, which says why it cannot be used."""
    assert settings.state is not None
    if settings.state.startswith(ENGINES):
        return _engine(settings)
    shared, sync = settings.state_shared, settings.state_sync
    log = _file_opened(settings, lambda file: SqliteLog(file, shared=shared, sync=sync))
    return State(log, board_beside(settings))


def board_beside(settings: Settings) -> Board | None:
    """Return the board of the servers that share the file that `--state` names; None where it names none to share.

    On Windows there is none either, since Python knows no such sockets there.
    """
    state = settings.state
    if sys.platform == "win32" or not settings.state_shared or state is None or state.startswith(ENGINES):
        return None
    from ..state.boards.local import LocalBoard  # what most starts do not need

    return LocalBoard(Path(state))


@contextmanager
def hold_state(settings: Settings) -> Iterator[None]:
    """Hold what `--state` names for processes of our own, which `open_held` it; raises Unavailable."""
    if settings.state is None or settings.state.startswith(ENGINES):
        yield
        return
    with closing(_file_opened(settings, lambda file: hold(file, shared=settings.state_shared))):
        yield


def open_held(settings: Settings, board: Board) -> State:
    """Return a state that another process holds for this one and more, with their board; raises Unavailable.

    An engine has a board of its own, for servers anywhere.
    """
    assert settings.state is not None
    if settings.state.startswith(ENGINES):
        return _engine(settings)
    return State(SqliteLog(Path(settings.state), shared=True, is_held=True, sync=settings.state_sync), board)


def _engine(settings: Settings) -> State:
    assert settings.state is not None
    url = settings.state
    if settings.state_sync != "normal":  # a promise that would not be kept
        raise Unavailable(
            f"and --state-sync {settings.state_sync}: an engine decides itself when it writes to its disk"
        )
    try:
        from ..state.boards.redis import RedisBoard
        from ..state.logs.redis import RedisLog  # an extra

        return State(RedisLog(url), RedisBoard(url))
    except (ModuleNotFoundError, ValueError) as error:
        raise Unavailable(str(error)) from None


def _file_opened(settings: Settings, open_file: Callable[[Path], T]) -> T:
    assert settings.state is not None
    if "://" in settings.state:  # not repeated, since it may hold a password
        raise Unavailable(f"must be a file, or a URL that begins with one of {', '.join(ENGINES)}")
    file = Path(settings.state)
    try:
        return open_file(file)
    except IsSnapshot:
        from .json_state import take_over  # loads the app, which the parent of workers does without

        take_over(file, settings, SqliteLog)
        return open_file(file)
