"""Deliveries of webhooks: signed, tried again or not, in order, and told in logs (AROUND-DELIVERY, AROUND-WEBHOOKS)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from ...core import expect
from ...core.check import check
from ...core.violation import WrongList, WrongValue
from ...transport.receiver import Delivery
from ..client import Client
from ..control import Control
from ..webhooks import (
    ADDED,
    CREATED,
    DONE,
    FAILED,
    REFUSED,
    RETRIES,
    SIGNATURE,
    TIMESTAMP,
    Hook,
    came,
    came_again,
    entries,
    event_of,
    found_in,
    hook,
    logged,
    rules_time,
    shown_nowhere,
    signed,
)

BEYOND_SECONDS = 60.0
"""After the last retry: nothing is due any more."""
NO_HTTP = b"SSH-2.0-OpenSSH_9.2\r\n\r\n"
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
UNANSWERED = (b"", NO_HTTP, CUT)
"""No answer, one that is no HTTP, one that is cut."""
STATES = {DONE: "DELIVERED", REFUSED: "FAILED", FAILED: "PENDING"}
"""What is answered -> how the delivery stands after it."""
CLOSE_SECONDS = 0.5


def _happen(client: Client) -> str:
    """Let an event come about that is told as CREATED; return the id of what it is about."""
    return str(client.space()["id"])


def _times(to: Hook, about: str, expected: int, what: str) -> None:
    """Require that something was delivered so many times, and no more often."""
    found = to.about(about)
    if len(found) != expected:
        raise WrongList(
            f"the deliveries {what}", expected=f"{expected} about {about}", received=f"{len(found)} of them"
        )


@check("AROUND-DELIVERY", writes=True)
def an_event_is_delivered_with_its_signature(client: Client) -> None:
    """AROUND-DELIVERY: type, specversion, id, time and data, signed just now with the subscription's key."""
    to = hook(client, CREATED)
    for delivery in came(client, to, _happen(client)):
        event_of(delivery, CREATED)
        signed(delivery, to.key, f"the delivery of {CREATED}")


@check("AROUND-DELIVERY", writes=True)
def a_5xx_is_retried_and_nothing_else(client: Client) -> None:
    """AROUND-DELIVERY: with the id that it had, signed anew; a 2xx and a 4xx end it."""
    done, refused, failed = (hook(client, CREATED, answers=[answer]) for answer in (DONE, REFUSED, FAILED))
    about = _happen(client)
    for to in (done, refused, failed):
        came(client, to, about)
    _same_event(came_again(client, failed, about), failed)
    _times(done, about, 1, "answered 2xx")
    _times(refused, about, 1, "answered 4xx")


def _same_event(deliveries: Sequence[Delivery], to: Hook) -> None:
    first = event_of(deliveries[0], CREATED)
    for again in deliveries[1:]:
        expect.equal(event_of(again, CREATED)["id"], first["id"], "id of the event when it is tried again")
        expect.equal(event_of(again, CREATED), first, "the event when it is tried again")
        signed(again, to.key, f"the delivery of {CREATED} that is tried again")


@check("AROUND-DELIVERY", writes=True)
def a_retry_that_succeeds_is_the_last(client: Client) -> None:
    """AROUND-DELIVERY: and one that fails for good, too. Where the clock is the kit's, to the end."""
    done, refused = (hook(client, CREATED, answers=[FAILED, answer]) for answer in (DONE, REFUSED))
    about = _happen(client)
    for to in (done, refused):
        came(client, to, about)
    for to in (done, refused):
        came_again(client, to, about)
    _let_pass(client)
    for to in (done, refused):
        _times(to, about, 2, f"answered {FAILED} first")


def _let_pass(client: Client) -> None:
    """Let everything fall due, where the clock is the kit's; elsewhere it would be waiting for nothing."""
    if rules_time(client):
        Control(client).advance(BEYOND_SECONDS)


@check("AROUND-DELIVERY", writes=True)
def there_are_three_retries(client: Client) -> None:
    """AROUND-DELIVERY: and no fourth one; takes a clock that is the kit's."""
    Control(client)  # its skip comes first
    to = hook(client, CREATED, answers=[FAILED])
    about = _happen(client)
    came(client, to, about)
    before = 0.0
    for number, at in enumerate(RETRIES, start=2):
        came_again(client, to, about, count=number, seconds=at - before)
        before = at
    _let_pass(client)
    _times(to, about, 1 + len(RETRIES), f"always answered {FAILED}")
    _same_event(to.about(about), to)


@check("AROUND-DELIVERY-NONE", writes=True)
def what_is_not_answered_is_retried(client: Client) -> None:
    """AROUND-DELIVERY-NONE: no answer, one that is cut, one that is no HTTP."""
    hooks = [hook(client, CREATED, answers=[answer, DONE]) for answer in UNANSWERED]
    about = _happen(client)
    for to in hooks:
        came(client, to, about)
    for to in hooks:
        came_again(client, to, about)


