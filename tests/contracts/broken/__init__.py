"""Deliberately wrong servers: each breaks one rule, and the kit must catch it by that rule."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .wrapping import Broken


@cache
def every_wrong_server() -> tuple[Broken, ...]:
    """Give the BROKEN of every module here, in the order of their names."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return tuple(wrong for module in modules for wrong in getattr(module, "BROKEN", ()))
