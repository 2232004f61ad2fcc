"""Which deliveries a server takes in hand, so that no other does, and how a tenant's stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from ..state.store import Range, get_all, starting_with
from ..state.unit import Unit
from .plans import Plan
from .protocol import Endpoint, Source
from .queue import count_pending, first_pending, forget, lane, put_off, retries, subscriptions_with_pending
from .records import DELIVERIES, EVENTS, Delivery, Holder, QueuedEvent

AT_ONCE = 0
FORGOTTEN_AT_ONCE = 100
"""How many deliveries that nobody wants any more one turn forgets, so that others have theirs."""


class Server(NamedTuple):
    """Who takes deliveries in hand: its number, what it has in hand (delivery -> subscription), the real time.

    Where `others` may have some, what another one holds is left to it for as long as it may.
    """

    number: int
    in_hand: Mapping[str, str]
    now: int
    others: bool

    def is_held(self, delivery: Delivery) -> bool:
        """Return whether a delivery is under way."""
        # Also where somebody has asked for it anew meanwhile: its turn comes once this attempt is done.
        if delivery.id in self.in_hand:
            return True
        holder = delivery.holder
        return self.others and holder is not None and holder.server != self.number and holder.until > self.now


class Due(NamedTuple):
    """A delivery that may be made now: of which event, and where it leads."""

    delivery: Delivery
    event: QueuedEvent
    source: Source
    endpoint: Endpoint


ChooseFault = Callable[[Unit, Due], Plan | None]
"""Returns what a fault does to a delivery that is taken in hand, which it counts in the same unit of work."""


def no_fault(_unit: Unit, _due: Due) -> None:
    """Let every delivery be made as ever."""


class Job(NamedTuple):
    """A delivery in hand: what is to be sent where, and what a fault does to it."""

    delivery_id: str
    subscription_id: str
    holder: Holder
    source: Source
    endpoint: Endpoint
    body: bytes
    at: int
    plan: Plan | None


class Turn(NamedTuple):
    """What a server took in hand, and after how many milliseconds there may be more; None: not by time alone."""

    jobs: list[Job]
    wait: int | None = None
    is_full: bool = False
    """Whether there was more than it may take at once."""
    is_idle: bool = False
    """Whether nothing is pending."""


class Standing(NamedTuple):
    """Whether deliveries are under way or due, and when the next one falls due."""

    is_busy: bool
    next_due: int | None


class Limits(NamedTuple):
    """How much a server may take in hand, how much of one subscription to try again, and for how many milliseconds."""

    room: int
    each: int
    hold: int


def standing(unit: Unit) -> Standing:
    """Return how a tenant's deliveries stand."""
    is_busy, next_due = False, None
    for subscription in subscriptions_with_pending(unit.store):
        if first_pending(unit.store, lane(subscription)) is not None:
            is_busy = True
        retry = first_pending(unit.store, retries(subscription))
        if retry is None:
            continue
        if retry.due_at <= unit.now:
            is_busy = True
        elif next_due is None or retry.due_at < next_due:
            next_due = retry.due_at
    return Standing(is_busy, next_due)


def take(
    unit: Unit, server: Server, sources: Mapping[str, Source], limits: Limits, choose: ChooseFault = no_fault
) -> Turn:
    """Take in hand what is due: of each subscription the first in its lane, and what is to be tried again."""
    holder = Holder(server.number, server.now + limits.hold)
    jobs: list[Job] = []
    waits: list[int] = []
    of_each = Counter(server.in_hand.values())
    for subscription in list(subscriptions_with_pending(unit.store)):
        for delivery in _due(unit, subscription, server, limits.each - of_each[subscription], waits):
            if len(jobs) >= limits.room:
                return Turn(jobs, is_full=True)
            due = _whole(unit, delivery, sources)
            if due is None:
                _forget(unit, delivery, sources)
                waits.append(AT_ONCE)  # more may lie behind it
                break
            job = _job(unit, due, holder, choose)
            if job is None:
                waits.append(AT_ONCE)
            else:
                jobs.append(job)
    return Turn(jobs, min(waits, default=None), is_idle=not count_pending(unit.store))


def _due(unit: Unit, subscription: str, server: Server, most: int, waits: list[int]) -> list[Delivery]:
    """Return what may be taken in hand for a subscription; note in how many milliseconds there may be more."""
    found = []
    first = first_pending(unit.store, lane(subscription))
    if first is not None and not _is_held(first, server, waits):
        found.append(first)
    # However many are tried again, the lane goes on beside them.
    keys = unit.store.scan(DELIVERIES, "pending", retries(subscription, unit.now))
    again = (one for one in get_all(unit.store, DELIVERIES, keys) if not _is_held(one, server, waits))
    found += islice(again, max(0, most))
    later = first_pending(unit.store, Range((subscription, 1, unit.now + 1), (subscription, 2)))
    if later is not None and unit.tenant.clock.frozen is None:
        waits.append(later.due_at - unit.now)
    return found


def _is_held(delivery: Delivery, server: Server, waits: list[int]) -> bool:
    is_held = server.is_held(delivery)
    if is_held and delivery.holder is not None and delivery.holder.server != server.number:
        waits.append(delivery.holder.until - server.now)
    return is_held


def _forget(unit: Unit, delivery: Delivery, sources: Mapping[str, Source]) -> None:
    """Forget a delivery that cannot be made, and of a subscription that is gone as many more as one turn may."""
    forget(unit, delivery.id)
    source = sources.get(delivery.source)
    if source is None or source.endpoint(unit.store, delivery.subscription_id) is None:
        within = starting_with(delivery.subscription_id)
        for key in list(unit.store.scan(DELIVERIES, "pending", within, limit=FORGOTTEN_AT_ONCE)):
            forget(unit, key)


def _whole(unit: Unit, delivery: Delivery, sources: Mapping[str, Source]) -> Due | None:
    """Return a delivery with all that is needed to make it; None where the subscription or the event is gone."""
    source, event = sources.get(delivery.source), unit.store.get(EVENTS, delivery.event_id)
    if source is None or event is None:
        return None
    endpoint = source.endpoint(unit.store, delivery.subscription_id)
    if endpoint is None:
        return None
    return Due(delivery, event, source, endpoint)


def _job(unit: Unit, due: Due, holder: Holder, choose: ChooseFault) -> Job | None:
    """Take a delivery in hand, unless a fault puts it off."""
    delivery = due.delivery
    plan = delivery.plan if delivery.plan is not None else choose(unit, due)
    if plan is not None and plan.later:
        put_off(unit, delivery, plan)
        return None
    # What was AT_WORK in a server of before counts from now on.
    unit.put(DELIVERIES, replace(delivery, tries=max(0, delivery.tries), holder=holder, plan=plan))
    body = due.event.body.encode()
    return Job(delivery.id, delivery.subscription_id, holder, due.source, due.endpoint, body, unit.now, plan)
