"""Committing to a log: a tenant's requests queue, its copy is caught up, their units run, their changes are appended.

All requests to a tenant that wait together are taken together: one catching up and one append are for all of them.
Where another server was faster, what the units did is taken back and they run again. Other tenants go on meanwhile.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, pairwise
from typing import Any, NamedTuple, TypeVar

from ..core.refusals import Problem
from ..core.turns import LARGE, joined, others_first
from .change_sets import GONE, Copies, UnknownSeed, of_tenant, of_unit, seed_document, whole
from .documents import RecordTypes, SnapshotError
from .logs.protocol import ChangeLog, ChangeSet, Unavailable
from .marks import NAME as MARKED
from .marks import Marks
from .tenant import Tenant
from .tenants import Tenants
from .unit import Unit

R = TypeVar("R")

TRIES = 30
"""How often a request runs again; each time another server has got on, so that so many in a row are rare."""
# A snapshot once what lies behind the last one takes twice its place: then each byte is written three times at most.
SNAPSHOT_FROM, SNAPSHOT_FACTOR = 64 * 1024, 2
COUNTED_AGAIN = 100
"""After how many new tenants here those of other servers are counted again, so far may the cap be passed by each."""

STATE_UNAVAILABLE = Problem(
    "",
    503,
    "/mock-server/state-unavailable",
    "Service Unavailable",
    "The state cannot be reached ({why}). What was asked for may or may not be done.",
)
STATE_BUSY = Problem(
    "",
    503,
    "/mock-server/state-busy",
    "Service Unavailable",
    'Other servers changed tenant "{name}" {tries} times before this one could. Nothing was done.',
)


class _Outcome(NamedTuple):
    """What an act returned or raised."""

    value: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class _Waiting:
    """Who waits for a tenant: what each is to do, and whom to tell. Who holds `lock` does it for all."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    acts: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = field(default_factory=list)
    users: int = 0


class _Done(NamedTuple):
    """A version that was made here: its body, how it is taken back, what waits for its commit.

    `marked` is the tenant if something may be left to do for it in that version.
    """

    body: bytes
    marked: Tenant | None
    take_back: Callable[[], None]
    committed: Callable[[], None]


@dataclass(slots=True)
class _Size:
    """How many bytes of a tenant lie in the log: in its snapshot, and behind it."""

    snapshot: int = 0
    behind: int = 0


