"""Subscriptions to webhooks that a run makes, and what is delivered to them (AROUND-WEBHOOKS, AROUND-DELIVERY)."""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ..core import expect
from ..core.exchange import Exchange
from ..core.violation import Inconclusive, MissingMember, WrongForm, WrongList, WrongStatus, WrongValue
from ..transport.receiver import Answer, Delivery, Inbox
from ..transport.session import Caller
from .client import SIGNATURE_KEY, Client
from .control import Control
from .forms import TIME, list_of, matching, of, one_of, or_null, with_members

CREATED, ADDED, CONTENT, SHARED, VIEWED, RESHARED = (
    *("shared-space-created", "shared-space-user-added", "shared-space-content-added-v2"),
    *("link-share-created", "link-share-viewed", "link-share-reshared"),
)
TYPES = (CREATED, ADDED, CONTENT, SHARED, VIEWED, RESHARED)
"""The types of events (AROUND-EVENT-TYPES)."""
NOWHERE = "https://receiver.invalid"
"""An address that no name server knows (RFC 2606): nothing is ever delivered there."""
DONE, REFUSED, FAILED = 204, 410, 503
"""Answers of a receiver: 2xx, 4xx, 5xx."""
RETRIES = (3.0, 7.5, 14.25)
"""Seconds after the first failure."""
FRESH_SECONDS = 300
LOOKS = 10
"""How often a log is looked at that lacks an entry."""
PATIENCE = 30.0
"""For how many seconds a delivery is waited for where the clock is not the kit's, a retry for as much longer."""
NEVER = (
    f"nothing ever came to the kit's receiver in {PATIENCE:g} seconds: whether the target delivers nothing or does not "
    "reach {} cannot be told"
)
TIMESTAMP, SIGNATURE = "x-showpad-signature-timestamp", "x-showpad-signature-v1"
ULID = matching(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
UUID = matching(re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE))
EVENT = with_members({"type": one_of(*TYPES), "id": UUID, "time": TIME, "data": of(dict)})
"""What is delivered; `specversion` is looked at beside it, since it is one value."""
HEADER = with_members({"name": of(str), "value": of(str)})
SUBSCRIPTION = with_members(
    {
        **{"id": ULID, "name": of(str), "url": of(str), "method": one_of("GET", "POST")},
        **{"types": list_of(one_of(*TYPES)), "headers": list_of(HEADER), "createdAt": TIME, "updatedAt": TIME},
    }
)
ENTRY = with_members(
    {
        **{"eventId": UUID, "type": one_of(*TYPES), "attempt": of(int), "time": TIME},
        "status": one_of("PENDING", "DELIVERED", "FAILED", "EXHAUSTED"),
        "request": with_members({"method": one_of("GET", "POST"), "url": of(str), "headers": of(list)}),
        "response": or_null(with_members({"status": of(int), "body": or_null(of(str))})),
        **{"error": or_null(of(str)), "nextAttemptAt": or_null(TIME)},
    }
)
"""An entry of a subscription's log."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A subscription of the run's: where it is, where its deliveries come, what they are signed with."""

    id: str
    address: str
    inbox: Inbox
    key: str = field(repr=False)  # a traceback shows what repr shows

    def about(self, *words: str) -> list[Delivery]:
        """Return the deliveries that name one of these ids: those of others are nobody's to look at."""
        named = [word.encode() for word in words]
        return [one for one in self.inbox.all() if any(word in one.body for word in named)]


def new_subscription(client: Client, **fields: Any) -> dict[str, Any]:
    """Return the body of a create whose deliveries go nowhere, changed by `fields`; None leaves one out."""
    mark = client.session.fresh_mark()
    whole = {"name": f"Check {mark}", "url": f"{NOWHERE}/{mark}", "types": [CREATED], **fields}
    return {name: value for name, value in whole.items() if value is not None}


def succeeded(exchange: Exchange) -> dict[str, Any]:
    """Return the body of a success, whose code is not published."""
    if not 200 <= exchange.status < 300:
        raise WrongStatus(f"status of {exchange.name}", expected="2xx", received=exchange.status)
    return expect.json_object(exchange)


def subscription(client: Client, **fields: Any) -> tuple[str, Exchange]:
    """Subscribe, and return the address of the subscription and the answer. How the body is to look is assumed."""
    with expect.needed("a subscription", "AROUND-WEBHOOKS-BODY"):
        exchange = client.subscribe(new_subscription(client, **fields))
        answer = succeeded(exchange)
        expect.of_type(expect.member(answer, "id", of="the subscription"), str, "id of the subscription")
    return f"{client.subscriptions()}/{answer['id']}", exchange


def hook(client: Client, *types: str, answers: Sequence[Answer] = (DONE,), **fields: Any) -> Hook:
    """Subscribe to types of events, whose deliveries are received; `answers` are given to each in turn."""
    client.subscriptions()  # its skip comes first
    inbox = client.session.receiver.inbox(client.session.fresh_mark(), answers)
    address, exchange = subscription(client, url=inbox.url, types=list(types), **fields)
    subscription_id = address.rpartition("/")[2]
    with expect.needed("the key of a subscription", "AROUND-WEBHOOKS"):
        return Hook(subscription_id, address, inbox, key_of(client, exchange))


