"""What a tenant keeps of its deliveries: events that are told, to whom, and every attempt."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ..state.record import record
from ..state.store import RecordType


class State(StrEnum):
    """How far a delivery is."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    """Refused, or it could not be sent: it is not tried again."""
    EXHAUSTED = "EXHAUSTED"
    """The last retry failed as well."""


class Holder(NamedTuple):
    """The server that has a delivery in hand, and until when, in milliseconds of real time."""

    server: int
    until: int


@record
class Queue:
    """A tenant's counters; its one record, there from the first subscription on, has the key QUEUE.

    `events` and `attempts` were counted since the beginning, `size` is that of the bodies that are kept; `dropped`
    counts pending deliveries that had to make room.
    """

    id: str
    events: int
    attempts: int
    size: int
    dropped: int


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
    `tries` counts the attempts since it entered the lane, `failed_at` is when the first of these failed.
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


@record
class Attempt:
    """What was sent and what came of it; secrets are taken out of the headers. `state` is the delivery's since then."""

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


QUEUE = "queue"
QUEUES = RecordType("webhookqueue", Queue, key=lambda queue: queue.id)
EVENTS = RecordType("webhookevents", QueuedEvent, key=lambda event: event.id)


def _pending(one: Delivery) -> tuple[tuple[object, ...], ...]:
    if one.state is not State.PENDING:
        return ()
    # The lane's first, then what is to be tried again, by its time.
    place = (0, one.number) if one.is_in_lane else (1, one.due_at, one.number)
    return ((one.subscription_id, *place, one.id),)


DELIVERIES = RecordType(
    "webhookdeliveries",
    Delivery,
    key=lambda one: one.id,
    indexes={
        "pending": _pending,
        "number": lambda one: ((one.number, one.id),),
        "finished": lambda one: ((one.number, one.id),) if one.state is not State.PENDING else (),
        "event": lambda one: ((one.event_id, one.id),),
    },
)
ATTEMPTS = RecordType(
    "webhookattempts",
    Attempt,
    key=lambda one: str(one.number),
    indexes={
        "number": lambda one: ((one.number, str(one.number)),),
        "subscription": lambda one: ((one.subscription_id, -one.number, str(one.number)),),
    },
)
RECORD_TYPES = (QUEUES, EVENTS, DELIVERIES, ATTEMPTS)
