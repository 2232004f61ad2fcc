"""The queue of a tenant's deliveries, within a unit of work: what enters it, what is next, what came of an attempt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from pydantic_core import to_json

from ..state.documents import LATEST
from ..state.store import TOP, Entry, Range, Store, get_all, starting_with
from ..state.tenant import Tenant
from ..state.unit import Unit
from .plans import Plan
from .records import (
    AT_WORK,
    ATTEMPTS,
    DELIVERIES,
    EVENTS,
    QUEUE,
    QUEUES,
    Attempt,
    Delivery,
    Holder,
    Queue,
    QueuedEvent,
    State,
)

DELIVERIES_CAP = 10_000
ATTEMPTS_CAP = 10_000
BYTES_CAP = 64 * 1024 * 1024
REPLAYED_AT_ONCE = 200
NO_QUEUE = Queue(id=QUEUE, events=0, attempts=0, size=0, dropped=0, is_marked=False)


class Outcome(NamedTuple):
    """What came of an attempt: an answer, or the reason why there is none. `is_final`: it is no use to try again.

    `is_lost`: it is held for delivered, though nobody got it.
    """

    status: int | None = None
    answer: str = ""
    error: str | None = None
    is_final: bool = False
    is_lost: bool = False

    def state(self) -> State:
        """Return how a delivery stands after it; PENDING where it may be tried again."""
        if self.is_lost:
            return State.DELIVERED
        if self.status is None:
            return State.FAILED if self.is_final else State.PENDING
        if 200 <= self.status < 300:
            return State.DELIVERED
        return State.PENDING if 500 <= self.status < 600 else State.FAILED


class Sent(NamedTuple):
    """An attempt: for which delivery, in whose hand, when by the tenant's clock, what was sent, what came of it."""

    delivery_id: str
    holder: Holder
    at: int
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    outcome: Outcome
    retry_after: Sequence[int]
    fault: str | None


def is_open(tenant: Tenant) -> bool:
    """Return whether anybody ever subscribed to the tenant's events."""
    return tenant.store.get(QUEUES, QUEUE) is not None


def may_be_left(tenant: Tenant) -> bool:
    """Return whether something may be pending; where nothing is, `unmark` ends that."""
    queue = tenant.store.get(QUEUES, QUEUE)
    return queue is not None and (queue.is_marked or count_pending(tenant.store) > 0)


def _mark(unit: Unit) -> None:
    queue = queue_of(unit.store)
    if not queue.is_marked:
        unit.put(QUEUES, replace(queue, is_marked=True))


def unmark(unit: Unit) -> bool:
    """Note that nothing is left to do; return whether that was not known."""
    queue = queue_of(unit.store)
    if queue.is_marked:
        unit.put(QUEUES, replace(queue, is_marked=False))
    return queue.is_marked


def open_queue(unit: Unit) -> None:
    """Begin to queue events, since somebody subscribes."""
    if not is_open(unit.tenant):
        unit.put(QUEUES, NO_QUEUE)


def wake(unit: Unit) -> None:
    """Let deliveries be looked at once the unit is done."""
    unit.after_commit(partial(unit.tenants.wake, unit.tenant.name))


def queue_of(store: Store) -> Queue:
    """Return the tenant's counters."""
    return store.get(QUEUES, QUEUE) or NO_QUEUE


def enqueue(unit: Unit, source: str, event: Mapping[str, Any], subscriptions: Iterable[str]) -> None:
    """Let an event be delivered, with its members `id` and `type`, to subscriptions of a vendor."""
    before = queue_of(unit.store)
    number, body = before.events + 1, to_json(event).decode()
    queued = QueuedEvent(id=event["id"], number=number, type=event["type"], at=unit.now, body=body)
    unit.put(EVENTS, queued)
    for subscription in subscriptions:
        delivery = Delivery(
            id=f"{queued.id}.{subscription}",
            event_id=queued.id,
            subscription_id=subscription,
            source=source,
            number=number,
            state=State.PENDING,
            is_in_lane=True,
            attempts=0,
            tries=0,
            due_at=unit.now,
            failed_at=None,
            holder=None,
            plan=None,
        )
        unit.put(DELIVERIES, delivery)
    after = replace(before, events=number, size=before.size + len(body), is_marked=True)
    unit.put(QUEUES, _with_room(unit, after))
    wake(unit)


