"""The lookups around spaces: assets, themes and templates."""

from __future__ import annotations

from typing import Any

import pytest

from ...api import Api
from .test_lookups import AMERICAS, EMEA, UNKNOWN, found, items

GLOBAL = "53bd105be2c675272cf81e9a5099710c"
NORTHERN = "2de459bf8936bb4a22ffe3b05260a93d"
AMERICAN = "bcf0bc03223f7032e218dd7aca51afa1"
ONBOARDING = "a4d25ccf-0834-4667-8ea2-d027eb3dce14"
TENDER = "10494f46-e215-444f-9f2d-372862ffd0fd"

# Assets

ASSET_MEMBERS = {
    *("id", "name", "type", "status", "division", "isArchived", "permissions", "isOnlyEntireDocumentShareable"),
    *("lockedPages", "enforcedPages", "pageCount", "externalId", "slug", "description", "createdAt", "updatedAt"),
    *("tags", "languages", "countries"),
}


def assets(api: Api, **params: str) -> set[object]:
    return set(found(api, "assets", "name", **params))


def named(api: Api, *handles: str) -> str:
    return ",".join(api.tenant.asset_id(handle) for handle in handles)


@pytest.mark.rule("AROUND-ASSETS")
def test_an_asset_has_these_members(api: Api) -> None:
    for asset in items(api.get("/assets")):
        assert set(asset) == ASSET_MEMBERS


@pytest.mark.rule("AROUND-ASSETS", "CONV-TIME")
def test_an_asset_is_shown_as_it_is(api: Api) -> None:
    asset = api.get(f"/assets/{named(api, 'brochure')}").json()
    assert asset["division"] == {"id": EMEA}
    assert asset["permissions"] == {"isShareable": True, "isAnnotatable": True, "isEditable": False}
    assert (asset["type"], asset["pageCount"], asset["externalId"]) == ("document", 10, "DAM-10482")
    assert (asset["isArchived"], asset["lockedPages"], asset["enforcedPages"]) == (False, [], None)
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
        ("tagIds", "prices", {"Price List 2023"}),
        ("tagIds", "tide gauges", {"Tide Gauge Brochure", "TG-200 Data Sheet"}),
        ("tagIds", "none", set()),
    ],
)
def test_assets_are_found_by_what_else_names_them(
    api: Api, parameter: str, value: str, matching: set[str]
) -> None:
    assert assets(api, **{parameter: value}) == matching


@pytest.mark.rule("AROUND-ASSETS")
def test_filters_of_assets_combine(api: Api) -> None:
    assert assets(api, name="Tide Gauge", divisionIds=EMEA, slugs="tide-gauge-brochure") == {"Tide Gauge Brochure"}
    assert assets(api, name="Tide Gauge", divisionIds=AMERICAS) == set()


# Themes


@pytest.mark.rule("AROUND-THEMES")
def test_a_theme_has_these_members(api: Api) -> None:
    for theme in items(api.get("/themes")):
        members = {"id", "title", "isGlobal", "isDefault", "displayData", "colorSettings"}
        assert set(theme) == members | {"createdAt", "updatedAt", "division"}
        assert set(api.get(f"/themes/{theme['id']}").json()) == {*theme, "experiences"}


@pytest.mark.rule("AROUND-THEMES")
def test_a_theme_is_shown_as_it_is(api: Api) -> None:
    theme = api.get(f"/themes/{NORTHERN}").json()
    assert (theme["title"], theme["isGlobal"], theme["division"]) == ("Northern Lights", False, {"id": EMEA})
    assert set(theme["displayData"]) == {"aboutDescription", "logo", "displayImage"}
    colours = {"headerColor": "0B2239", "headerFontColor": "FFFFFF", "accentColor": "2EC4B6", "accentFontColor": "0B2239"}
    assert theme["colorSettings"] == colours


@pytest.mark.rule("AROUND-THEMES")
def test_the_global_theme_is_of_no_division(api: Api) -> None:
    theme = api.get(f"/themes/{GLOBAL}").json()
    assert (theme["isGlobal"], theme["isDefault"], theme["division"]) == (True, True, None)


@pytest.mark.rule("AROUND-THEMES")
@pytest.mark.parametrize(
    ("params", "matching"),
    [
        ({"divisionId": EMEA, "includeGlobal": "false"}, {NORTHERN}),
        ({"divisionId": EMEA, "includeGlobal": "true"}, {NORTHERN, GLOBAL}),
        ({"divisionId": UNKNOWN, "includeGlobal": "false"}, set()),
        ({"includeGlobal": "false"}, {NORTHERN, AMERICAN}),
        ({"includeGlobal": "true"}, {NORTHERN, AMERICAN, GLOBAL}),
        ({"isDefault": "true"}, {GLOBAL}),
        ({"isDefault": "false"}, {NORTHERN, AMERICAN}),
        ({"title": "Northern Lights"}, {NORTHERN}),
        ({"title": "no such title"}, set()),
        ({"title": "Americas", "divisionId": EMEA}, set()),
    ],
)
def test_themes_are_found_by_filters(api: Api, params: dict[str, str], matching: set[str]) -> None:
    assert set(found(api, "themes", **params)) == matching


