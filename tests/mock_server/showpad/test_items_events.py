"""POST /shared-spaces/{shareId}/items: who is told to have added, in which events, and very large requests."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from showpad_mock import MockTenant

from ...harness.api import Api, over_http
from .test_items import Item, added, asset, folder

ADDED = "shared-space-content-added-v2"


def events(api: Api) -> list[dict[str, Any]]:
    return [event["data"] for event in api.tenant.events if event["type"] == ADDED]


@pytest.mark.rule("ITEMS-EVENT", "ITEMS-WHO")
def test_an_event_tells_what_was_added_where_and_by_whom(api: Api) -> None:
    space = api.create_space()
    added(api, space, asset(api, "brochure", page=4), asset(api, "picture"))
    [data] = events(api)
    assert data["sharedSpace"]["id"] == space["id"]
    assert [item["assetId"] for item in data["items"]] == [
        asset(api, name)["assetId"] for name in ("brochure", "picture")
    ]
    assert data["items"][0]["page"] == 4
    assert "initiator" in data
    assert "participant" not in data


@pytest.mark.rule("ITEMS-EVENT")
def test_an_event_does_not_tell_of_what_failed(api: Api) -> None:
    added(api, api.create_space(), asset(api, "archived"), folder("f", asset(api, "brochure"), asset(api, "archived")))
    [data] = events(api)
    told = [item["assetId"] for item in data["items"] if item["type"] == "asset"]
    assert told == [api.tenant.asset_id("brochure")]


@pytest.mark.rule("ITEMS-EVENT")
def test_there_is_no_event_when_nothing_was_added(api: Api) -> None:
    added(api, api.create_space(), asset(api, "archived"))
    assert events(api) == []


@pytest.mark.rule("ITEMS-EVENT")
@pytest.mark.parametrize(
    ("count", "batches"), [(999, [999]), (1000, [1000]), (1001, [1000, 1]), (2500, [1000, 1000, 500])]
)
def test_an_event_holds_at_most_a_thousand_items(api: Api, count: int, batches: list[int]) -> None:
    added(api, api.create_space(), *[asset(api, "brochure")] * count)
    sizes = [len(data["items"]) for data in events(api)]
    assert max(sizes) <= 1000
    assert sum(sizes) == count
    assert len(sizes) == len(batches)


@pytest.mark.rule("ITEMS-WHO", "ROLE-KINDS")
@pytest.mark.parametrize("user", ["admin", "seller"])
def test_an_api_token_is_an_app(api: Api, user: str) -> None:
    added(api, api.create_space(owner="seller"), asset(api, "brochure"), as_=user)
    assert events(api)[0]["initiator"] == {"type": "APP", "userId": api.tenant.user_id(user)}


@pytest.mark.rule("ITEMS-WHO", "ROLE-KINDS")
def test_an_administrator_in_person_who_does_not_take_part_is_an_admin(api: Api) -> None:
    space = api.create_space(owner="seller")
    added(api, space, asset(api, "brochure"), oauth=True)
    admin = api.tenant.user_id("admin")
    assert events(api)[0]["initiator"] == {"type": "ADMIN", "userId": admin}
    assert admin not in [one["userId"] for one in api.tenant.participants(space["id"])]


@pytest.mark.rule("ITEMS-WHO", "ROLE-KINDS", "ROLE-OUTSIDE")
@pytest.mark.parametrize("user", ["seller", "partner"])
def test_a_user_in_person_who_takes_part_is_a_participant(api: Api, user: str) -> None:
    space = api.create_space(owner="seller")
    api.tenant.add_participant(space["id"], user="partner")
    added(api, space, asset(api, "brochure"), as_=user, oauth=True)
    initiator = events(api)[0]["initiator"]
    who = next(one for one in api.tenant.participants(space["id"]) if one["userId"] == api.tenant.user_id(user))
    assert initiator == {"type": "PARTICIPANT", "participant": who}
    assert set(who) == {"id", "email", "userId", "firstName", "lastName", "company", "jobTitle"}


@pytest.mark.rule("ITEMS-WHO", "ROLE-KINDS")
def test_an_administrator_in_person_who_takes_part_is_a_participant(api: Api) -> None:
    space = api.create_space(owner="admin")
    added(api, space, asset(api, "brochure"), oauth=True)
    initiator = events(api)[0]["initiator"]
    assert (initiator["type"], initiator["participant"]["email"]) == ("PARTICIPANT", "ingrid.solberg@example.com")


@pytest.mark.rule("SPACE-ACTIVITY-SET", "ITEMS-OK")
def test_adding_items_is_an_activity_and_a_change(api: Api) -> None:
    space = api.create_space()
    api.tenant.freeze("2031-05-06T07:08:09.010Z")
    added(api, space, asset(api, "brochure"))
    after = api.get(f"/shared-spaces/{space['id']}").json()
    times = {"lastActivityAt": "2031-05-06T07:08:09.010Z", "updatedAt": "2031-05-06T07:08:09.010Z"}
    assert after == space | times


@pytest.mark.rule("ITEMS-BATCH", "ITEMS-COUNT")
@pytest.mark.parametrize("count", [100, 101, 1000])
def test_more_items_than_recommended_are_accepted(api: Api, count: int) -> None:
    told = added(api, api.create_space(), *[asset(api, "brochure")] * count)
    assert told["summary"] == {"assetSuccessCount": count, "assetFailureCount": 0}


@pytest.mark.rule("ITEMS-BATCH", "ITEMS-COUNT", "ITEMS-EVENT")
def test_a_hundred_thousand_items_are_accepted(showpad: MockTenant) -> None:
    with httpx2.Client(trust_env=False, timeout=60) as patient:
        api = over_http(showpad, patient)
        space = api.create_space()
        items: list[Item] = [asset(api, "brochure"), {"type": "asset", "assetId": "gone"}] * 50_000
        told = added(api, space, *items)
    assert told["summary"] == {"assetSuccessCount": 50_000, "assetFailureCount": 50_000}
    assert len(showpad.items(space["id"])) == 50_000
    assert sum(len(data["items"]) for data in events(api)) == 50_000
