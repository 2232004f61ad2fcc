"""The Shared Space object: its members, what they say, and who has access (SPACE-)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.failure import ExtraMember, WrongValue
from ..addresses import public_urls
from ..client import Api
from ..observe import INSTANT_SECONDS, barred, in_list, strangers, unchanged
from ..operations import on_a_space
from ..strategies.spaces import CHANGES, CREATES, EACH_CHANGE, GUIDE_SWITCHES, UNUSUAL, within

TEXTS = ("id", "title", "publicUri", "publicUrl", "status", "createdAt", "owner.userId", "theme.id")
TEXTS_OR_NULL = ("archivedAt", "lastActivityAt")
LOGO: Mapping[str, type] = {"url": str, "height": int, "isTransparent": bool}
TEMPLATE: Mapping[str, type] = {"id": str, "name": str}


def has_the_guides_members(space: Mapping[str, Any]) -> None:
    """A space has the members that the guide lists, each of its type."""
    for name in TEXTS:
        expect.of_type(expect.member(space, name, of="the space"), str, name)
    for name in GUIDE_SWITCHES:
        expect.of_type(expect.member(space, name, of="the space"), bool, name)
    for name in TEXTS_OR_NULL:  # SPACE-STATUS, SPACE-ACTIVITY-NULL
        if expect.member(space, name, of="the space") is not None:
            expect.of_type(space[name], str, name)
    if expect.member(space, "description", of="the space") is not None:  # SPACE-DESCRIPTION
        expect.of_type(space["description"], str, "description")


@check("SPACE-FIELDS", writes=True, given={"fields": CREATES})
def a_space_has_the_members_that_the_guide_lists(api: Api, fields: dict[str, Any]) -> None:
    """SPACE-FIELDS: as created and as read."""
    space = api.created(**within(api.target, fields))
    has_the_guides_members(space)
    has_the_guides_members(api.now(space["id"]))


@check("SPACE-FIELDS", writes=True, given={"fields": CHANGES}, examples=5)
def an_updated_space_has_the_members_that_the_guide_lists(api: Api, fields: dict[str, Any]) -> None:
    """SPACE-FIELDS: as answered to an update, archived or not."""
    changes = within(api.target, fields)
    updated = api.owner.patch(f"/shared-spaces/{api.space()['id']}", changes)
    has_the_guides_members(expect.answered(updated, 200))


def has_the_further_members(space: Mapping[str, Any]) -> None:
    """A space has the members that the published description adds, each of its type."""
    for name in ("isCommentAllowed", "isSearchAIAllowed"):
        expect.of_type(expect.member(space, name, of="the space"), bool, name)
    expect.of_type(expect.member(space, "updatedAt", of="the space"), str, "updatedAt")
    _is_null_or_has(expect.member(space, "customerLogo", of="the space"), LOGO, "customerLogo")
    # May be absent, as in the guide's examples (SPACE-TEMPLATE).
    _is_null_or_has(space.get("sharedSpaceTemplate"), TEMPLATE, "sharedSpaceTemplate")


def _is_null_or_has(received: Any, kinds: Mapping[str, type], what: str) -> None:
    if received is not None:
        for name, kind in kinds.items():
            expect.of_type(expect.member(received, name, of=what), kind, f"{name} of {what}")


@check("SPACE-FIELDS-MORE", writes=True, given={"fields": CREATES})
def a_space_has_the_members_that_the_description_adds(api: Api, fields: dict[str, Any]) -> None:
    """SPACE-FIELDS-MORE: as created and as read."""
    space = api.created(**within(api.target, fields))
    has_the_further_members(space)
    has_the_further_members(api.now(space["id"]))


@check("SPACE-FIELDS-MORE")
def a_space_of_the_tenant_has_the_members_that_the_description_adds(api: Api) -> None:
    """SPACE-FIELDS-MORE: also one that the kit did not make, which may have a customer's logo."""
    has_the_further_members(api.now(api.target.offer("some_space")))


@check("SPACE-FIELDS-MORE", writes=True)
def a_space_from_a_template_names_it(api: Api) -> None:
    """SPACE-FIELDS-MORE: sharedSpaceTemplate has id and name."""
    offered = api.target.offer("published_template")
    space = api.now(api.created(sharedSpaceTemplate={"id": offered["id"]})["id"])
    has_the_further_members(space)
    expect.equal(expect.member(space, "sharedSpaceTemplate.name"), offered["name"], "sharedSpaceTemplate.name")


@check("SPACE-TEMPLATE", writes=True)
def a_space_tells_the_template_it_was_made_from(api: Api) -> None:
    """SPACE-TEMPLATE: its id, as created and as read."""
    template = api.target.offer("published_template")["id"]
    space = api.created(sharedSpaceTemplate={"id": template})
    expect.equal(expect.member(space, "sharedSpaceTemplate.id"), template, "sharedSpaceTemplate.id")
    found = api.now(space["id"])
    expect.equal(expect.member(found, "sharedSpaceTemplate.id"), template, "sharedSpaceTemplate.id")


@check("SPACE-TEMPLATE", writes=True)
def a_space_without_a_template_tells_none(api: Api) -> None:
    """SPACE-TEMPLATE: null or absent."""
    template = api.now(api.space()["id"]).get("sharedSpaceTemplate")
    if template is not None:
        raise WrongValue("sharedSpaceTemplate", expected="null or nothing", received=template)


@check("SPACE-LISTED", writes=True, given={"fields": CREATES}, examples=8)
def a_listed_space_is_the_space_without_its_description(api: Api, fields: dict[str, Any]) -> None:
    """SPACE-LISTED: every other member, with the same value."""
    space = api.space(**within(api.target, {**UNUSUAL, **fields}))
    item = in_list(api.owner, space["id"])
    for name, value in api.now(space["id"]).items():
        if name != "description":
            expect.equal(expect.member(item, name, of="the list's item"), value, f"{name} of the list's item")
    if "description" in item:
        raise ExtraMember("the list's item", expected="no description", received=item["description"])


