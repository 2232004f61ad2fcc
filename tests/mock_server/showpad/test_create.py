"""POST /shared-spaces: owners, templates, features, and what a new space brings about."""

from __future__ import annotations

import asyncio
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx2
import pytest

from showpad_mock import MockShowpad

from ...harness.api import Api, assert_problem, in_process

NORTHERN_LIGHTS = "2de459bf8936bb4a22ffe3b05260a93d"
AMERICAS = "bcf0bc03223f7032e218dd7aca51afa1"
ONBOARDING = "a4d25ccf-0834-4667-8ea2-d027eb3dce14"
DRAFT = "10494f46-e215-444f-9f2d-372862ffd0fd"
WELCOME = "Your first ninety days with Halden Instruments."


def create(
    api: Api, owned_by: str | None = "seller", *, as_: str = "admin", oauth: bool = False, **fields: Any
) -> httpx2.Response:
    body = {"title": "A space", **fields}
    if owned_by is not None:
        body["owner"] = {"userId": api.tenant.user_id(owned_by)}
    return api.post("/shared-spaces", body, as_=as_, oauth=oauth)


def from_template(api: Api, template: str = ONBOARDING, **fields: Any) -> httpx2.Response:
    owner = {"userId": api.tenant.user_id("seller")}
    return api.post("/shared-spaces", {"owner": owner, "sharedSpaceTemplate": {"id": template}, **fields})


@pytest.mark.rule("CREATE-OK")
def test_a_space_is_created(api: Api) -> None:
    answer = create(api, title="Marketing", description="D")
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert answer.json()["title"] == "Marketing"
    assert api.get(f"/shared-spaces/{answer.json()['id']}").json() == answer.json()


@pytest.mark.rule("CREATE-OWNER-REQUIRED")
@pytest.mark.parametrize("user", ["admin", "manager", "seller"])
def test_an_api_token_must_name_the_owner(api: Api, user: str) -> None:
    assert_problem(create(api, None, as_=user), 400, "CREATE-OWNER-REQUIRED", at="owner.userId")


@pytest.mark.rule("CREATE-OWNER-REQUIRED")
def test_an_owner_without_a_user_id_is_missing(api: Api) -> None:
    assert_problem(create(api, None, owner={}), 400, "CREATE-OWNER-REQUIRED", at="owner.userId")


@pytest.mark.rule("CREATE-OWNER-DEFAULT")
@pytest.mark.parametrize("user", ["admin", "manager", "seller"])
def test_who_creates_a_space_in_person_becomes_its_owner(api: Api, user: str) -> None:
    answer = create(api, None, as_=user, oauth=True)
    assert answer.status_code == 201
    assert answer.json()["owner"] == {"userId": api.tenant.user_id(user)}


@pytest.mark.rule("CREATE-OWNER-ADMIN")
@pytest.mark.parametrize("oauth", [False, True])
def test_an_admin_may_name_any_owner(api: Api, *, oauth: bool) -> None:
    answer = create(api, "partner", oauth=oauth)
    assert answer.json()["owner"] == {"userId": api.tenant.user_id("partner")}


@pytest.mark.rule("CREATE-OWNER-ADMIN")
@pytest.mark.parametrize("oauth", [False, True])
def test_anybody_may_name_themselves_as_the_owner(api: Api, *, oauth: bool) -> None:
    assert create(api, "seller", as_="seller", oauth=oauth).status_code == 201


@pytest.mark.rule("CREATE-OWNER-ADMIN", "CREATE-OWNER-ADMIN-403")
@pytest.mark.parametrize("oauth", [False, True])
@pytest.mark.parametrize(("user", "owner"), [("seller", "partner"), ("manager", "seller"), ("seller", "admin")])
def test_nobody_but_an_admin_may_name_another_owner(api: Api, user: str, owner: str, *, oauth: bool) -> None:
    assert_problem(create(api, owner, as_=user, oauth=oauth), 403, "CREATE-OWNER-ADMIN-403")


@pytest.mark.rule("CREATE-OWNER-UNKNOWN")
def test_an_unknown_owner_is_refused(api: Api) -> None:
    assert_problem(create(api, None, owner={"userId": "f" * 32}), 400, "CREATE-OWNER-UNKNOWN")


@pytest.mark.rule("CREATE-OWNER-UNKNOWN")
def test_an_owner_is_named_by_id_not_by_handle(api: Api) -> None:
    assert_problem(create(api, None, owner={"userId": "seller"}), 400, "CREATE-OWNER-UNKNOWN")


@pytest.mark.rule("CREATE-OWNER-DEACTIVATED")
def test_a_deactivated_owner_is_refused(api: Api) -> None:
    assert_problem(create(api, "deactivated"), 400, "CREATE-OWNER-DEACTIVATED")


@pytest.mark.rule("CREATE-OWNER-UNLICENSED")
def test_an_owner_without_a_content_licence_is_refused(api: Api) -> None:
    assert_problem(create(api, "unlicensed"), 400, "CREATE-OWNER-UNLICENSED")


@pytest.mark.rule("CREATE-OWNER-UNLICENSED", "CREATE-OWNER-DEFAULT")
def test_who_has_no_content_licence_can_create_nothing_for_themselves(api: Api) -> None:
    assert_problem(create(api, None, as_="unlicensed", oauth=True), 400, "CREATE-OWNER-UNLICENSED")