def _with_room(unit: Unit, queue: Queue) -> Queue:
    """Drop the oldest beyond the caps: what is finished first, then what is pending, which is counted."""
    store = unit.store
    # The last event stays, however large it is.
    while store.count(DELIVERIES, "number") > DELIVERIES_CAP or (
        queue.size > BYTES_CAP and store.count(DELIVERIES, "number", Range((), (queue.events,)))
    ):
        oldest = next(store.scan(DELIVERIES, "finished", limit=1), None)
        key = oldest or next(store.scan(DELIVERIES, "number", limit=1))
        queue = replace(queue, size=queue.size - remove(unit, key), dropped=queue.dropped + (oldest is None))
    return queue


def remove(unit: Unit, delivery_id: str) -> int:
    """Delete a delivery, its event with the last one; return how many bytes that frees."""
    delivery = unit.store.get(DELIVERIES, delivery_id)
    if delivery is None:
        return 0
    unit.delete(DELIVERIES, delivery_id)
    event = unit.store.get(EVENTS, delivery.event_id)
    if event is None or unit.store.count(DELIVERIES, "event", starting_with(delivery.event_id)):
        return 0
    unit.delete(EVENTS, event.id)
    return len(event.body)


def forget(unit: Unit, delivery_id: str) -> None:
    """Delete a delivery that nobody wants any more."""
    freed, queue = remove(unit, delivery_id), queue_of(unit.store)
    unit.put(QUEUES, replace(queue, size=queue.size - freed))


def subscriptions_with_pending(store: Store) -> Iterator[str]:
    """Return the ids of the subscriptions that something is pending for."""
    after: Entry = ()
    while (found := first_pending(store, Range(after))) is not None:
        yield found.subscription_id
        after = (found.subscription_id, TOP)


def count_pending(store: Store) -> int:
    """Count the pending deliveries."""
    return store.count(DELIVERIES, "pending")


def first_pending(store: Store, within: Range) -> Delivery | None:
    """Return the first pending delivery in that range of the index."""
    key = next(store.scan(DELIVERIES, "pending", within, limit=1), None)
    return store.get(DELIVERIES, key) if key is not None else None


def lane(subscription: str) -> Range:
    """Return the range of those that are tried one after the other."""
    return starting_with(subscription, 0)


def retries(subscription: str, until: int | None = None) -> Range:
    """Return the range of those that are tried again, due at that time at the latest, or ever."""
    whole = starting_with(subscription, 1)
    return whole if until is None else Range(whole.low, (subscription, 1, until + 1))


def record_attempt(unit: Unit, sent: Sent) -> None:
    """Record an attempt, and what the delivery does next."""
    delivery = unit.store.get(DELIVERIES, sent.delivery_id)
    # It had to make room, another server has taken it over, or the tenant is another one, which may have the same ids.
    if delivery is None or delivery.holder != sent.holder:
        return
    after = _after(delivery, sent, unit.now)
    queue = replace(queue_of(unit.store), attempts=queue_of(unit.store).attempts + 1)
    event = unit.store.get(EVENTS, delivery.event_id)
    attempt = Attempt(
        number=queue.attempts,
        delivery_id=delivery.id,
        event_id=delivery.event_id,
        subscription_id=delivery.subscription_id,
        type=event.type if event is not None else "",
        nth=after.attempts,
        at=sent.at,
        method=sent.method,
        url=sent.url,
        headers=sent.headers,
        status=sent.outcome.status,
        answer=sent.outcome.answer,
        error=sent.outcome.error,
        state=after.state,
        next_at=after.due_at if after.state is State.PENDING else None,
        fault=sent.fault,
    )
    unit.put(ATTEMPTS, attempt)
    unit.put(DELIVERIES, after)
    unit.put(QUEUES, queue)
    if delivery.is_in_lane and not after.is_in_lane:
        let_pass(unit, delivery.subscription_id)
    if unit.store.count(ATTEMPTS, "number") > ATTEMPTS_CAP:
        unit.delete(ATTEMPTS, next(unit.store.scan(ATTEMPTS, "number", limit=1)))


