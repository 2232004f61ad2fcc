"""The lookups around spaces: assets."""

from __future__ import annotations

from typing import Any

import pytest

from ...harness.api import Api
from .test_lookups import AMERICAS, EMEA, UNKNOWN, found, items

ASSET_MEMBERS = {
    *("id", "name", "type", "status", "division", "isArchived", "permissions", "isOnlyEntireDocumentShareable"),
    *("lockedPages", "enforcedPages", "pageCount", "externalId", "slug", "description", "createdAt", "updatedAt"),
    *("tags", "languages", "countries", "authors", "isDivisionShared", "isSensitive", "currentFile", "url"),
    *("checksum", "size", "duration", "wordCount", "downloadableExternal", "downloadableInternal"),
}
TYPES = {
    *("3d-model", "audio", "document", "page", "personal-video-recording", "photo", "raw", "scorm", "unknown", "url"),
    *("video", "webapp"),
}
STATUSES = {"prepared", "queued", "processing", "active", "failed"}
TIDE_GAUGES, PRICES = "0c7b8f6ac0b94a2ebd4b7dd3dc1f7a55", "8d1be6ff8f0a1d3a6f38c1b0d94d2c11"


def assets(api: Api, **params: str) -> set[object]:
    return set(found(api, "assets", "name", **params))


def named(api: Api, *handles: str) -> str:
    return ",".join(api.tenant.asset_id(handle) for handle in handles)


@pytest.mark.rule("AROUND-ASSETS")
@pytest.mark.parametrize("user", ["admin", "manager", "seller"])
def test_an_asset_has_these_members(api: Api, user: str) -> None:
    for asset in items(api.get("/assets", as_=user)):
        assert set(asset) == ASSET_MEMBERS
        assert set(api.get(f"/assets/{asset['id']}", as_=user).json()) == ASSET_MEMBERS


@pytest.mark.rule("AROUND-ASSETS")
def test_an_asset_of_little_seed_data_is_complete_all_the_same(guides: Api) -> None:
    for asset in items(guides.get("/assets")):
        assert set(asset) == ASSET_MEMBERS
        assert asset["slug"] == asset["id"]
        assert (asset["status"], asset["currentFile"], asset["url"]) == ("active", None, None)
        lists = ("tags", "languages", "countries", "authors", "downloadableExternal", "downloadableInternal")
        assert [asset[name] for name in lists] == [[]] * len(lists)


@pytest.mark.rule("AROUND-ASSETS")
def test_the_values_of_an_asset_are_of_these_forms(api: Api) -> None:
    for asset in api.get("/assets").json()["items"]:
        assert asset["type"] in TYPES
        assert asset["status"] in STATUSES
        assert isinstance(asset["slug"], str)
        for name, key in (("tags", "id"), ("authors", "id"), ("languages", "code"), ("countries", "code")):
            assert isinstance(asset[name], list)
            assert {tuple(one) for one in asset[name]} <= {(key,)}


@pytest.mark.rule("AROUND-ASSETS", "CONV-TIME")
def test_an_asset_is_shown_as_it_is(api: Api) -> None:
    asset = api.get(f"/assets/{named(api, 'brochure')}").json()
    assert asset["division"] == {"id": EMEA}
    assert asset["permissions"] == {"isShareable": True, "isAnnotatable": True, "isEditable": False}
    assert (asset["type"], asset["pageCount"], asset["externalId"]) == ("document", 10, "DAM-10482")
    assert (asset["isArchived"], asset["lockedPages"], asset["enforcedPages"]) == (False, [], None)
    assert asset["tags"] == [{"id": "5a0b3a6d1c7ce2b6f3a0b9f3c0f7d9a1"}, {"id": TIDE_GAUGES}]
    assert asset["languages"] == [{"code": "en"}]
    assert asset["countries"] == [{"code": "BE"}, {"code": "NL"}, {"code": "NO"}]
    assert asset["authors"] == [{"id": api.tenant.user_id("admin")}]
    assert asset["currentFile"] == {"id": "b1f0d1a5a6f94f0f9a3be0c2d1a7e4f3"}
    assert (asset["size"], asset["wordCount"], asset["duration"], asset["url"]) == (2_483_101, 1840, None, None)
    assert (asset["downloadableExternal"], asset["downloadableInternal"]) == (["pdf"], ["original", "pdf"])
    assert (asset["isDivisionShared"], asset["isSensitive"], asset["status"]) == (False, False, "active")
    assert (asset["createdAt"], asset["updatedAt"]) == ("2024-08-12T09:15:00.000Z", "2025-03-04T10:00:00.000Z")


