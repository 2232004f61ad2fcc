"""Many requests at once, over real HTTP: what decides on state and what changes it do not interleave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from showpad_mock import MockTenant

from ...harness.api import Api, over_http
from ...harness.at_once import at_once


@pytest.fixture
def api(showpad: MockTenant) -> Iterator[Api]:
    with httpx2.Client(trust_env=False, timeout=30, limits=httpx2.Limits(max_connections=None)) as client:
        yield over_http(showpad, client)


@pytest.mark.rule("CREATE-URI-TAKEN")
def test_of_a_hundred_creates_of_one_public_uri_exactly_one_succeeds(api: Api) -> None:
    body = {"title": "A", "publicUri": "marketing", "owner": {"userId": api.tenant.user_id("seller")}}
    answers = at_once(*[lambda: api.post("/shared-spaces", body)] * 100)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 400: 99}
    assert (len(api.tenant.events), len(api.tenant.outbox)) == (1, 1)
    assert api.get("/shared-spaces", params={"title": "A", "limit": 1}).status_code == 200


@pytest.mark.rule("CREATE-URI-AUTO", "CONV-ID")
def test_parallel_creates_get_different_ids_and_public_uris(api: Api) -> None:
    spaces = at_once(*[api.create_space] * 50)
    assert len({space["id"] for space in spaces}) == len({space["publicUri"] for space in spaces}) == 50
    assert api.get("/shared-spaces").json()["count"] == 8 + 50


@pytest.mark.rule("ITEMS-OK", "ITEMS-COUNT")
def test_parallel_requests_for_items_lose_nothing(api: Api) -> None:
    path = f"/shared-spaces/{api.create_space()['id']}/items"
    item = {"type": "asset", "assetId": api.tenant.asset_id("link")}
    answers = at_once(*[lambda: api.post(path, {"items": [item] * 3})] * 50)
    assert all(answer.json()["summary"] == {"assetSuccessCount": 3, "assetFailureCount": 0} for answer in answers)
    assert len(api.tenant.items(path.split("/")[2])) == 150


@pytest.mark.rule("TRANSFER-OK", "DELETE-GONE")
@pytest.mark.parametrize("round_", range(5))
def test_a_transfer_and_a_delete_that_race_leave_no_half_state(api: Api, round_: int) -> None:
    space = api.create_space(publicUri="contested")
    sent = len(api.tenant.outbox)
    path, partner = f"/shared-spaces/{space['id']}", {"userId": api.tenant.user_id("partner")}
    moved, gone = at_once(lambda: api.post(path + "/transfer-ownership", partner), lambda: api.delete(path))
    assert (gone.status_code, moved.status_code in (204, 404)) == (204, True)
    assert len(api.tenant.outbox) == sent + (moved.status_code == 204)
    assert api.get(path).status_code == 404
    assert space["id"] not in api.get("/shared-spaces", as_="partner").text
    assert api.create_space(publicUri="contested")["id"] != space["id"]


@pytest.mark.rule("TRANSFER-OK", "TRANSFER-MEMBERS")
def test_transfers_that_race_leave_one_owner_who_is_a_member(api: Api) -> None:
    space = api.create_space(owner="seller")
    path = f"/shared-spaces/{space['id']}"
    users = [api.tenant.user_id(user) for user in ("partner", "manager", "outsider", "admin")]
    answers = at_once(*[lambda to=to: api.post(path + "/transfer-ownership", {"userId": to}) for to in users * 5])
    assert {answer.status_code for answer in answers} == {204}
    assert api.get(path).json()["owner"]["userId"] in users
    members = [one["userId"] for one in api.tenant.participants(space["id"])]
    assert sorted(members) == sorted([*users, api.tenant.user_id("seller")])


@pytest.mark.rule("PATCH-OK")
def test_an_update_is_seen_whole_or_not_at_all(api: Api) -> None:
    path = f"/shared-spaces/{api.create_space(title='0', description='0')['id']}"

    def update(number: int) -> dict[str, Any]:
        answer: dict[str, Any] = api.patch(path, {"title": str(number), "description": str(number)}).json()
        return answer

    def read(_: int) -> dict[str, Any]:
        answer: dict[str, Any] = api.get(path).json()
        return answer

    seen = at_once(*[lambda call=call, n=n: call(n) for n in range(20) for call in (update, read)])
    assert all(space["title"] == space["description"] for space in seen)


def test_a_test_may_change_state_while_requests_run(api: Api) -> None:
    space = api.create_space()
    calls = [api.create_space] * 20 + [lambda: api.tenant.add_participant(space["id"], email="a@example.org")]
    at_once(*calls, api.tenant.take)
    assert api.get("/shared-spaces").json()["count"] == 8 + 21
    assert len(api.tenant.participants(space["id"])) == 2
