"""Subscriptions to webhooks: who is told of which events, where and how (AROUND-WEBHOOKS)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, NamedTuple, Protocol

from ...core.ids import ulid_of
from ...core.refusals import Parsed
from ...state.record import record
from ...state.store import RecordType, get_all, starting_with
from ...state.unit import Unit
from ...webhooks import queue
from ...webhooks.records import ATTEMPTS, Attempt
from .. import problems
from .access import Caller
from .changes import given
from .page import Page

EventType = Literal[
    "shared-space-created",
    "shared-space-user-added",
    "shared-space-content-added-v2",  # this name is not published (AROUND-EVENT-TYPES, assumed)
    "link-share-created",
    "link-share-viewed",
    "link-share-reshared",
]
SOURCE = "showpad"
"""Whose deliveries they are among those of other APIs."""
SUBSCRIPTIONS_CAP = 50
KEYS_CAP = 5


class CustomHeader(NamedTuple):
    """A header that goes with every delivery."""

    name: str
    value: str


class Event(Protocol):
    """Something that happened, as it is delivered."""

    @property
    def type(self) -> str:
        """What happened."""

    def shown(self) -> dict[str, Any]:
        """Show it as it is delivered."""


@record
class NewSubscription:
    """What a request asks for."""

    name: str
    url: str
    types: tuple[str, ...]
    method: str = "POST"
    headers: tuple[CustomHeader, ...] = ()


@record
class SubscriptionChanges:
    """What a change asks for; None is what was left out."""

    name: str | None = None
    url: str | None = None
    types: tuple[str, ...] | None = None
    method: str | None = None
    headers: tuple[CustomHeader, ...] | None = None


@record
class SubscriptionQuery:
    """What a list asks for."""

    limit: int = 50
    offset: int = 0


@record
class Subscription:
    """Who is told of events. `keys` sign, the present one first; the others are being replaced."""

    id: str
    name: str
    url: str
    method: str
    types: tuple[str, ...]
    headers: tuple[CustomHeader, ...]
    keys: tuple[str, ...]
    created_at: int
    updated_at: int


SUBSCRIPTIONS = RecordType(
    "subscriptions",
    Subscription,
    key=lambda subscription: subscription.id,
    indexes={
        "created": lambda one: ((one.created_at, one.id),),
        "type": lambda one: ((type_, one.created_at, one.id) for type_ in one.types),
    },
)


def _require_admin(caller: Caller) -> None:
    if not caller.is_admin:
        raise problems.SUBSCRIPTIONS_FOR_ADMINS.error()


def _existing(unit: Unit, caller: Caller, subscription_id: str) -> Subscription:
    subscription = unit.store.get(SUBSCRIPTIONS, subscription_id)
    # Before the 403 (CONV-ORDER): ids are no secret, and cannot be guessed.
    if subscription is None:
        raise problems.SUBSCRIPTION_UNKNOWN.error(id=subscription_id)
    _require_admin(caller)
    return subscription


def create(unit: Unit, caller: Caller, body: Parsed[NewSubscription]) -> Subscription:
    """Create a subscription; its key is shown with this answer alone."""
    _require_admin(caller)
    request = body.require()
    if unit.store.count(SUBSCRIPTIONS, "created") >= SUBSCRIPTIONS_CAP:
        raise problems.SUBSCRIPTIONS_FULL.error(cap=SUBSCRIPTIONS_CAP)
    unit.decide("AROUND-WEBHOOKS")
    subscription = Subscription(
        id=ulid_of(unit.now, unit.ids.hex32()),
        name=request.name,
        url=request.url,
        method=request.method,
        types=request.types,
        headers=request.headers,
        keys=(new_key(unit),),
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.put(SUBSCRIPTIONS, subscription)
    queue.open_queue(unit)
    return subscription


def new_key(unit: Unit) -> str:
    """Draw a key to sign with."""
    return unit.ids.token() + unit.ids.token()


def list_subscriptions(unit: Unit, caller: Caller, query: Parsed[SubscriptionQuery]) -> Page[Subscription]:
    """Return a page of subscriptions, oldest first."""
    _require_admin(caller)
    request = query.require()
    unit.decide("AROUND-WEBHOOKS")
    keys = unit.store.scan(SUBSCRIPTIONS, "created", skip=request.offset, limit=request.limit)
    found = list(get_all(unit.store, SUBSCRIPTIONS, keys))
    return Page(count=unit.store.count(SUBSCRIPTIONS, "created"), items=found)


def get(unit: Unit, caller: Caller, subscription_id: str) -> Subscription:
    """Return a subscription."""
    subscription = _existing(unit, caller, subscription_id)
    unit.decide("AROUND-WEBHOOKS")
    return subscription


def update(unit: Unit, caller: Caller, subscription_id: str, body: Parsed[SubscriptionChanges]) -> Subscription:
    """Change what is sent and nothing else; the key stays."""
    subscription = _existing(unit, caller, subscription_id)
    request = body.require()
    unit.decide("AROUND-WEBHOOKS", "AROUND-WEBHOOKS-CHANGE")
    changed = replace(subscription, **given(request), updated_at=unit.now)
    unit.put(SUBSCRIPTIONS, changed)
    return changed


def delete(unit: Unit, caller: Caller, subscription_id: str) -> None:
    """Delete a subscription; what was not delivered to it yet is not delivered any more."""
    _existing(unit, caller, subscription_id)
    unit.decide("AROUND-WEBHOOKS")
    unit.delete(SUBSCRIPTIONS, subscription_id)
    queue.wake(unit)


def rotate(unit: Unit, subscription: Subscription) -> Subscription:
    """Let a new key sign beside the present ones; beyond KEYS_CAP the oldest goes."""
    keys = (new_key(unit), *subscription.keys)[:KEYS_CAP]
    rotated = replace(subscription, keys=keys, updated_at=unit.now)
    unit.put(SUBSCRIPTIONS, rotated)
    return rotated


def drop_former_keys(unit: Unit, subscription: Subscription) -> None:
    """Let the newest key sign alone from now on."""
    unit.put(SUBSCRIPTIONS, replace(subscription, keys=subscription.keys[:1], updated_at=unit.now))


def tell(unit: Unit, event: Event) -> None:
    """Let an event be delivered to whoever has subscribed to its type."""
    # Most tenants nobody subscribes to: they pay for this look alone.
    if not queue.is_open(unit.tenant):
        return
    subscribed = list(unit.store.scan(SUBSCRIPTIONS, "type", starting_with(event.type)))
    if subscribed:
        queue.enqueue(unit, SOURCE, event.shown(), subscribed)


def logs(unit: Unit, caller: Caller, subscription_id: str, query: Parsed[SubscriptionQuery]) -> Page[Attempt]:
    """Return a page of what was sent to a subscription, newest first."""
    _existing(unit, caller, subscription_id)
    request = query.require()
    unit.decide("AROUND-WEBHOOKS", "AROUND-WEBHOOKS-LOGS")
    within = starting_with(subscription_id)
    keys = unit.store.scan(ATTEMPTS, "subscription", within, skip=request.offset, limit=request.limit)
    found = list(get_all(unit.store, ATTEMPTS, keys))
    return Page(count=unit.store.count(ATTEMPTS, "subscription", within), items=found)
