"""Wrong servers of RSpace's: each breaks one rule, and the kit must catch it."""

from __future__ import annotations

from . import conventions, resources, sharing

BROKEN = (*conventions.BROKEN, *resources.BROKEN, *sharing.BROKEN)
