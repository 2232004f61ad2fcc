"""Put a function in place of another, and take it back."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import ModuleType
from typing import Any


def installed(name: str) -> ModuleType | None:
    """Import a library; None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


@contextmanager
def replaced(owner: type, name: str, make: Callable[[Any], Callable[..., Any]]) -> Iterator[None]:
    """Put what `make` makes of a method in its place until the end of the block."""
    original = vars(owner)[name]
    replacement = wraps(original)(make(original))
    setattr(owner, name, replacement)
    try:
        yield
    finally:
        # Whoever patched it meanwhile calls ours still; without a route that lets everything pass.
        if vars(owner)[name] is replacement:
            setattr(owner, name, original)
