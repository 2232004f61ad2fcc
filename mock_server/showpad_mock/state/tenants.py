"""All tenants of a server: opened on first use, capped, deleted, reset."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

from ..core.ids import Ids
from ..core.refusals import Problem
from .kept import Kept
from .tenant import Seed, Tenant
from .unit import Unit

if TYPE_CHECKING:
    from .commits import Commits
    from .work import Work

R = TypeVar("R")

# Two caps, since one kind can be dropped and the other cannot: what was written is lost with its tenant.
WRITTEN_CAP = 10_000
UNWRITTEN_CAP = 20_000

TENANTS_FULL = Problem(
    "",
    503,
    "/mock-server/tenants-full",
    "Service Unavailable",
    "{cap} tenants have been written to, which is the most this server keeps. "
    "Delete some (DELETE /__admin/tenants/NAME) or restart the server.",
)


class Tenants:
    """The tenants of one server by name. `lock` guards them all and everything in them, and is this package's alone."""

    def __init__(
        self, seed: Seed, *, random_seed: int, written_cap: int = WRITTEN_CAP, unwritten_cap: int = UNWRITTEN_CAP
    ) -> None:
        self.seed = seed
        # Reentrant: a unit of work holds it and opens, claims and drops tenants meanwhile, each of which takes it.
        self.lock = RLock()
        self._random_seed = random_seed
        self._written_cap = written_cap
        self._unwritten_cap = unwritten_cap
        # Apart, so that the oldest of those that may be dropped is found without looking at the others.
        self._written: dict[str, Tenant] = {}
        self._unwritten: dict[str, Tenant] = {}
        self.shown = Kept()
        self.listed = Kept()
        """Records as they were last shown, alone and in a list; see web.render.rendered."""
        self.commits: Commits | None = None
        """Keeps what is changed in a log beyond this process; None where nothing does."""
        self.work: Work | None = None
        """Does what is left to do for tenants in the background; None where nobody does."""
        self._problem_ids: Ids | None = None
        self.server = 0
        """How many servers began on the same log before this one."""

    def keep_in(self, commits: Commits, server: int) -> None:
        """Let these commits keep what is changed from now on; `server` is how many servers began on their log before.

        Ids of problems then come from a stream of this server, so that a refusal need not be kept.
        """
        self.commits, self.server = commits, server
        self._problem_ids = Ids(f"{self._random_seed}:problems:{server}")

    async def run(self, name: str, act: Callable[[], R]) -> R:
        """Return what `act` returns, whose units of work on the tenant of that name are kept by then.

        Where a log keeps tenants, the copy here is brought up to date before, and `act` may be called again: when
        another server was faster, all that its units did is taken back.
        """
        return act() if self.commits is None else await self.commits.run(name, act)

    async def check(self) -> None:
        """Refuse with 503 where tenants are kept in a log that is away."""
        if self.commits is not None:
            await self.commits.check()

    def wake(self, name: str) -> None:
        """Let what is left to do for a tenant be looked at soon."""
        if self.work is not None:
            self.work.wake(name)

    async def names(self) -> dict[str, bool]:
        """Return the names of all tenants that were opened here or written to anywhere, and whether they were."""
        names = {tenant.name: tenant.written for tenant in self.opened()}
        if self.commits is not None:
            names |= dict.fromkeys(await self.commits.written(), True)
        return dict(sorted(names.items()))

    def open(self, name: str) -> Tenant:
        """Return the tenant of that name, a fresh one at its first use."""
        return self.find(name) or self._opened(name)

    def _opened(self, name: str) -> Tenant:
        with self.lock:
            tenant = self.find(name)
            if tenant is not None:  # by another thread, before this one had the lock
                return tenant
            if len(self._unwritten) >= self._unwritten_cap:
                # Nothing is lost: a tenant never written to is its seed data.
                self.drop(next(iter(self._unwritten)))
            tenant = self._unwritten[name] = self.fresh(name)
            return tenant

    def peek(self, name: str) -> Tenant:
        """Return the tenant of that name without keeping a fresh one."""
        # A token may name any tenant: only one whose user is found may cost a place.
        return self.find(name) or self.fresh(name)

    def fresh(self, name: str) -> Tenant:
        """Return a tenant of that name as its seed data has it, not opened."""
        return Tenant(name, self.seed, stream=f"{self._random_seed}:{name}")

    def opened(self) -> list[Tenant]:
        """Return every tenant that has been opened, by name."""
        with self.lock:
            return sorted([*self._written.values(), *self._unwritten.values()], key=lambda tenant: tenant.name)

    def numbered(self, number: int) -> str:
        """Return the name for the nth tenant opened without one, which no other server on the same log gives."""
        return f"t-{self.server}-{number}" if self.server else f"t-{number}"

    def open_new(self, name: str) -> bool:
        """Open a tenant of that name; return whether it was not open before."""
        with self.lock:
            if self.is_open(name):
                return False
            self.open(name)
            return True

    def reset(self, name: str) -> None:
        """Set a tenant back to its seed data, which frees its slot."""
        with self.lock:
            # Not emptied: by its object, a call that authenticated before sees that its tenant is another one now.
            self.delete(name)
            self.open(name)

    def find(self, name: str) -> Tenant | None:
        """Return the tenant of that name if it has been opened."""
        return self._written.get(name) or self._unwritten.get(name)

    def is_open(self, name: str) -> bool:
        """Return whether a tenant of that name has been opened."""
        return name in self._written or name in self._unwritten

    def claim(self, tenant: Tenant) -> None:
        """Note that the tenant is about to be written to; refuses with 503 when too many have been."""
        # Refused, not made room for: no test may find its tenant empty because another one wrote.
        self._refuse_beyond_cap(tenant.name)
        self.place(tenant)

    def unclaim(self, tenant: Tenant) -> None:
        """Note that what was written first was taken back: the tenant is its seed data again."""
        tenant.written = False
        del self._written[tenant.name]
        self._unwritten[tenant.name] = tenant

    def _refuse_beyond_cap(self, name: str) -> None:
        # Counted, not joined: this is asked for every new tenant, and there may be ten thousand.
        if self.commits is None:
            is_full = name not in self._written and len(self._written) >= self._written_cap
        else:
            is_full = self.commits.count_beside(name) >= self._written_cap
        if is_full:
            raise TENANTS_FULL.error(cap=self._written_cap)

    def place(self, tenant: Tenant) -> None:
        """Put a tenant that was written to in the place of the one with its name."""
        tenant.written = True
        self._unwritten.pop(tenant.name, None)
        self._written[tenant.name] = tenant

    def delete(self, name: str) -> bool:
        """Forget a tenant and all it holds; false when there was none."""
        with self.lock:
            tenant = self.drop(name)
            if tenant is not None and tenant.written and self.commits is not None:
                self.commits.note_replaced(name, tenant, None)
            return tenant is not None

    def drop(self, name: str) -> Tenant | None:
        """Let go of the copy of a tenant that is here, and return it."""
        self.shown.drop_tenant(name)
        self.listed.drop_tenant(name)
        return self._written.pop(name, None) or self._unwritten.pop(name, None)

    def drop_shown(self, name: str, key: str) -> None:
        """Drop what a record of that tenant looked like, since it is there no longer."""
        self.shown.drop(name, key)
        self.listed.drop(name, key)

    def replace(self, tenant: Tenant) -> None:
        """Put a tenant in the place of the one with its name; refuses with 503 beyond the cap."""
        with self.lock:
            self._refuse_beyond_cap(tenant.name)
            if self.commits is not None:
                self.commits.note_replaced(tenant.name, self.find(tenant.name), tenant)
            self.drop(tenant.name)
            # Also where it never was written to: what it holds is no longer the server's seed data.
            self.place(tenant)
        if self.commits is None:  # else it is woken once it is kept
            self.wake(tenant.name)

    def renew(self, name: str) -> None:
        """Make a version of a tenant that changes nothing: who is about to keep something on the last runs again."""
        with self.lock:
            tenant = self.find(name)
            if tenant is not None and tenant.written:
                with self.transaction(name) as unit:
                    unit.set_clock(tenant.clock)
            elif self.commits is not None:
                self.commits.note_replaced(name, None, None)

    def transaction(self, name: str) -> Unit:
        """Begin a unit of work on the tenant of that name, which is opened if it is not yet."""
        return Unit(self, name)

    def problem_id(self, tenant: Tenant) -> str:
        """Return the id of the tenant's next refusal."""
        with self.lock:
            return (self._problem_ids or tenant.problem_ids).uuid()