def key_of(client: Client, exchange: Exchange) -> str:
    """Return the key that a create told, which no exchange shows."""
    key = client.signature_keys.get(expect.json_object(exchange)["id"])
    if not key:
        raise MissingMember(f"{SIGNATURE_KEY} of {exchange.name}", expected="a text", received="no such member")
    return key


def rules_time(client: Client) -> bool:
    """Return whether the kit may advance the target's clock."""
    return "control" in client.target.offers


def came(client: Client, to: Hook, *about: str, count: int = 1) -> list[Delivery]:
    """Return the deliveries about something, once so many have come; a violation where they do not come."""
    return _awaited(client, to, about, count, seconds=0.0)


def came_again(client: Client, to: Hook, *about: str, count: int = 2, seconds: float = RETRIES[0]) -> list[Delivery]:
    """Return the deliveries about something, once there are so many, the last of them tried again after a time."""
    return _awaited(client, to, about, count, seconds=seconds)


def _awaited(client: Client, to: Hook, about: Sequence[str], count: int, *, seconds: float) -> list[Delivery]:
    receiver = client.session.receiver
    if not rules_time(client):
        if receiver.is_in_vain:
            raise Inconclusive(NEVER.format(to.inbox.url))
        to.inbox.wait(lambda _: len(to.about(*about)) >= count, PATIENCE + seconds)
    elif not seconds or len(to.about(*about)) < count:
        # By then whatever is due has been delivered, to others as well.
        Control(client).advance(seconds)
    found = to.about(*about)
    if len(found) >= count:
        return found
    if not (client.target.is_own or receiver.was_reached):
        receiver.is_in_vain = True
        raise Inconclusive(NEVER.format(to.inbox.url))
    which = f"{count} about {' or '.join(about)}" + (f", the last after {seconds:g} seconds" if seconds else "")
    raise WrongList("the deliveries to a subscription", expected=which, received=f"{len(found)} of them")


def event_of(delivery: Delivery, event_type: str) -> dict[str, Any]:
    """Return the event that was delivered, which must be of this type and of the published form."""
    event = delivery.json()
    what = f"the delivery of {event_type}"
    EVENT(event, what)
    expect.equal(event["type"], event_type, f"type of {what}")
    expect.equal(expect.member(event, "specversion", of=what), 1, f"specversion of {what}")
    return dict(event)


def signed(delivery: Delivery, key: str, what: str) -> None:
    """Require a fresh timestamp, and a signature with the key among those that came."""
    timestamp, signatures = delivery.header(TIMESTAMP), delivery.header(SIGNATURE)
    expect.matches(timestamp, r"[0-9]{10}", f"{TIMESTAMP} of {what}")
    if abs(delivery.at - int(timestamp or 0)) > FRESH_SECONDS:
        raise WrongValue(f"{TIMESTAMP} of {what}", expected="within 5 minutes of now", received=timestamp)
    wanted = signature(delivery.body, str(timestamp), key)
    if not any(hmac.compare_digest(one.strip(), wanted) for one in (signatures or "").split(",")):
        expected = f"{wanted}: Base64 of the HMAC-SHA256 of body, a full stop and timestamp with the {SIGNATURE_KEY}"
        raise WrongValue(f"{SIGNATURE} of {what}", expected=expected, received=signatures)


def signature(body: bytes, timestamp: str, key: str) -> str:
    """Sign as a target does."""
    return b64encode(hmac.new(key.encode(), body + b"." + timestamp.encode(), sha256).digest()).decode()


def found_in(value: Any, fits: Callable[[Any], bool]) -> Iterator[Any]:
    """Return the parts of a JSON value that fit, wherever they are: where an event has them is not published."""
    if fits(value):
        yield value
    inner: Sequence[Any] = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from found_in(part, fits)


def naming(event: Mapping[str, Any], text: str) -> list[Mapping[str, Any]]:
    """Return the objects of an event that have a text for a member's value."""
    return list(found_in(event, lambda part: isinstance(part, dict) and text in part.values()))


def entries(caller: Caller, to: Hook, **params: Any) -> list[dict[str, Any]]:
    """Return the entries of a subscription's log, each of the form, the newest first."""
    exchange = caller.get(f"{to.address}/logs", params=params)
    answer = expect.answered(exchange, 200)
    items = expect.member(answer, "items", of="the logs")
    list_of(ENTRY)(items, f"items of {exchange.name}")
    if expect.member(answer, "count", of="the logs") < len(items):
        raise WrongValue(f"count of {exchange.name}", expected=f"{len(items)} at least", received=answer["count"])
    return list(items)


def logged(client: Client, to: Hook, event_id: str, count: int) -> list[dict[str, Any]]:
    """Return the entries of an event once there are so many: elsewhere one may come a moment after its delivery."""
    tries = 1 if rules_time(client) else LOOKS
    for place in range(tries):
        if place:
            client.session.pause(1.0)  # there is no event to wait for
        found = [entry for entry in entries(client.admin, to) if entry["eventId"] == event_id]
        if len(found) >= count:
            break
    if len(found) != count:
        expected = f"{count} of the event {event_id}"
        raise WrongList("the log of a subscription", expected=expected, received=f"{len(found)} of them")
    return found


def shown_nowhere(exchange: Exchange, secret: str, what: str) -> None:
    """Require that an answer has a text nowhere."""
    if secret in exchange.text:
        raise WrongForm(f"{what} in {exchange.name}", expected="not shown", received="it is shown")