@check("AROUND-DELIVERY-NONE", writes=True)
def a_redirect_fails_the_delivery(client: Client) -> None:
    """AROUND-DELIVERY-NONE: it is not followed, nor tried again."""
    elsewhere = client.session.receiver.inbox(client.session.fresh_mark(), [DONE])
    redirect = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    to = hook(client, CREATED, answers=[redirect.encode()])
    failed = hook(client, CREATED, answers=[FAILED, DONE])
    about = _happen(client)
    came(client, to, about)
    came_again(client, failed, about)  # by now it would have been tried again
    _times(to, about, 1, "answered by a redirect")
    expect.equal(len(elsewhere.all()), 0, "deliveries to where a redirect leads")


@check("AROUND-DELIVERY-RETRY", writes=True)
def retries_are_counted_from_the_first_failure(client: Client) -> None:
    """AROUND-DELIVERY-RETRY: as the log tells when each is due; where the clock is not the kit's, the first."""
    to = hook(client, CREATED, answers=[FAILED])
    about = _happen(client)
    event_id = event_of(came(client, to, about)[0], CREATED)["id"]
    before = _due(client, to, event_id, 1)
    for number, (pause, until) in enumerate(pairwise(RETRIES), start=2):
        if not rules_time(client):
            return
        came_again(client, to, about, count=number, seconds=pause)
        due = _due(client, to, event_id, number)
        if abs((due - before).total_seconds() - (until - pause)) > CLOSE_SECONDS:
            what, expected = f"nextAttemptAt after attempt {number}", f"{until - pause:g} seconds after {before}"
            raise WrongValue(what, expected=expected, received=str(due))
        before = due


def _due(client: Client, to: Hook, event_id: str, number: int) -> datetime:
    """Return when the attempt after this one is due."""
    with expect.needed("the log of a subscription", "AROUND-WEBHOOKS-LOGS"):
        entry = logged(client, to, event_id, number)[0]
        expect.equal(entry["attempt"], number, "attempt of the newest entry")
        expect.of_type(entry["nextAttemptAt"], str, "nextAttemptAt of what is tried again")
    due = datetime.fromisoformat(entry["nextAttemptAt"])
    pause = (due - datetime.fromisoformat(entry["time"])).total_seconds()
    if number == 1 and not RETRIES[0] <= pause < RETRIES[1]:  # how long the receiver took lies in it
        raise WrongValue("nextAttemptAt after attempt 1", expected="3 seconds after it failed", received=f"{pause:g}")
    return due


@check("AROUND-DELIVERY-ORDER", writes=True)
def first_attempts_come_in_order_and_a_retry_holds_up_nothing(client: Client) -> None:
    """AROUND-DELIVERY-ORDER: what is tried again comes beside the others."""
    to = hook(client, CREATED, answers=[FAILED, DONE])
    about = [_happen(client) for _ in range(3)]
    for one in about:
        came(client, to, one)
    for one in about:
        came_again(client, to, one)
    told = [next(place for place, one in enumerate(about) if one.encode() in each.body) for each in to.about(*about)]
    first = list(dict.fromkeys(told))
    expect.equal(first, [0, 1, 2], "the order of the first attempts")
    expect.equal(told[:3], [0, 1, 2], "the attempts until the first retry")


@check("AROUND-WEBHOOKS", writes=True, always={"method": ("POST", "GET")})
def a_delivery_comes_by_its_method_with_its_headers(client: Client, method: str) -> None:
    """AROUND-WEBHOOKS: the method and the headers that the subscription names, secrets' values among them."""
    headers = [{"name": "X-Check", "value": "a b; c=d"}, {"name": "Authorization", "value": "Bearer to-the-receiver"}]
    to = hook(client, CREATED, method=method, headers=headers)
    for delivery in came(client, to, _happen(client)):
        expect.equal(delivery.method, method, "method of the delivery")
        for header in headers:
            expect.equal(delivery.header(header["name"].lower()), header["value"], f"{header['name']} of the delivery")


@check("AROUND-DELIVERY-METHOD", writes=True)
def a_delivery_by_get_bears_the_same(client: Client) -> None:
    """AROUND-DELIVERY-METHOD: body and headers are those of one by POST."""
    headers = [{"name": "X-Check", "value": "yes"}]
    post, get = (hook(client, CREATED, method=method, headers=headers) for method in ("POST", "GET"))
    about = _happen(client)
    (by_post, *_), (by_get, *_) = (came(client, to, about) for to in (post, get))
    expect.equal(by_get.json(), by_post.json(), "the body of a delivery by GET")
    signed(by_get, get.key, "a delivery by GET")
    for name in ("content-type", "x-check"):
        expect.equal(by_get.header(name), by_post.header(name), f"{name} of a delivery by GET")
    for name in (TIMESTAMP, SIGNATURE):
        expect.of_type(by_get.header(name), str, f"{name} of a delivery by GET")


