"""The lookups around spaces: themes and templates."""

from __future__ import annotations

import re

import pytest

from showpad_mock.showpad import admin

from ...harness.api import Api
from .test_lookups import AMERICAS, EMEA, UNKNOWN, found, items

GLOBAL = "53bd105be2c675272cf81e9a5099710c"
NORTHERN = "2de459bf8936bb4a22ffe3b05260a93d"
AMERICAN = "bcf0bc03223f7032e218dd7aca51afa1"
ONBOARDING = "a4d25ccf-0834-4667-8ea2-d027eb3dce14"
TENDER = "10494f46-e215-444f-9f2d-372862ffd0fd"
KICK_OFF = "7b0c4d53-6a0e-4c3c-9c1b-2f4f1f0f6d55"

# Themes


@pytest.mark.rule("AROUND-THEMES")
@pytest.mark.parametrize("user", ["admin", "manager", "seller"])
def test_a_theme_has_these_members(api: Api, user: str) -> None:
    for theme in items(api.get("/themes", as_=user)):
        members = {"id", "title", "isGlobal", "isDefault", "displayData", "colorSettings"}
        assert set(theme) == members | {"createdAt", "updatedAt", "division"}
        assert set(api.get(f"/themes/{theme['id']}", as_=user).json()) == {*theme, "experiences"}


@pytest.mark.rule("AROUND-THEMES")
def test_the_values_of_a_theme_are_of_these_forms(api: Api, guides: Api) -> None:
    for theme in [one for each in (api, guides) for one in each.get("/themes").json()["items"]]:
        shown = theme["displayData"]
        assert isinstance(shown["aboutDescription"], str)
        assert {name: set(shown[name] or {"url": ""}) for name in ("logo", "displayImage")} == {
            "logo": {"url"},
            "displayImage": {"url"},
        }
        assert all(re.fullmatch("[0-9A-F]{6}", colour) for colour in theme["colorSettings"].values())
        assert (theme["division"] is None) is theme["isGlobal"]


@pytest.mark.rule("AROUND-THEMES")
def test_a_theme_is_shown_as_it_is(api: Api) -> None:
    theme = api.get(f"/themes/{NORTHERN}").json()
    assert (theme["title"], theme["isGlobal"], theme["division"]) == ("Northern Lights", False, {"id": EMEA})
    assert theme["displayData"] == {
        "aboutDescription": "For customers in the Nordics.",
        "logo": {"url": "https://assets.example.com/themes/northern-lights/logo.png"},
        "displayImage": {"url": "https://assets.example.com/themes/northern-lights/cover.jpg"},
    }
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


TEMPLATES = "/shared-space-templates"
ALL = {"includeUnpublished": "true"}


def usage(api: Api, template: str) -> int:
    count: int = api.get(f"/shared-space-templates/{template}").json()["usageCount"]
    return count


