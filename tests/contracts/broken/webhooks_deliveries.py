"""Servers that deliver otherwise than they should: the mock's own requests are changed as they leave."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from showpad_mock.app import App as Mock
from showpad_mock.webhooks.queue import Outcome
from showpad_mock.webhooks.sending import Request
from showpad_mock.webhooks.signing import sign

from .links import ANONYMOUS
from .tampering import Make, asking
from .wrapping import App, Ask, Broken, Seen, Wrong

TIMESTAMP, SIGNATURE = "X-Showpad-Signature-Timestamp", "X-Showpad-Signature-V1"
DELIVERY, NONE = "AROUND-DELIVERY", "AROUND-DELIVERY-NONE"
CREATED, ADDED, CONTENT, SHARED, VIEWED, RESHARED = (
    *("shared-space-created", "shared-space-user-added", "shared-space-content-added-v2"),
    *("link-share-created", "link-share-viewed", "link-share-reshared"),
)


@dataclass(frozen=True)
class Sent:
    """A request on its way: the key of its subscription, and the how manieth attempt it is."""

    request: Request
    key: str
    attempt: int

    @property
    def event(self) -> Any:
        return json.loads(self.request.body)

    def header(self, name: str) -> str:
        return next(value for known, value in self.request.headers if known == name)

    def having(self, **headers: str) -> Request:
        """Return the request with other values of headers, named with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request._replace(headers=[(name, given.get(name, value)) for name, value in self.request.headers])

    def saying(self, event: Any) -> Request:
        """Return the request with another event, rightly signed."""
        body = json.dumps(event).encode()
        headers = self.having(X_Showpad_Signature_V1=sign(body, int(self.header(TIMESTAMP)), self.key)).headers
        return self.request._replace(body=body, headers=headers)


Send = Callable[[Request], Any]


class Sending(Wrong):
    """Delivers otherwise; a subclass says how."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self.deliveries = cast(Mock, right).deliveries
        self._keys: dict[str, str] = {}
        self._attempts: dict[tuple[str, bytes], int] = {}
        self.send_rightly: Send = self.deliveries.send
        vars(self.deliveries)["send"] = self._send

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/subscriptions") and seen.status == 201:
            self._keys[seen.answer["url"]] = seen.answer["signatureKey"]

    async def _send(self, request: Request) -> Outcome:
        which = request.url, request.body
        self._attempts[which] = self._attempts.get(which, 0) + 1
        # Of a subscription that was changed since, the key is that of the first one that comes.
        key = self._keys.get(request.url) or next(iter(self._keys.values()))
        return await self.send(Sent(request, key, self._attempts[which]))

    async def send(self, sent: Sent) -> Outcome:
        """Send one."""
        raise NotImplementedError


def sending(change: Callable[[Sent], Request]) -> Make:
    """What is sent is changed."""

    class Changing(Sending):
        async def send(self, sent: Sent) -> Outcome:
            request = change(sent)
            self.acted = self.acted or request != sent.request
            return cast(Outcome, await self.send_rightly(request))

    return Changing


def saying(change: Callable[[dict[str, Any]], Any], *, when: Callable[[Sent], bool] = lambda _: True) -> Make:
    """The event is changed in place, and signed rightly all the same."""

    def say(sent: Sent) -> Request:
        event = sent.event
        if not when(sent):
            return sent.request
        change(event)
        return sent.saying(event)

    return sending(say)


def of(event_type: str) -> Callable[[Sent], bool]:
    return lambda sent: bool(sent.event["type"] == event_type)


def is_again(sent: Sent) -> bool:
    return sent.attempt > 1


def dropping(when: Callable[[Sent], bool]) -> Make:
    """Some are not sent at all, though the log tells that they were."""

    class Dropping(Sending):
        async def send(self, sent: Sent) -> Outcome:
            if when(sent):
                self.acted = True
                return Outcome(status=200)
            return cast(Outcome, await self.send_rightly(sent.request))

    return Dropping


def twice(event_type: str) -> Make:
    """Some are sent twice."""

    class Twice(Sending):
        async def send(self, sent: Sent) -> Outcome:
            if of(event_type)(sent):
                self.acted = True
                await self.send_rightly(sent.request)
            return cast(Outcome, await self.send_rightly(sent.request))

    return Twice


def taking(when: Callable[[Outcome], bool], instead: Outcome) -> Make:
    """An answer is taken for another one."""

    class Taking(Sending):
        async def send(self, sent: Sent) -> Outcome:
            outcome = cast(Outcome, await self.send_rightly(sent.request))
            self.acted = self.acted or when(outcome)
            return instead if when(outcome) else outcome

    return Taking


def retrying(*after: int) -> Make:
    """Retries come at other times."""

    class Retrying(Wrong):
        def __init__(self, right: App) -> None:
            super().__init__(right)
            deliveries = cast(Mock, right).deliveries
            sources = {name: replace(source, retry_after=after) for name, source in deliveries.sources.items()}
            deliveries.sources = sources
            self.acted = True

    return Retrying


class TheSecondFirst(Sending):
    """Of three, the second comes before the first."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self._held: list[Request] = []
        self._is_over = False

    async def send(self, sent: Sent) -> Outcome:
        if not self._held and not self._is_over:
            self.acted = True
            self._held.append(sent.request)
            return Outcome(status=503)  # so that it is retried as the others are
        outcome = await self.send_rightly(sent.request)
        if not self._is_over:
            self._is_over = True
            await self.send_rightly(self._held[0])
        return cast(Outcome, outcome)


