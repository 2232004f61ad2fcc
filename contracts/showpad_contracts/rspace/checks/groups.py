"""Groups (RS-GROUPS, RS-GROUP)."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import WrongForm, WrongList, WrongValue
from ..assertions import NO_ID, refused
from ..client import Client

MEMBERS = ("name", "type", "sharedFolderId", "members", "uniqueName", "_links")
TYPES = ("LAB_GROUP", "COLLABORATION_GROUP", "PROJECT_GROUP")
ROLES = ("PI", "LAB_ADMIN", "GROUP_OWNER", "USER")
RANKS = {"PI": 0, "LAB_ADMIN": 1}


def groups(client: Client, actor: str = "owner") -> list[dict[str, Any]]:
    """Return somebody's groups."""
    exchange = expect.status(client.as_(actor).get("/groups"), 200)
    if not isinstance(exchange.received, list) or not all(isinstance(one, dict) for one in exchange.received):
        raise WrongForm("body of GET /groups", expected="an array of groups", received=exchange.text[:200])
    return exchange.received


def the_group(client: Client, actor: str = "owner") -> dict[str, Any]:
    """Return the group of owner and colleague as somebody's list shows it."""
    found = [group for group in groups(client, actor) if group.get("id") == client.group]
    if len(found) != 1:
        raise WrongList(f"groups of {actor}", expected=f"once the group {client.group}", received=found)
    return found[0]


@check("RS-GROUPS-OK")
def a_member_lists_its_groups(client: Client) -> None:
    """The group of owner and colleague is in the lists of both, as it should look."""
    for actor in ("owner", "colleague"):
        group = the_group(client, actor)
        expect.equal(expect.member(group, "globalId", of="the group"), f"GP{client.group}", "globalId of the group")
        expect.members(group, MEMBERS, "the group")
        expect.equal(group["_links"], [], "_links of the group")
        expect.equal(group["sharedFolderId"], client.target.offer("group")["folder"], "sharedFolderId")
        if group["type"] not in TYPES:
            raise WrongValue("type of the group", expected=" or ".join(TYPES), received=group["type"])


@check("RS-GROUPS-OK")
def nobody_lists_groups_of_others(client: Client) -> None:
    """The owner has no part in the colleague's other group, the outsider none in the first."""
    other = client.target.offer("other_group")["id"]
    for actor, foreign in (("owner", other), ("outsider", client.group)):
        found = [group for group in groups(client, actor) if group.get("id") == foreign]
        if found:
            raise WrongList(f"groups of {actor}", expected=f"no group {foreign}", received=found)


@check("RS-GROUPS-ORDER")
def groups_are_sorted_by_name(client: Client) -> None:
    """Those of the colleague, who has more than one."""
    names = [expect.member(group, "name", of="a group") for group in groups(client, "colleague")]
    if names != sorted(names):
        raise WrongList("names of the groups", expected=sorted(names), received=names)


@check("RS-GROUP-OK")
def a_member_reads_its_group(client: Client) -> None:
    """It is the same as in the list."""
    group = expect.answered(client.owner.get(f"/groups/{client.group}"), 200)
    expect.equal(group, the_group(client), "the group, beside that of the list")


@check("RS-GROUP-404")
def a_group_of_others_is_not_found(client: Client) -> None:
    """As little as one that there is not."""
    refused(client.as_("outsider").get(f"/groups/{client.group}"), 404, 50301)
    refused(client.owner.get(f"/groups/{NO_ID}"), 404, 50301)


@check("RS-GROUP-MEMBERS")
def members_are_sorted_by_role_and_name(client: Client) -> None:
    """Owner and colleague are among them."""
    found = []
    for one in the_group(client)["members"]:
        expect.members(one, ("id", "username", "role"), "a member")
        if one["role"] not in ROLES:
            raise WrongValue("role of a member", expected=" or ".join(ROLES), received=one["role"])
        found.append((RANKS.get(one["role"], 2), one["username"]))
    if found != sorted(found):
        raise WrongList("members of the group", expected=sorted(found), received=found)
    ids = [str(one["id"]) for one in the_group(client)["members"]]
    for actor in ("owner", "colleague"):
        if client.target.user_id(actor) not in ids:
            raise WrongList("members of the group", expected=f"{actor} among them", received=ids)
