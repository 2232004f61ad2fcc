"""The page of a Shared Space: for whom it opens, and what becomes of one whose owner has left (LINK-, AROUND-LEAVERS).

A participant's own address goes to the participant alone: most of it needs a target whose control API tells it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import StateChanged
from ..assertions import refused_somehow
from ..client import Client
from ..control import Control
from ..links import Page, open_page, page_at, says, says_nothing_of, shown
from .links import WAYS, name_of, opened
from .shares import body

GUEST = "guest.of.the.kit@example.org"


def page_of(client: Client, space: Mapping[str, Any], invitation: Mapping[str, str] | None = None) -> Page:
    """Open the page of a space, as whom the invitation is for, or as anybody."""
    address = page_at(expect.member(space, "publicUrl"), client.target, rule="SPACE-URL")
    return open_page(client, address, **(invitation or {}))


def invited(client: Client, space: Mapping[str, Any]) -> dict[str, str]:
    """Return the invitation of somebody from outside who takes part from now on."""
    control = Control(client)
    return control.invitation(space["id"], control.participant(space["id"], email=GUEST))


def filled(client: Client, **fields: Any) -> tuple[dict[str, Any], str]:
    """Return a new space, and the name of a folder in it."""
    space, name = client.space(**fields), f"Folder {client.session.fresh_mark()}"
    with expect.needed("a folder in the space", "ITEMS-OK"):
        expect.answered(client.add_items(space["id"], [{"type": "folder", "name": name}]), 201)
    return space, name


# For whom it opens


@check("SPACE-INVITE", writes=True)
def the_page_of_a_space_shows_nothing_to_who_was_not_invited(client: Client) -> None:
    """SPACE-INVITE: neither its description nor what is in it."""
    described = f"Described {client.session.fresh_mark()}"
    space, folder = filled(client, description=described)
    page = page_of(client, space)
    for text in (described, folder):
        says_nothing_of(page, text, "what is in the space")


@check("LINK-PAGE", writes=True)
def the_page_of_a_space_shows_participants_what_is_in_it(client: Client) -> None:
    """LINK-PAGE: title and description, assets and folders within each other, all as texts."""
    described = f"Described <b>{client.session.fresh_mark()}</b>"
    space = client.space(description=described)
    one, other = client.target.offer("good_assets")[:2]
    inner = {"type": "folder", "name": "Inner & more", "folderItems": [{"type": "asset", "assetId": other}]}
    outer = {"type": "folder", "name": "Outer <i>", "folderItems": [inner]}
    with expect.needed("items in the space", "ITEMS-OK"):
        expect.answered(client.add_items(space["id"], [{"type": "asset", "assetId": one}, outer]), 201)
    page = shown(page_of(client, space, invited(client, space)))
    for text in (space["title"], described, outer["name"], inner["name"], name_of(client, one), name_of(client, other)):
        says(page, str(text), "what is in the space")


@check("SPACE-INVITE", writes=True)
def an_invitation_opens_its_own_space_alone(client: Client) -> None:
    """SPACE-INVITE: and no other of the same owner's."""
    space, other = client.space(), filled(client)
    shown(page_of(client, space, invitation := invited(client, space)))
    says_nothing_of(page_of(client, other[0], invitation), other[1], "what is in another space")


@check("LINK-ARCHIVED", writes=True)
def the_page_of_an_archived_space_is_closed_to_participants(client: Client) -> None:
    """LINK-ARCHIVED: with 403, and shows nothing; it opens again with the space."""
    space, folder = filled(client)
    invitation = invited(client, space)
    shown(page_of(client, space, invitation))
    client.archive(space["id"])
    page = shown(page_of(client, space, invitation), 403)
    says_nothing_of(page, folder, "what is in the space")
    with expect.needed("a space that is active again", "PATCH-ARCHIVE-AGAIN"):
        expect.answered(client.admin.patch(f"/shared-spaces/{space['id']}", {"status": "ACTIVE"}), 200)
    says(shown(page_of(client, space, invitation)), folder, "what is in the space")


@check("LINK-404", writes=True)
def a_space_that_is_deleted_has_no_page(client: Client) -> None:
    """LINK-404: from then on."""
    space = client.space()
    with expect.needed("a deleted space", "DELETE-OK"):
        expect.status(client.delete(space["id"]), 204)
    shown(page_of(client, space), 404)


# Leavers


@check("AROUND-LEAVERS", shares=True)
def shares_of_a_deactivated_user_stay_open(client: Client) -> None:
    """AROUND-LEAVERS: at each of their addresses."""
    with expect.needed("a Share of the owner's", "SHARE-OK"):
        made = expect.answered(client.share(body(client), by=client.owner), 201)
    with Control(client).deactivated(client.target.user_id("owner")):
        for way in WAYS:
            says(shown(opened(client, made, way)), made["title"], "the Share's title")


@check("AROUND-LEAVERS", writes=True)
def a_leavers_space_passes_on_when_somebody_from_outside_comes(client: Client) -> None:
    """AROUND-LEAVERS: to the member who was active last, not to who joined last; not before anybody comes."""
    owner, heir, other = (client.target.user_id(name) for name in ("owner", "participant", "outsider"))
    control, space = Control(client), client.space()
    for user in (heir, other):
        control.participant(space["id"], user=user)
    invitation = invited(client, space)
    with expect.needed("an item of a participant's", "ITEMS-OK"):
        added = client.add_items(space["id"], [{"type": "folder", "name": "Mine"}], by=client.as_("participant"))
        expect.answered(added, 201)
    with control.deactivated(owner):
        expect.equal(client.now(space["id"])["owner"]["userId"], owner, "owner of the space before anybody came")
        shown(page_of(client, space, invitation))
        expect.equal(client.now(space["id"])["owner"]["userId"], heir, "owner of the space afterwards")


@check("AROUND-LEAVERS", writes=True)
def a_leavers_space_without_members_is_closed_to_people_from_outside(client: Client) -> None:
    """AROUND-LEAVERS: and shows them nothing; nobody becomes its owner."""
    owner = client.target.user_id("owner")
    space, folder = filled(client)
    invitation = invited(client, space)
    with Control(client).deactivated(owner):
        page = page_of(client, space, invitation)
        refused_somehow(page.exchange)
        says_nothing_of(page, folder, "what is in the space")
        now = client.now(space["id"])["owner"]["userId"]
        if now != owner:
            raise StateChanged("owner of the space afterwards", expected=f"{owner} as before", received=now)
    shown(page_of(client, space, invitation))
