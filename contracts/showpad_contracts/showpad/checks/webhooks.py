"""Subscriptions to webhooks: made, shown, listed, changed, deleted, and by whom (AROUND-WEBHOOKS).

None of these has anything delivered: the subscriptions lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.exchange import NOTHING, Exchange
from ...core.violation import ExtraMember, StateChanged, WrongStatus
from ...transport.redaction import REDACTED
from ...transport.session import Caller
from ..assertions import refused_somehow, strangers
from ..cleanup import SUBSCRIPTIONS
from ..client import SIGNATURE_KEY, Client
from ..lists import ids, in_order, instant, lacks, list_of, only
from ..strategies.webhooks import FAULTS, NO_PAGES, SOUND
from ..webhooks import (
    ADDED,
    NOWHERE,
    SHARED,
    SUBSCRIPTION,
    key_of,
    new_subscription,
    shown_nowhere,
    subscription,
    succeeded,
)

NO_SUBSCRIPTION = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
"""An id of the form that subscriptions have, and that none has."""
CHANGES: Mapping[str, Any] = {
    "name": "changed",
    "url": f"{NOWHERE}/changed?for=check",
    "types": [SHARED, ADDED],
    "method": "GET",
    "headers": [{"name": "X-Changed", "value": "yes"}],
}
"""What a change of each member sends; the name bears a mark of the run's."""
HIDDEN = ("Authorization", "X-Api-Key", "X-Webhook-Secret", "X-Auth-Token")
"""Headers whose names say that they are secrets."""


def listed(client: Client, subscription_id: str) -> list[dict[str, Any]]:
    """Return what the list has under an id; lists of more than a page are beyond what a tenant has."""
    return [
        one for one in list_of(client.admin, client.subscriptions(), limit=1000) if one.get("id") == subscription_id
    ]


def _removed(client: Client, subscription_id: str) -> None:
    exchange = client.unsubscribe(subscription_id)
    if exchange.status not in (200, 204):
        raise WrongStatus(f"status of {exchange.name}", expected="200 or 204", received=exchange.status)


def _without_key(exchange: Exchange) -> None:
    """Require that nothing of the key is shown, by whichever name and in whichever spelling."""
    answer = succeeded(exchange)
    # What an answer tells of a key that the session knows it has not kept.
    if SIGNATURE_KEY in answer or REDACTED in exchange.text:
        raise ExtraMember(f"{SIGNATURE_KEY} in {exchange.name}", expected="no key", received="it is shown")


@check("AROUND-WEBHOOKS", writes=True)
def a_subscription_is_made_shown_listed_and_deleted(client: Client) -> None:
    """AROUND-WEBHOOKS: it is what was sent, and gone when it is deleted."""
    fields = {"types": [ADDED, SHARED], "method": "GET", "headers": [{"name": "X-Check", "value": "yes"}]}
    address, exchange = subscription(client, **fields)
    made = expect.json_object(exchange)
    shown = succeeded(client.admin.get(address))
    inlist = only(listed(client, made["id"]), made["id"], "the subscription in the list")
    for place, one in (("answered", made), ("read", shown), ("listed", inlist)):
        for name, value in {**exchange.sent, **fields}.items():
            expect.equal(expect.member(one, name, of="the subscription"), value, f"{name} of it as {place}")
    _removed(client, made["id"])
    refused_somehow(client.admin.get(address))
    lacks(ids(listed(client, made["id"])), made["id"], "the list after the deletion")


@check("AROUND-WEBHOOKS", writes=True)
def the_signature_key_is_shown_once(client: Client) -> None:
    """AROUND-WEBHOOKS: when the subscription is made, each with its own, and never again."""
    address, exchange = subscription(client)
    _, other = subscription(client)
    keys = {key_of(client, one) for one in (exchange, other)}
    expect.equal(len(keys), 2, "the keys of two subscriptions")
    changed = client.admin.post(address, {"method": "GET"})
    for again in (changed, client.admin.get(address), client.admin.get(client.subscriptions())):
        _without_key(again)


@check("AROUND-WEBHOOKS-BODY", writes=True, always={"change": SOUND})
def a_sound_subscription_is_accepted(client: Client, change: Mapping[str, Any]) -> None:
    """AROUND-WEBHOOKS-BODY: at every limit, and told as it was sent."""
    mark = client.session.fresh_mark()
    change = {name: value.replace("{}", mark) if isinstance(value, str) else value for name, value in change.items()}
    _, exchange = subscription(client, **change)
    made = expect.json_object(exchange)
    for name, value in {"method": "POST", "headers": [], **exchange.sent}.items():
        expect.equal(expect.member(made, name, of="the subscription"), value, f"{name} of the subscription")


