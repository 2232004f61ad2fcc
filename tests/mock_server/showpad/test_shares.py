"""POST /shares: links to assets, and until when they lead anywhere."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest

from showpad_mock import MockTenant
from showpad_mock.showpad import admin

from ...harness.api import Api, assert_problem, over_http, rules_of

GLOBAL_THEME = "53bd105be2c675272cf81e9a5099710c"
NORTHERN_LIGHTS = "2de459bf8936bb4a22ffe3b05260a93d"
NOW = "2026-03-10T15:43:25.000Z"


def body(api: Api, *assets: str, **fields: Any) -> dict[str, Any]:
    ids = [{"id": api.tenant.asset_id(handle)} for handle in assets or ("brochure",)]
    return {"title": "Customer X: Q3 Sales Material", "assets": ids, "origin": "Integration", **fields}


def share(api: Api, *assets: str, **fields: Any) -> httpx2.Response:
    return api.post("/shares", body(api, *assets, **fields))


def created(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def listed(api: Api) -> list[dict[str, Any]]:
    """Give the tenant's Shares as /__admin shows them; no route of Showpad's does."""
    shares: list[dict[str, Any]] = api.tenant._see(admin.list_shares, {})
    return shares


@pytest.mark.rule("SHARE-OK", "SHARE-FIELDS", "SHARE-DOWNLOAD", "SHARE-THEME", "SHARE-EXPIRES", "CONV-TIME")
def test_a_share_has_what_was_asked_for_and_the_defaults(api: Api) -> None:
    api.tenant.freeze(NOW)
    made = created(share(api, "brochure", "picture"))
    defaults = {"isDownloadAllowed": True, "expiresAt": None, "theme": {"id": GLOBAL_THEME}, "createdAt": NOW}
    rest = {name: made[name] for name in ("id", "anonymousUrl", "untrackedUrl", "dynamicUrl")}
    assert made == body(api, "brochure", "picture") | defaults | rest


@pytest.mark.rule("SHARE-FIELDS", "SHARE-DOWNLOAD", "SHARE-THEME", "SHARE-EXPIRES", "SHARE-PAGE")
def test_a_share_has_everything_that_was_said(api: Api) -> None:
    api.tenant.freeze(NOW)
    said = {"isDownloadAllowed": False, "expiresAt": "2026-08-24T14:15:22.000Z", "theme": {"id": NORTHERN_LIGHTS}}
    assets = [{"id": api.tenant.asset_id("brochure"), "page": 3}, {"id": api.tenant.asset_id("datasheet")}]
    made = created(share(api, assets=assets, **said))
    assert {name: made[name] for name in (*said, "assets")} == {**said, "assets": assets}


@pytest.mark.rule("SHARE-OK")
def test_the_rules_of_a_share_are_told(api: Api) -> None:
    assert "SHARE-OK" in rules_of(share(api))


@pytest.mark.rule("SHARE-URLS")
def test_the_anonymous_and_the_dynamic_url_bear_one_token_the_untracked_another(api: Api) -> None:
    made = created(share(api))
    site = re.escape(f"https://{api.tenant.name}.showpad.com")
    anonymous = re.fullmatch(rf"{site}/share/([A-Za-z0-9]{{21}})", made["anonymousUrl"])
    untracked = re.fullmatch(rf"{site}/share/([A-Za-z0-9]{{21}})", made["untrackedUrl"])
    dynamic = re.fullmatch(rf"{site}/catalog/link/([A-Za-z0-9]{{21}})", made["dynamicUrl"])
    assert anonymous
    assert untracked
    assert dynamic
    assert anonymous[1] == dynamic[1] != untracked[1]


@pytest.mark.rule("SHARE-URLS", "CONV-ID")
def test_every_share_has_an_id_and_tokens_of_its_own(api: Api) -> None:
    made = [created(share(api)) for _ in range(20)]
    for name in ("id", "anonymousUrl", "untrackedUrl", "dynamicUrl"):
        assert len({one[name] for one in made}) == 20


@pytest.mark.rule("SHARE-TITLE", "SHARE-ORIGIN", "SHARE-ASSETS-LIMIT")
@pytest.mark.parametrize("name", ["title", "origin", "assets"])
def test_title_origin_and_assets_are_required(api: Api, name: str) -> None:
    sent = body(api)
    del sent[name]
    assert_problem(api.post("/shares", sent), 400, at=name)
    assert listed(api) == []


@pytest.mark.rule("SHARE-TITLE", "SHARE-ORIGIN", "CONV-TYPES")
@pytest.mark.parametrize(("name", "most"), [("title", 200), ("origin", 20)])
def test_title_and_origin_may_have_so_many_characters(api: Api, name: str, most: int) -> None:
    assert created(share(api, **{name: "n" * most}))[name] == "n" * most
    assert created(share(api, **{name: "\U0001f600" * most}))[name] == "\U0001f600" * most


@pytest.mark.rule("SHARE-TITLE", "SHARE-ORIGIN")
@pytest.mark.parametrize(("name", "most"), [("title", 200), ("origin", 20)])
def test_title_and_origin_with_a_character_more_are_refused(api: Api, name: str, most: int) -> None:
    assert_problem(share(api, **{name: "n" * (most + 1)}), 400, at=name)


@pytest.mark.rule("SHARE-ASSETS-LIMIT")
def test_a_share_may_have_300_assets(api: Api) -> None:
    assert len(created(share(api, *["brochure"] * 300))["assets"]) == 300


@pytest.mark.rule("SHARE-ASSETS-LIMIT")
@pytest.mark.parametrize("count", [0, 301])
def test_a_share_of_no_assets_or_more_than_300_is_refused(api: Api, count: int) -> None:
    assets = body(api)["assets"] * count
    assert_problem(share(api, assets=assets), 400, "SHARE-ASSETS-LIMIT", at="assets")


BAD: list[tuple[str, Any, str]] = [
    ("title", 1, "title"),
    ("title", None, "title"),
    ("origin", True, "origin"),
    ("origin", None, "origin"),
    ("assets", {}, "assets"),
    ("assets", None, "assets"),
    ("assets", [{}], "assets[0].id"),
    ("assets", [{"id": 1}], "assets[0].id"),
    ("assets", [{"id": None}], "assets[0].id"),
    ("assets", [{"id": "a", "page": 0}], "assets[0].page"),
    ("assets", [{"id": "a", "page": -3}], "assets[0].page"),
    ("assets", [{"id": "a", "page": "3"}], "assets[0].page"),
    ("assets", [{"id": "a", "page": 3.5}], "assets[0].page"),
    ("assets", [{"id": "a", "page": True}], "assets[0].page"),
    ("assets", [{"id": "a", "page": None}], "assets[0].page"),
    ("isDownloadAllowed", "true", "isDownloadAllowed"),
    ("isDownloadAllowed", 1, "isDownloadAllowed"),
    ("isDownloadAllowed", None, "isDownloadAllowed"),
    ("expiresAt", "2999-01-01", "expiresAt"),
    ("expiresAt", "2999-01-01T00:00:00", "expiresAt"),
    ("expiresAt", "next week", "expiresAt"),
    ("expiresAt", 32472144000, "expiresAt"),
    ("expiresAt", None, "expiresAt"),
    ("theme", NORTHERN_LIGHTS, "theme"),
    ("theme", None, "theme"),
    ("theme", {"id": 1}, "theme.id"),
    ("theme", {"id": None}, "theme.id"),
]


@pytest.mark.rule("CONV-TYPES", "CONV-NULL", "CONV-TIME-IN", "SHARE-PAGE")
@pytest.mark.parametrize(("name", "value", "at"), BAD)
def test_a_value_of_another_form_is_refused_and_named(api: Api, name: str, value: Any, at: str) -> None:
    assert_problem(api.post("/shares", body(api) | {name: value}), 400, at=at)
    assert listed(api) == []


@pytest.mark.rule("CONV-META-ALL")
def test_every_fault_of_form_is_told_at_once(api: Api) -> None:
    problem = assert_problem(api.post("/shares", {"title": 1, "assets": [{"page": 0}]}), 400)
    assert {fault["name"] for fault in problem["meta"]} == {"title", "origin", "assets[0].id", "assets[0].page"}


@pytest.mark.rule("SHARE-PAGE-IGNORED")
@pytest.mark.parametrize("handle", ["picture", "video", "link"])
def test_a_page_of_an_asset_without_pages_is_ignored(api: Api, handle: str) -> None:
    assets = [{"id": api.tenant.asset_id(handle), "page": 7}]
    assert created(share(api, assets=assets))["assets"][0]["id"] == assets[0]["id"]


@pytest.mark.rule("SHARE-PAGE-BEYOND")
def test_a_page_beyond_the_last_is_accepted(api: Api) -> None:
    assets = [{"id": api.tenant.asset_id("datasheet"), "page": 3}]
    assert created(share(api, assets=assets))["assets"] == assets


@pytest.mark.rule("SHARE-ASSET-400")
@pytest.mark.parametrize("handle", ["archived", "non-shareable"])
def test_an_asset_that_may_not_be_shared_makes_the_request_fail(api: Api, handle: str) -> None:
    assert_problem(share(api, "brochure", handle), 400, "SHARE-ASSET-400")
    assert listed(api) == []


@pytest.mark.rule("SHARE-ASSET-UNKNOWN", "SHARE-ASSET-400")
def test_an_asset_that_does_not_exist_makes_the_request_fail(api: Api) -> None:
    sent = body(api)
    sent["assets"].append({"id": "non-existent-789"})
    assert_problem(api.post("/shares", sent), 400)
    assert listed(api) == []


@pytest.mark.rule("SHARE-ASSET-UNKNOWN", "SHARE-ASSET-400")
def test_an_asset_that_the_requester_may_not_access_makes_the_request_fail(api: Api) -> None:
    sent = body(api, "brochure", "inaccessible")
    assert_problem(api.post("/shares", sent, as_="seller"), 400)
    created(api.post("/shares", sent, as_="admin"))
    assert len(listed(api)) == 1


@pytest.mark.rule("SHARE-OK", "SHARE-ASSET-UNKNOWN")
@pytest.mark.parametrize("token", ["api", "oauth"])
def test_a_user_shares_what_its_division_may_access(api: Api, token: str) -> None:
    created(api.post("/shares", body(api), as_="seller", oauth=token == "oauth"))


@pytest.mark.rule("SHARE-THEME-UNKNOWN")
def test_an_unknown_theme_is_refused(api: Api) -> None:
    assert_problem(share(api, theme={"id": "0" * 32}), 400, "SHARE-THEME-UNKNOWN", at="theme.id")
    assert listed(api) == []


@pytest.mark.rule("SHARE-403")
def test_shares_are_refused_where_api_access_is_off(api: Api) -> None:
    api.tenant.switch("apiAccess", on=False)
    assert_problem(share(api), 403, "SHARE-403")
    assert_problem(api.post("/shares", {}), 403, "SHARE-403")
    assert listed(api) == []


@pytest.mark.rule("CONV-AUTH", "CONV-ORDER")
def test_a_share_needs_a_token(api: Api) -> None:
    assert_problem(api.post("/shares", {}, as_=None), 401)


@pytest.mark.rule("SHARE-EXPIRES", "CONV-TIME-IN", "CONV-TIME")
def test_an_expiry_is_shown_in_utc_milliseconds(api: Api) -> None:
    api.tenant.freeze(NOW)
    assert created(share(api, expiresAt="2026-08-24T16:15:22+02:00"))["expiresAt"] == "2026-08-24T14:15:22.000Z"


@pytest.mark.rule("SHARE-EXPIRES-PAST")
@pytest.mark.parametrize("past", ["2026-03-10T15:43:24.999Z", "1999-12-31T23:59:59Z", "2026-03-10T17:43:24+02:00"])
def test_an_expiry_in_the_past_is_refused(api: Api, past: str) -> None:
    api.tenant.freeze(NOW)
    assert_problem(share(api, expiresAt=past), 400, "SHARE-EXPIRES-PAST", at="expiresAt")


@pytest.mark.rule("SHARE-EXPIRES-PAST")
def test_this_very_moment_is_not_the_past(api: Api) -> None:
    api.tenant.freeze(NOW)
    assert created(share(api, expiresAt=NOW))["expiresAt"] == NOW


@pytest.mark.rule("SHARE-EXPIRED", "SHARE-EXPIRES")
def test_a_share_has_expired_after_its_expiry_and_not_before(api: Api) -> None:
    api.tenant.freeze(NOW)
    created(share(api, expiresAt="2026-08-24T14:15:22.000Z"))
    api.tenant.freeze("2026-08-24T14:15:21.999Z")
    assert [one["isExpired"] for one in listed(api)] == [False]
    api.tenant.freeze("2026-08-24T14:15:22.001Z")
    assert [one["isExpired"] for one in listed(api)] == [True]


@pytest.mark.rule("SHARE-EXPIRED")
def test_the_control_api_shows_whether_a_share_has_expired(showpad: MockTenant, http_client: httpx2.Client) -> None:
    api = over_http(showpad, http_client)
    made = created(share(api, expiresAt="2999-01-01T00:00:00Z"))
    [shown] = http_client.get(f"{showpad.origin}/__admin/tenants/{showpad.name}/shares").json()
    assert shown == {**made, "localPaths": shown["localPaths"], "isExpired": False}


@pytest.mark.rule("SHARE-EXPIRES", "SHARE-EXPIRED")
def test_a_share_without_an_expiry_never_expires(api: Api) -> None:
    created(share(api))
    api.tenant.freeze("9999-12-31T23:59:59.999Z")
    assert [one["isExpired"] for one in listed(api)] == [False]


@pytest.mark.rule("SHARE-EVENTS")
def test_an_event_tells_of_a_share_created(api: Api) -> None:
    share(api, "archived")
    assert api.tenant.events == []
    created(share(api))
    assert [event["type"] for event in api.tenant.events] == ["link-share-created"]


@pytest.mark.rule("CONV-JSON")
def test_a_member_that_there_is_not_is_ignored_and_named(api: Api) -> None:
    answer = share(api, expires="2999-01-01T00:00:00Z")
    assert created(answer)["expiresAt"] is None
    assert answer.headers["x-mock-ignored"] == "body.expires"
