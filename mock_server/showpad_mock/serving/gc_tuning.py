"""Python's garbage collector, in a server that keeps most of what it makes.

A full collection walks everything there is, to find garbage in cycles; records have none. So what outlived a long one
is frozen: the next ones pass it by. What is frozen is still freed with its last reference. Only a cycle that was in use
at that moment (a connection, say) stays for good, so that it takes a collection of FREEZE_AFTER_SECONDS to freeze.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FREEZE_AFTER_SECONDS = 0.01
THRESHOLDS = (10_000, 1, 1)
"""For `gc.set_threshold`: seldom enough not to look at what a few requests are at work with, as with Python's 700; and
a full collection before so much is new that it would take long."""


class _Watch:
    """A callback of the collector: times full collections, and freezes what outlived a long one."""

    def __init__(self) -> None:
        self._started = 0.0

    def __call__(self, phase: str, info: dict[str, Any]) -> None:
        if info["generation"] != 2:
            return
        if phase == "start":
            self._started = time.perf_counter()
        elif time.perf_counter() - self._started > FREEZE_AFTER_SECONDS:
            gc.freeze()


@contextmanager
def short_pauses() -> Iterator[None]:
    """Freeze what was loaded, and within the block what outlives a long full collection.

    For a process that does nothing else, since it goes for everything in it. Switches the collector on.
    """
    gc.freeze()
    gc.enable()
    watch, thresholds = _Watch(), gc.get_threshold()
    gc.callbacks.append(watch)
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.callbacks.remove(watch)
        gc.set_threshold(*thresholds)
