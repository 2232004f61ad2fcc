"""Every check of Showpad's rules, one module a noun, in one visible tuple."""

from __future__ import annotations

from ...check import Check
from . import items

CHECKS: tuple[Check, ...] = (*items.CHECKS,)
"""In the order in which a run does them."""