@pytest.mark.rule("CREATE-OWNER-UNKNOWN", "CREATE-OWNER-DEACTIVATED", "CREATE-OWNER-UNLICENSED")
def test_the_detail_tells_apart_why_somebody_cannot_be_the_owner(api: Api) -> None:
    answers = [create(api, None, owner={"userId": "no"}), create(api, "deactivated"), create(api, "unlicensed")]
    assert len({answer.json()["detail"] for answer in answers}) == 3


@pytest.mark.rule("CREATE-DEFAULTS", "CREATE-DEFAULTS-MORE")
@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("isExternalDownloadAllowed", True),
        ("isExternalInviteAllowed", True),
        ("isExternalUploadAllowed", False),
        ("isCommentAllowed", True),
        ("isSearchAIAllowed", True),
    ],
)
def test_what_is_allowed_unless_said_otherwise(api: Api, name: str, *, default: bool) -> None:
    api.tenant.switch("collaboratePlus", on=True)
    assert create(api).json()[name] is default
    other: dict[str, Any] = {name: not default}
    assert create(api, **other).json()[name] is not default


@pytest.mark.rule("CREATE-DEFAULTS")
def test_a_new_space_is_active(api: Api) -> None:
    assert create(api).json()["status"] == "ACTIVE"


@pytest.mark.rule("CREATE-UPLOAD-ADDON", "CREATE-UPLOAD-403")
def test_upload_is_refused_without_the_add_on(api: Api) -> None:
    api.tenant.switch("collaboratePlus", on=False)
    assert_problem(create(api, isExternalUploadAllowed=True), 403, "CREATE-UPLOAD-403")


@pytest.mark.rule("CREATE-UPLOAD-ADDON")
def test_no_upload_needs_no_add_on(api: Api) -> None:
    api.tenant.switch("collaboratePlus", on=False)
    assert create(api, isExternalUploadAllowed=False).status_code == 201


@pytest.mark.rule("CREATE-THEME-UNKNOWN")
def test_an_unknown_theme_is_refused(api: Api) -> None:
    assert_problem(create(api, theme={"id": "f" * 32}), 400, "CREATE-THEME-UNKNOWN", at="theme.id")


@pytest.mark.rule("CREATE-TEMPLATE-INVALID")
@pytest.mark.parametrize("template", ["00000000-0000-4000-8000-000000000000", "no", DRAFT])
def test_a_template_that_does_not_exist_or_is_not_published_is_refused(api: Api, template: str) -> None:
    answer = from_template(api, template, title="A")
    assert_problem(answer, 400, "CREATE-TEMPLATE-INVALID", at="sharedSpaceTemplate.id")


@pytest.mark.rule("CREATE-TEMPLATE-FEATURE", "CREATE-TEMPLATE-FEATURE-403")
def test_a_template_is_refused_without_the_feature(api: Api) -> None:
    api.tenant.switch("templates", on=False)
    assert_problem(from_template(api, title="A"), 403, "CREATE-TEMPLATE-FEATURE-403")
    assert create(api).status_code == 201


@pytest.mark.rule("CREATE-TEMPLATE-MERGE", "CREATE-TITLE-REQUIRED")
def test_the_template_fills_in_what_was_left_out(api: Api) -> None:
    space = from_template(api).json()
    assert (space["title"], space["description"]) == ("Welcome aboard", WELCOME)
    assert space["theme"] == {"id": NORTHERN_LIGHTS}


@pytest.mark.rule("CREATE-TEMPLATE-MERGE")
@pytest.mark.parametrize(
    ("name", "value"), [("title", "Mine"), ("description", "Mine"), ("description", ""), ("theme", {"id": AMERICAS})]
)
def test_the_template_changes_nothing_that_was_given(api: Api, name: str, value: Any) -> None:
    bare, given = from_template(api).json(), from_template(api, **{name: value}).json()
    assert given[name] == value
    for other in {"title", "description", "theme"} - {name}:
        assert given[other] == bare[other]


@pytest.mark.rule("CREATE-TITLE-REQUIRED")
def test_without_a_template_a_title_is_required(api: Api) -> None:
    answer = api.post("/shared-spaces", {"owner": {"userId": api.tenant.user_id("seller")}})
    assert_problem(answer, 400, "CREATE-TITLE-REQUIRED", at="title")


@pytest.mark.rule("CREATE-TITLE-REQUIRED")
def test_a_template_without_a_title_leaves_the_title_required(tmp_path: Path, runner: asyncio.Runner) -> None:
    data = json.loads(files("showpad_mock.showpad.seed").joinpath("demo.json").read_bytes())
    del data["templates"][0]["sharedSpaceData"]["title"]
    (tmp_path / "data.json").write_text(json.dumps(data))
    with MockShowpad(data=str(tmp_path / "data.json")) as server, server.tenant() as tenant:
        api = in_process(tenant, server.app, runner)
        assert_problem(from_template(api), 400, "CREATE-TITLE-REQUIRED", at="title")
        assert from_template(api, title="Mine").json()["description"] == WELCOME


@pytest.mark.rule("CREATE-OWNER-UNKNOWN")
@pytest.mark.parametrize("oauth", [True, False])
def test_an_owner_without_a_name_is_nobody_not_the_requester(api: Api, oauth: bool) -> None:  # noqa: FBT001
    refused = api.post("/shared-spaces", {"title": "A", "owner": {"userId": ""}}, oauth=oauth)
    assert_problem(refused, 400, "CREATE-OWNER-UNKNOWN", at="owner.userId")
