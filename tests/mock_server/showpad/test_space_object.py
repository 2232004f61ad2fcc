"""The Shared Space object: its fields, and what they say."""

from __future__ import annotations

from typing import Any

import pytest

from ...harness.api import Api

DOCUMENTED = {
    "id": str,
    "title": str,
    "publicUri": str,
    "publicUrl": str,
    "status": str,
    "isExternalDownloadAllowed": bool,
    "isExternalInviteAllowed": bool,
    "isExternalUploadAllowed": bool,
    "createdAt": str,
    "lastActivityAt": str,
    "archivedAt": type(None),
    "description": str,
    "owner": dict,
    "theme": dict,
}
PUBLISHED = {
    "isCommentAllowed": bool,
    "isSearchAIAllowed": bool,
    "updatedAt": str,
    "customerLogo": type(None),
    "sharedSpaceTemplate": type(None),
}
BOREALIS = "df2d9fad1fc51322f366d0fa0aaff1c4"
GLOBAL_THEME = "53bd105be2c675272cf81e9a5099710c"
NORTHERN_LIGHTS = "2de459bf8936bb4a22ffe3b05260a93d"
ONBOARDING = "a4d25ccf-0834-4667-8ea2-d027eb3dce14"


def read(api: Api, space: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = api.get(f"/shared-spaces/{space['id']}").json()
    return answer


def listed(api: Api, space_id: str) -> dict[str, Any]:
    return next(one for one in api.get("/shared-spaces").json()["items"] if one["id"] == space_id)


@pytest.mark.rule("SPACE-FIELDS")
@pytest.mark.parametrize(("name", "kind"), DOCUMENTED.items())
def test_a_space_has_the_fields_of_the_guide(api: Api, name: str, kind: type) -> None:
    assert type(api.create_space()[name]) is kind


@pytest.mark.rule("SPACE-FIELDS-MORE")
@pytest.mark.parametrize(("name", "kind"), PUBLISHED.items())
def test_a_space_has_the_published_fields_too(api: Api, name: str, kind: type) -> None:
    assert type(api.create_space()[name]) is kind


@pytest.mark.rule("SPACE-FIELDS", "SPACE-FIELDS-MORE")
def test_a_space_has_no_other_fields(api: Api) -> None:
    assert set(api.create_space()) == {*DOCUMENTED, *PUBLISHED}


@pytest.mark.rule("SPACE-FIELDS")
def test_owner_and_theme_are_ids(api: Api) -> None:
    space = api.create_space(owner="seller")
    assert space["owner"] == {"userId": api.tenant.user_id("seller")}
    assert set(space["theme"]) == {"id"}


@pytest.mark.rule("SPACE-FIELDS")
def test_create_get_and_update_show_the_same_object(api: Api) -> None:
    space = api.create_space(description="D", theme={"id": NORTHERN_LIGHTS})
    assert read(api, space) == space
    assert api.patch(f"/shared-spaces/{space['id']}", {}).json() == space


@pytest.mark.rule("SPACE-FIELDS-MORE")
def test_a_customer_logo_has_a_url_a_height_and_says_whether_it_is_transparent(api: Api) -> None:
    logo = {"url": "https://assets.example.com/logos/borealis.png", "height": 48, "isTransparent": True}
    assert read(api, {"id": BOREALIS})["customerLogo"] == logo


@pytest.mark.rule("SPACE-TEMPLATE", "SPACE-FIELDS-MORE")
def test_the_template_that_was_used_is_shown(api: Api) -> None:
    space = api.create_space(sharedSpaceTemplate={"id": ONBOARDING})
    assert space["sharedSpaceTemplate"] == {"id": ONBOARDING, "name": "Onboarding"}


@pytest.mark.rule("SPACE-TEMPLATE")
def test_without_a_template_null_is_shown(api: Api) -> None:
    assert api.create_space()["sharedSpaceTemplate"] is None


@pytest.mark.rule("SPACE-LISTED")
def test_a_list_item_is_the_same_object_without_the_description(api: Api) -> None:
    space = api.create_space(description="D", sharedSpaceTemplate={"id": ONBOARDING})
    del space["description"]
    assert listed(api, space["id"]) == space


@pytest.mark.rule("SPACE-LISTED")
def test_every_list_item_is_the_object_without_the_description(api: Api) -> None:
    for item in api.get("/shared-spaces").json()["items"]:
        assert {**item, "description": read(api, item)["description"]} == read(api, item)


@pytest.mark.rule("SPACE-DESCRIPTION")
def test_a_description_is_empty_when_none_was_given(api: Api) -> None:
    assert api.create_space()["description"] == ""


@pytest.mark.rule("SPACE-URL")
def test_the_public_url_is_made_of_subdomain_and_public_uri(api: Api) -> None:
    space = api.create_space(publicUri="marketing-space")
    assert space["publicUrl"] == f"https://{api.tenant.name}.showpad.com/s/marketing-space"


@pytest.mark.rule("SPACE-STATUS")
def test_an_active_space_has_no_time_of_archiving(api: Api) -> None:
    space = api.create_space()
    assert (space["status"], space["archivedAt"]) == ("ACTIVE", None)


@pytest.mark.rule("SPACE-STATUS")
def test_an_archived_space_shows_when_it_was_archived(api: Api) -> None:
    space = api.create_space()
    api.tenant.freeze("2030-01-09T11:51:24.271Z")
    archived = api.patch(f"/shared-spaces/{space['id']}", {"status": "ARCHIVED"}).json()
    assert (archived["status"], archived["archivedAt"]) == ("ARCHIVED", "2030-01-09T11:51:24.271Z")


@pytest.mark.rule("SPACE-THEME")
def test_the_theme_is_the_global_theme_when_none_was_asked_for(api: Api) -> None:
    assert api.create_space()["theme"] == {"id": GLOBAL_THEME}


@pytest.mark.rule("SPACE-THEME")
def test_the_theme_is_the_one_that_was_asked_for(api: Api) -> None:
    assert api.create_space(theme={"id": NORTHERN_LIGHTS})["theme"] == {"id": NORTHERN_LIGHTS}


@pytest.mark.rule("SPACE-ACTIVITY")
@pytest.mark.parametrize(
    "change", [{"title": "B"}, {"description": "D"}, {"status": "ARCHIVED"}, {"isCommentAllowed": False}]
)
def test_updating_a_space_does_not_move_its_last_activity(api: Api, change: dict[str, Any]) -> None:
    api.tenant.freeze("2030-01-01T00:00:00Z")
    space = api.create_space()
    api.tenant.freeze("2030-01-02T00:00:00Z")
    updated = api.patch(f"/shared-spaces/{space['id']}", change).json()
    assert updated["lastActivityAt"] == "2030-01-01T00:00:00.000Z"
    assert updated["updatedAt"] == "2030-01-02T00:00:00.000Z"


@pytest.mark.rule("SPACE-ACTIVITY-SET")
def test_creating_a_space_sets_its_times(api: Api) -> None:
    api.tenant.freeze("2030-01-01T00:00:00.123Z")
    space = api.create_space()
    times = {space["createdAt"], space["lastActivityAt"], space["updatedAt"]}
    assert times == {"2030-01-01T00:00:00.123Z"}


@pytest.mark.rule("SPACE-ACTIVITY-SET")
def test_adding_items_moves_the_last_activity(api: Api) -> None:
    space = api.create_space()
    api.tenant.freeze("2030-01-02T00:00:00Z")
    item = {"type": "asset", "assetId": api.tenant.asset_id("link")}
    api.post(f"/shared-spaces/{space['id']}/items", {"items": [item]})
    after = read(api, space)
    assert after["lastActivityAt"] == after["updatedAt"] == "2030-01-02T00:00:00.000Z"


@pytest.mark.rule("SPACE-ACTIVITY-SET")
def test_a_transfer_moves_the_last_activity(api: Api) -> None:
    space = api.create_space()
    api.tenant.freeze("2030-01-02T00:00:00Z")
    api.post(f"/shared-spaces/{space['id']}/transfer-ownership", {"userId": api.tenant.user_id("partner")})
    after = read(api, space)
    assert after["lastActivityAt"] == after["updatedAt"] == "2030-01-02T00:00:00.000Z"


@pytest.mark.rule("SPACE-ACTIVITY-SET")
def test_reading_a_space_moves_none_of_its_times(api: Api) -> None:
    space = api.create_space()
    api.tenant.freeze("2030-01-02T00:00:00Z")
    read(api, space)
    assert read(api, space) == space


@pytest.mark.rule("SPACE-INVITE")
def test_nobody_but_the_owner_takes_part_in_a_new_space(api: Api) -> None:
    space = api.create_space(owner="seller")
    assert [one["userId"] for one in api.tenant.participants(space["id"])] == [api.tenant.user_id("seller")]
