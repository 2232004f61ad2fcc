"""Exports: what can be read back, deleted things among it (AROUND-EXPORTS)."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from showpad_mock.showpad.domain import deleted

from ...harness.api import Api, assert_problem, rules_of

EXPORTS = "/api/v3/exports"
NAMES = ("sharedspaces", "sharedspaceparticipants", "sharedspace-items", "shares")
EACH = pytest.mark.parametrize("name", NAMES)
BEFORE, AT, LATER = (f"2026-05-0{day}T00:00:00.000Z" for day in (1, 2, 3))


def export(api: Api, name: str, **params: Any) -> httpx2.Response:
    query = "&".join(f"{key}={value}" for key, value in params.items())
    return api.get_at(f"{EXPORTS}/{name}.json" + (f"?{query}" if query else ""))


def rows(api: Api, name: str, space_id: str | None = None, **params: Any) -> list[dict[str, Any]]:
    answer = export(api, name, **{"limit": 100_000, **params})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["response"]["items"]
    return [one for one in found if space_id is None or one["sharedSpaceId"] == space_id]


def asset_in(api: Api, space_id: str, handle: str = "brochure", **more: Any) -> None:
    item = {"type": "asset", "assetId": api.tenant.asset_id(handle), **more}
    folder = {"type": "folder", "name": "Folder", "folderItems": [item]}
    assert api.post(f"/shared-spaces/{space_id}/items", {"items": [folder]}).status_code == 201


@pytest.mark.rule("AROUND-EXPORTS", "AROUND-EXPORTS-FORM")
@EACH
def test_an_export_is_in_the_envelope_of_v3(api: Api, name: str) -> None:
    api.tenant.freeze(AT)
    answer = export(api, name)
    assert rules_of(answer) == ["AROUND-EXPORTS"]
    limits = dict.fromkeys(("requestRateLimit", "requestRateLimitReset", "requestsRemaining"))
    assert answer.json()["meta"] == {"code": 200, "serverTime": AT, **limits}
    assert answer.json()["response"]["count"] == len(answer.json()["response"]["items"])
    assert answer.headers["content-length"] == str(len(answer.content))


@pytest.mark.rule("AROUND-EXPORTS")
def test_a_space_is_exported_as_it_is(api: Api) -> None:
    api.tenant.freeze(AT)
    space = api.create_space(title="Rollout", description="All of it")
    (row,) = rows(api, "sharedspaces", space["id"])
    assert row == {
        "sharedSpaceId": space["id"],
        "creatorId": api.tenant.user_id("admin"),
        "ownerId": api.tenant.user_id("seller"),
        "title": "Rollout",
        "description": "All of it",
        "status": "active",
        "createdAt": AT,
        "lastActivityAt": AT,
        "deletedAt": None,
        "sharedSpaceParticipantsIds": [api.tenant.participants(space["id"])[0]["id"]],
    }
    api.patch(f"/shared-spaces/{space['id']}", {"status": "ARCHIVED"})
    assert rows(api, "sharedspaces", space["id"]) == [{**row, "status": "archived"}]


@pytest.mark.rule("AROUND-EXPORTS")
def test_a_deleted_space_stays_with_all_it_held(api: Api) -> None:
    api.tenant.freeze(AT)
    space_id = api.create_space()["id"]
    asset_in(api, space_id)
    asset_in(api, space_id, "datasheet")
    items = rows(api, "sharedspace-items", space_id)
    before = {name: rows(api, name, space_id)[0] for name in NAMES[:2]}
    api.tenant.freeze(LATER)
    api.delete(f"/shared-spaces/{space_id}")
    assert rows(api, "sharedspaces", space_id) == [{**before["sharedspaces"], "status": "deleted", "deletedAt": LATER}]
    ended = {"accessRevokedAt": LATER, "deletedAt": LATER}
    assert rows(api, "sharedspaceparticipants", space_id) == [{**before["sharedspaceparticipants"], **ended}]
    assert rows(api, "sharedspace-items", space_id) == [{**item, "deletedAt": LATER} for item in items]
    assert len(items) == 2


@pytest.mark.rule("AROUND-EXPORTS")
def test_an_item_is_exported_with_its_page_from_0(api: Api) -> None:
    space_id = api.create_space()["id"]
    api.tenant.freeze(AT)
    asset_in(api, space_id, page=3)
    asset_in(api, space_id, "picture")
    asset = api.tenant.asset_id("brochure")
    first, second = rows(api, "sharedspace-items", space_id)
    shown = {"sharedSpaceId": space_id, "assetId": asset, "page": 2, "deletedAt": None}
    dated = {"userId": api.tenant.user_id("admin"), "createdAt": AT, "updatedAt": AT}
    item_id = next(one["id"] for one in api.tenant.items(space_id) if one["type"] == "asset")
    assert first == {"sharedSpaceItemId": item_id, **shown, **dated}
    assert (second["assetId"], second["page"]) == (api.tenant.asset_id("picture"), None)


@pytest.mark.rule("AROUND-EXPORTS", "ROLE-OUTSIDE")
def test_a_participant_is_exported_while_there_and_afterwards(api: Api) -> None:
    api.tenant.freeze(BEFORE)
    space_id = api.create_space()["id"]
    api.tenant.freeze(AT)
    buyer = api.tenant.add_participant(space_id, email="ann@example.org", firstName="Ann", company="Borealis")
    owner, row = rows(api, "sharedspaceparticipants", space_id)
    assert (owner["userId"], owner["accessGrantedAt"]) == (api.tenant.user_id("seller"), BEFORE)
    assert row == {
        "sharedSpaceParticipantId": buyer["id"],
        "sharedSpaceId": space_id,
        "userId": None,
        **dict.fromkeys(("accessGrantedAt", "createdAt"), AT),
        **dict.fromkeys(("accessRevokedAt", "lastActivityAt", "deletedAt")),
        **{"firstName": "Ann", "lastName": None, "emailAddress": "ann@example.org"},
        **{"organisation": "Borealis", "jobTitle": None},
    }
    api.tenant.freeze(LATER)
    api.tenant.remove_participant(space_id, buyer["id"])
    ended = {"accessRevokedAt": LATER, "deletedAt": LATER}
    assert rows(api, "sharedspaceparticipants", space_id) == [owner, {**row, **ended}]


@pytest.mark.rule("AROUND-EXPORTS")
@pytest.mark.parametrize("oauth", [False, True])
def test_what_somebody_does_in_a_space_is_their_last_activity(api: Api, *, oauth: bool) -> None:
    space_id = api.create_space()["id"]
    api.tenant.add_participant(space_id, user="partner")
    api.tenant.freeze(LATER)
    item = {"type": "folder", "name": "Folder"}
    api.post(f"/shared-spaces/{space_id}/items", {"items": [item]}, as_="seller", oauth=oauth)
    assert [one["lastActivityAt"] for one in rows(api, "sharedspaceparticipants", space_id)] == [LATER, None]


@pytest.mark.rule("AROUND-EXPORTS")
def test_a_share_is_exported(api: Api) -> None:
    api.tenant.freeze(AT)
    body = {"title": "Prices", "origin": "test", "assets": [{"id": api.tenant.asset_id("brochure")}]}
    share = api.post("/shares", body, as_="seller").json()
    assert rows(api, "shares") == [
        {
            "shareId": share["id"],
            "title": "Prices",
            "type": "link",
            "salesforce": None,
            "theme": share["theme"],
            "recipients": [],
            "creatorId": api.tenant.user_id("seller"),
            "sharedAt": AT,
            "revokedAt": None,
        }
    ]


@pytest.mark.rule("AROUND-EXPORTS", "AROUND-EXPORTS-FORM")
@EACH
def test_pages_repeat_nothing_and_skip_nothing(api: Api, name: str) -> None:
    for number in range(4):
        space_id = api.create_space()["id"]
        for _ in range(number):
            asset_in(api, space_id)
        api.tenant.add_participant(space_id, email="ann@example.org")
        if number % 2:
            api.delete(f"/shared-spaces/{space_id}")
        body = {"title": "Prices", "origin": "test", "assets": [{"id": api.tenant.asset_id("brochure")}]}
        assert api.post("/shares", body).status_code == 201
    whole = rows(api, name)
    for size in (1, 2, 3, 7):
        pages = [rows(api, name, limit=size, offset=offset) for offset in range(0, len(whole) + 2, size)]
        assert [row for page in pages for row in page] == whole
    assert export(api, name, limit=1, offset=10**9).json()["response"] == {"count": len(whole), "items": []}


@pytest.mark.rule("AROUND-EXPORTS-FORM")
def test_the_oldest_comes_first_and_the_deleted_come_last(api: Api) -> None:
    first, second = api.create_space()["id"], api.create_space()["id"]
    api.delete(f"/shared-spaces/{first}")
    found = [row["sharedSpaceId"] for row in rows(api, "sharedspaces")]
    assert found[-2:] == [second, first]
    times = [row["createdAt"] for row in rows(api, "sharedspaces") if row["deletedAt"] is None]
    assert times == sorted(times)


@pytest.mark.rule("AROUND-EXPORTS-403", "CONV-ORDER")
@EACH
@pytest.mark.parametrize("who", ["manager", "seller"])
def test_an_export_is_for_administrators(api: Api, name: str, who: str) -> None:
    assert_problem(api.get_at(f"{EXPORTS}/{name}.json?limit=0", as_=who), 403, "AROUND-EXPORTS-403")
    assert_problem(api.get_at(f"{EXPORTS}/{name}.json", as_=None), 401, "CONV-AUTH-401")


@pytest.mark.rule("AROUND-EXPORTS-FORM")
def test_without_a_limit_an_export_has_a_thousand_rows(api: Api) -> None:
    items = [{"type": "asset", "assetId": api.tenant.asset_id("brochure")}] * 1001
    assert api.post(f"/shared-spaces/{api.create_space()['id']}/items", {"items": items}).status_code == 201
    told = export(api, "sharedspace-items").json()["response"]
    assert (len(told["items"]), told["count"] > 1000) == (1000, True)


@pytest.mark.parametrize("name", ["sharedspaces", "sharedspaceparticipants", "sharedspace-items", "shares"])
def test_a_page_far_beyond_the_end_is_empty(api: Api, name: str) -> None:
    told = export(api, name, offset=10**60)
    assert (told.status_code, told.json()["response"]["items"]) == (200, [])


@pytest.mark.rule("AROUND-EXPORTS")
@EACH
@pytest.mark.parametrize(("parameter", "value"), [("limit", "0"), ("limit", "100001"), ("offset", "-1")])
def test_a_part_that_is_none_is_refused(api: Api, name: str, parameter: str, value: str) -> None:
    assert_problem(export(api, name, **{parameter: value}), 400, "AROUND-EXPORTS", at=parameter)


@pytest.mark.rule("CONV-BASE-BIZ", "CONV-CORS")
def test_exports_are_at_the_biz_host(api: Api) -> None:
    headers = {"Host": f"{api.tenant.name}.showpad.biz", "Origin": f"https://{api.tenant.name}.showpad.biz"}
    answer = api.get_at(f"{EXPORTS}/shares.json", headers=headers)
    assert answer.headers["access-control-allow-origin"] == headers["Origin"]
    assert_problem(api.get_at(f"{EXPORTS}/shares.json", headers={"Host": "other.showpad.biz"}), 401)


def test_of_deleted_spaces_the_last_are_kept(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleted, "MOST_SPACES", 2)
    monkeypatch.setattr(deleted, "MOST_ITEMS", 1)
    spaces = [api.create_space()["id"] for _ in range(3)]
    for space_id in spaces:
        for _ in range(2):
            asset_in(api, space_id)
        api.delete(f"/shared-spaces/{space_id}")
    gone = [row["sharedSpaceId"] for row in rows(api, "sharedspaces") if row["deletedAt"] is not None]
    assert gone == spaces[1:]
    assert [len(rows(api, "sharedspace-items", one)) for one in spaces] == [0, 1, 1]


def test_what_is_exported_comes_back_with_a_snapshot(api: Api) -> None:
    space_id = api.create_space()["id"]
    asset_in(api, space_id)
    api.tenant.remove_participant(space_id, api.tenant.add_participant(space_id, email="ann@example.org")["id"])
    api.delete(f"/shared-spaces/{api.create_space()['id']}")
    before = [rows(api, name) for name in NAMES]
    document = api.tenant.take()
    api.tenant.reset()
    api.tenant.put(document)
    assert [rows(api, name) for name in NAMES] == before
    assert json.loads(document)["tenant"]["records"]["deleted"]
