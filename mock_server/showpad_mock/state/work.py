"""Work on tenants in the background, which goes on after requests are answered."""

from __future__ import annotations

from typing import Protocol

from .tenant import Tenant


class Work(Protocol):
    """Who does it."""

    def may_be_left(self, tenant: Tenant) -> bool:
        """Return whether something may be left to do for a tenant, as its records say.

        Asked twice a commit, so that it must cost little. It stays true until a change makes a version in which nothing
        is left, even where there is nothing meanwhile: for each time that it becomes true a mark is kept.
        """

    def wake(self, name: str) -> None:
        """Look at the tenant of that name soon; in any thread."""
