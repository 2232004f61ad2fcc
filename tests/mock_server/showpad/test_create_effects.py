"""POST /shared-spaces: whom a new space is told to, and that a refused one leaves nothing behind."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ...harness.api import Api, assert_problem

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SUBJECT = "A new Shared Space has been created for you."
BODY = (
    "You have a new automatically created Shared Space, {title}. "
    "As the assigned owner, you have full control to personalize and manage this Shared Space. "
    "This automation was configured by your Showpad administrator."
)
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("owner", {"owner": {"userId": "f" * 32}}),
    ("no owner", {"owner": {}}),
    ("title", {"title": ""}),
    ("uri form", {"publicUri": "NO"}),
    ("uri taken", {"publicUri": "borealis-bergen"}),
    ("theme", {"theme": {"id": "no"}}),
    ("template", {"sharedSpaceTemplate": {"id": "no"}}),
    ("type", {"isCommentAllowed": 1}),
    ("null", {"description": None}),
]


@pytest.mark.rule("CREATE-NOTIFY")
def test_the_owner_is_notified_in_the_guides_words(api: Api) -> None:
    space = api.create_space(owner="seller", title="Marketing & Revenue")
    (notification,) = api.tenant.outbox
    assert notification["subject"] == SUBJECT
    assert notification["body"] == BODY.format(title="Marketing & Revenue")
    assert notification["link"] == space["publicUrl"]


@pytest.mark.rule("CREATE-NOTIFY")
@pytest.mark.parametrize("title", ["{title}", "%s {0}", "[Shared Space Name]", "\\1 $1", "<b>"])
def test_the_notification_names_the_space_whatever_its_name_is(api: Api, title: str) -> None:
    api.create_space(title=title)
    assert api.tenant.outbox[0]["body"] == BODY.replace("{title}", title)


@pytest.mark.rule("CREATE-NOTIFY")
def test_the_notification_goes_to_the_owner(api: Api) -> None:
    api.create_space(owner="partner")
    (notification,) = api.tenant.outbox
    to = str(notification["to"])
    assert "pieter.janssens@example.com" in to or api.tenant.user_id("partner") in to


@pytest.mark.rule("CREATE-TIMELINE")
def test_the_timeline_says_that_an_automation_created_the_space(api: Api) -> None:
    space = api.create_space(owner="seller")
    assert api.tenant.timeline(space["id"]) == ["An automation created the Shared Space"]


@pytest.mark.rule("CREATE-EVENT", "AROUND-DELIVERY")
def test_creating_a_space_is_an_event(api: Api) -> None:
    api.tenant.freeze("2030-01-01T00:00:00Z")
    api.create_space()
    (event,) = api.tenant.events
    assert event["type"] == "shared-space-created"
    assert event["specversion"] == 1
    assert UUID.fullmatch(event["id"])
    assert event["time"] == "2030-01-01T00:00:00.000Z"
    assert isinstance(event["data"], dict)


@pytest.mark.rule("CREATE-EVENT", "ITEMS-WHO")
@pytest.mark.parametrize(("oauth", "kind"), [(False, "APP"), (True, "ADMIN")])
def test_the_event_tells_who_created_the_space(api: Api, kind: str, *, oauth: bool) -> None:
    owner = {"userId": api.tenant.user_id("seller")}
    api.post("/shared-spaces", {"title": "A", "owner": owner}, oauth=oauth)
    assert api.tenant.events[0]["data"]["initiator"] == {"type": kind, "userId": api.tenant.user_id("admin")}


@pytest.mark.rule("CREATE-OK")
@pytest.mark.parametrize("wrong", [wrong for _, wrong in REFUSED], ids=[name for name, _ in REFUSED])
def test_a_refused_create_leaves_nothing_behind(api: Api, wrong: dict[str, Any]) -> None:
    before = api.get("/shared-spaces").json()
    owner = {"userId": api.tenant.user_id("seller")}
    assert_problem(api.post("/shared-spaces", {"owner": owner, "title": "A", "publicUri": "free", **wrong}), 400)
    assert api.get("/shared-spaces").json() == before
    assert (api.tenant.events, api.tenant.outbox) == ([], [])
    assert api.create_space(publicUri="free")["publicUri"] == "free"


@pytest.mark.rule("CREATE-OWNER-ADMIN-403", "CREATE-TEMPLATE-FEATURE-403", "CREATE-UPLOAD-403")
def test_a_forbidden_create_leaves_nothing_behind(api: Api) -> None:
    api.tenant.switch("templates", on=False)
    api.tenant.switch("collaboratePlus", on=False)
    before = api.get("/shared-spaces").json()
    good = {"owner": {"userId": api.tenant.user_id("partner")}, "title": "A"}
    template = {"sharedSpaceTemplate": {"id": "a4d25ccf-0834-4667-8ea2-d027eb3dce14"}}
    assert_problem(api.post("/shared-spaces", good, as_="seller"), 403)
    assert_problem(api.post("/shared-spaces", {**good, **template}), 403)
    assert_problem(api.post("/shared-spaces", {**good, "isExternalUploadAllowed": True}), 403)
    assert api.get("/shared-spaces").json() == before
    assert (api.tenant.events, api.tenant.outbox) == ([], [])
