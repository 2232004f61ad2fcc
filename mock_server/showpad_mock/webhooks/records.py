"""What a tenant keeps of its deliveries: events that are told, to whom, and every attempt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from ..state.record import record
from ..state.store import RecordType, Store
from .plans import Plan, wrong_in


class State(StrEnum):
    """How far a delivery is."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    """Refused, or it could not be sent: it is not tried again."""
    EXHAUSTED = "EXHAUSTED"
    """The last retry failed as well."""


class Holder(NamedTuple):
    """The server that has a delivery in hand, and until when, in milliseconds of real time: by both it is known."""

    server: int
    until: int


@record
class Queue:
    """A tenant's counters; its one record, there from the first subscription on, has the key QUEUE.

    `events` and `attempts` were counted since the beginning, `size` is that of the bodies that are kept; `dropped`
    counts pending deliveries that had to make room. `is_marked` is set with every delivery that becomes pending, and
    stays for a while when nothing is pending any more: see `state/marks.py`.
    """

    id: str
    events: int
    attempts: int
    size: int
    dropped: int
    is_marked: bool


@record
class QueuedEvent:
    """An event as it is delivered; `body` is sent as it is."""

    id: str
    number: int
    type: str
    at: int
    body: str


@record
class Delivery:
    """One event for one subscription. `source` is the vendor's name; times are in milliseconds of the tenant's clock.

    In the lane, one after the other is tried for the first time; what is to be tried again is `due_at` a time.
    `tries` counts the attempts since it entered the lane, `failed_at` is when the first of these failed. Where it
    entered the lane during an attempt, `tries` is AT_WORK until that ends: it does not count. Its `plan` is that of a
    fault which it met, until that is done; it meets no other meanwhile.
    """

    id: str
    event_id: str
    subscription_id: str
    source: str
    number: int
    state: State
    is_in_lane: bool
    attempts: int
    tries: int
    due_at: int
    failed_at: int | None
    holder: Holder | None
    plan: Plan | None


@record
class Attempt:
    """What was sent and what came of it; secrets are taken out of the headers. `state` is the delivery's since then.

    `fault` is the name of the one that acted on it.
    """

    number: int
    delivery_id: str
    event_id: str
    subscription_id: str
    type: str
    nth: int
    at: int
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    status: int | None
    answer: str
    error: str | None
    state: State
    next_at: int | None
    fault: str | None


AT_WORK = -1
QUEUE = "queue"


def _pending(one: Delivery) -> tuple[tuple[object, ...], ...]:
    if one.state is not State.PENDING:
        return ()
    # The lane's first, then what is to be tried again, by its time.
    place = (0, one.number) if one.is_in_lane else (1, one.due_at, one.number)
    return ((one.subscription_id, *place, one.id),)


def _behind(one: Delivery) -> tuple[tuple[object, ...], ...]:
    return ((one.subscription_id, one.id),) if one.plan is not None and one.plan.behind else ()


def _inconsistencies(store: Store) -> Iterable[str]:
    for one in store.all(DELIVERIES):
        if one.plan is not None and (wrong := wrong_in(one.plan)) is not None:
            yield f'the plan of the delivery "{one.id}": {wrong}'


def _lacks(member: str, *, value: object = None) -> Callable[[dict[str, Any], int, Mapping[str, Any]], None]:
    """Return what adds a member that version 6 brought."""

    def upgrade(record: dict[str, Any], _version: int, _records: Mapping[str, Any]) -> None:
        record.setdefault(member, value)

    return upgrade


# Up to version 5 a tenant was marked from its first subscription on.
QUEUES = RecordType("webhookqueue", Queue, key=lambda queue: queue.id, upgrade=_lacks("is_marked", value=True))
EVENTS = RecordType("webhookevents", QueuedEvent, key=lambda event: event.id)
DELIVERIES = RecordType(
    "webhookdeliveries",
    Delivery,
    key=lambda one: one.id,
    indexes={
        "pending": _pending,
        "number": lambda one: ((one.number, one.id),),
        "finished": lambda one: ((one.number, one.id),) if one.state is not State.PENDING else (),
        "event": lambda one: ((one.event_id, one.id),),
        "behind": _behind,
    },
    inconsistencies=_inconsistencies,
    upgrade=_lacks("plan"),
)
ATTEMPTS = RecordType(
    "webhookattempts",
    Attempt,
    key=lambda one: str(one.number),
    indexes={
        "number": lambda one: ((one.number, str(one.number)),),
        "subscription": lambda one: ((one.subscription_id, -one.number, str(one.number)),),
    },
    upgrade=_lacks("fault"),
)
RECORD_TYPES = (QUEUES, EVENTS, DELIVERIES, ATTEMPTS)
