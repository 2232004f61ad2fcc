"""Endpoints whose module is loaded at their first call, so that a start loads what every server needs and no more."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from .call import Call
from .render import Answer


def late(package: str | None, handler: str) -> Callable[[Call], Answer]:
    """Return the endpoint that `module.function` of a package of handlers is."""
    module, _, function = handler.rpartition(".")

    def endpoint(call: Call) -> Answer:
        answer: Answer = getattr(import_module(f".handlers.{module}", package), function)(call)
        return answer

    return endpoint
