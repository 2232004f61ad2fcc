"""A tenant as a test uses it: addresses and tokens to call with, state to arrange and to assert on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Self, Unpack
from urllib.parse import urlsplit

from ..app import App
from ..core.clock import Clock
from ..core.journal import Entry
from ..core.refusals import Problem, Refusal
from ..faults.rate_limit import switch_off, switch_on
from ..interception.routes import ROUTES, Route
from ..serving.log_format import exchange_text
from ..state.snapshot import restore, take
from ..state.unit import Unit
from ..web.hosts import HostPatterns, host_of
from ..webhooks.advancing import advance
from ..webhooks.claims import Standing
from ..webhooks.queue import count_pending, is_open
from .faults import FaultConditions, SetFault
from .verification import RequestPattern, missed


class ServedTenant:
    """One tenant of a server in this process; safe to use from any thread. A vendor's own adds what it can do."""

    no_such: ClassVar[Problem | None] = None
    """How the vendor's admin operations refuse a name of nothing."""
    hosts: ClassVar = HostPatterns()
    """The vendor's own hosts."""

    def __init__(self, origin: Callable[[], str], app: App, base_path: str, name: str) -> None:
        self._origin = origin
        self._base_path = base_path
        self._app = app
        self.name = name
        # What a former tenant of this name was asked is in the common journal still, and none of this one's.
        self._begun = app.journal.last

    @property
    def origin(self) -> str:
        """Scheme, host and port of the server."""
        return self._origin()

    @property
    def base_url(self) -> str:
        """The address under which the API's paths lie; ends without a slash."""
        return self.origin + self._base_path

    @contextmanager
    def intercept(self, *others: str, subdomain: str | None = None) -> Iterator[Self]:
        """Send this process's requests to the vendor's hosts to this tenant, until the end of the block.

        With `subdomain` only those to that one's hosts; `others` are hosts beside them, by their whole names. Where
        several tenants intercept, the hosts that name one of them are its own; the rest are the innermost one's. A
        thread or task that has tenants of its own sends to these. Raises ValueError for what is no host.
        """
        for host in others:
            if not host or host_of(host) != host:
                raise ValueError(f"a host must be a name such as api.example.com, got {host!r}")
        at = urlsplit(self.origin)
        route = Route(
            address=(str(at.hostname), int(at.port or 80)),
            tenant=self.name,
            hosts=self.hosts,
            subdomain=subdomain.lower() if subdomain is not None else None,
            others=[host.lower() for host in others],
        )
        with ROUTES.opened(route):
            yield self

    def freeze(self, time: str) -> None:
        """Stop the tenant's clock at an RFC 3339 time; raises ValueError for anything else."""
        self._set_clock(Clock.read(frozen=time))

    def shift(self, seconds: int) -> None:
        """Let the tenant's clock run, that many seconds ahead of real time; raises ValueError beyond 1,000 years."""
        self._set_clock(Clock.read(offset_seconds=seconds))

    def advance(self, seconds: float, *, wait: float = 10) -> int:
        """Advance the tenant's clock; what falls due meanwhile, such as retries of webhooks, is done in its order.

        Receivers are waited for `wait` seconds at most; returns how many deliveries are still pending then.
        """
        milliseconds = round(seconds * 1000)
        if milliseconds < 0:
            raise ValueError(f"seconds must be at least 0, got {seconds!r}")
        with self._app.tenants.transaction(self.name) as unit:
            if not is_open(unit.tenant):  # nothing can fall due: no server is needed
                unit.set_clock(unit.tenant.clock.advanced(milliseconds))
                return 0
        return self._delivered(advance(self._app.deliveries, self.name, milliseconds, wait))

    def deliver(self, *, wait: float = 10) -> int:
        """Wait until all webhooks that are due are delivered, `wait` seconds at most; return how many are pending."""
        return self._delivered(self._app.deliveries.settle(self.name, wait))

    def _delivered(self, work: Coroutine[Any, Any, Standing]) -> int:
        """Do work in the server's loop, which is started for it; return how many deliveries are pending then."""
        _ = self.origin
        loop = self._app.deliveries.loop
        assert loop is not None
        asyncio.run_coroutine_threadsafe(work, loop).result()
        with self._app.tenants.transaction(self.name) as unit:
            return count_pending(unit.store)

    def _set_clock(self, clock: Clock) -> None:
        with self._app.tenants.transaction(self.name) as unit:
            unit.set_clock(clock)

    @contextmanager
    def _unit(self) -> Iterator[Unit]:
        """Begin a unit of work in which what names nothing is a LookupError; other refusals are the caller's to see."""
        try:
            with self._app.tenants.transaction(self.name) as unit:
                yield unit
        except Refusal as refusal:
            if refusal.problem is self.no_such:
                raise LookupError(f"{self.name}: {refusal.detail}") from None
            raise

    def _log(self, name: str) -> list[dict[str, Any]]:
        with self._app.tenants.transaction(self.name) as unit:
            return unit.tenant.log(name).read()

    @contextmanager
    def fault(self, *effects: str | Mapping[str, Any], **conditions: Unpack[FaultConditions]) -> Iterator[SetFault]:
        """Let calls, or deliveries of webhooks, meet trouble within the block: an effect or several in turn.

        Each is a kind, or a kind with settings.

            with tenant.fault({"kind": "status", "status": 503}, times=2, match={"method": "POST"}) as fault: ...

        What it holds is that of the control API's faults. Raises ValueError for what is none.
        """
        from ..faults.setting import read_fault, set_lasting

        named = [{"kind": effect} if isinstance(effect, str) else effect for effect in effects]
        form = read_fault(
            {"effect": named[0]} if len(named) == 1 else {"effects": named}, conditions, self._app.vendors
        )
        with self._app.tenants.transaction(self.name) as unit:
            fault = SetFault(lambda: self._app.tenants.transaction(self.name), set_lasting(unit, form))
        try:
            yield fault
        finally:
            fault.remove()

    @contextmanager
    def rate_limit(self, *, requests: int | None = None, seconds: int | None = None) -> Iterator[None]:
        """Limit each user's requests within the block: so many in so many seconds, or what the API lets in.

        Raises ValueError for numbers below 1.
        """
        if any(number is not None and number < 1 for number in (requests, seconds)):
            raise ValueError(f"requests and seconds must be at least 1, got {requests!r} and {seconds!r}")
        with self._app.tenants.transaction(self.name) as unit:
            switch_on(unit, requests, seconds)
        try:
            yield
        finally:
            with self._app.tenants.transaction(self.name) as unit:
                switch_off(unit)

    @property
    def exchanges(self) -> list[Entry]:
        """The last exchanges of this tenant, oldest first."""
        return self._app.journal.last_of(self.name)

    def requests(
        self, *, method: str | None = None, path: str | None = None, status: int | str | None = None
    ) -> list[Entry]:
        """Return the requests that came in and their answers, oldest first: all, or those that fit.

        `path` lies under the API's base path, in which `*` stands for one segment; `status` is a
        number, or a class such as `4xx`. The journal keeps as many as README's "Limits" says.
        """
        pattern = self._pattern(method, path, status)
        return [entry for entry in self._journal() if pattern.fits(entry)]

    def assert_requested(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | str | None = None,
        times: int | None = None,
    ) -> list[Entry]:
        """Return the requests that fit, as `requests` does; raises AssertionError if there is none, or not `times`.

        The message shows the exchanges that come nearest.
        """
        pattern, exchanges = self._pattern(method, path, status), self._journal()
        found = [entry for entry in exchanges if pattern.fits(entry)]
        if len(found) != times if times is not None else not found:
            raise AssertionError(missed(pattern, found, exchanges, times))
        return found

    def explain(self, entry: Entry | None = None) -> str:
        """Return why an exchange, by default the last one refused, was answered as it was; "" where there is none.

        What it named is held against what the tenant holds now.
        """
        from ..explaining.explanation import explain
        from ..explaining.named import Surroundings
        from ..explaining.text import text_of

        entry = entry or next((one for one in reversed(self._journal()) if one.status >= 400), None)
        if entry is None:
            return ""
        tenants = self._app.tenants
        with tenants.transaction(self.name):
            opened = {tenant.name: tenant.written for tenant in tenants.opened()}
            return text_of(explain(entry, Surroundings(self._app.vendors, opened, tenants.peek)))

    def _pattern(self, method: str | None, path: str | None, status: int | str | None) -> RequestPattern:
        return RequestPattern(base_path=self._base_path, method=method, path=path, status=status)

    def _journal(self) -> list[Entry]:
        kept = {entry.number: entry for entry in self._app.journal.read() if entry.tenant == self.name}
        kept |= {entry.number: entry for entry in self.exchanges}  # which outlive the common ones
        return [kept[number] for number in sorted(kept) if number > self._begun]

    def told(self) -> str:
        """Return the last exchanges as text, for a report."""
        return "\n".join(exchange_text(entry) for entry in self.exchanges)

    def reset(self) -> None:
        """Go back to the seed data; ids start again from the first."""
        self._app.tenants.delete(self.name)
        self._app.journal.forget_tenant(self.name)
        self._begun = self._app.journal.last

    def take(self) -> bytes:
        """Return a snapshot of the tenant's state, as JSON."""
        with self._app.tenants.transaction(self.name) as unit:
            return take(unit.tenant, self._app.record_types)

    def put(self, snapshot: bytes) -> None:
        """Take up the state of a snapshot; raises SnapshotError and changes nothing for anything else."""
        restored = restore(self._app.tenants, self.name, snapshot, self._app.record_types)
        self._app.tenants.replace(restored)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Roll back, at the end of the block, whatever happens to the tenant in it."""
        before = self.take()
        try:
            yield
        finally:
            self.put(before)
