"""GET, PATCH and DELETE /shared-spaces/{shareId}."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from ...harness.api import Api, assert_problem

NORTHERN_LIGHTS = "2de459bf8936bb4a22ffe3b05260a93d"
ONBOARDING = "a4d25ccf-0834-4667-8ea2-d027eb3dce14"
BOOLEANS = [
    "isExternalDownloadAllowed",
    "isExternalInviteAllowed",
    "isExternalUploadAllowed",
    "isCommentAllowed",
    "isSearchAIAllowed",
]


def at(space: dict[str, Any]) -> str:
    return f"/shared-spaces/{space['id']}"


def update(api: Api, space: dict[str, Any], **fields: Any) -> httpx2.Response:
    return api.patch(at(space), fields)


@pytest.mark.rule("GET-OK")
def test_a_space_is_read(api: Api) -> None:
    space = api.create_space(title="Marketing")
    answer = api.get(at(space))
    assert (answer.status_code, answer.json()) == (200, space)


@pytest.mark.rule("GET-404")
@pytest.mark.parametrize("share_id", ["f" * 32, "nowhere", "borealis-bergen", "%20", "0"])
def test_getting_an_unknown_space_is_404(api: Api, share_id: str) -> None:
    assert_problem(api.get(f"/shared-spaces/{share_id}"), 404, "GET-404")


@pytest.mark.rule("PATCH-OK", "PATCH-FIELDS")
@pytest.mark.parametrize(
    ("name", "value"),
    [("title", "B"), ("description", "D"), ("description", ""), ("theme", {"id": NORTHERN_LIGHTS})]
    + [(name, value) for name in BOOLEANS for value in (True, False)],
)
def test_only_what_is_sent_changes(api: Api, name: str, value: Any) -> None:
    api.tenant.switch("collaboratePlus", on=True)
    space = api.create_space(title="A", description="Before")
    answer = update(api, space, **{name: value})
    assert answer.status_code == 200
    assert answer.json() == {**space, name: value, "updatedAt": answer.json()["updatedAt"]}
    assert api.get(at(space)).json() == answer.json()


@pytest.mark.rule("PATCH-OK", "PATCH-ARCHIVE")
def test_the_guides_example_archives_a_space(api: Api) -> None:
    space = api.create_space(title="Marketing & Revenue Collaboration")
    api.tenant.freeze("2030-01-09T11:51:24.271Z")
    flags = dict.fromkeys(BOOLEANS[:3], False)
    change = {
        "title": "ARCHIVED Marketing & Revenue Collaboration",
        "status": "ARCHIVED",
        "description": "ARCHIVED",
        **flags,
    }
    now = "2030-01-09T11:51:24.271Z"
    assert update(api, space, **change).json() == {**space, **change, "archivedAt": now, "updatedAt": now}


@pytest.mark.rule("PATCH-OK")
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("user", ["admin", "seller"])
def test_admins_and_the_owner_may_update(api: Api, user: str, *, oauth: bool) -> None:
    space = api.create_space(owner="seller")
    assert api.patch(at(space), {"title": "B"}, as_=user, oauth=oauth).json()["title"] == "B"


@pytest.mark.rule("PATCH-FIELDS", "CREATE-TITLE-LENGTH", "CREATE-DESCRIPTION")
@pytest.mark.parametrize(("name", "most"), [("title", 255), ("description", 65_535)])
def test_texts_have_the_limits_of_create(api: Api, name: str, most: int) -> None:
    space = api.create_space()
    assert update(api, space, **{name: "a" * most}).status_code == 200
    assert_problem(update(api, space, **{name: "a" * (most + 1)}), 400, at=name)


@pytest.mark.rule("PATCH-FIELDS", "CREATE-TITLE-LENGTH")
def test_a_title_cannot_become_empty(api: Api) -> None:
    assert_problem(update(api, api.create_space(), title=""), 400, at="title")


@pytest.mark.rule("PATCH-FIELDS", "CREATE-THEME-UNKNOWN")
def test_a_theme_that_does_not_exist_is_refused(api: Api) -> None:
    assert_problem(update(api, api.create_space(), theme={"id": "f" * 32}), 400, at="theme.id")


@pytest.mark.rule("PATCH-FIELDS", "SPACE-STATUS")
@pytest.mark.parametrize("status", ["archived", "DELETED", "", " ACTIVE"])
def test_a_status_is_active_or_archived(api: Api, status: str) -> None:
    assert_problem(update(api, api.create_space(), status=status), 400, at="status")


@pytest.mark.rule("CREATE-UPLOAD-ADDON", "CREATE-UPLOAD-403")
def test_upload_cannot_be_allowed_without_the_add_on(api: Api) -> None:
    space = api.create_space()
    api.tenant.switch("collaboratePlus", on=False)
    assert_problem(update(api, space, isExternalUploadAllowed=True), 403, "CREATE-UPLOAD-403")
    assert update(api, space, isExternalUploadAllowed=False).status_code == 200


@pytest.mark.rule("PATCH-OK")
@pytest.mark.parametrize(
    "wrong", [{"status": "NO"}, {"theme": {"id": "no"}}, {"publicUri": "other"}, {"owner": {"userId": "x"}}]
)
def test_a_refused_update_changes_nothing(api: Api, wrong: dict[str, Any]) -> None:
    space = api.create_space(title="A")
    assert_problem(update(api, space, title="B", isCommentAllowed=False, **wrong), 400)
    assert api.get(at(space)).json() == space


@pytest.mark.rule("PATCH-EMPTY")
def test_an_empty_update_moves_nothing(api: Api) -> None:
    space = api.create_space()
    api.tenant.freeze("2030-01-01T00:00:00Z")
    answer = update(api, space)
    assert (answer.status_code, answer.json()) == (200, space)


@pytest.mark.rule("PATCH-ARCHIVE")
def test_archiving_a_space_sets_the_time(api: Api) -> None:
    space = api.create_space()
    api.tenant.freeze("2030-01-01T00:00:00.007Z")
    assert update(api, space, status="ARCHIVED").json()["archivedAt"] == "2030-01-01T00:00:00.007Z"


@pytest.mark.rule("PATCH-ARCHIVE-AGAIN")
def test_archiving_a_space_again_keeps_the_time(api: Api) -> None:
    space = api.create_space()
    api.tenant.freeze("2030-01-01T00:00:00Z")
    update(api, space, status="ARCHIVED")
    api.tenant.freeze("2030-01-02T00:00:00Z")
    assert update(api, space, status="ARCHIVED").json()["archivedAt"] == "2030-01-01T00:00:00.000Z"


@pytest.mark.rule("PATCH-ARCHIVE-AGAIN")
def test_a_space_made_active_again_has_no_time_of_archiving(api: Api) -> None:
    space = api.create_space()
    update(api, space, status="ARCHIVED")
    active = update(api, space, status="ACTIVE").json()
    assert (active["status"], active["archivedAt"]) == ("ACTIVE", None)


@pytest.mark.rule("PATCH-URI", "PATCH-URI-400")
@pytest.mark.parametrize("uri", ["after", "Before", "before-", "borealis-bergen"])
def test_the_public_uri_cannot_be_changed(api: Api, uri: str) -> None:
    space = api.create_space(publicUri="before")
    assert_problem(update(api, space, publicUri=uri), 400, at="publicUri")
    assert api.get(at(space)).json() == space


@pytest.mark.rule("PATCH-URI-400")
def test_the_same_public_uri_is_accepted(api: Api) -> None:
    space = api.create_space(publicUri="before")
    assert update(api, space, publicUri="before", title="B").json()["title"] == "B"


@pytest.mark.rule("PATCH-OWNER")
@pytest.mark.parametrize("user", ["partner", "admin", "deactivated"])
def test_an_update_cannot_name_another_owner(api: Api, user: str) -> None:
    space = api.create_space(owner="seller")
    answer = update(api, space, owner={"userId": api.tenant.user_id(user)})
    assert_problem(answer, 400, "PATCH-OWNER", at="owner.userId")
    assert api.get(at(space)).json()["owner"] == space["owner"]


@pytest.mark.rule("PATCH-OWNER")
def test_an_update_may_name_the_present_owner(api: Api) -> None:
    space = api.create_space(owner="seller")
    assert update(api, space, owner=space["owner"], title="B").json()["title"] == "B"


@pytest.mark.rule("PATCH-OWNER")
def test_the_template_of_a_space_is_not_updated(api: Api) -> None:
    space = api.create_space()
    answer = update(api, space, sharedSpaceTemplate={"id": ONBOARDING})
    assert (answer.status_code, answer.json()) == (200, space)


@pytest.mark.rule("PATCH-403")
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("user", ["partner", "manager", "outsider"])
def test_nobody_but_admins_and_the_owner_may_update(api: Api, user: str, *, oauth: bool) -> None:
    space = api.create_space(owner="seller")
    api.tenant.add_participant(space["id"], user="partner")
    assert_problem(api.patch(at(space), {"title": "B"}, as_=user, oauth=oauth), 403, "PATCH-403")
    assert api.get(at(space)).json()["title"] == space["title"]


@pytest.mark.rule("PATCH-404")
def test_updating_an_unknown_space_is_404(api: Api) -> None:
    assert_problem(api.patch("/shared-spaces/nowhere", {"title": "B"}), 404, "PATCH-404")


@pytest.mark.rule("DELETE-OK")
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("user", ["admin", "seller"])
def test_admins_and_the_owner_may_delete(api: Api, user: str, *, oauth: bool) -> None:
    answer = api.delete(at(api.create_space(owner="seller")), as_=user, oauth=oauth)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers


@pytest.mark.rule("DELETE-GONE")
@pytest.mark.parametrize(
    ("method", "below", "rule"),
    [
        ("GET", "", "GET-404"),
        ("PATCH", "", "PATCH-404"),
        ("DELETE", "", "DELETE-404"),
        ("POST", "/transfer-ownership", "TRANSFER-404"),
        ("POST", "/items", "ITEMS-404"),
    ],
)
def test_every_later_call_on_a_deleted_space_is_404(api: Api, method: str, below: str, rule: str) -> None:
    space = api.create_space()
    api.delete(at(space))
    answer = api.request(method, at(space) + below, {} if method in ("PATCH", "POST") else None)
    assert_problem(answer, 404, rule)


@pytest.mark.rule("DELETE-GONE")
def test_a_deleted_space_is_listed_no_more(api: Api) -> None:
    before = api.get("/shared-spaces").json()
    api.delete(at(api.create_space()))
    assert api.get("/shared-spaces").json() == before


@pytest.mark.rule("DELETE-GONE")
def test_a_seeded_space_can_be_deleted_too(api: Api) -> None:
    space = api.get("/shared-spaces").json()["items"][0]
    assert api.delete(at(space)).status_code == 204
    assert_problem(api.get(at(space)), 404, "GET-404")


@pytest.mark.rule("DELETE-403")
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize("user", ["partner", "manager", "outsider"])
def test_nobody_but_admins_and_the_owner_may_delete(api: Api, user: str, *, oauth: bool) -> None:
    space = api.create_space(owner="seller")
    api.tenant.add_participant(space["id"], user="partner")
    assert_problem(api.delete(at(space), as_=user, oauth=oauth), 403, "DELETE-403")
    assert api.get(at(space)).status_code == 200


@pytest.mark.rule("DELETE-404")
def test_deleting_an_unknown_space_is_404(api: Api) -> None:
    assert_problem(api.delete("/shared-spaces/nowhere"), 404, "DELETE-404")
