"""The Shared Space object: its members, what they say, and who has access (SPACE-)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import ExtraMember, WrongValue
from .. import forms
from ..addresses import public_urls, require_own
from ..assertions import INSTANT_SECONDS, in_list, refused_somehow, strangers, unchanged
from ..client import Client
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
def a_space_has_the_members_that_the_guide_lists(client: Client, fields: dict[str, Any]) -> None:
    """SPACE-FIELDS: as created and as read."""
    space = client.created(**within(client.target, fields))
    has_the_guides_members(space)
    has_the_guides_members(client.now(space["id"]))


@check("SPACE-FIELDS", writes=True, given={"fields": CHANGES}, examples=5)
def an_updated_space_has_the_members_that_the_guide_lists(client: Client, fields: dict[str, Any]) -> None:
    """SPACE-FIELDS: as answered to an update, archived or not."""
    changes = within(client.target, fields)
    updated = client.owner.patch(f"/shared-spaces/{client.space()['id']}", changes)
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
def a_space_has_the_members_that_the_description_adds(client: Client, fields: dict[str, Any]) -> None:
    """SPACE-FIELDS-MORE: as created and as read."""
    space = client.created(**within(client.target, fields))
    has_the_further_members(space)
    has_the_further_members(client.now(space["id"]))


@check("SPACE-FIELDS-MORE")
def a_space_of_the_tenant_has_the_members_that_the_description_adds(client: Client) -> None:
    """SPACE-FIELDS-MORE: also one that the kit did not make, which may have a customer's logo."""
    has_the_further_members(client.now(client.target.offer("some_space")))


@check("SPACE-FIELDS-MORE", writes=True)
def a_space_from_a_template_names_it(client: Client) -> None:
    """SPACE-FIELDS-MORE: sharedSpaceTemplate has id and name."""
    offered = client.target.offer("published_template")
    space = client.now(client.created(sharedSpaceTemplate={"id": offered["id"]})["id"])
    has_the_further_members(space)
    expect.equal(expect.member(space, "sharedSpaceTemplate.name"), offered["name"], "sharedSpaceTemplate.name")


@check("SPACE-TEMPLATE", writes=True)
def a_space_tells_the_template_it_was_made_from(client: Client) -> None:
    """SPACE-TEMPLATE: its id, as created and as read."""
    template = client.target.offer("published_template")["id"]
    space = client.created(sharedSpaceTemplate={"id": template})
    expect.equal(expect.member(space, "sharedSpaceTemplate.id"), template, "sharedSpaceTemplate.id")
    found = client.now(space["id"])
    expect.equal(expect.member(found, "sharedSpaceTemplate.id"), template, "sharedSpaceTemplate.id")


@check("SPACE-TEMPLATE", writes=True)
def a_space_without_a_template_tells_none(client: Client) -> None:
    """SPACE-TEMPLATE: null or absent."""
    template = client.now(client.space()["id"]).get("sharedSpaceTemplate")
    if template is not None:
        raise WrongValue("sharedSpaceTemplate", expected="null or nothing", received=template)


@check("SPACE-LISTED", writes=True, given={"fields": CREATES}, examples=8)
def a_listed_space_is_the_space_without_its_description(client: Client, fields: dict[str, Any]) -> None:
    """SPACE-LISTED: every other member, with the same value."""
    space = client.space(**within(client.target, {**UNUSUAL, **fields}))
    item = in_list(client.owner, space["id"])
    for name, value in client.now(space["id"]).items():
        if name != "description":
            expect.equal(expect.member(item, name, of="the list's item"), value, f"{name} of the list's item")
    if "description" in item:
        raise ExtraMember("the list's item", expected="no description", received=item["description"])


@check("SPACE-DESCRIPTION", writes=True)
def a_space_without_a_description_has_an_empty_one(client: Client) -> None:
    """SPACE-DESCRIPTION: a string, not null."""
    expect.equal(expect.member(client.now(client.space()["id"]), "description"), "", "description")


@check("SPACE-URL", writes=True, given={"fields": CREATES}, examples=5)
def the_public_url_ends_in_the_public_uri(client: Client, fields: dict[str, Any]) -> None:
    """SPACE-URL: on one of the tenant's own domains, whether the publicUri was given or generated."""
    space = client.now(client.created(**within(client.target, fields))["id"])
    require_own(space.get("publicUrl"), client.target)
    expected = public_urls(client.target.subdomain, expect.member(space, "publicUri"))
    if expect.member(space, "publicUrl") not in expected:
        raise WrongValue("publicUrl", expected=" or ".join(expected), received=space["publicUrl"])