@pytest.mark.rule("AROUND-ASSETS", "ITEMS-LOCKED", "ITEMS-ENFORCED", "ITEMS-ENTIRE", "ITEMS-NON-SHAREABLE")
def test_an_asset_tells_why_it_could_fail(api: Api) -> None:
    def of(handle: str) -> dict[str, Any]:
        shown: dict[str, Any] = api.get(f"/assets/{named(api, handle)}").json()
        return shown

    assert of("locked")["lockedPages"] == [{"start": 3, "end": 5}]
    enforced = {"prepend": [{"start": 1, "end": 1}], "append": [{"start": 10, "end": 10}]}
    assert of("enforced")["enforcedPages"] == enforced
    assert of("entire-only")["isOnlyEntireDocumentShareable"] is True
    assert of("non-shareable")["permissions"]["isShareable"] is False
    assert of("archived")["isArchived"] is True


@pytest.mark.rule("AROUND-ASSETS")
def test_assets_are_found_by_ids(api: Api) -> None:
    assert assets(api, ids=named(api, "brochure")) == {"Tide Gauge Brochure"}
    both = named(api, "brochure", "picture")
    assert assets(api, ids=f"{both},{UNKNOWN}") == {"Tide Gauge Brochure", "Harbour at Dawn"}
    assert assets(api, ids=UNKNOWN) == set()


@pytest.mark.rule("AROUND-ASSETS")
@pytest.mark.parametrize(
    ("name", "matching"),
    [
        ("Tide Gauge Brochure", {"Tide Gauge Brochure"}),
        ("Calibration in", {"Calibration in Five Minutes"}),
        ("TG-200 ", {"TG-200 Data Sheet"}),
        ("no such name", set()),
        ("%", set()),
    ],
)
def test_assets_are_found_by_a_part_of_the_name(api: Api, name: str, matching: set[str]) -> None:
    assert assets(api, name=name) == matching


@pytest.mark.rule("AROUND-ASSETS")
def test_assets_are_found_by_divisions(api: Api) -> None:
    assert assets(api, divisionIds=AMERICAS) == {"Americas Distributor Guide"}
    assert len(assets(api, divisionIds=EMEA)) == 10
    assert len(assets(api, divisionIds=f"{EMEA},{AMERICAS}")) == 11
    assert assets(api, divisionIds=UNKNOWN) == set()


@pytest.mark.rule("AROUND-ASSETS")
@pytest.mark.parametrize(
    ("parameter", "value", "matching"),
    [
        ("externalIds", "DAM-10482", {"Tide Gauge Brochure"}),
        ("externalIds", "DAM-10482,DAM-20017,DAM-0", {"Tide Gauge Brochure", "Americas Distributor Guide"}),
        ("externalIds", "DAM-0", set()),
        ("slugs", "harbour-at-dawn", {"Harbour at Dawn"}),
        ("slugs", "harbour-at-dawn,support-portal,none", {"Harbour at Dawn", "Support Portal"}),
        ("slugs", "none", set()),
        ("tagIds", PRICES, {"Price List 2023"}),
        ("tagIds", TIDE_GAUGES, {"Tide Gauge Brochure", "TG-200 Data Sheet"}),
        ("tagIds", f"{PRICES},{TIDE_GAUGES}", {"Price List 2023", "Tide Gauge Brochure", "TG-200 Data Sheet"}),
        ("tagIds", "none", set()),
        ("slugs", "calibration-in-five-minutes", {"Calibration in Five Minutes"}),
    ],
)
def test_assets_are_found_by_what_else_names_them(api: Api, parameter: str, value: str, matching: set[str]) -> None:
    assert assets(api, **{parameter: value}) == matching


@pytest.mark.rule("AROUND-ASSETS")
def test_filters_of_assets_combine(api: Api) -> None:
    assert assets(api, name="Tide Gauge", divisionIds=EMEA, slugs="tide-gauge-brochure") == {"Tide Gauge Brochure"}
    assert assets(api, name="Tide Gauge", divisionIds=AMERICAS) == set()
