"""Webhooks as tests control them: what was sent and what came of it, what is pending, sending it now or once more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import from_json
from typing_extensions import TypedDict

from ..core.clock import LONGEST_SHIFT, iso, parse_time, time_text
from ..core.turns import others_first
from ..state.store import Range, Store, get_all
from ..state.unit import Unit
from ..webhooks.advancing import advance
from ..webhooks.queue import queue_of, redeliver, replay
from ..webhooks.records import ATTEMPTS, DELIVERIES, EVENTS, Attempt, Delivery
from .operation import ControlRequest, Server
from .problems import DELIVERY_UNKNOWN, INVALID_REQUEST
from .tenants import ShownClock, shown_clock, within_tenant

LONGEST_WAIT = 60
WAIT = 10.0
SHOWN = 100

Seconds = Annotated[float, Field(ge=0, le=LONGEST_WAIT, allow_inf_nan=False)]
Limit = Annotated[int, Field(ge=1, le=1000)]


class AttemptQuery(TypedDict, total=False):
    """Which attempts: all that fit every given parameter, oldest first, `limit` of them."""

    subscription: str
    event: Annotated[str, Field(description="an event's id")]
    type: Annotated[str, Field(description="an event's type")]
    since: Annotated[int, Field(ge=0, description="only attempts with a higher number")]
    wait: Annotated[Seconds, Field(description="seconds to wait for an attempt if there is none")]
    limit: Limit


class DeliveryQuery(TypedDict, total=False):
    """Which deliveries: all that fit every given parameter, oldest first, `limit` of them."""

    subscription: str
    event: str
    state: Literal["PENDING", "DELIVERED", "FAILED", "EXHAUSTED"]
    limit: Limit


class ShownAttempt(TypedDict):
    """What was sent, and the answer's status and beginning, or the reason why there is none.

    One that a fault lost is DELIVERED without a status.
    """

    number: int
    deliveryId: str
    eventId: str
    subscriptionId: str
    type: str
    attempt: int
    time: str
    method: str
    url: str
    headers: dict[str, str]
    event: Any
    status: int | None
    answer: str
    error: str | None
    state: str
    nextAttemptAt: str | None
    fault: Annotated[str | None, Field(description="the name of the fault that acted on it")]


class ShownDelivery(TypedDict):
    """How far the delivery of an event to a subscription is; pending ones have a time from which they are due."""

    id: str
    eventId: str
    subscriptionId: str
    type: str
    state: str
    attempts: int
    dueAt: str | None
    fault: Annotated[str | None, Field(description="the name of a fault that has still to act on it, or puts it off")]


class ShownAttempts(TypedDict):
    """Attempts, oldest first; the number of the last one there ever was, for `since`."""

    attempts: list[ShownAttempt]
    last: int


class ShownDeliveries(TypedDict):
    """Deliveries, oldest first; how many pending ones had to make room."""

    deliveries: list[ShownDelivery]
    dropped: int


class Patience(TypedDict, total=False):
    """For how many seconds receivers are waited for."""

    wait: Seconds


class Advance(Patience):
    """How far the clock is advanced."""

    seconds: Annotated[float, Field(ge=0, le=LONGEST_SHIFT / 1000, allow_inf_nan=False)]


class Replay(TypedDict):
    """Since when events are delivered once more."""

    since: Annotated[str, AfterValidator(time_text), Field(json_schema_extra={"format": "date-time"})]


class ShownPending(TypedDict):
    """What is still pending, the first hundred."""

    pending: list[ShownDelivery]


class Advanced(ShownClock, ShownPending):
    """The clock, and what is still pending, the first hundred."""


class Replayed(TypedDict):
    """How many deliveries are made once more."""

    deliveries: int


def shown_attempt(store: Store, attempt: Attempt) -> ShownAttempt:
    """Show an attempt with its event, as long as that is kept."""
    event = store.get(EVENTS, attempt.event_id)
    return {
        "number": attempt.number,
        "deliveryId": attempt.delivery_id,
        "eventId": attempt.event_id,
        "subscriptionId": attempt.subscription_id,
        "type": attempt.type,
        "attempt": attempt.nth,
        "time": iso(attempt.at),
        "method": attempt.method,
        "url": attempt.url,
        "headers": dict(attempt.headers),
        "event": from_json(event.body) if event is not None else None,
        "status": attempt.status,
        "answer": attempt.answer,
        "error": attempt.error,
        "state": attempt.state,
        "nextAttemptAt": iso(attempt.next_at) if attempt.next_at is not None else None,
        "fault": attempt.fault,
    }


def shown_delivery(store: Store, delivery: Delivery) -> ShownDelivery:
    """Show a delivery."""
    event = store.get(EVENTS, delivery.event_id)
    return {
        "id": delivery.id,
        "eventId": delivery.event_id,
        "subscriptionId": delivery.subscription_id,
        "type": event.type if event is not None else "",
        "state": delivery.state,
        "attempts": delivery.attempts,
        "dueAt": iso(delivery.due_at) if delivery.state == "PENDING" else None,
        "fault": delivery.plan.fault if delivery.plan is not None else None,
    }


def attempts(store: Store, query: AttemptQuery) -> Iterator[Attempt]:
    """Return the attempts that fit."""
    keys = store.scan(ATTEMPTS, "number", Range((query.get("since", 0) + 1,)))
    for one in get_all(store, ATTEMPTS, keys):
        if (
            query.get("subscription", one.subscription_id) == one.subscription_id
            and query.get("event", one.event_id) == one.event_id
            and query.get("type", one.type) == one.type
        ):
            yield one


def deliveries(store: Store, query: DeliveryQuery) -> Iterator[Delivery]:
    """Return the deliveries that fit."""
    for one in get_all(store, DELIVERIES, store.scan(DELIVERIES, "number")):
        if (
            query.get("subscription", one.subscription_id) == one.subscription_id
            and query.get("event", one.event_id) == one.event_id
            and query.get("state", one.state) == one.state
        ):
            yield one


def pending(unit: Unit) -> list[ShownDelivery]:
    """Show what is pending, the first hundred."""
    found = islice(deliveries(unit.store, {"state": "PENDING"}), SHOWN)
    return [shown_delivery(unit.store, one) for one in found]


async def list_attempts(server: Server, request: ControlRequest) -> ShownAttempts:
    """List the attempts asked for; if there are none, wait for one as long as asked."""
    query: AttemptQuery = request.query

    def look(unit: Unit) -> ShownAttempts:
        found = islice(attempts(unit.store, query), query.get("limit", SHOWN))
        return {
            "attempts": [shown_attempt(unit.store, one) for one in found],
            "last": queue_of(unit.store).attempts,
        }

    shown = await within_tenant(server, request, look)
    if not shown["attempts"] and (seconds := query.get("wait", 0)) > 0:
        async with server.waiting.at_most(seconds):
            while not shown["attempts"]:
                progress = server.deliveries.watch(request.tenant)
                shown = await within_tenant(server, request, look)
                if not shown["attempts"]:
                    await server.deliveries.progressed(progress)
    return shown


async def list_deliveries(server: Server, request: ControlRequest) -> ShownDeliveries:
    """List the deliveries asked for."""
    query: DeliveryQuery = request.query

    def look(unit: Unit) -> ShownDeliveries:
        found = islice(deliveries(unit.store, query), query.get("limit", SHOWN))
        return {
            "deliveries": [shown_delivery(unit.store, one) for one in found],
            "dropped": queue_of(unit.store).dropped,
        }

    return await within_tenant(server, request, look)


async def deliver(server: Server, request: ControlRequest) -> ShownPending:
    """Wait until all that is due is delivered."""
    await server.deliveries.settle(request.tenant, request.body.get("wait", WAIT))
    return {"pending": await within_tenant(server, request, pending)}


async def advance_clock(server: Server, request: ControlRequest) -> Advanced:
    """Advance a tenant's clock; what falls due meanwhile is done in its order."""
    given: Advance = request.body
    try:
        await advance(server.deliveries, request.tenant, round(given["seconds"] * 1000), given.get("wait", WAIT))
    except ValueError as error:
        raise INVALID_REQUEST.error(told=f"seconds: {error}") from None
    return await within_tenant(
        server, request, lambda unit: {**shown_clock(unit.tenant.clock), "pending": pending(unit)}
    )


async def redeliver_one(server: Server, request: ControlRequest) -> ShownDelivery:
    """Let a delivery be made once more, with its id."""

    def act(unit: Unit) -> ShownDelivery:
        delivery = unit.store.get(DELIVERIES, request.params["delivery"])
        if delivery is None:
            raise DELIVERY_UNKNOWN.error(id=request.params["delivery"])
        return shown_delivery(unit.store, redeliver(unit, delivery))

    return await within_tenant(server, request, act)


async def replay_all(server: Server, request: ControlRequest) -> Replayed:
    """Let all deliveries of events since a time be made once more."""
    since = parse_time(request.body["since"])
    replayed = await within_tenant(server, request, partial(replay, since=since))
    number = replayed.number
    while replayed.rest is not None:
        await others_first()
        replayed = await within_tenant(server, request, partial(replay, since=since, rest=replayed.rest))
        number += replayed.number
    return {"deliveries": number}
