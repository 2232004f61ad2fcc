"""Roles: what an administrator, a manager and a plain user see, and that the token's user decides (ROLE-)."""

from __future__ import annotations

from ...core import expect
from ...core.check import check
from ...core.violation import WrongList
from ..assertions import in_list, not_in_list, refused_somehow, strangers, unchanged, with_each_token
from ..client import Client
from .shares import body

ONCE_ARCHIVED = {"archived": (False, True)}


@check("ROLE-ADMIN", writes=True, always=ONCE_ARCHIVED)
def an_administrator_lists_a_space_of_somebody_else(client: Client, *, archived: bool) -> None:
    """ROLE-ADMIN: also a space that the administrator has no part in, active or archived."""
    space = client.space(by=client.owner)
    if archived:
        client.archive(space["id"], by=client.owner)
    in_list(client.admin, space["id"])


@check("ROLE-MANAGER", writes=True)
def a_manager_lists_the_spaces_of_a_report(client: Client) -> None:
    """ROLE-MANAGER: the owner reports to the manager."""
    in_list(client.as_("manager"), client.space()["id"])


@check("ROLE-MANAGER", writes=True)
def a_manager_lists_their_own_spaces(client: Client) -> None:
    """ROLE-MANAGER: those they own."""
    space = client.space(owner={"userId": client.target.user_id("manager")})
    in_list(client.as_("manager"), space["id"])


@check("ROLE-MANAGER", writes=True)
def a_manager_does_not_list_the_spaces_of_others(client: Client) -> None:
    """ROLE-MANAGER: the participant does not report to the manager."""
    space = client.space(owner={"userId": client.target.user_id("participant")})
    not_in_list(client.as_("manager"), space["id"])


@check("ROLE-MANAGER-PARTICIPANT")
def a_manager_lists_a_space_that_a_report_takes_part_in(client: Client) -> None:
    """ROLE-MANAGER-PARTICIPANT: its owner does not report to the manager."""
    in_list(client.as_("manager"), client.target.offer("joined_space"))


@check("ROLE-USER", writes=True)
def a_user_lists_their_own_spaces(client: Client) -> None:
    """ROLE-USER: owners are members."""
    in_list(client.owner, client.space()["id"])


@check("ROLE-USER")
def a_user_lists_a_space_they_take_part_in(client: Client) -> None:
    """ROLE-USER: members who do not own it."""
    in_list(client.owner, client.target.offer("joined_space"))


@check("ROLE-USER", writes=True)
def a_user_lists_no_space_they_have_no_part_in(client: Client) -> None:
    """ROLE-USER: nobody invited them."""
    space = client.space()
    for user in strangers(client, "participant", "outsider"):
        not_in_list(user, space["id"])


def _as_their_role(client: Client, *, oauth: bool) -> None:
    space = client.space()
    in_list(client.as_("admin", oauth=oauth), space["id"])
    in_list(client.as_("owner", oauth=oauth), space["id"])
    not_in_list(client.as_("outsider", oauth=oauth), space["id"])


@check("ROLE-TOKEN", writes=True)
def an_api_token_sees_what_its_user_may_see(client: Client) -> None:
    """ROLE-TOKEN: an integration has no more right than the user whose token it bears."""
    _as_their_role(client, oauth=False)


@check("ROLE-TOKEN", writes=True)
def an_oauth_token_sees_what_its_user_may_see(client: Client) -> None:
    """ROLE-TOKEN: the same in person."""
    _as_their_role(client, oauth=True)


@check("ROLE-TOKEN", writes=True)
def an_api_token_changes_what_its_user_may_change(client: Client) -> None:
    """ROLE-TOKEN: the admin's and the owner's tokens may, a plain user's may not."""
    space = client.space()
    path = f"/shared-spaces/{space['id']}"
    expect.status(client.admin.patch(path, {"description": "By the admin"}), 200)
    changed = expect.answered(client.owner.patch(path, {"description": "By the owner"}), 200)
    refused_somehow(client.as_("outsider").patch(path, {"description": "By an outsider"}))
    unchanged(client, changed)


@check("ROLE-TOKEN", writes=True, always={"who": ("admin", "owner")})
def either_token_may_what_its_user_may(client: Client, who: str) -> None:
    """ROLE-TOKEN: read, update, fill, transfer and delete a space, as an integration and in person."""
    for caller in with_each_token(client, who):
        path = f"/shared-spaces/{client.space()['id']}"
        expect.status(caller.get(path), 200)
        expect.status(caller.patch(path, {"description": f"By {caller.name}"}), 200)
        expect.status(caller.post(f"{path}/items", {"items": [{"type": "folder", "name": "Folder"}]}), 201)
        expect.status(client.delete(path.rpartition("/")[2], by=caller), 204)
        other = client.target.user_id("participant")
        expect.status(client.transfer(client.space()["id"], other, by=caller), 204)


@check("ROLE-TOKEN", shares=True, always={"who": ("admin", "owner")})
def either_token_may_share_what_its_user_may(client: Client, who: str) -> None:
    """ROLE-TOKEN: as an integration and in person."""
    for caller in with_each_token(client, who):
        expect.status(client.share(body(client), by=caller), 201)


def _becomes_no_owner(client: Client, user: str) -> None:
    refused_somehow(client.create(client.new_space(owner={"userId": user})))
    space = client.space()
    refused_somehow(client.transfer(space["id"], user))
    unchanged(client, space)


@check("ROLE-DEACTIVATED", writes=True)
def who_is_deactivated_becomes_no_owner(client: Client) -> None:
    """ROLE-DEACTIVATED: neither by creation nor by transfer."""
    _becomes_no_owner(client, client.target.offer("deactivated_user"))


@check("ROLE-DEACTIVATED", writes=True)
def who_has_no_content_licence_becomes_no_owner(client: Client) -> None:
    """ROLE-DEACTIVATED: neither by creation nor by transfer."""
    _becomes_no_owner(client, client.target.offer("unlicensed_user"))


@check("ROLE-OUTSIDE")
def people_without_an_account_take_part(client: Client) -> None:
    """ROLE-OUTSIDE: a space is found by the e-mail address of a participant who is no user."""
    outside = client.target.offer("outside_participant")
    users = expect.answered(client.admin.get("/users", params={"emails": outside["email"]}), 200)
    expect.equal([user["id"] for user in expect.member(users, "items")], [], "the users with that address")
    found = expect.answered(client.admin.get("/shared-spaces", params={"participantEmail": outside["email"]}), 200)
    ids = [space["id"] for space in expect.member(found, "items")]
    if outside["space"] not in ids:
        raise WrongList("the spaces of that address", expected=f"{outside['space']} among them", received=ids)
