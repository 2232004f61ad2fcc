"""Tenants: opened, shown, set back, deleted; their clocks and logs."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from .caller import ORIGIN, Caller, assert_refused

FROZEN = "2026-03-10T15:43:25.000Z"


def test_a_bare_server_has_opened_no_tenant(caller: Caller) -> None:
    assert caller("GET", "tenants").json() == []


def test_a_tenant_opens_under_the_name_asked_for(caller: Caller) -> None:
    answer = caller("POST", "tenants", {"name": "acme"})
    assert answer.status_code == 201
    opened = answer.json()
    assert (opened["name"], opened["origin"], opened["baseUrl"]) == ("acme", ORIGIN, f"{ORIGIN}/v4")
    assert "mock.acme.seller" in [session["apiToken"] for session in opened["tokens"]]


def test_its_tokens_are_let_in(caller: Caller) -> None:
    token = caller("POST", "tenants", {"name": "acme"}).json()["tokens"][0]["apiToken"]
    assert caller("GET", "/v4/shared-spaces", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_origin_is_the_one_that_the_caller_used(caller: Caller) -> None:
    shown = caller("GET", "tenants/acme", headers={"Host": "localhost:9"}).json()
    assert shown["origin"] == "http://localhost:9"


@pytest.mark.parametrize("body", [None, {}])
def test_without_a_name_an_unused_one_is_found(caller: Caller, body: dict[str, str] | None) -> None:
    caller("POST", "tenants", {"name": "t-1"})
    names = [caller("POST", "tenants", body).json()["name"] for _ in range(2)]
    assert names == ["t-2", "t-3"]


def test_a_found_name_is_not_given_twice(caller: Caller) -> None:
    first = caller("POST", "tenants").json()["name"]
    caller("DELETE", f"tenants/{first}")
    assert caller("POST", "tenants").json()["name"] != first


def test_the_name_of_an_open_tenant_is_refused(caller: Caller) -> None:
    caller("POST", "tenants", {"name": "acme"})
    assert_refused(caller("POST", "tenants", {"name": "acme"}), 409, "tenant-exists", '"acme"')


@pytest.mark.parametrize("name", ["", "Acme", "-a", "a-", "a.b", "a" * 64, "acme\n"])
def test_a_name_that_is_no_dns_label_is_refused(caller: Caller, name: str) -> None:
    assert_refused(caller("POST", "tenants", {"name": name}), 400, "invalid-request", "body.name")


def test_no_name_but_a_text_is_taken(caller: Caller) -> None:
    assert_refused(caller("POST", "tenants", {"name": None}), 400, "invalid-request", "body.name")


@pytest.mark.parametrize("path", ["", "/reset", "/state", "/outbox", "/users"])
def test_a_bad_name_in_a_path_is_refused(caller: Caller, path: str) -> None:
    method = "POST" if path == "/reset" else "GET"
    assert_refused(caller(method, f"tenants/Not_one{path}"), 400, "invalid-tenant-name", '"Not_one"')


def test_the_first_use_opens_a_tenant(caller: Caller) -> None:
    caller("GET", "tenants/acme")
    listed = caller("GET", "tenants").json()
    assert listed == [{"name": "acme", "isWritten": False, "baseUrl": f"{ORIGIN}/v4"}]


def test_a_tenant_that_was_written_to_is_told_so(caller: Caller) -> None:
    caller.create_space()
    assert caller("GET", "tenants").json()[0]["isWritten"] is True


def test_a_deleted_tenant_is_gone(caller: Caller) -> None:
    space = caller.create_space()
    assert caller("DELETE", "tenants/acme").status_code == 204
    assert caller("GET", "tenants").json() == []
    assert caller.app.journal.last_of("acme") == []
    assert caller.v4("GET", f"/shared-spaces/{space['id']}").status_code == 404


def test_a_tenant_that_is_not_open_cannot_be_deleted(caller: Caller) -> None:
    assert_refused(caller("DELETE", "tenants/acme"), 404, "tenant-not-open", '"acme"')


def test_a_reset_leads_back_to_the_seed_data_and_the_first_id(caller: Caller) -> None:
    before = caller.snapshot()
    first = caller.create_space()["id"]
    assert caller("POST", "tenants/acme/reset").status_code == 204
    assert caller.snapshot() == before
    assert caller.create_space()["id"] == first


def test_a_reset_frees_the_slot_and_the_journal(caller: Caller) -> None:
    caller.create_space()
    caller("POST", "tenants/acme/reset")
    assert caller("GET", "tenants").json()[0]["isWritten"] is False
    assert caller.app.journal.last_of("acme") == []


def test_a_reset_sets_the_clock_back(caller: Caller) -> None:
    caller("PATCH", "tenants/acme", {"clock": {"frozen": FROZEN}})
    caller("POST", "tenants/acme/reset")
    assert caller("GET", "tenants/acme").json()["clock"] == {}


def test_a_frozen_clock_stands(caller: Caller) -> None:
    answer = caller("PATCH", "tenants/acme", {"clock": {"frozen": FROZEN}})
    assert answer.json() == {"clock": {"frozen": FROZEN}, "now": FROZEN}
    assert caller.create_space()["createdAt"] == FROZEN


def test_a_frozen_time_may_have_any_offset(caller: Caller) -> None:
    answer = caller("PATCH", "tenants/acme", {"clock": {"frozen": "2026-03-10T16:43:25+01:00"}})
    assert answer.json()["clock"] == {"frozen": FROZEN}


@pytest.mark.parametrize("seconds", [86_400, -1.5])
def test_a_shifted_clock_is_shown(caller: Caller, seconds: float) -> None:
    shown = caller("PATCH", "tenants/acme", {"clock": {"offsetSeconds": seconds}}).json()
    assert shown["clock"] == {"offsetSeconds": seconds}
    assert caller("GET", "tenants/acme").json()["clock"] == {"offsetSeconds": seconds}


def test_an_empty_clock_is_the_real_one(caller: Caller) -> None:
    caller("PATCH", "tenants/acme", {"clock": {"frozen": FROZEN}})
    assert caller("PATCH", "tenants/acme", {"clock": {}}).json()["clock"] == {}


def test_a_set_clock_is_kept_as_a_written_record_is(caller: Caller) -> None:
    caller("PATCH", "tenants/acme", {"clock": {"frozen": FROZEN}})
    assert caller("GET", "tenants/acme").json()["isWritten"] is True


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ({"frozen": "2026-03-10"}, "body.clock.frozen: must be an RFC 3339 time"),
        ({"frozen": "0000-01-01T00:00:00Z"}, "body.clock.frozen"),
        ({"frozen": 1}, "body.clock.frozen"),
        ({"frozen": FROZEN, "offsetSeconds": 1}, "body.clock: takes either"),
        ({"offsetSeconds": 1e15}, "body.clock.offsetSeconds"),
        ({"offsetSeconds": "1"}, "body.clock.offsetSeconds"),
        ({"frozne": FROZEN}, "body.clock.frozne"),
        (None, "body.clock"),
    ],
)
def test_a_clock_that_cannot_be_is_refused(caller: Caller, clock: object, told: str) -> None:
    assert_refused(caller("PATCH", "tenants/acme", {"clock": clock}), 400, "invalid-request", told)
    assert caller("GET", "tenants/acme").json()["isWritten"] is False


def test_no_number_is_no_offset(caller: Caller) -> None:
    answer = caller("PATCH", "tenants/acme", content=b'{"clock": {"offsetSeconds": NaN}}')
    assert_refused(answer, 400, "invalid-request", "body.clock.offsetSeconds")


def test_a_clock_cannot_be_set_beyond_the_cap(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller.app.tenants, "_written_cap", 1)
    caller("PATCH", "tenants/acme", {"clock": {}})
    assert_refused(caller("PATCH", "tenants/other", {"clock": {}}), 503, "tenants-full")


def test_a_log_without_entries_is_empty(caller: Caller) -> None:
    assert caller("GET", "tenants/acme/events").json() == {"dropped": 0, "entries": []}
    assert caller("GET", "tenants/acme/outbox").json() == {"dropped": 0, "entries": [], "last": 0}


def test_the_outbox_tells_of_notifications(caller: Caller) -> None:
    space = caller.create_space()
    sent = caller("GET", "tenants/acme/outbox").json()["entries"]
    assert [one["sharedSpaceId"] for one in sent] == [space["id"]]


def test_the_outbox_is_asked_by_whom_subject_and_number(caller: Caller) -> None:
    caller.create_space(title="First")
    caller.create_space(title="Second")

    def found(**params: str | int) -> list[int]:
        shown = caller("GET", "tenants/acme/outbox", params=params).json()
        assert shown["last"] == 2
        return [one["number"] for one in shown["entries"]]

    owner = caller("GET", "tenants/acme/outbox").json()["entries"][0]["to"]
    assert found(to=owner["userId"]) == found(to=owner["email"].upper()) == [1, 2]
    assert found(to="nobody@example.com") == []
    assert found(subject="NEW SHARED SPACE") == [1, 2]
    assert found(subject="ownership") == []
    assert found(since=1) == [2]


def test_who_waits_for_a_notification_gets_it_when_it_comes(caller: Caller) -> None:
    space_body = {"owner": {"userId": caller.user_id("seller")}, "title": "A space"}

    async def both() -> httpx2.Response:
        waiting = asyncio.create_task(caller.send("GET", "tenants/acme/outbox", params={"wait": 30}))
        await asyncio.sleep(0)
        headers = {"Authorization": "Bearer mock.acme.admin"}
        await caller.send("POST", "/v4/shared-spaces", space_body, headers=headers)
        return await waiting

    assert [one["number"] for one in caller.run(both()).json()["entries"]] == [1]


def test_the_events_tell_what_webhooks_would(caller: Caller) -> None:
    caller.create_space()
    events = caller("GET", "tenants/acme/events").json()["entries"]
    assert [event["type"] for event in events] == ["shared-space-created"]


def test_tenants_never_see_each_other(caller: Caller) -> None:
    caller.create_space(tenant="acme")
    assert caller("GET", "tenants/other/events").json()["entries"] == []
