"""Delivers what is queued, in the background: a worker for each tenant that has something due.

All state is the tenants' own: a worker takes deliveries in hand in one unit of work, sends them outside of any, and
records what came of them in the next. So a snapshot holds what is pending, and a log keeps it before a request is
answered.

Of each subscription the first in the lane is taken, and beside the lane, up to a number, what is to be tried again:
first attempts keep their order, and neither a retry nor another subscription waits for a slow receiver. To take in hand
is to write into the delivery which server holds it, and until when. A copy that is not the newest cannot commit that,
so that of several servers one makes an attempt. A server that dies lets go of nothing: what it held is taken over once
its time is up. Due is what the tenant's clock says; real time is asked for by two things alone, the signature's
timestamp and how long a delivery is held.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ..core.redaction import REDACTED, is_secret, redact_text
from ..core.refusals import Refusal
from ..state.logs.protocol import Unavailable
from ..state.tenant import Tenant
from ..state.tenants import Tenants
from .claims import AT_ONCE, ChooseFault, Job, Limits, Server, Standing, Turn, no_fault, standing, take
from .marking import Marking
from .plans import Plan
from .protocol import DELIVERY, Source
from .queue import Outcome, Sent, is_open, may_be_left, record_attempt
from .weather.mangling import Draft, made

if TYPE_CHECKING:
    from .sending import Request, Sender

logger = logging.getLogger("showpad_mock")

PAUSE, LONGEST_PAUSE, POLL = 0.2, 5.0, 0.05
END_SECONDS = 1.0
AS_EVER = Plan("")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryOptions:
    """How deliveries are made: to which hosts beside loopback, for how long one may take, how many at once.

    `retries` is how many of one subscription may be tried again at once. A delivery is held `hold` seconds longer than
    it may take: then another server takes it over; it looks for such ones every `sweep` seconds.
    """

    hosts: Collection[str] = ()
    seconds: float = 10.0
    connections: int = 256
    retries: int = 8
    hold: float = 5.0
    sweep: float = 10.0


def real_time() -> int:
    """Return the real time in milliseconds."""
    return time.time_ns() // 1_000_000


class Deliveries:
    """Makes the deliveries of all tenants of a server. `clock` tells the real time, in milliseconds."""

    def __init__(
        self,
        tenants: Tenants,
        sources: Mapping[str, Source],
        options: DeliveryOptions | None = None,
        *,
        clock: Callable[[], int] = real_time,
    ) -> None:
        self.tenants = tenants
        self.sources = sources
        self.options = options or DeliveryOptions()
        self.clock = clock
        self.choose_fault: ChooseFault = no_fault
        """Says what a delivery meets."""
        self.room = self.options.connections
        self.starved: set[str] = set()
        """Tenants whose worker waits for room."""
        self._workers: dict[str, _Worker] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self.marking = Marking(tenants, self.wake)
        self._progress = asyncio.Event()
        self._sender: Sender | None = None

    def may_be_left(self, tenant: Tenant) -> bool:
        """Return whether something may be pending for a tenant."""
        return may_be_left(tenant)

    def wake(self, name: str) -> None:
        """Look at a tenant's deliveries soon; in any thread. Before `begin` nothing is sent."""
        loop = self._loop
        if loop is None:
            return
        if _running() is loop:
            self._wake(name)
        else:
            with suppress(RuntimeError):  # it has ended in the meantime
                loop.call_soon_threadsafe(self._wake, name)

    def _wake(self, name: str) -> None:
        if self._loop is None:
            return
        worker = self._workers.get(name)
        if worker is None:
            worker = self._workers[name] = _Worker(self, name)
            worker.task = self._loop.create_task(self._work(name, worker))
        worker.news.set()

    async def _work(self, name: str, worker: _Worker) -> None:
        try:
            await worker.run()
        finally:
            self._workers.pop(name, None)
            self.starved.discard(name)
            self.progress()

    def begin(self) -> None:
        """Begin to deliver, in the running loop; what others left behind first."""
        # A test may have called the app in a loop of its own, which stands still by now.
        if self._loop is None or not self._loop.is_running():
            self._loop, self.room = asyncio.get_running_loop(), self.options.connections
            self._workers.clear()
            self.starved.clear()
            self._sweeper = self._loop.create_task(self._sweep())

    async def end(self) -> None:
        """End: what is under way may be answered for a moment more."""
        self._loop = None
        if self._sweeper is not None:
            self._sweeper.cancel()
            # Waited for, so that nothing that it asked of the log is awaited any more; another loop's stands still.
            if self._sweeper.get_loop() is _running():
                await asyncio.gather(self._sweeper, return_exceptions=True)
        workers = list(self._workers.values())
        tasks = [worker.task for worker in workers if worker.task is not None]
        for worker in workers:
            worker.end()
        if tasks:
            await asyncio.wait(tasks, timeout=END_SECONDS)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _sweep(self) -> None:
        """Look for what is left to do: once, and where a log keeps tenants again and again."""
        for tenant in self.tenants.opened():
            if self.may_be_left(tenant):
                self._wake(tenant.name)
        while self.tenants.commits is not None:
            with suppress(Unavailable):
                await self.marking.sweep(tuple(self._workers))
            await asyncio.sleep(self.options.sweep)

    def server(self, in_hand: Mapping[str, str]) -> Server:
        """Return this server, with what it has in hand for a tenant."""
        commits = self.tenants.commits
        return Server(self.tenants.server, in_hand, self.clock(), others=commits is not None and commits.is_shared)

    def limits(self) -> Limits:
        """Return what may be taken in hand now."""
        hold = round((self.options.seconds + self.options.hold) * 1000)
        return Limits(room=self.room, each=self.options.retries, hold=hold)

    async def send(self, request: Request) -> Outcome:
        """Return what came of a request."""
        if self._sender is None:
            from .sending import Sender

            self._sender = Sender(self.options.hosts, self.options.seconds)
        return await self._sender.send(request)

    def leave_room(self) -> None:
        """Let others have the place of an attempt that is done."""
        self.room += 1
        for name in tuple(self.starved):
            self._wake(name)

    def progress(self) -> None:
        """Tell who waits that something was done."""
        self._progress.set()
        self._progress = asyncio.Event()

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop in which deliveries are made, once they are."""
        return self._loop

    async def standing(self, name: str) -> Standing:
        """Return how a tenant's deliveries stand."""

        def look() -> Standing:
            if self.tenants.find(name) is None:
                return Standing(is_busy=False, next_due=None)
            with self.tenants.transaction(name) as unit:
                return standing(unit)

        return await self.tenants.run(name, look)

    def watch(self, name: str) -> asyncio.Event:
        """Look at a tenant's deliveries soon; return what `progressed` waits for: to be had before one looks."""
        self.begin()  # where the app is not served
        self.wake(name)
        return self._progress

    async def progressed(self, progress: asyncio.Event) -> None:
        """Wait until something may have been done since `watch`."""
        if _running() is self._loop and not self.server({}).others:
            await progress.wait()
        else:
            # What is done elsewhere, by another server or in another thread's loop, is seen by looking alone.
            await asyncio.sleep(POLL)

    async def settle(self, name: str, seconds: float) -> Standing:
        """Wait until all that is due is done, for so many seconds at most; return how it stands then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    progress = self.watch(name)
                    now = await self.standing(name)
                    if not now.is_busy:
                        return now
                    await self.progressed(progress)
        return await self.standing(name)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class _Worker:
    """Makes the deliveries of one tenant, as long as there are any."""

    def __init__(self, deliveries: Deliveries, name: str) -> None:
        self._deliveries = deliveries
        self._name = name
        self._in_hand: dict[str, str] = {}
        self._attempts: set[asyncio.Task[None]] = set()
        self._sent: list[Sent] = []
        self._is_ending = False
        self.news = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Take in hand, send, record, until nothing more is to be done for now."""
        pause = PAUSE
        while True:
            self.news.clear()
            sent = tuple(self._sent)
            try:
                turn = await self._deliveries.tenants.run(self._name, partial(self._turn, sent))
            except Exception as error:  # of whatever kind: what is queued stays queued
                # Once, however long it takes; that the log is away needs no traceback.
                if pause == PAUSE:
                    is_expected = isinstance(error, Refusal | Unavailable)
                    logger.warning("the deliveries of tenant %r wait: %s", self._name, error, exc_info=not is_expected)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = PAUSE
            self._take_up(sent, turn)
            if turn.is_idle and not self.news.is_set():
                await self._deliveries.marking.let_go(self._name)
            if not (self._in_hand or self.news.is_set()) and (turn.wait is None or self._is_ending):
                return
            wait = None if turn.wait is None or self._is_ending else max(turn.wait, 1) / 1000
            # Not wait_for: in Python 3.11 it forgets to be cancelled where the news come at that moment.
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self.news.wait()

    def _turn(self, sent: tuple[Sent, ...]) -> Turn:
        """Record what was sent, and take in hand what is due."""
        deliveries = self._deliveries
        tenant = deliveries.tenants.find(self._name)
        if tenant is None or not is_open(tenant):  # deleted: it must not be opened again
            return Turn([], is_idle=True)
        with deliveries.tenants.transaction(self._name) as unit:
            for one in sent:
                record_attempt(unit, one)
            if self._is_ending:
                return Turn([])
            done = {one.delivery_id for one in sent}
            in_hand = {delivery: one for delivery, one in self._in_hand.items() if delivery not in done}
            return take(
                unit, deliveries.server(in_hand), deliveries.sources, deliveries.limits(), deliveries.choose_fault
            )

    def _take_up(self, sent: tuple[Sent, ...], turn: Turn) -> None:
        del self._sent[: len(sent)]
        for one in sent:
            del self._in_hand[one.delivery_id]
        for job in turn.jobs:
            self._in_hand[job.delivery_id] = job.subscription_id
            self._deliveries.room -= 1
            attempt = asyncio.get_running_loop().create_task(self._attempt(job))
            self._attempts.add(attempt)
            attempt.add_done_callback(self._attempts.discard)
        if turn.is_full:
            self._deliveries.starved.add(self._name)
        else:
            self._deliveries.starved.discard(self._name)
        if sent or turn.wait == AT_ONCE:  # something was forgotten
            self._deliveries.progress()

    async def _attempt(self, job: Job) -> None:
        try:
            # Signed anew for each, in real time: receivers refuse what is old, whatever the tenant's clock shows.
            request = request_of(job, self._deliveries.clock() // 1000)
            try:
                outcome = _lost(job.plan) or await self._deliveries.send(request)
            except Exception:  # one of ours: the delivery must not hang in the air
                logger.exception("a delivery of tenant %r failed", self._name)
                outcome = Outcome(error="the mock itself failed; its log tells where", is_final=True)
            headers = tuple((name, REDACTED if is_secret(name) else value) for name, value in request.headers)
            self._sent.append(
                Sent(
                    delivery_id=job.delivery_id,
                    holder=job.holder,
                    at=job.at,
                    method=request.method,
                    url=redact_text(request.url),
                    headers=headers,
                    outcome=outcome,
                    retry_after=job.source.retry_after,
                    fault=job.plan.fault if job.plan is not None else None,
                )
            )
        finally:
            self._deliveries.leave_room()
            self.news.set()

    def end(self) -> None:
        """Take nothing more in hand."""
        self._is_ending = True
        self.news.set()

    def cancel(self) -> None:
        """End at once."""
        for task in (*self._attempts, *([self.task] if self.task is not None else [])):
            task.cancel()


def request_of(job: Job, timestamp: int) -> Request:
    """Return what is sent for a job, signed at a time in Unix seconds, or as its plan has it."""
    from .sending import Request

    endpoint, plan = job.endpoint, job.plan or AS_EVER
    draft = Draft(job.body, endpoint.keys, timestamp)
    body, signature = made(draft, job.source.signed, plan.weather, plan.amount)
    has_agent = any(name.lower() == "user-agent" for name, _ in endpoint.headers)
    headers = [
        ("Content-Type", "application/json"),
        *([] if has_agent else [("User-Agent", "showpad-mock")]),
        (DELIVERY, job.delivery_id),
        *endpoint.headers,
        *signature,
    ]
    return Request(endpoint.method, endpoint.url, headers, body)


def _lost(plan: Plan | None) -> Outcome | None:
    if plan is None or not plan.is_lost:
        return None
    return Outcome(error=f"nothing was sent: the fault {plan.fault} lost it", is_lost=True)