@check("SPACE-STATUS", writes=True)
def a_space_is_active_and_then_archived_at_a_time(client: Client) -> None:
    """SPACE-STATUS: archivedAt is null until the space is archived."""
    space = client.now(client.space()["id"])
    expect.equal(expect.member(space, "status"), "ACTIVE", "status of a new space")
    expect.equal(expect.member(space, "archivedAt"), None, "archivedAt of an active space")
    expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", {"status": "ARCHIVED"}), 200)
    archived = client.now(space["id"])
    expect.equal(expect.member(archived, "status"), "ARCHIVED", "status of an archived space")
    expect.of_type(expect.member(archived, "archivedAt"), str, "archivedAt of an archived space")


@check("SPACE-STATUS")
def every_listed_space_is_active_or_archived(client: Client) -> None:
    """SPACE-STATUS: no third status among the tenant's newest spaces."""
    answer = expect.answered(client.admin.get("/shared-spaces", params={"limit": 50}), 200)
    for space in expect.member(answer, "items"):
        expect.matches(expect.member(space, "status"), "ACTIVE|ARCHIVED", f"status of {space.get('id')}")


@check("SPACE-THEME", writes=True)
def a_space_without_a_theme_has_the_global_one(client: Client) -> None:
    """SPACE-THEME: the tenant's Global Theme."""
    theme = client.target.offer("global_theme")
    expect.equal(expect.member(client.now(client.space()["id"]), "theme.id"), theme, "theme.id")


@check("SPACE-ACTIVITY", writes=True, given={"fields": CHANGES}, always={"fields": EACH_CHANGE})
def an_update_is_no_activity(client: Client, fields: dict[str, Any]) -> None:
    """SPACE-ACTIVITY: lastActivityAt stays, archiving included."""
    space = client.now(client.space()["id"])
    client.session.pause(INSTANT_SECONDS)
    expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", within(client.target, fields)), 200)
    after = client.now(space["id"])
    expect.equal(expect.member(after, "lastActivityAt"), space["lastActivityAt"], "lastActivityAt after an update")


def _not_before(later: Any, earlier: Any, what: str) -> None:
    forms.TIME(later, what)
    if later < earlier:  # times of one form sort as text
        raise WrongValue(what, expected=f"{earlier} or later", received=later)


def _meanwhile(client: Client) -> str:
    """Return the server's time, later than what came before."""
    client.session.pause(INSTANT_SECONDS)
    # No answer tells the time (a Date header has whole seconds), so that another space's creation has to.
    created: str = expect.member(client.space(), "createdAt")
    return created


@check("SPACE-ACTIVITY-SET", writes=True)
def a_transfer_and_items_are_activity(client: Client) -> None:
    """SPACE-ACTIVITY-SET: the creation of another space in between tells the time."""
    space = client.space()
    meanwhile = _meanwhile(client)
    expect.status(client.transfer(space["id"], client.target.user_id("participant")), 204)
    moved = client.now(space["id"])
    _not_before(moved["lastActivityAt"], meanwhile, "lastActivityAt after a transfer")
    _not_before(moved["updatedAt"], meanwhile, "updatedAt after a transfer")
    meanwhile = _meanwhile(client)
    items = [{"type": "asset", "assetId": client.target.offer("good_assets")[0]}]
    expect.status(client.add_items(space["id"], items), 201)
    filled = client.now(space["id"])
    _not_before(filled["lastActivityAt"], meanwhile, "lastActivityAt after items")
    _not_before(filled["updatedAt"], meanwhile, "updatedAt after items")


@check("SPACE-ACTIVITY-SET", writes=True)
def a_creation_is_activity_and_an_update_a_change(client: Client) -> None:
    """SPACE-ACTIVITY-SET: creation sets both times, an update updatedAt."""
    earlier = _meanwhile(client)
    space = client.space()
    _not_before(space["lastActivityAt"], earlier, "lastActivityAt of a new space")
    meanwhile = _meanwhile(client)
    expect.status(client.owner.patch(f"/shared-spaces/{space['id']}", {"title": "Changed"}), 200)
    _not_before(client.now(space["id"])["updatedAt"], meanwhile, "updatedAt after an update")


@check("SPACE-INVITE", writes=True)
def who_was_not_invited_has_no_access(client: Client) -> None:
    """SPACE-INVITE: neither to read nor to change it."""
    space = client.space()
    for stranger in strangers(client, "participant", "outsider"):
        for operation in on_a_space(client, space["id"]).values():
            refused_somehow(operation.send(client, stranger))
    unchanged(client, space)
