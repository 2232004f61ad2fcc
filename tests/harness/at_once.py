"""Calls that begin together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

R = TypeVar("R")


def at_once(*calls: Callable[[], R]) -> list[R]:
    """Make all calls in threads of their own, none before all are ready."""
    ready = Barrier(len(calls))

    def call(one: Callable[[], R]) -> R:
        ready.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))