class HeldUp(Sending):
    """What fails holds up those behind it until it is tried again."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self._first: Request | None = None
        self._held: list[Request] = []

    async def send(self, sent: Sent) -> Outcome:
        if self._first is not None and sent.request.body != self._first.body:
            self.acted = True
            self._held.append(sent.request)
            return Outcome(status=200)
        self._first = sent.request
        outcome = await self.send_rightly(sent.request)
        for one in self._held:
            await self.send_rightly(one)
        return cast(Outcome, outcome)


def signed_over_the_body_alone(sent: Sent) -> Request:
    digest = hmac.digest(sent.key.encode(), sent.request.body, "sha256")
    return sent.having(X_Showpad_Signature_V1=b64encode(digest).decode())


def signed_in_hex(sent: Sent) -> Request:
    message = sent.request.body + b"." + sent.header(TIMESTAMP).encode()
    return sent.having(X_Showpad_Signature_V1=hmac.new(sent.key.encode(), message, hashlib.sha256).hexdigest())


def stamped(change: Callable[[int], int]) -> Callable[[Sent], Request]:
    """Another time, rightly signed."""

    def stamp(sent: Sent) -> Request:
        at = change(int(sent.header(TIMESTAMP)))
        signature = sign(sent.request.body, at, sent.key)
        return sent.having(X_Showpad_Signature_Timestamp=str(at), X_Showpad_Signature_V1=signature)

    return stamp


def signed_by_another(sent: Sent) -> Request:
    return sent.having(X_Showpad_Signature_V1=sign(sent.request.body, int(sent.header(TIMESTAMP)), sent.key[::-1]))


def by_post(sent: Sent) -> Request:
    return sent.request._replace(method="POST")


def without_body_by_get(sent: Sent) -> Request:
    return sent.request._replace(body=b"") if sent.request.method == "GET" else sent.request


def without_headers(sent: Sent, *, by: Sequence[str] = ("GET", "POST")) -> Request:
    headers = [one for one in sent.request.headers if not one[0].startswith("X-Check")]
    return sent.request._replace(headers=headers) if sent.request.method in by else sent.request


def renumbered(event: dict[str, Any]) -> None:
    event["id"] = "00000000-0000-4000-8000-000000000001"


def has_failed(outcome: Outcome) -> bool:
    return outcome.status is not None and outcome.status >= 500


def as_participant(event: dict[str, Any]) -> None:
    event["data"]["participant"] = {"id": "7"}


def invitee(change: Callable[[dict[str, Any]], Any]) -> Make:
    return saying(lambda event: change(event["data"]), when=of(ADDED))


def initiated(change: Callable[[dict[str, Any]], Any]) -> Make:
    return saying(lambda event: change(event["data"]["initiator"]), when=of(CONTENT))


def is_a_rest(sent: Sent) -> bool:
    return of(CONTENT)(sent) and len(sent.event["data"]["items"]) == 1


class Tracked(Wrong):
    """Whoever opens a Share by its untracked address is told of as by the anonymous one."""

    def __init__(self, right: App) -> None:
        super().__init__(right)
        self._others: dict[str, str] = {}

    async def before(self, seen: Seen, ask: Ask) -> None:
        token = seen.path.rpartition("/")[2]
        if seen.is_("GET", ANONYMOUS) and token in self._others:
            seen.path = seen.path.replace(token, self._others[token])

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shares") and seen.status == 201:
            tracked, untracked = (seen.answer[way].rpartition("/")[2] for way in ("anonymousUrl", "untrackedUrl"))
            self._others[untracked] = tracked


def as_dynamic(seen: Seen) -> None:
    if "anonymous" in seen.query:
        seen.path = seen.path.replace("/share/", "/catalog/link/")


def as_a_view(event: dict[str, Any]) -> None:
    event["type"] = VIEWED


def nowhere(event: dict[str, Any]) -> None:
    event["data"] = json.loads(json.dumps(event["data"]).replace("kit-of-contracts", "?"))


BROKEN = (
    Broken(DELIVERY, "the signature is over the body alone", sending(signed_over_the_body_alone)),
    Broken(DELIVERY, "the signature is written in hexadecimal digits", sending(signed_in_hex)),
    Broken(DELIVERY, "a delivery is signed with another key", sending(signed_by_another)),
    Broken(DELIVERY, "a timestamp is in milliseconds", sending(stamped(lambda at: at * 1000))),
    Broken(DELIVERY, "a delivery is signed as of an hour ago", sending(stamped(lambda at: at - 3600))),
    Broken(DELIVERY, "a delivery has no specversion", saying(lambda event: event.pop("specversion"))),
    Broken(DELIVERY, "an event's id is a number", saying(lambda event: event.update(id=7))),
    Broken(DELIVERY, "an event's time is a number", saying(lambda event: event.update(time=1736422686))),
    Broken(DELIVERY, "an event has another id when it is tried again", saying(renumbered, when=is_again)),
    Broken(DELIVERY, "a 5xx is not retried", taking(has_failed, Outcome(status=400))),
    Broken(DELIVERY, "a 4xx is retried", taking(lambda one: one.status == 410, Outcome(status=503))),
    Broken(DELIVERY, "a 2xx is retried", taking(lambda one: one.status == 204, Outcome(status=503))),
    Broken(DELIVERY, "there are two retries", retrying(3_000, 7_500)),
    Broken(DELIVERY, "there are four retries", retrying(3_000, 7_500, 14_250, 24_375)),
    Broken(DELIVERY, "nothing is delivered", dropping(lambda _: True)),
    Broken(
        NONE,
        "what is not answered is not retried",
        taking(lambda one: one.status is None, Outcome(error="nothing", is_final=True)),
    ),
    Broken(NONE, "a redirect is retried", taking(lambda one: one.status == 302, Outcome(status=503))),
    Broken("AROUND-DELIVERY-RETRY", "each pause begins with the last failure", retrying(3_000, 10_500, 24_750)),
    Broken("AROUND-DELIVERY-RETRY", "the first retry comes after a second", retrying(1_000, 7_500, 14_250)),
    Broken("AROUND-DELIVERY-ORDER", "the second event comes before the first", TheSecondFirst),
    Broken("AROUND-DELIVERY-ORDER", "what is tried again holds up the rest", HeldUp),
    Broken("AROUND-DELIVERY-METHOD", "a delivery by GET has no body", sending(without_body_by_get)),
    Broken(
        "AROUND-DELIVERY-METHOD",
        "a delivery by GET has no headers of the subscription",
        sending(lambda sent: without_headers(sent, by=["GET"])),
    ),
    Broken("AROUND-WEBHOOKS", "every delivery is by POST", sending(by_post)),
    Broken("AROUND-WEBHOOKS", "a subscription's headers are not delivered", sending(without_headers)),
    Broken("CREATE-EVENT", "a new space is told twice", twice(CREATED)),
    Broken("CREATE-EVENT", "a new space is not told", dropping(of(CREATED))),
    Broken("TRANSFER-EVENT", "a new owner is not told", dropping(of(ADDED))),
    Broken(
        "AROUND-EVENT-TYPES",
        "an invitee has no shareActorId",
        invitee(lambda data: data["invitee"].pop("shareActorId")),
    ),
    Broken(
        "AROUND-EVENT-TYPES",
        "an invitee is somebody else",
        invitee(lambda data: data["invitee"].update(data["inviter"])),
    ),
    Broken("AROUND-EVENT-TYPES", "a space has no name", invitee(lambda data: data["sharedSpace"].pop("name"))),
    Broken("ITEMS-EVENT", "added content is not told", dropping(of(CONTENT))),
    Broken("ITEMS-EVENT", "items beyond the first thousand are not told", dropping(is_a_rest)),
    Broken(
        "ITEMS-EVENT",
        "added content is told without who added it",
        saying(lambda event: event["data"].pop("initiator"), when=of(CONTENT)),
    ),
    Broken("ITEMS-WHO", "an event has a participant beside the initiator", saying(as_participant, when=of(CONTENT))),
    Broken("ITEMS-WHO", "an integration is told as somebody", initiated(lambda one: one.update(type="USER"))),
    Broken(
        "ITEMS-WHO",
        "whoever acts is told as an integration of nobody's",
        initiated(lambda one: one.update(type="APP", userId="7")),
    ),
    Broken(
        "ROLE-KINDS",
        "whoever acts is told as an integration",
        initiated(lambda one: one.update(type="APP", userId="7")),
    ),
    Broken("SHARE-EVENTS", "a new Share is not told", dropping(of(SHARED))),
    Broken("SHARE-EVENTS", "a new Share is told twice", twice(SHARED)),
    Broken("SHARE-EVENTS", "a view of a Share is not told", dropping(of(VIEWED))),
    Broken("SHARE-EVENTS", "a Share that is passed on is told as a view", saying(as_a_view, when=of(RESHARED))),
    Broken("SHARE-TRACK", "a view does not say on which platform", saying(nowhere, when=of(VIEWED))),
    Broken("SHARE-TRACK", "the untracked address is tracked", Tracked),
    Broken("SHARE-TRACK", "the anonymous address says whose", asking("GET", ANONYMOUS, as_dynamic)),
)
