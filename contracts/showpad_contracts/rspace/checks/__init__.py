"""Every check of RSpace's rules; what `check` makes in a module of the list is run."""

from __future__ import annotations

from ...core.check import Check, checks_of
from ..client import Client
from . import (
    conventions,
    documents,
    errors,
    groups,
    pages,
    sequences,
    shares,
    sharing,
    sharing_documented,
    sharing_observed,
    unsharing,
)

MODULES = (
    conventions,
    errors,
    groups,
    documents,
    sharing,
    sharing_documented,
    sharing_observed,
    shares,
    unsharing,
    pages,
    sequences,
)
"""In the order in which a run does their checks."""
CHECKS: tuple[Check[Client], ...] = tuple(one for module in MODULES for one in checks_of(module))