@check("AROUND-WEBHOOKS-BODY", writes=True, always={"name": tuple(FAULTS)})
def a_faulty_subscription_is_400(client: Client, name: str) -> None:
    """AROUND-WEBHOOKS-BODY: refused when it is made and when it is changed, and nothing comes of it."""
    address, _ = subscription(client)
    before, known = succeeded(client.admin.get(address)), _known(client)
    for value in FAULTS[name]:
        # Where the name is what is wrong, the address bears the mark.
        fault = {name: value.replace("{}", client.session.fresh_mark()) if isinstance(value, str) else value}
        expect.refused(client.subscribe(new_subscription(client, **fault)), 400)
        if value is not None:  # what is left out of a change stays as it is
            expect.refused(client.admin.post(address, fault), 400)
    expect.equal(succeeded(client.admin.get(address)), before, "the subscription after the refused changes")
    for one in _known(client) - known:
        raise StateChanged("the subscriptions after refused creates", expected="no new one", received=one)


def _known(client: Client) -> set[str]:
    """Return the ids of the subscriptions that bear a mark of the run's: others may come and go meanwhile."""
    found = list_of(client.admin, client.subscriptions(), limit=1000)
    return {one["id"] for one in found if client.session.marks.of(one, SUBSCRIPTIONS.marked) is not None}


@check("AROUND-WEBHOOKS-BODY", writes=True, always={"body": ([], "a", 1, None, b"", b"{", b'{"name":"\xff"}')})
def what_is_no_object_is_no_subscription(client: Client, body: Any) -> None:
    """AROUND-WEBHOOKS-BODY: 400."""
    address, _ = subscription(client)
    expect.refused(client.subscribe(body), 400)
    expect.refused(client.admin.post(address, body), 400)


@check("AROUND-WEBHOOKS-SECRET", writes=True)
def a_subscription_has_its_members(client: Client) -> None:
    """AROUND-WEBHOOKS-SECRET: alone, listed, and as it is answered."""
    address, exchange = subscription(client, headers=[{"name": "X-Check", "value": "yes"}])
    made = expect.json_object(exchange)
    SUBSCRIPTION(made, "a subscription as answered")
    shown = succeeded(client.admin.get(address))
    SUBSCRIPTION(shown, "a subscription as read")
    expect.equal(
        {**made, SIGNATURE_KEY: ""}, {**shown, SIGNATURE_KEY: ""}, "a subscription as answered, but for its key"
    )
    inlist = only(listed(client, made["id"]), made["id"], "the subscription in the list")
    expect.equal(inlist, shown, "a subscription as listed")


@check("AROUND-WEBHOOKS-SECRET", writes=True, always={"name": HIDDEN})
def the_value_of_a_secret_header_is_not_shown(client: Client, name: str) -> None:
    """AROUND-WEBHOOKS-SECRET: neither by an answer nor by a list; that of another header is."""
    canary = f"canary{client.session.fresh_mark().replace('-', '')}"
    plain = {"name": "X-Check", "value": "yes"}
    address, exchange = subscription(client, headers=[{"name": name, "value": f"Bearer {canary}"}, plain])
    changed = client.admin.post(address, {"method": "GET"})
    for one in (exchange, client.admin.get(address), client.admin.get(client.subscriptions()), changed):
        succeeded(one)
        shown_nowhere(one, canary, f"the value of {name}")
    shown = expect.member(succeeded(client.admin.get(address)), "headers", of="the subscription")
    expect.equal([header["name"] for header in shown], [name, "X-Check"], "the names of its headers")
    expect.equal(shown[1], plain, "a header that is no secret")


@check("AROUND-WEBHOOKS-CHANGE", writes=True, always={"name": tuple(CHANGES)})
def a_change_changes_what_is_sent(client: Client, name: str) -> None:
    """AROUND-WEBHOOKS-CHANGE: 200 and the subscription; the rest stays, and so does another one."""
    headers = [{"name": "X-Check", "value": "yes"}]
    (address, _), (other, _) = subscription(client, headers=headers), subscription(client)
    before, beside = succeeded(client.admin.get(address)), succeeded(client.admin.get(other))
    value = f"{CHANGES[name]} {client.session.fresh_mark()}" if name == "name" else CHANGES[name]
    answered = expect.answered(client.admin.post(address, {name: value}), 200)
    shown = succeeded(client.admin.get(address))
    expect.equal(answered, shown, "the subscription as the change answers it")
    wanted = {**before, name: value, "updatedAt": shown.get("updatedAt")}
    expect.equal(shown, wanted, "the subscription after the change")
    expect.equal(succeeded(client.admin.get(other)), beside, "another subscription after the change")


