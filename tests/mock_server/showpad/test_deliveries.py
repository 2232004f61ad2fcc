"""Deliveries of webhooks: what is sent, how often, in which order, what comes of each receiver (AROUND-DELIVERY)."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from showpad_mock import MockShowpad, MockTenant
from showpad_mock.app import App, AppOptions
from showpad_mock.core.clock import iso
from showpad_mock.testing.server import MockServer
from showpad_mock.webhooks import queue, verify
from showpad_mock.webhooks.service import DeliveryOptions

from ...harness.api import Api, in_process, over_http
from ...harness.receiver import CLOSE, CUT, DRIP, ENDLESS, FRAMES, GARBAGE, HANG, INTERIM, REDIRECT, Received, Receiver

CREATED, ADDED = "shared-space-created", "shared-space-content-added-v2"
START = "2026-03-10T15:43:25.000Z"
SECONDS = 0.3


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer[MockTenant]]:
    """A server that waits for receivers for a moment only."""
    with MockServer(App(AppOptions(deliveries=DeliveryOptions(seconds=SECONDS))), MockTenant) as server:
        yield server


@pytest.fixture
def tenant(server: MockServer[MockTenant]) -> Iterator[MockTenant]:
    with server.tenant() as tenant:
        tenant.freeze(START)
        yield tenant


@pytest.fixture
def api(tenant: MockTenant, http_client: httpx2.Client) -> Api:
    return over_http(tenant, http_client)


@pytest.fixture
def patient(http_client: httpx2.Client) -> Iterator[Api]:
    """A tenant of a server that waits for receivers as long as any server does."""
    with MockShowpad() as server, server.tenant() as tenant:
        tenant.freeze(START)
        yield over_http(tenant, http_client)


def control(api: Api, method: str, path: str, **options: Any) -> Any:
    url = f"{api.tenant.origin}/__admin/tenants/{api.tenant.name}{path}"
    answer = httpx2.request(method, url, trust_env=False, **options)
    assert answer.status_code < 300, answer.text
    return answer.json()


def subscribe(api: Api, url: str, *types: str, **more: Any) -> dict[str, Any]:
    body = {"name": "CRM", "url": url, "types": list(types) or [CREATED], **more}
    answer = httpx2.post(
        f"{api.tenant.origin}/webhooks/v1/subscriptions", json=body, headers=api.tenant.headers(), trust_env=False
    )
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def told(api: Api, **params: Any) -> list[dict[str, Any]]:
    attempts: list[dict[str, Any]] = control(api, "GET", "/webhooks/attempts", params=params)["attempts"]
    return attempts


def outcomes(api: Api) -> list[tuple[int | None, str, str]]:
    return [(one["status"], one["state"], one["time"]) for one in told(api)]


def is_signed(one: Received, key: str, now: float | None = None) -> bool:
    signature, at = one.headers["x-showpad-signature-v1"], one.headers["x-showpad-signature-timestamp"]
    return verify(one.body, signature=signature, timestamp=at, key=key, now=now)


@pytest.mark.rule("AROUND-DELIVERY", "AROUND-EVENT-TYPES")
def test_an_event_is_delivered_as_it_is_recorded_and_signed_in_real_time(api: Api) -> None:
    with Receiver(204) as receiver:
        key = subscribe(api, receiver.url, headers=[{"name": "X-Tenant", "value": "acme"}])["signatureKey"]
        space = api.create_space()
        assert api.tenant.deliver() == 0
    (one,) = receiver.received
    (event,) = api.tenant.events
    assert json.loads(one.body) == event
    assert (event["data"]["sharedSpace"]["id"], event["time"]) == (space["id"], START)
    assert (one.method, one.path, one.headers["x-tenant"]) == ("POST", "/hook?from=mock", "acme")
    assert one.headers["content-type"] == "application/json"
    assert is_signed(one, key, time.time())
    assert outcomes(api) == [(204, "DELIVERED", START)]


@pytest.mark.rule("AROUND-DELIVERY-METHOD")
def test_a_delivery_by_get_bears_the_same(api: Api) -> None:
    with Receiver() as receiver:
        key = subscribe(api, receiver.url, method="GET")["signatureKey"]
        api.create_space()
        api.tenant.deliver()
    (one,) = receiver.received
    assert (one.method, json.loads(one.body)) == ("GET", api.tenant.events[0])
    assert is_signed(one, key)


@pytest.mark.rule("AROUND-DELIVERY", "AROUND-DELIVERY-RETRY")
def test_a_5xx_is_retried_three_times_by_the_tenants_clock_and_then_exhausted(api: Api) -> None:
    with Receiver(500, 502, 503, 500) as receiver:
        key = subscribe(api, receiver.url)["signatureKey"]
        api.create_space()
        assert api.tenant.deliver() == 1
        assert api.tenant.advance(2.999) == 1
        assert len(receiver.received) == 1
        assert api.tenant.advance(0.001) == 1
        assert len(receiver.received) == 2
        assert api.tenant.advance(3600) == 0
    assert outcomes(api) == [
        (500, "PENDING", "2026-03-10T15:43:25.000Z"),
        (502, "PENDING", "2026-03-10T15:43:28.000Z"),
        (503, "PENDING", "2026-03-10T15:43:32.500Z"),
        (500, "EXHAUSTED", "2026-03-10T15:43:39.250Z"),
    ]
    assert len({one.body for one in receiver.received}) == 1
    assert all(is_signed(one, key) for one in receiver.received)
    assert control(api, "GET", "")["now"] == "2026-03-10T16:43:28.000Z"


@pytest.mark.rule("AROUND-DELIVERY")
def test_a_retry_that_is_taken_ends_it(api: Api) -> None:
    with Receiver(500, 200) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        api.tenant.deliver()
        assert api.tenant.advance(60) == 0
    assert [state for _, state, _ in outcomes(api)] == ["PENDING", "DELIVERED"]


@pytest.mark.rule("AROUND-DELIVERY")
@pytest.mark.parametrize("status", [400, 404, 410, 429])
def test_a_4xx_fails_it(api: Api, status: int) -> None:
    with Receiver(status) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        assert api.tenant.deliver() == 0
        api.tenant.advance(60)
    assert outcomes(api) == [(status, "FAILED", START)]
    assert len(receiver.received) == 1


@pytest.mark.rule("AROUND-DELIVERY-NONE")
@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (HANG, "no answer within 0.3 seconds"),
        (DRIP, "no answer within 0.3 seconds"),
        (INTERIM, "no answer within 65536 bytes"),
        (CLOSE, "ended too early"),
        (CUT, "too early"),
        (GARBAGE, "no HTTP"),
    ],
)
def test_no_answer_is_retried(api: Api, bad: str, why: str) -> None:
    with Receiver(bad, 200) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        assert api.tenant.deliver() == 1
        assert api.tenant.advance(3) == 0
    first, second = told(api)
    assert why in first["error"]
    assert (first["state"], second["state"]) == ("PENDING", "DELIVERED")


@pytest.mark.rule("AROUND-DELIVERY-NONE")
def test_a_refused_connection_is_retried_without_any_receiver(api: Api) -> None:
    with Receiver() as receiver:
        url = receiver.url
    subscribe(api, url)
    api.create_space()
    (attempt,) = told(api, wait=30)
    assert (attempt["status"], attempt["state"]) == (None, "PENDING")
    assert "cannot be reached" in attempt["error"]
    assert attempt["event"] == api.tenant.events[0]
    assert attempt["nextAttemptAt"] == "2026-03-10T15:43:28.000Z"


@pytest.mark.rule("AROUND-DELIVERY-NONE")
def test_a_redirect_is_not_followed(api: Api) -> None:
    with Receiver(REDIRECT, 200) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        api.tenant.advance(60)
    assert outcomes(api) == [(302, "FAILED", START)]
    assert len(receiver.received) == 1


@pytest.mark.rule("AROUND-DELIVERY")
@pytest.mark.parametrize("without_end", [ENDLESS, FRAMES])
def test_an_answer_without_end_counts_by_its_status(api: Api, without_end: str) -> None:
    with Receiver(without_end) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        api.tenant.deliver()
    (attempt,) = told(api)
    assert (attempt["status"], attempt["state"]) == (200, "DELIVERED")
    assert len(attempt["answer"]) == 1000 if without_end == ENDLESS else 0 < len(attempt["answer"]) < 20


@pytest.mark.rule("AROUND-DELIVERY")
def test_each_attempt_is_signed_anew_by_the_real_time(
    api: Api, server: MockServer[MockTenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, later = 1_700_000_000, 1_700_000_600
    with Receiver(500, 200) as receiver:
        key = subscribe(api, receiver.url)["signatureKey"]
        monkeypatch.setattr(server.app.deliveries, "clock", lambda: begun * 1000)
        api.create_space()
        api.tenant.deliver()
        monkeypatch.setattr(server.app.deliveries, "clock", lambda: later * 1000)
        api.tenant.advance(3)
    first, second = receiver.received
    assert (is_signed(first, key, begun), is_signed(first, key, later), is_signed(second, key, later)) == (
        True,
        False,
        True,
    )


@pytest.mark.rule("AROUND-WEBHOOKS")
def test_custom_headers_go_along_and_may_name_another_user_agent(api: Api) -> None:
    headers = [{"name": "user-agent", "value": "Showpad"}, {"name": "X-Tenant", "value": "acme"}]
    with Receiver() as receiver:
        subscribe(api, receiver.url, headers=headers)
        api.create_space()
        api.tenant.deliver()
    (one,) = receiver.received
    assert (one.headers["user-agent"], one.headers["x-tenant"]) == ("Showpad", "acme")


@pytest.mark.rule("AROUND-DELIVERY")
def test_while_a_key_is_rotated_both_sign(api: Api) -> None:
    with Receiver() as receiver:
        subscription = subscribe(api, receiver.url)
        keys = f"/webhooks/subscriptions/{subscription['id']}/keys"
        new = control(api, "POST", keys)["signatureKey"]
        api.create_space()
        api.tenant.deliver()
        httpx2.delete(f"{api.tenant.origin}/__admin/tenants/{api.tenant.name}{keys}", trust_env=False)
        api.create_space()
        api.tenant.deliver()
    during, after = receiver.received
    assert [is_signed(during, key) for key in (subscription["signatureKey"], new)] == [True, True]
    assert [is_signed(after, key) for key in (subscription["signatureKey"], new)] == [False, True]


@pytest.mark.rule("AROUND-DELIVERY-ORDER")
def test_first_attempts_keep_their_order_and_a_retry_holds_up_nothing(api: Api) -> None:
    with Receiver(500, 200) as receiver:
        subscribe(api, receiver.url)
        spaces = [api.create_space(title=f"{number}")["id"] for number in range(10)]
        assert api.tenant.deliver() == 1
        assert sent(receiver) == spaces
        assert api.tenant.advance(3) == 0
    assert sent(receiver)[10:] == spaces[:1]


def sent(receiver: Receiver) -> list[str]:
    return [json.loads(one.body)["data"]["sharedSpace"]["id"] for one in receiver.received]


@pytest.mark.rule("AROUND-DELIVERY-ORDER")
def test_a_slow_receiver_slows_neither_the_api_nor_another_subscription(api: Api) -> None:
    with Receiver(HANG) as slow, Receiver() as quick:
        subscribe(api, slow.url)
        subscribe(api, quick.url)
        for _ in range(5):
            api.create_space()
        while len(quick.received) < 5:
            told(api, since=len(quick.received), wait=5)
        assert len(slow.received) <= 1


@pytest.mark.rule("ITEMS-EVENT", "AROUND-DELIVERY-ORDER")
def test_ten_thousand_items_are_ten_deliveries_in_order_none_twice_and_none_lost(api: Api) -> None:
    with Receiver() as receiver:
        key = subscribe(api, receiver.url, ADDED)["signatureKey"]
        items = [{"type": "asset", "assetId": api.tenant.asset_id("brochure")}] * 10_000
        space = api.create_space()["id"]
        assert api.post(f"/shared-spaces/{space}/items", {"items": items}).status_code == 201
        assert api.tenant.deliver() == 0
    told = [json.loads(one.body)["data"]["items"] for one in receiver.received]
    assert [len(some) for some in told] == [1000] * 10
    assert [item["id"] for some in told for item in some] == [one["id"] for one in api.tenant.items(space)]
    assert all(is_signed(one, key) for one in receiver.received)


@pytest.mark.rule("AROUND-EVENT-TYPES", "TRANSFER-EVENT")
def test_only_what_was_subscribed_to_is_delivered(api: Api) -> None:
    with Receiver() as receiver:
        subscribe(api, receiver.url, "shared-space-user-added", "link-share-created")
        space = api.create_space(owner="seller")
        to = api.tenant.user_id("partner")
        api.post(f"/shared-spaces/{space['id']}/transfer-ownership", {"userId": to})
        api.post("/shares", {"title": "t", "origin": "o", "assets": [{"id": api.tenant.asset_id("brochure")}]})
        api.tenant.deliver()
    types = [json.loads(one.body)["type"] for one in receiver.received]
    assert types == ["shared-space-user-added", "link-share-created"]
    invitee = json.loads(receiver.received[0].body)["data"]["invitee"]
    assert (invitee["userId"], set(invitee)) == (to, {"userId", "shareActorId", "email"})


def test_a_clock_that_runs_is_advanced_through_all_retries(api: Api) -> None:
    api.tenant.shift(3600)
    with Receiver(500) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        assert api.tenant.deliver() == 1
        assert api.tenant.advance(30) == 0
    assert [state for _, state, _ in outcomes(api)] == ["PENDING"] * 3 + ["EXHAUSTED"]
    times = [time for _, _, time in outcomes(api)]
    assert times == sorted(times)
    assert control(api, "GET", "")["clock"] == {"offsetSeconds": 3630}


@pytest.mark.parametrize(
    "options",
    [DeliveryOptions(seconds=SECONDS, connections=1), DeliveryOptions(seconds=SECONDS, retries=1)],
    ids=["connections", "retries"],
)
def test_with_little_room_one_after_the_other_is_delivered(
    options: DeliveryOptions, http_client: httpx2.Client
) -> None:
    with MockServer(App(AppOptions(deliveries=options)), MockTenant) as server, server.tenant() as tenant:
        api = over_http(tenant, http_client)
        tenant.freeze(START)
        with Receiver(*[500] * 6, 200) as receiver:
            for _ in range(2):
                subscribe(api, receiver.url)
            for _ in range(3):
                api.create_space()
            assert tenant.deliver() == 6
            assert tenant.advance(3) == 0
    assert len(receiver.received) == 12


def test_a_secret_in_an_address_is_shown_by_no_list_of_the_control_api(api: Api) -> None:
    with Receiver() as receiver:
        subscribe(api, f"{receiver.url}&token=hunter2")
        api.create_space()
        api.tenant.deliver()
    shown = json.dumps([told(api), control(api, "GET", "/webhooks/subscriptions")])
    assert "hunter2" not in shown + "".join(map(repr, api.tenant.exchanges))
    assert receiver.received[0].path.endswith("token=hunter2")


def test_what_is_pending_for_a_deleted_subscription_is_not_sent(api: Api) -> None:
    with Receiver(500) as receiver:
        subscription = subscribe(api, receiver.url)
        api.create_space()
        api.tenant.deliver()
        path = f"{api.tenant.origin}/webhooks/v1/subscriptions/{subscription['id']}"
        httpx2.delete(path, headers=api.tenant.headers(), trust_env=False)
        assert api.tenant.advance(60) == 0
    assert len(receiver.received) == 1


def test_one_delivery_or_all_since_a_time_are_made_again_with_their_ids(api: Api) -> None:
    with Receiver(400, 200) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        api.tenant.advance(60)
        api.create_space()
        api.tenant.deliver()
        (failed,) = control(api, "GET", "/webhooks/deliveries", params={"state": "FAILED"})["deliveries"]
        control(api, "POST", f"/webhooks/deliveries/{failed['id']}/redeliver")
        assert control(api, "POST", "/webhooks/deliver") == {"pending": []}
        since = {"since": "2026-03-10T15:44:00.000Z"}
        assert control(api, "POST", "/webhooks/replay", json=since) == {"deliveries": 1}
        api.tenant.deliver()
    first, second, again, replayed = [json.loads(one.body)["id"] for one in receiver.received]
    assert (again, replayed) == (first, second)
    assert first != second


def test_what_is_asked_for_again_while_it_is_under_way_is_made_after_that(patient: Api) -> None:
    with Receiver(CUT, 200) as receiver:
        subscribe(patient, receiver.url)
        receiver.answer_after_let_go()
        patient.create_space()
        receiver.wait(1)
        (pending,) = control(patient, "GET", "/webhooks/deliveries")["deliveries"]
        control(patient, "POST", f"/webhooks/deliveries/{pending['id']}/redeliver")
        receiver.let_go.set()
        assert patient.tenant.deliver() == 0
    assert [(one["attempt"], one["state"]) for one in told(patient)] == [(1, "PENDING"), (2, "DELIVERED")]


def test_an_attempt_for_a_tenant_that_was_reset_is_none_of_the_next_one(http_client: httpx2.Client) -> None:
    with MockShowpad() as server, server.tenant() as tenant, Receiver(500, 200) as receiver:
        api, ids = over_http(tenant, http_client), []
        receiver.answer_after_let_go()
        for _ in range(2):
            tenant.reset()
            tenant.freeze(START)
            subscribe(api, receiver.url)
            api.create_space()
            receiver.wait(1)
            ids += [one["id"] for one in control(api, "GET", "/webhooks/deliveries")["deliveries"]]
        receiver.let_go.set()
        assert tenant.deliver() == 0
        assert [(one["number"], one["attempt"], one["state"]) for one in told(api)] == [(1, 1, "DELIVERED")]
    assert ids[0] == ids[1]


def test_a_replay_goes_in_portions_and_makes_nothing_twice(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "REPLAYED_AT_ONCE", 2)
    with Receiver(200) as receiver:
        subscribe(api, receiver.url)
        spaces = [api.create_space()["id"] for _ in range(5)]
        api.tenant.deliver()
        assert control(api, "POST", "/webhooks/replay", json={"since": START}) == {"deliveries": 5}
        api.tenant.deliver()
        assert control(api, "POST", "/webhooks/replay", json={"since": "2027-01-01T00:00:00Z"}) == {"deliveries": 0}
    assert sent(receiver) == spaces * 2


def test_a_portion_of_a_replay_changes_so_many_deliveries_and_no_later_ones(
    api: Api, server: MockServer[MockTenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "REPLAYED_AT_ONCE", 2)
    with Receiver(400) as receiver:
        subscribe(api, receiver.url)
        for _ in range(3):
            api.create_space()
        api.tenant.deliver()
        with server.app.tenants.transaction(api.tenant.name) as unit:
            first = queue.replay(unit, 0)
        api.create_space()
        with server.app.tenants.transaction(api.tenant.name) as unit:
            rest = queue.replay(unit, 0, first.rest)
    assert (first.number, rest) == (2, queue.Replayed(1, None))


def test_beyond_the_cap_the_oldest_make_room_and_pending_ones_are_counted(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "DELIVERIES_CAP", 3)
    monkeypatch.setattr(queue, "ATTEMPTS_CAP", 2)
    with Receiver(503, 200) as receiver:
        subscribe(api, receiver.url)
        for _ in range(5):
            api.create_space()
            api.tenant.deliver()
    shown = control(api, "GET", "/webhooks/deliveries")
    states = [one["state"] for one in shown["deliveries"]]
    assert (states, shown["dropped"]) == (["PENDING", "DELIVERED", "DELIVERED"], 0)
    assert [one["number"] for one in told(api)] == [4, 5]
    held = json.loads(api.tenant.take())["tenant"]["records"]
    assert len(held["webhookevents"]) == 3
    assert held["webhookqueue"][0]["size"] == sum(len(one["body"]) for one in held["webhookevents"])


def test_bodies_beyond_the_cap_make_room_but_for_the_last(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "BYTES_CAP", 10)
    with Receiver(503) as receiver:
        subscribe(api, receiver.url)
        for _ in range(3):
            api.create_space()
            api.tenant.deliver()
    shown = control(api, "GET", "/webhooks/deliveries")
    assert (len(shown["deliveries"]), shown["dropped"]) == (1, 2)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/advance", {"seconds": -1}, 400),
        ("POST", "/advance", {"seconds": 31_556_952_001}, 400),
        ("POST", "/advance", {"seconds": 31_556_952_000_000}, 400),
        ("POST", "/advance", {"seconds": 300_000_000_000}, 400),
        ("POST", "/advance", {}, 400),
        ("POST", "/webhooks/replay", {"since": "yesterday"}, 400),
        ("POST", "/webhooks/deliveries/none/redeliver", None, 404),
        ("GET", "/webhooks/attempts?wait=61", None, 400),
        ("GET", "/webhooks/deliveries?state=LOST", None, 400),
    ],
)
def test_what_cannot_be_done_is_refused(api: Api, method: str, path: str, body: Any, status: int) -> None:
    url = f"{api.tenant.origin}/__admin/tenants/{api.tenant.name}{path}"
    refused = httpx2.request(method, url, json=body, trust_env=False)
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")


def test_a_server_takes_over_from_calls_within_the_process(runner: asyncio.Runner) -> None:
    with MockShowpad() as server, server.tenant() as tenant, Receiver(500, 200) as receiver:
        tenant.freeze(START)
        hooks = in_process(tenant, server.app, runner, "")
        body = {"name": "CRM", "url": receiver.url, "types": [CREATED]}
        assert hooks.post("/webhooks/v1/subscriptions", body).status_code == 201
        in_process(tenant, server.app, runner).create_space()
        path = f"/__admin/tenants/{tenant.name}/webhooks/deliver"
        assert len(hooks.post(path, headers={"Host": "127.0.0.1"}).json()["pending"]) == 1
        assert tenant.advance(3) == 0
    assert len(receiver.received) == 2


def test_a_clock_without_webhooks_advances_without_a_server() -> None:
    with MockShowpad() as server, server.tenant() as tenant:
        tenant.freeze(START)
        assert tenant.advance(0.5) == 0
        with server.app.tenants.transaction(tenant.name) as unit:
            assert iso(unit.now) == "2026-03-10T15:43:25.500Z"
        tenant.shift(10)
        tenant.advance(20)
        with server.app.tenants.transaction(tenant.name) as unit:
            assert unit.tenant.clock.offset_seconds == 30
        assert server._listener is None
        with pytest.raises(ValueError, match="at least 0"):
            tenant.advance(-1)


def test_advancing_waits_for_slow_receivers_so_long_and_tells_what_is_pending(api: Api) -> None:
    with Receiver(HANG) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        advanced = control(api, "POST", "/advance", json={"seconds": 1, "wait": 0})
    assert (advanced["now"], [one["state"] for one in advanced["pending"]]) == ("2026-03-10T15:43:26.000Z", ["PENDING"])


@pytest.mark.parametrize("runs", [False, True])
def test_who_advances_a_clock_at_the_same_time_advances_it_by_both(api: Api, *, runs: bool) -> None:
    if runs:
        api.tenant.shift(60)
    with Receiver(HANG) as receiver, ThreadPoolExecutor() as threads:
        subscribe(api, receiver.url)
        api.create_space()
        receiver.wait(1)
        asked = [{"seconds": 3600, "wait": 0.2}, {"seconds": 1800, "wait": 0.1}]
        assert len(list(threads.map(lambda body: control(api, "POST", "/advance", json=body), asked))) == 2
    clock = control(api, "GET", "")["clock"]
    assert clock == ({"offsetSeconds": 5460} if runs else {"frozen": "2026-03-10T17:13:25.000Z"})


def test_a_snapshot_in_the_middle_of_retries_goes_on_elsewhere(api: Api, server: MockServer[MockTenant]) -> None:
    with Receiver(500, 500, 200) as receiver:
        subscribe(api, receiver.url)
        api.create_space()
        api.tenant.deliver()
        snapshot = api.tenant.take()
        api.tenant.reset()
        with server.tenant() as elsewhere:
            elsewhere.put(snapshot)
            assert elsewhere.advance(60) == 0
            assert outcomes(Api(elsewhere, "", api._send))[-1] == (200, "DELIVERED", "2026-03-10T15:43:32.500Z")
    assert len({json.loads(one.body)["id"] for one in receiver.received}) == 1


def test_a_snapshot_with_one_in_hand_and_one_to_be_tried_again_goes_on_at_another_server(
    http_client: httpx2.Client,
) -> None:
    with MockShowpad() as server, server.tenant() as tenant, Receiver(500, HANG, 200) as receiver:
        api = over_http(tenant, http_client)
        tenant.freeze(START)
        subscribe(api, receiver.url)
        for count in (1, 2):
            api.create_space()
            receiver.wait(count)
        with MockShowpad() as elsewhere, elsewhere.tenant() as copy:
            copy.put(tenant.take())
            assert copy.advance(3) == 0
            ids = [json.loads(one.body)["id"] for one in receiver.received]
            assert ids == [ids[0], ids[1], ids[1], ids[0]]
            assert [one["state"] for one in told(Api(copy, "", api._send))] == ["PENDING", "DELIVERED", "DELIVERED"]


@pytest.mark.rule("AROUND-WEBHOOKS-LOGS", "AROUND-WEBHOOKS-LIST")
def test_the_logs_of_a_subscription_tell_what_was_sent_newest_first(api: Api) -> None:
    secret = {"name": "Authorization", "value": "hunter2"}
    with Receiver(500, 200) as receiver:
        subscription = subscribe(api, receiver.url, headers=[secret])
        api.create_space()
        api.tenant.deliver()
        api.tenant.advance(3)
    path = f"{api.tenant.origin}/webhooks/v1/subscriptions/{subscription['id']}/logs"
    logs = httpx2.get(path, headers=api.tenant.headers(), trust_env=False)
    last, first = logs.json()["items"]
    assert [(one["attempt"], one["status"], one["response"]["status"]) for one in (last, first)] == [
        (2, "DELIVERED", 200),
        (1, "PENDING", 500),
    ]
    assert first["nextAttemptAt"] == "2026-03-10T15:43:28.000Z"
    assert receiver.received[0].headers["authorization"] == "hunter2"
    assert "hunter2" not in logs.text + json.dumps(told(api))


def test_all_that_is_pending_for_a_deleted_subscription_is_forgotten(api: Api) -> None:
    with Receiver(HANG) as receiver:
        subscription = subscribe(api, receiver.url)
        for _ in range(5):
            api.create_space()
        path = f"{api.tenant.origin}/webhooks/v1/subscriptions/{subscription['id']}"
        httpx2.delete(path, headers=api.tenant.headers(), trust_env=False)
        assert api.tenant.deliver() == 0
    assert control(api, "GET", "/webhooks/deliveries", params={"state": "PENDING"})["deliveries"] == []


def test_no_delivery_reaches_the_control_api_of_any_mock(api: Api) -> None:
    subscribe(api, f"{api.tenant.origin}/__admin/tenants", method="GET")
    subscribe(api, f"{api.tenant.origin}/__admin/tenants/{api.tenant.name}/reset")
    space = api.create_space()
    api.tenant.deliver()
    assert [(one["status"], one["state"]) for one in told(api)] == [(403, "FAILED")] * 2
    assert api.get(f"/shared-spaces/{space['id']}").status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_delivery_sets_off_the_next(api: Api, method: str) -> None:
    asset = {"id": api.tenant.asset_id("brochure")}
    share = {"title": "&email=kim@example.org", "origin": "test", "assets": [asset]}
    page = api.tenant.local_link(api.post("/shares", share).json()["dynamicUrl"])
    url = page if method == "GET" else f"{page}/reshare"
    subscribe(api, url, "link-share-viewed", "link-share-reshared", method=method)
    httpx2.get(page, trust_env=False)
    api.tenant.deliver()
    assert [(one["status"], one["state"]) for one in told(api)] == [(403, "FAILED")]
    assert [one["type"] for one in api.tenant.events] == ["link-share-created", "link-share-viewed"]


def test_no_delivery_passes_for_another_request(api: Api) -> None:
    headers = [{"name": "X-Mock-Delivery", "value": ""}]
    body = {"name": "CRM", "url": "http://127.0.0.1:1/", "types": [CREATED], "headers": headers}
    answer = httpx2.post(
        f"{api.tenant.origin}/webhooks/v1/subscriptions", json=body, headers=api.tenant.headers(), trust_env=False
    )
    assert answer.status_code == 400
