"""The lookups around spaces: themes and templates."""

from __future__ import annotations

import pytest

from mock_server.showpad import levers

from ...api import Api
from .test_lookups import AMERICAS, EMEA, UNKNOWN, found, items

GLOBAL = "53bd105be2c675272cf81e9a5099710c"
NORTHERN = "2de459bf8936bb4a22ffe3b05260a93d"
AMERICAN = "bcf0bc03223f7032e218dd7aca51afa1"
ONBOARDING = "a4d25ccf-0834-4667-8ea2-d027eb3dce14"
TENDER = "10494f46-e215-444f-9f2d-372862ffd0fd"

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
    colours = {
        "headerColor": "0B2239",
        "headerFontColor": "FFFFFF",
        "accentColor": "2EC4B6",
        "accentFontColor": "0B2239",
    }
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
    api.tenant._change(levers.change_template, {"template": TENDER}, {"isPublished": True})
    assert templates(api) == [TENDER, ONBOARDING]
    assert templates(api, includeUnpublished="true") == [TENDER, ONBOARDING]


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