@pytest.mark.rule("AROUND-TEMPLATES")
def test_a_template_has_these_members(api: Api) -> None:
    assert items(api.get("/shared-space-templates"))[-1] == {
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
@pytest.mark.parametrize("template", [ONBOARDING, TENDER])
def test_one_template_tells_whom_it_is_for_and_its_whole_theme(api: Api, template: str) -> None:
    (listed,) = [one for one in items(api.get(TEMPLATES, params=ALL)) if one["id"] == template]
    data = dict(listed["sharedSpaceData"])  # type: ignore[call-overload]
    theme = api.get(f"/themes/{data['theme']['id']}").json()
    whole = {name: theme[name] for name in ("id", "title", "displayData", "colorSettings")}
    group = [{"id": "3ab7ad5d401e317bc416750d672b5d70"}] if template == ONBOARDING else []
    users = [] if template == ONBOARDING else [{"id": api.tenant.user_id("manager")}]
    assert api.get(f"{TEMPLATES}/{template}").json() == {
        **listed,
        "sharedSpaceData": {**data, "theme": whole},
        "users": users,
        "userGroups": group,
    }


@pytest.mark.rule("AROUND-TEMPLATES", "SPACE-THEME")
def test_a_template_without_a_theme_has_the_global_one(api: Api) -> None:
    for template in items(api.get(TEMPLATES, params=ALL)):
        theme = dict(template["sharedSpaceData"])["theme"]  # type: ignore[call-overload]
        assert theme == {"id": NORTHERN if template["id"] == ONBOARDING else GLOBAL}


@pytest.mark.rule("AROUND-TEMPLATES")
@pytest.mark.parametrize(
    ("user", "seen"),
    [
        ("admin", {ONBOARDING, KICK_OFF}),
        ("seller", {ONBOARDING}),
        ("partner", {ONBOARDING}),
        ("manager", set()),
        ("outsider", set()),
    ],
)
def test_a_template_is_for_whom_it_is_assigned_to_and_for_administrators(api: Api, user: str, seen: set[str]) -> None:
    assert {one["id"] for one in items(api.get(TEMPLATES, as_=user))} == seen
    for template in (ONBOARDING, KICK_OFF):
        status = api.get(f"{TEMPLATES}/{template}", as_=user).status_code
        assert status == (200 if template in seen else 404)


@pytest.mark.rule("AROUND-TEMPLATES")
def test_a_template_may_be_assigned_to_one_user(api: Api) -> None:
    api.tenant._change(admin.change_template, {"template": TENDER}, {"isPublished": True})
    assert [one["id"] for one in items(api.get(TEMPLATES, as_="manager"))] == [TENDER]
    assert api.get(f"{TEMPLATES}/{TENDER}", as_="manager").status_code == 200


@pytest.mark.rule("AROUND-TEMPLATES")
def test_administrators_see_unpublished_templates_when_they_ask_for_them(api: Api) -> None:
    assert templates(api) == templates(api, includeUnpublished="false") == [KICK_OFF, ONBOARDING]
    assert set(templates(api, includeUnpublished="true")) == {ONBOARDING, TENDER, KICK_OFF}


@pytest.mark.rule("AROUND-TEMPLATES")
@pytest.mark.parametrize("user", ["manager", "seller", "outsider"])
def test_nobody_else_sees_unpublished_templates_in_the_list(api: Api, user: str) -> None:
    answer = api.get("/shared-space-templates", as_=user, params={"includeUnpublished": "true"})
    assert TENDER not in answer.text


@pytest.mark.rule("AROUND-TEMPLATES")
def test_a_template_is_listed_once_it_is_published(api: Api) -> None:
    api.tenant._change(admin.change_template, {"template": TENDER}, {"isPublished": True})
    assert templates(api) == [TENDER, KICK_OFF, ONBOARDING]
    assert templates(api, includeUnpublished="true") == [TENDER, KICK_OFF, ONBOARDING]


@pytest.mark.rule("AROUND-TEMPLATES")
def test_templates_are_found_by_their_division(api: Api) -> None:
    assert templates(api, divisionId=EMEA) == [ONBOARDING]
    assert templates(api, divisionId=AMERICAS) == [KICK_OFF]
    assert templates(api, divisionId=UNKNOWN) == []


@pytest.mark.rule("AROUND-TEMPLATES")
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("createdAt", [ONBOARDING, KICK_OFF, TENDER]),
        ("updatedAt", [ONBOARDING, KICK_OFF, TENDER]),
        ("name", [KICK_OFF, ONBOARDING, TENDER]),
    ],
)
def test_templates_are_sorted_up_and_down(api: Api, sort: str, order: list[str]) -> None:
    assert templates(api, includeUnpublished="true", sort=sort) == order
    assert templates(api, includeUnpublished="true", sort=f"-{sort}") == order[::-1]


@pytest.mark.rule("AROUND-TEMPLATES")
def test_templates_are_sorted_by_their_usage(api: Api) -> None:
    for _ in range(2):
        api.create_space(sharedSpaceTemplate={"id": KICK_OFF})
    order = [TENDER, ONBOARDING, KICK_OFF]
    assert templates(api, includeUnpublished="true", sort="usageCount") == order
    assert templates(api, includeUnpublished="true", sort="-usageCount") == order[::-1]


@pytest.mark.rule("AROUND-TEMPLATES")
def test_the_newest_template_comes_first_when_no_order_is_asked_for(api: Api) -> None:
    assert templates(api, includeUnpublished="true") == [TENDER, KICK_OFF, ONBOARDING]


@pytest.mark.rule("AROUND-TEMPLATES", "CREATE-TEMPLATE-MERGE")
def test_the_usage_of_a_template_counts_the_spaces_made_from_it(api: Api) -> None:
    assert (usage(api, ONBOARDING), usage(api, TENDER)) == (1, 0)
    for _ in range(3):
        api.create_space(sharedSpaceTemplate={"id": ONBOARDING})
    api.create_space()
    assert (usage(api, ONBOARDING), usage(api, TENDER)) == (4, 0)
    assert items(api.get("/shared-space-templates"))[-1]["usageCount"] == 4


@pytest.mark.rule("AROUND-TEMPLATES")
def test_a_refused_space_counts_as_no_usage(api: Api) -> None:
    body = {"sharedSpaceTemplate": {"id": ONBOARDING}}
    assert api.post("/shared-spaces", body).status_code == 400
    assert usage(api, ONBOARDING) == 1