@pytest.mark.rule("AROUND-THEMES")
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", [AMERICAN, GLOBAL, NORTHERN]),
        ("createdAt", [GLOBAL, NORTHERN, AMERICAN]),
        ("updatedAt", [NORTHERN, AMERICAN, GLOBAL]),
    ],
)
def test_themes_are_sorted_up_and_down(api: Api, sort: str, order: list[str]) -> None:
    assert found(api, "themes", sort=sort) == order
    assert found(api, "themes", sort=f"-{sort}") == order[::-1]


@pytest.mark.rule("AROUND-THEMES")
def test_the_newest_theme_comes_first_when_no_order_is_asked_for(api: Api) -> None:
    assert found(api, "themes") == [AMERICAN, NORTHERN, GLOBAL]


# Templates


def templates(api: Api, **params: str) -> list[object]:
    return found(api, "shared-space-templates", **params)


def usage(api: Api, template: str) -> int:
    count: int = api.get(f"/shared-space-templates/{template}").json()["usageCount"]
    return count


@pytest.mark.rule("AROUND-TEMPLATES")
def test_a_template_has_these_members(api: Api) -> None:
    assert api.get(f"/shared-space-templates/{ONBOARDING}").json() == {
        "id": ONBOARDING,
        "isPublished": True,
        "creator": {"id": api.tenant.user_id("admin")},
        "name": "Onboarding",
        "description": "For new customers, after the contract is signed.",
        "division": {"id": EMEA},
        "sharedSpaceData": {
            "title": "Welcome aboard",
            "description": "Your first ninety days with Halden Instruments.",
            "theme": {"id": NORTHERN},
        },
        "usageCount": 1,
        "createdAt": "2024-12-09T10:00:00.000Z",
        "updatedAt": "2025-01-20T10:00:00.000Z",
    }


@pytest.mark.rule("AROUND-TEMPLATES")
def test_administrators_see_unpublished_templates_when_they_ask_for_them(api: Api) -> None:
    assert templates(api) == templates(api, includeUnpublished="false") == [ONBOARDING]
    assert set(templates(api, includeUnpublished="true")) == {ONBOARDING, TENDER}


@pytest.mark.rule("AROUND-TEMPLATES")
@pytest.mark.parametrize("user", ["manager", "seller", "outsider"])
def test_nobody_else_sees_unpublished_templates_in_the_list(api: Api, user: str) -> None:
    answer = api.get("/shared-space-templates", as_=user, params={"includeUnpublished": "true"})
    assert TENDER not in answer.text


@pytest.mark.rule("AROUND-TEMPLATES")
def test_a_template_is_listed_once_it_is_published(api: Api) -> None:
    body = {"owner": {"userId": api.tenant.user_id("seller")}, "sharedSpaceTemplate": {"id": ONBOARDING}}
    assert api.post("/shared-spaces", body).json()["sharedSpaceTemplate"] == {"id": ONBOARDING, "name": "Onboarding"}
    assert templates(api) == [ONBOARDING]


@pytest.mark.rule("AROUND-TEMPLATES")
def test_templates_are_found_by_their_division(api: Api) -> None:
    assert templates(api, divisionId=EMEA) == [ONBOARDING]
    assert templates(api, divisionId=AMERICAS) == templates(api, divisionId=UNKNOWN) == []


@pytest.mark.rule("AROUND-TEMPLATES")
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("createdAt", [ONBOARDING, TENDER]),
        ("updatedAt", [ONBOARDING, TENDER]),
        ("name", [ONBOARDING, TENDER]),
        ("usageCount", [TENDER, ONBOARDING]),
    ],
)
def test_templates_are_sorted_up_and_down(api: Api, sort: str, order: list[str]) -> None:
    assert templates(api, includeUnpublished="true", sort=sort) == order
    assert templates(api, includeUnpublished="true", sort=f"-{sort}") == order[::-1]


@pytest.mark.rule("AROUND-TEMPLATES")
def test_the_newest_template_comes_first_when_no_order_is_asked_for(api: Api) -> None:
    assert templates(api, includeUnpublished="true") == [TENDER, ONBOARDING]


@pytest.mark.rule("AROUND-TEMPLATES", "CREATE-TEMPLATE-MERGE")
def test_the_usage_of_a_template_counts_the_spaces_made_from_it(api: Api) -> None:
    assert (usage(api, ONBOARDING), usage(api, TENDER)) == (1, 0)
    for _ in range(3):
        api.create_space(sharedSpaceTemplate={"id": ONBOARDING})
    api.create_space()
    assert (usage(api, ONBOARDING), usage(api, TENDER)) == (4, 0)
    assert items(api.get("/shared-space-templates"))[0]["usageCount"] == 4


@pytest.mark.rule("AROUND-TEMPLATES")
def test_a_refused_space_counts_as_no_usage(api: Api) -> None:
    body = {"sharedSpaceTemplate": {"id": ONBOARDING}}
    assert api.post("/shared-spaces", body).status_code == 400
    assert usage(api, ONBOARDING) == 1
