"""Roles: what an administrator, a manager and a plain user see, and that the token's user decides (ROLE-)."""

from __future__ import annotations

from ...core import expect
from ...core.check import check
from ...core.failure import WrongList
from ..client import Api
from ..observe import barred, in_list, not_in_list, strangers, unchanged, with_each_token
from .shares import body

ONCE_ARCHIVED = {"archived": (False, True)}


@check("ROLE-ADMIN", writes=True, always=ONCE_ARCHIVED)
def an_administrator_lists_a_space_of_somebody_else(api: Api, *, archived: bool) -> None:
    """ROLE-ADMIN: also a space that the administrator has no part in, active or archived."""
    space = api.space(by=api.owner)
    if archived:
        api.archive(space["id"], by=api.owner)
    in_list(api.admin, space["id"])


@check("ROLE-MANAGER", writes=True)
def a_manager_lists_the_spaces_of_a_report(api: Api) -> None:
    """ROLE-MANAGER: the owner reports to the manager."""
    in_list(api.as_("manager"), api.space()["id"])


@check("ROLE-MANAGER", writes=True)
def a_manager_lists_their_own_spaces(api: Api) -> None:
    """ROLE-MANAGER: those they own."""
    space = api.space(owner={"userId": api.target.user_id("manager")})
    in_list(api.as_("manager"), space["id"])


@check("ROLE-MANAGER", writes=True)
def a_manager_does_not_list_the_spaces_of_others(api: Api) -> None:
    """ROLE-MANAGER: the participant does not report to the manager."""
    space = api.space(owner={"userId": api.target.user_id("participant")})
    not_in_list(api.as_("manager"), space["id"])


@check("ROLE-MANAGER-PARTICIPANT")
def a_manager_lists_a_space_that_a_report_takes_part_in(api: Api) -> None:
    """ROLE-MANAGER-PARTICIPANT: its owner does not report to the manager."""
    in_list(api.as_("manager"), api.target.offer("joined_space"))


@check("ROLE-USER", writes=True)
def a_user_lists_their_own_spaces(api: Api) -> None:
    """ROLE-USER: owners are members."""
    in_list(api.owner, api.space()["id"])


@check("ROLE-USER")
def a_user_lists_a_space_they_take_part_in(api: Api) -> None:
    """ROLE-USER: members who do not own it."""
    in_list(api.owner, api.target.offer("joined_space"))


@check("ROLE-USER", writes=True)
def a_user_lists_no_space_they_have_no_part_in(api: Api) -> None:
    """ROLE-USER: nobody invited them."""
    space = api.space()
    for user in strangers(api, "participant", "outsider"):
        not_in_list(user, space["id"])


def _as_their_role(api: Api, *, oauth: bool) -> None:
    space = api.space()
    in_list(api.as_("admin", oauth=oauth), space["id"])
    in_list(api.as_("owner", oauth=oauth), space["id"])
    not_in_list(api.as_("outsider", oauth=oauth), space["id"])


@check("ROLE-TOKEN", writes=True)
def an_api_token_sees_what_its_user_may_see(api: Api) -> None:
    """ROLE-TOKEN: an integration has no more right than the user whose token it bears."""
    _as_their_role(api, oauth=False)


@check("ROLE-TOKEN", writes=True)
def an_oauth_token_sees_what_its_user_may_see(api: Api) -> None:
    """ROLE-TOKEN: the same in person."""
    _as_their_role(api, oauth=True)


@check("ROLE-TOKEN", writes=True)
def an_api_token_changes_what_its_user_may_change(api: Api) -> None:
    """ROLE-TOKEN: the admin's and the owner's tokens may, a plain user's may not."""
    space = api.space()
    path = f"/shared-spaces/{space['id']}"
    expect.status(api.admin.patch(path, {"description": "By the admin"}), 200)
    changed = expect.answered(api.owner.patch(path, {"description": "By the owner"}), 200)
    barred(api.as_("outsider").patch(path, {"description": "By an outsider"}))
    unchanged(api, changed)


@check("ROLE-TOKEN", writes=True, always={"who": ("admin", "owner")})
def either_token_may_what_its_user_may(api: Api, who: str) -> None:
    """ROLE-TOKEN: read, update, fill, transfer and delete a space, as an integration and in person."""
    for caller in with_each_token(api, who):
        path = f"/shared-spaces/{api.space()['id']}"
        expect.status(caller.get(path), 200)
        expect.status(caller.patch(path, {"description": f"By {caller.name}"}), 200)
        expect.status(caller.post(f"{path}/items", {"items": [{"type": "folder", "name": "Folder"}]}), 201)
        expect.status(api.delete(path.rpartition("/")[2], by=caller), 204)
        other = api.target.user_id("participant")
        expect.status(api.transfer(api.space()["id"], other, by=caller), 204)


@check("ROLE-TOKEN", shares=True, always={"who": ("admin", "owner")})
def either_token_may_share_what_its_user_may(api: Api, who: str) -> None:
    """ROLE-TOKEN: as an integration and in person."""
    for caller in with_each_token(api, who):
        expect.status(api.share(body(api), by=caller), 201)


def _becomes_no_owner(api: Api, user: str) -> None:
    barred(api.create(api.new_space(owner={"userId": user})))
    space = api.space()
    barred(api.transfer(space["id"], user))
    unchanged(api, space)


@check("ROLE-DEACTIVATED", writes=True)
def who_is_deactivated_becomes_no_owner(api: Api) -> None:
    """ROLE-DEACTIVATED: neither by creation nor by transfer."""
    _becomes_no_owner(api, api.target.offer("deactivated_user"))


@check("ROLE-DEACTIVATED", writes=True)
def who_has_no_content_licence_becomes_no_owner(api: Api) -> None:
    """ROLE-DEACTIVATED: neither by creation nor by transfer."""
    _becomes_no_owner(api, api.target.offer("unlicensed_user"))


@check("ROLE-OUTSIDE")
def people_without_an_account_take_part(api: Api) -> None:
    """ROLE-OUTSIDE: a space is found by the e-mail address of a participant who is no user."""
    outside = api.target.offer("outside_participant")
    users = expect.answered(api.admin.get("/users", params={"emails": outside["email"]}), 200)
    expect.equal([user["id"] for user in expect.member(users, "items")], [], "the users with that address")
    found = expect.answered(api.admin.get("/shared-spaces", params={"participantEmail": outside["email"]}), 200)
    ids = [space["id"] for space in expect.member(found, "items")]
    if outside["space"] not in ids:
        raise WrongList("the spaces of that address", expected=f"{outside['space']} among them", received=ids)