def _after(delivery: Delivery, sent: Sent, now: int) -> Delivery:
    if delivery.tries == AT_WORK:  # it was asked for anew meanwhile: that decides
        return replace(delivery, attempts=delivery.attempts + 1, tries=0, holder=None)
    if (plan := delivery.plan) is not None and plan.copies:
        # Where it stands now, so that the order is the same each time; the last one's answer decides.
        left = plan._replace(copies=plan.copies - 1)
        return replace(delivery, attempts=delivery.attempts + 1, due_at=now, holder=None, plan=left)
    tries, state = delivery.tries + 1, sent.outcome.state()
    failed_at, due_at = delivery.failed_at, delivery.due_at
    if state is State.PENDING:
        failed_at = now if failed_at is None else failed_at
        if tries > len(sent.retry_after):
            state = State.EXHAUSTED
        else:
            due_at = min(failed_at + sent.retry_after[tries - 1], LATEST)
    return replace(
        delivery,
        state=state,
        is_in_lane=False,
        attempts=delivery.attempts + 1,
        tries=tries,
        due_at=due_at,
        failed_at=failed_at,
        holder=None,
        plan=None,
    )


def put_off(unit: Unit, delivery: Delivery, plan: Plan) -> None:
    """Let a delivery wait beside the lane as its plan says, and then be made."""
    due_at = min(unit.now + plan.later, LATEST)
    plan = plan._replace(later=0)
    unit.put(DELIVERIES, replace(delivery, is_in_lane=False, due_at=due_at, holder=None, plan=plan))


def waits_behind(store: Store, subscription: str) -> Delivery | None:
    """Return the delivery of a subscription that waits until others were tried; there is one at most."""
    key = next(store.scan(DELIVERIES, "behind", starting_with(subscription), limit=1), None)
    return store.get(DELIVERIES, key) if key is not None else None


def let_pass(unit: Unit, subscription: str) -> None:
    """Count that one was tried which another one waited for; behind the last of these that is the first in the lane."""
    waiting = waits_behind(unit.store, subscription)
    if waiting is None or waiting.plan is None:
        return
    behind = waiting.plan.behind - 1
    due_at = waiting.due_at if behind else unit.now
    plan = waiting.plan._replace(behind=behind)
    unit.put(DELIVERIES, replace(waiting, is_in_lane=not behind, due_at=due_at, plan=plan))


def redeliver(unit: Unit, delivery: Delivery) -> Delivery:
    """Let a delivery be made once more, as if for the first time; after the attempt that is under way, if one is."""
    _mark(unit)
    wake(unit)
    return _again(unit, delivery)


def _again(unit: Unit, delivery: Delivery) -> Delivery:
    tries = AT_WORK if delivery.holder is not None else 0
    again = replace(
        delivery, state=State.PENDING, is_in_lane=True, tries=tries, due_at=unit.now, failed_at=None, plan=None
    )
    unit.put(DELIVERIES, again)
    return again


class Rest(NamedTuple):
    """What is yet to be made once more: what lies behind a place in the queue, of events up to a number."""

    after: Entry
    last: int


class Replayed(NamedTuple):
    """How many deliveries are made once more, and what is left; None: nothing."""

    number: int
    rest: Rest | None


def replay(unit: Unit, since: int, rest: Rest | None = None) -> Replayed:
    """Let deliveries of events since a time be made once more, as many as one unit of work may look at."""
    after, last = rest or Rest((), queue_of(unit.store).events)
    keys = unit.store.scan(DELIVERIES, "number", Range(after, (last, TOP)), limit=REPLAYED_AT_ONCE)
    some = list(get_all(unit.store, DELIVERIES, keys))
    chosen = [one for one in some if _is_since(unit.store, one, since)]
    for one in chosen:
        _again(unit, one)
    if chosen:
        _mark(unit)
        wake(unit)
    is_last = len(some) < REPLAYED_AT_ONCE
    return Replayed(len(chosen), None if is_last else Rest((some[-1].number, some[-1].id, TOP), last))


def _is_since(store: Store, delivery: Delivery, since: int) -> bool:
    event = store.get(EVENTS, delivery.event_id)
    return event is not None and event.at >= since
