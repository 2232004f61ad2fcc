"""Sweeping: tenants that are marked are looked at, and their marks let go of once nothing is left to do for them.

A tenant stays marked between its deliveries: a mark is a change of a log that all servers share, and goes with a sweep.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial

from ..core.refusals import Refusal
from ..state.logs.protocol import Unavailable
from ..state.tenants import Tenants
from .queue import count_pending, may_be_left, unmark


class Marking:
    """The marks (`state/marks.py`) as the last sweep of this server saw them. `wake` has a tenant looked at."""

    def __init__(self, tenants: Tenants, wake: Callable[[str], None]) -> None:
        self._tenants = tenants
        self._wake = wake
        self._seen: dict[str, int] = {}
        self._left: dict[str, int] = {}
        """What somebody else was letting go of, and has to have done by the next sweep."""

    async def sweep(self, at_work: Collection[str]) -> None:
        """Have all marked tenants looked at; raises Unavailable. `at_work` are those that this server is busy with."""
        commits = self._tenants.commits
        assert commits is not None
        marks = await commits.marks.names()
        # An engine that fails over may have lost marks.
        for name in at_work:
            tenant = self._tenants.find(name)
            if name not in marks and tenant is not None and may_be_left(tenant):
                await commits.marks.add(name)
        self._seen = dict(marks)
        self._left = {name: made_at for name, made_at in self._left.items() if marks.get(name) == made_at}
        for name in marks:
            self._wake(name)
            await asyncio.sleep(0)  # requests come in between, however many are marked

    async def let_go(self, name: str) -> None:
        """Take away the mark that the last sweep saw, where nothing is left to do."""
        made_at, commits = self._seen.pop(name, None), self._tenants.commits
        if made_at is None or commits is None:
            return
        with suppress(Refusal, Unavailable):  # the next sweep sees it again
            if await self._tenants.run(name, partial(self._unmark, name, made_at)):
                await commits.marks.remove(name, made_at)

    def _unmark(self, name: str, made_at: int) -> bool:
        """Make a version of a tenant in which nothing is left to do, unless something is, or somebody else makes it."""
        tenant = self._tenants.find(name)
        if tenant is not None and may_be_left(tenant):
            with self._tenants.transaction(name) as unit:
                return not count_pending(unit.store) and unmark(unit)
        # Who made one may be about to take the mark away, or have died before; or it died before there was anything.
        if self._left.pop(name, None) != made_at:
            self._left[name] = made_at
            return False
        self._tenants.renew(name)
        return True