class Commits:
    """Keeps what units of work change in a log, and at most `copies` of its tenants in memory (None: all asked for)."""

    def __init__(
        self, tenants: Tenants, log: ChangeLog, record_types: RecordTypes, *, copies: int | None = None
    ) -> None:
        self._tenants = tenants
        self._log = log
        self._record_types = record_types
        self._copies = Copies(tenants, record_types)
        self._most_copies = copies
        self._waiting: dict[str, _Waiting] = {}
        self._sizes: OrderedDict[str, _Size] = OrderedDict()  # of the tenants that have a copy here, the last used last
        self._stale: set[str] = set()
        self._done: list[_Done] | None = None
        # Two servers may get one number, where an engine forgot what it had acknowledged; change sets must differ then.
        self._life = secrets.token_hex(8)
        self._numbers = count(1)
        self.marks = Marks(log, self._life)
        self._written: set[str] = set()
        self._begun = 0

    async def begin(self) -> None:
        """Begin to keep what is changed; raises Unavailable."""
        document = seed_document(self._tenants.seed, self._record_types)
        fingerprint = hashlib.sha256(document).hexdigest()[:32]
        await self._log.keep(fingerprint, document)
        seed = self._tenants.seed = replace(self._tenants.seed, fingerprint=fingerprint)
        self._copies.seeds[fingerprint] = seed
        server = await self._log.begin()
        self._written = await self._names()
        self._tenants.keep_in(self, server)

    async def check(self) -> None:
        """Ask the log for the least that it can be asked for; raises STATE_UNAVAILABLE."""
        try:
            await self._log.kept("")
        except Unavailable as error:
            raise STATE_UNAVAILABLE.error(why=error) from None

    async def written(self) -> set[str]:
        """Return the names of the tenants that were written to, by whichever server; raises STATE_UNAVAILABLE."""
        try:
            self._written, self._begun = await self._names(), 0
        except Unavailable as error:
            raise STATE_UNAVAILABLE.error(why=error) from None
        return self._written

    async def _names(self) -> set[str]:
        return set(await self._log.tenants()) - {MARKED}

    @property
    def is_shared(self) -> bool:
        """Whether other servers may change tenants, too."""
        return self._log.is_shared

    def count_beside(self, name: str) -> int:
        """Count the tenants that were written to, as far as is known here; -1 where this one is among them."""
        if name in self._written:
            return -1
        # Also those that are being written to for the first time, and are not kept yet.
        begun = (self._tenants.find(other) for other in self._waiting if other not in self._written and other != name)
        return len(self._written) + sum(tenant is not None and tenant.written for tenant in begun)

    async def run(self, name: str, act: Callable[[], R]) -> R:
        """Return what `act` returns; raises what it raises, STATE_UNAVAILABLE or STATE_BUSY."""
        waiting = self._waiting.setdefault(name, _Waiting())
        told: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        waiting.acts.append((act, told))
        waiting.users += 1
        try:
            async with waiting.lock:
                if not told.done():  # by the one before, who did it for all
                    await self._take(name, waiting)
            return await told
        finally:
            # Who was cancelled is told nothing, or has been told in vain, of which asyncio would complain.
            if not told.cancel() and not told.cancelled():
                told.exception()
            waiting.users -= 1
            if not waiting.users:
                del self._waiting[name]

    async def _take(self, name: str, waiting: _Waiting) -> None:
        """Do what all who wait for a tenant ask, and tell them."""
        acts, waiting.acts = [(act, told) for act, told in waiting.acts if not told.done()], []
        try:
            outcomes = await self._outcomes(name, [act for act, _ in acts])
        except Unavailable as error:
            outcomes = [_Outcome(error=STATE_UNAVAILABLE.error(why=error))] * len(acts)
        except Exception as error:  # one of ours: nobody is left waiting for it
            outcomes = [_Outcome(error=error)] * len(acts)
        except BaseException:
            # Who did it for all was cancelled; the others are told.
            _tell(acts, [_Outcome(error=STATE_UNAVAILABLE.error(why="the server is ending"))] * len(acts))
            raise
        _tell(acts, outcomes)
        await self._compact(name)
        self._drop_copies(name)

    async def _outcomes(self, name: str, acts: Sequence[Callable[[], Any]]) -> list[_Outcome]:
        for _ in range(TRIES):
            version = await self._catch_up(name)
            marked = self._marked(self._tenants.find(name))
            outcomes, done = self._act(acts)
            if (tenant := self._tenants.find(name)) is not None:
                tenant.version = version
            if not done:
                return outcomes
            if await self._append(name, version, done, marked):
                for one in done:
                    one.committed()
                return outcomes
        busy = STATE_BUSY.error(name=name, tries=TRIES).with_headers(**{"Retry-After": "1"})
        return [_Outcome(error=busy)] * len(acts)

    def _act(self, acts: Sequence[Callable[[], Any]]) -> tuple[list[_Outcome], list[_Done]]:
        """Do all acts, one after the other; return what came of each, and what they changed."""
        outcomes = []
        done = self._done = []
        try:
            for act in acts:
                try:
                    outcomes.append(_Outcome(act()))
                except Exception as error:  # which whoever asked for it gets
                    outcomes.append(_Outcome(error=error))
        finally:
            self._done = None
        return outcomes, done

    def note(self, unit: Unit) -> None:
        """Note what a unit of work has changed, if anything."""
        if unit.is_change:
            self._doing().append(_Done(of_unit(unit), self._marked(unit.tenant), unit.take_back, unit.committed))

    def note_replaced(self, name: str, before: Tenant | None, now: Tenant | None) -> None:
        """Note that another tenant is in the place of one, or none."""

        def take_back() -> None:
            self._tenants.drop(name)
            if before is not None and before.written:
                self._tenants.place(before)

        body = GONE if now is None else of_tenant(now, self._record_types)
        self._doing().append(_Done(body, self._marked(now), take_back, partial(self._tenants.wake, name)))

    def _doing(self) -> list[_Done]:
        if self._done is None:
            raise RuntimeError("a tenant that is kept in a log is changed within Tenants.run")
        return self._done

    async def _catch_up(self, name: str) -> int:
        """Bring the copy of a tenant up to the log; return its version."""
        tenant = self._tenants.find(name)
        if tenant is not None and not self._log.is_shared and name not in self._stale:
            return tenant.version
        news = await self._log.since(name, tenant.version if tenant is not None else 0)
        bodies = ([] if news.snapshot is None else [news.snapshot]) + list(news.change_sets)
        try:
            for body in bodies:
                await self._apply(name, body)
        except SnapshotError as error:
            self._tenants.drop(name)  # it may be half of what it should be
            raise Unavailable(f'what is kept of tenant "{name}" cannot be read: {error}') from None
        self._stale.discard(name)
        if news.snapshot is not None:
            self._sizes[name] = _Size(len(news.snapshot))
        version = news.version + len(news.change_sets)
        if (tenant := self._tenants.find(name)) is not None:
            tenant.version = version
        if bodies:
            self._weigh(name, news.change_sets)
        if self._begun >= COUNTED_AGAIN and tenant is None:
            await self.written()
        return version

    async def _apply(self, name: str, body: bytes) -> None:
        try:
            self._copies.apply(name, body)
        except UnknownSeed as unknown:
            fingerprint = str(unknown)
            document = await self._log.kept(fingerprint)
            if document is None:
                raise SnapshotError(f"its seed data {fingerprint} are not there") from None
            self._copies.learn_seed(fingerprint, document)
            self._copies.apply(name, body)

    async def _append(self, name: str, version: int, done: Sequence[_Done], marked: Tenant | None) -> bool:
        """Append what was done to a tenant that was marked or not (None); where that fails, take it back."""
        bodies = [one.body for one in done]
        appended = False
        try:
            if sum(map(len, bodies)) > LARGE:
                await others_first()
            # Before what makes it so is kept: else it may be lost. A tenant in the place of another is marked anew, and
            # so is one for which nothing was left in between: whoever made that version takes the mark away.
            if any(now not in (None, before) for before, now in pairwise([marked, *(one.marked for one in done)])):
                await self.marks.add(name)
            appended = await self._log.append(
                name, version, [ChangeSet(f"{self._life}-{next(self._numbers)}", body) for body in bodies]
            )
        finally:
            # Also where nobody knows whether it is there: then the next one to ask is told by the log.
            if not appended:
                for one in reversed(done):
                    one.take_back()
                self._stale.add(name)
        if appended:
            if (tenant := self._tenants.find(name)) is not None:
                tenant.version = version + len(bodies)
            self._weigh(name, bodies)
        return appended

    def _marked(self, tenant: Tenant | None) -> Tenant | None:
        """Return a tenant if it is marked, or has to be, since something may be left to do for it."""
        work = self._tenants.work
        return tenant if work is not None and tenant is not None and work.may_be_left(tenant) else None

    def _weigh(self, name: str, bodies: Sequence[bytes]) -> None:
        """Count new bodies of a tenant, and note whether it is there."""
        size = self._sizes.setdefault(name, _Size())
        for body in bodies:
            size.behind = size.behind + len(body) if body != GONE else 0
        tenant = self._tenants.find(name)
        if tenant is not None and tenant.written:
            self._begun += name not in self._written
            self._written.add(name)
        else:
            del self._sizes[name]
            self._written.discard(name)

    async def _compact(self, name: str) -> None:
        """Put a snapshot in the place of a log that has grown long."""
        size, tenant = self._sizes.get(name), self._tenants.find(name)
        if size is None or tenant is None or size.behind <= max(SNAPSHOT_FROM, SNAPSHOT_FACTOR * size.snapshot):
            return
        version = tenant.version
        # Who asks for the tenant waits meanwhile, others do not.
        body = await joined(whole(tenant, self._record_types).pieces())
        try:
            await self._log.snapshot(name, version, body)
        except Unavailable:
            # Nothing is lost. Not at the next change: where an engine takes none so large, each would wait for it.
            size.snapshot = size.behind
            return
        self._sizes[name] = _Size(len(body))

    def _drop_copies(self, used: str) -> None:
        """Let go of the copies used longest ago, down to as many as may be kept; one was used just now."""
        if self._most_copies is None:
            return
        if used in self._sizes:  # also to read it
            self._sizes.move_to_end(used)
        idle = (name for name in list(self._sizes) if name not in self._waiting)
        while len(self._sizes) > self._most_copies and (name := next(idle, None)) is not None:
            self._tenants.drop(name)
            del self._sizes[name]


def _tell(acts: Sequence[tuple[Callable[[], Any], asyncio.Future[Any]]], outcomes: Sequence[_Outcome]) -> None:
    for (_, told), outcome in zip(acts, outcomes, strict=True):
        if told.done():  # who asked was cancelled meanwhile
            continue
        if outcome.error is not None:
            told.set_exception(outcome.error)
        else:
            told.set_result(outcome.value)