@check("SPACE-DESCRIPTION", writes=True)
def a_space_without_a_description_has_an_empty_one(api: Api) -> None:
    """SPACE-DESCRIPTION: a string, not null."""
    expect.equal(expect.member(api.now(api.space()["id"]), "description"), "", "description")


@check("SPACE-URL", writes=True, given={"fields": CREATES}, examples=5)
def the_public_url_ends_in_the_public_uri(api: Api, fields: dict[str, Any]) -> None:
    """SPACE-URL: on one of the tenant's own domains, whether the publicUri was given or generated."""
    space = api.now(api.created(**within(api.target, fields))["id"])
    expected = public_urls(api.target.subdomain, expect.member(space, "publicUri"))
    if expect.member(space, "publicUrl") not in expected:
        raise WrongValue("publicUrl", expected=" or ".join(expected), received=space["publicUrl"])


@check("SPACE-STATUS", writes=True)
def a_space_is_active_and_then_archived_at_a_time(api: Api) -> None:
    """SPACE-STATUS: archivedAt is null until the space is archived."""
    space = api.now(api.space()["id"])
    expect.equal(expect.member(space, "status"), "ACTIVE", "status of a new space")
    expect.equal(expect.member(space, "archivedAt"), None, "archivedAt of an active space")
    expect.status(api.owner.patch(f"/shared-spaces/{space['id']}", {"status": "ARCHIVED"}), 200)
    archived = api.now(space["id"])
    expect.equal(expect.member(archived, "status"), "ARCHIVED", "status of an archived space")
    expect.of_type(expect.member(archived, "archivedAt"), str, "archivedAt of an archived space")


@check("SPACE-STATUS")
def every_listed_space_is_active_or_archived(api: Api) -> None:
    """SPACE-STATUS: no third status among the tenant's newest spaces."""
    answer = expect.answered(api.admin.get("/shared-spaces", params={"limit": 50}), 200)
    for space in expect.member(answer, "items"):
        expect.matches(expect.member(space, "status"), "ACTIVE|ARCHIVED", f"status of {space.get('id')}")


@check("SPACE-THEME", writes=True)
def a_space_without_a_theme_has_the_global_one(api: Api) -> None:
    """SPACE-THEME: the tenant's Global Theme."""
    theme = api.target.offer("global_theme")
    expect.equal(expect.member(api.now(api.space()["id"]), "theme.id"), theme, "theme.id")


@check("SPACE-ACTIVITY", writes=True, given={"fields": CHANGES}, always={"fields": EACH_CHANGE})
def an_update_is_no_activity(api: Api, fields: dict[str, Any]) -> None:
    """SPACE-ACTIVITY: lastActivityAt stays, archiving included."""
    space = api.now(api.space()["id"])
    api.session.pause(INSTANT_SECONDS)
    expect.status(api.owner.patch(f"/shared-spaces/{space['id']}", within(api.target, fields)), 200)
    after = api.now(space["id"])
    expect.equal(expect.member(after, "lastActivityAt"), space["lastActivityAt"], "lastActivityAt after an update")


def _not_before(later: Any, earlier: Any, what: str) -> None:
    expect.time(later, what)
    if later < earlier:  # times of one form sort as text
        raise WrongValue(what, expected=f"{earlier} or later", received=later)


def _meanwhile(api: Api) -> str:
    """Give the server's time, later than what came before."""
    api.session.pause(INSTANT_SECONDS)
    created: str = expect.member(api.space(), "createdAt")
    return created


@check("SPACE-ACTIVITY-SET", writes=True)
def a_transfer_and_items_are_activity(api: Api) -> None:
    """SPACE-ACTIVITY-SET: the creation of another space in between tells the time."""
    space = api.space()
    meanwhile = _meanwhile(api)
    expect.status(api.transfer(space["id"], api.target.user_id("participant")), 204)
    moved = api.now(space["id"])
    _not_before(moved["lastActivityAt"], meanwhile, "lastActivityAt after a transfer")
    _not_before(moved["updatedAt"], meanwhile, "updatedAt after a transfer")
    meanwhile = _meanwhile(api)
    items = [{"type": "asset", "assetId": api.target.offer("good_assets")[0]}]
    expect.status(api.add_items(space["id"], items), 201)
    filled = api.now(space["id"])
    _not_before(filled["lastActivityAt"], meanwhile, "lastActivityAt after items")
    _not_before(filled["updatedAt"], meanwhile, "updatedAt after items")


@check("SPACE-ACTIVITY-SET", writes=True)
def a_creation_is_activity_and_an_update_a_change(api: Api) -> None:
    """SPACE-ACTIVITY-SET: creation sets both times, an update updatedAt."""
    earlier = _meanwhile(api)
    space = api.space()
    _not_before(space["lastActivityAt"], earlier, "lastActivityAt of a new space")
    meanwhile = _meanwhile(api)
    expect.status(api.owner.patch(f"/shared-spaces/{space['id']}", {"title": "Changed"}), 200)
    _not_before(api.now(space["id"])["updatedAt"], meanwhile, "updatedAt after an update")


@check("SPACE-INVITE", writes=True)
def who_was_not_invited_has_no_access(api: Api) -> None:
    """SPACE-INVITE: neither to read nor to change it."""
    space = api.space()
    for stranger in strangers(api, "participant", "outsider"):
        for operation in on_a_space(api, space["id"]).values():
            barred(operation.send(api, stranger))
    unchanged(api, space)
