"""Deliberately wrong servers: each breaks one rule, and the kit must catch it; by hand here, by class in `classes`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from . import classes

if TYPE_CHECKING:
    from .wrapping import Broken

BY_HAND = "by hand"


@cache
def every_wrong_server() -> tuple[Broken, ...]:
    """Give the BROKEN of every module here and of every class, in the order of their names."""
    return tuple(
        wrong
        for package in (importlib.import_module(__name__), classes)
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
        for wrong in getattr(importlib.import_module(module.name), "BROKEN", ())
    )