@check("AROUND-WEBHOOKS", writes=True)
def who_unsubscribes_gets_nothing_more(client: Client) -> None:
    """AROUND-WEBHOOKS: nor who never asked for this type of event."""
    stays, goes, other = (hook(client, one) for one in (CREATED, CREATED, ADDED))
    first = _happen(client)
    for to in (stays, goes):
        came(client, to, first)
    client.unsubscribe(goes.id)
    second = _happen(client)
    came(client, stays, second)
    _times(goes, second, 0, "to a subscription that was deleted")
    _times(other, first, 0, f"of {CREATED} to who subscribed to {ADDED} alone")


@check("AROUND-WEBHOOKS-CHANGE", writes=True)
def a_changed_subscription_keeps_its_key(client: Client) -> None:
    """AROUND-WEBHOOKS-CHANGE: what comes goes to the new address, signed as before."""
    to = hook(client, CREATED)
    moved = client.session.receiver.inbox(client.session.fresh_mark(), [DONE])
    expect.answered(client.admin.post(to.address, {"url": moved.url}), 200)
    now = Hook(to.id, to.address, moved, to.key)
    about = _happen(client)
    for delivery in came(client, now, about):
        signed(delivery, to.key, "a delivery after a change")
    _times(to, about, 0, "to the address before the change")


@check("AROUND-WEBHOOKS-LOGS", writes=True, always={"answer": tuple(STATES)})
def the_log_tells_how_a_delivery_stands(client: Client, answer: int) -> None:
    """AROUND-WEBHOOKS-LOGS: delivered, failed or pending, with what was sent and answered."""
    to = hook(client, CREATED, answers=[answer], method="GET")
    event = event_of(came(client, to, _happen(client))[0], CREATED)
    [entry] = logged(client, to, event["id"], 1)
    wanted = {"type": CREATED, "attempt": 1, "status": STATES[answer]}
    expect.equal({name: entry[name] for name in wanted}, wanted, "the entry of a delivery")
    asked = {"method": "GET", "url": to.inbox.url}
    expect.equal({name: entry["request"][name] for name in asked}, asked, "request of an entry")
    expect.equal((entry["response"] or {}).get("status"), answer, "status of an entry's response")
    expect.equal(entry["nextAttemptAt"] is not None, answer == FAILED, "whether another attempt is told")


@check("AROUND-WEBHOOKS-LOGS", writes=True)
def the_log_tells_what_was_not_answered(client: Client) -> None:
    """AROUND-WEBHOOKS-LOGS: its response is null, and error says what the matter is."""
    to = hook(client, CREATED, answers=[b""])
    event = event_of(came(client, to, _happen(client))[0], CREATED)
    [entry] = logged(client, to, event["id"], 1)
    expect.equal((entry["response"], entry["status"]), (None, "PENDING"), "response and status of an entry")
    expect.of_type(entry["error"], str, "error of an entry")


@check("AROUND-WEBHOOKS-LOGS", "AROUND-WEBHOOKS-LIST", writes=True)
def the_log_has_an_entry_for_each_attempt(client: Client) -> None:
    """AROUND-WEBHOOKS-LOGS: the newest first, counted, in pages; to the end where the clock is the kit's."""
    to = hook(client, CREATED, answers=[FAILED])
    about = _happen(client)
    event = event_of(came(client, to, about)[0], CREATED)
    came_again(client, to, about)
    _let_pass(client)
    states = ["EXHAUSTED", *["PENDING"] * len(RETRIES)] if rules_time(client) else ["PENDING", "PENDING"]
    found = logged(client, to, event["id"], len(states))
    expect.equal([one["attempt"] for one in found], list(range(len(states), 0, -1)), "attempts of the entries")
    expect.equal([one["status"] for one in found], states, "status of the entries")
    whole = entries(client.admin, to)
    expect.equal(entries(client.admin, to, limit=1, offset=1), whole[1:2], "the second entry of the log")


@check("AROUND-WEBHOOKS-LOGS", writes=True)
def the_log_shows_no_value_of_a_secret_header(client: Client) -> None:
    """AROUND-WEBHOOKS-LOGS: that of another header it does."""
    canary = f"canary{client.session.fresh_mark().replace('-', '')}"
    headers = [{"name": "Authorization", "value": f"Bearer {canary}"}, {"name": "X-Check", "value": "a plain one"}]
    to = hook(client, CREATED, headers=headers)
    event = event_of(came(client, to, _happen(client))[0], CREATED)
    [entry] = logged(client, to, event["id"], 1)
    shown_nowhere(client.session.trail[-1], canary, "the value of Authorization")
    if not list(found_in(entry["request"]["headers"], lambda part: part == "a plain one")):
        raise WrongValue("headers of an entry's request", expected="X-Check with its value", received="it is not there")