@check("AROUND-WEBHOOKS-CHANGE", writes=True)
def an_empty_change_changes_nothing(client: Client) -> None:
    """AROUND-WEBHOOKS-CHANGE: what is not sent stays."""
    address, _ = subscription(client)
    before = succeeded(client.admin.get(address))
    after = expect.answered(client.admin.post(address, {}), 200)
    expect.equal({**after, "updatedAt": ""}, {**before, "updatedAt": ""}, "the subscription after an empty change")


@check("AROUND-WEBHOOKS-LIST", writes=True)
def subscriptions_are_listed_in_pages(client: Client) -> None:
    """AROUND-WEBHOOKS-LIST: the oldest first, counted, with limit and offset."""
    made = []
    for _ in range(3):
        made.append(expect.json_object(subscription(client)[1])["id"])
        instant()
    path = client.subscriptions()
    whole = expect.answered(client.admin.get(path, params={"limit": 1000}), 200)
    known = ids(whole["items"])
    in_order([known.index(one) for one in made], "the subscriptions by age")
    if len(known) < 1000:
        expect.equal(expect.member(whole, "count"), len(known), "count of the subscriptions")
    second = known.index(made[1])
    expect.equal(ids(list_of(client.admin, path, limit=1, offset=second)), [made[1]], "the page of one of them")
    expect.equal(ids(list_of(client.admin, path)), known[:50], "the page without limit and offset")


@check("AROUND-WEBHOOKS-LIST", writes=True, always={"params": NO_PAGES})
def what_is_no_page_is_400(client: Client, params: Mapping[str, Any]) -> None:
    """AROUND-WEBHOOKS-LIST: of subscriptions and of a log."""
    address, _ = subscription(client)
    expect.refused(client.admin.get(client.subscriptions(), params=params), 400)
    expect.refused(client.admin.get(f"{address}/logs", params=params), 400)


def _each(caller: Caller, address: str) -> Iterator[Exchange]:
    """Send every operation on one subscription, the deletion last."""
    for method, path, sent in (
        ("GET", "", NOTHING),
        ("POST", "", {"method": "GET"}),
        ("GET", "/logs", NOTHING),
        ("DELETE", "", NOTHING),
    ):
        yield caller.request(method, address + path, sent)


@check("AROUND-WEBHOOKS-403", writes=True)
def who_is_no_administrator_gets_403(client: Client) -> None:
    """AROUND-WEBHOOKS-403: on every operation, and nothing comes of it."""
    address, _ = subscription(client)
    before = succeeded(client.admin.get(address))
    for stranger in strangers(client, "owner", "manager", "outsider"):
        expect.refused(stranger.get(client.subscriptions()), 403)
        body = new_subscription(client)
        expect.refused(client.subscribe(body, by=stranger), 403)
        for exchange in _each(stranger, address):
            expect.refused(exchange, 403)
    expect.equal(succeeded(client.admin.get(address)), before, "the subscription after the refusals")


@check("AROUND-WEBHOOKS-404", writes=True)
def an_unknown_subscription_is_404(client: Client) -> None:
    """AROUND-WEBHOOKS-404: one that never was, and one that was deleted."""
    address, exchange = subscription(client)
    _removed(client, expect.json_object(exchange)["id"])
    for unknown in (f"{client.subscriptions()}/{NO_SUBSCRIPTION}", address):
        for asked in _each(client.admin, unknown):
            expect.refused(asked, 404)


@check("CONV-AUTH-401", writes=True)
def subscriptions_need_a_token(client: Client) -> None:
    """CONV-AUTH-401: every operation on them."""
    address, _ = subscription(client)
    for caller in (client.nobody, client.with_token("unknown-to-everybody")):
        expect.refused(caller.get(client.subscriptions()), 401)
        expect.refused(client.subscribe(new_subscription(client), by=caller), 401)
        for exchange in _each(caller, address):
            expect.refused(exchange, 401)
