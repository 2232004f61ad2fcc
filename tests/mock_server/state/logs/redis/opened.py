"""A log on an engine, for tests that run in a loop of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

from showpad_mock.state.logs.protocol import ChangeSet
from showpad_mock.state.logs.redis import RedisLog

PATIENCE = 30.0  # a test that waits in vain ends after this many seconds


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Make a test of a coroutine function."""

    @wraps(test)
    def run(*arguments: object, **fixtures: object) -> None:
        asyncio.run(asyncio.wait_for(test(*arguments, **fixtures), PATIENCE))

    return run


@asynccontextmanager
async def opened(url: str, *, patience: float = 2.0) -> AsyncIterator[RedisLog]:
    """Open a log and close it."""
    log = RedisLog(url, patience=patience)
    try:
        yield log
    finally:
        await log.close()


def change(number: int, body: bytes | None = None) -> ChangeSet:
    """Return the change set of a number, with its own body unless told."""
    return ChangeSet(f"id-{number}", b"%d" % number if body is None else body)


GONE = b""
