"""The filters of the list of spaces: each keeps what it should and nothing else (LIST-)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import TargetLacks, WrongList, WrongValue
from ..client import Client
from ..lists import SPACES, holds, ids, lacks, list_of, mark, same_members
from ..strategies.shares import shown

ROLES = ("OWNER", "PARTICIPANT", "ANY", None)
"""The values of each role parameter; None leaves it out, which means ANY."""


def owned_by(client: Client, *actors: str) -> tuple[str, dict[str, str]]:
    """Create a space for each of these owners; returns the mark in their titles, and owner -> space."""
    own = mark(client)
    spaces = {actor: client.space(title=own, owner={"userId": client.target.user_id(actor)})["id"] for actor in actors}
    return own, spaces


def joined(client: Client) -> dict[str, Any]:
    """Return a space of the tenant's own that the participant owns and in which the owner takes part."""
    return client.now(client.target.offer("joined_space"))


def email(client: Client, actor: str) -> str:
    """Return an actor's e-mail address: the target's word, or the tenant's."""
    known = client.target.actor(actor).email
    if known is not None:
        return known
    user = expect.answered(client.admin.get(f"/users/{client.target.user_id(actor)}"), 200)
    return str(expect.member(user, "email"))


def role(name: str, value: str | None) -> Mapping[str, str]:
    """Return a role parameter, or none."""
    return {} if value is None else {name: value}


@check("LIST-EMAIL")
def a_list_by_email_holds_the_space_of_that_participant(client: Client) -> None:
    """LIST-EMAIL: a space in which the owner of that address takes part."""
    space = joined(client)
    found = list_of(client.admin, title=space["title"], participantEmail=email(client, "owner"))
    holds(ids(found), space["id"], "the list by the participant's address")


@check("LIST-EMAIL", writes=True)
def a_list_by_email_leaves_out_the_spaces_of_others(client: Client) -> None:
    """LIST-EMAIL: a new space of somebody else has no such participant."""
    own, _ = owned_by(client, "participant")
    same_members(
        ids(list_of(client.admin, title=own, participantEmail=email(client, "owner"))), [], "the list by address"
    )


@check("LIST-EMAIL-MINE")
def mine_is_the_address_of_who_asks(client: Client) -> None:
    """LIST-EMAIL-MINE: it finds a space in which the requester takes part."""
    space = joined(client)
    found = list_of(client.owner, title=space["title"], participantEmail="mine")
    holds(ids(found), space["id"], "the list of the requester's own")


@check("LIST-EMAIL-MINE", writes=True)
def mine_leaves_out_where_who_asks_takes_no_part(client: Client) -> None:
    """LIST-EMAIL-MINE: an administrator sees a space, but is none of its participants."""
    own, _ = owned_by(client, "participant")
    same_members(ids(list_of(client.admin, title=own, participantEmail="mine")), [], "the list of the requester's own")


@check("LIST-OWNER-EMAIL-NAME", "LIST-OWNER-EMAIL", writes=True)
def a_list_can_be_narrowed_by_the_address_of_the_owner(client: Client) -> None:
    """LIST-OWNER-EMAIL: with ownerEmail, if that is the name; a server that knows no such parameter shows both."""
    own, spaces = owned_by(client, "owner", "participant")
    exchange = client.admin.get(SPACES, params={"title": own, "ownerEmail": email(client, "owner")})
    found = ids(expect.member(expect.answered(exchange, 200), "items"))
    # Nothing was narrowed: then the name of the parameter is at fault, which is assumed.
    if set(found) >= set(spaces.values()):
        raise WrongList("the list by ownerEmail", expected=[spaces["owner"]], received=found)
    if found != [spaces["owner"]]:
        expected = [spaces["owner"]]
        raise WrongList("the list by ownerEmail", expected=expected, received=found, rule="LIST-OWNER-EMAIL")


@check("LIST-TITLE", writes=True)
def a_list_can_be_narrowed_by_title(client: Client) -> None:
    """LIST-TITLE: with the title of one of two spaces only that one is listed."""
    own = mark(client)
    north, south = (client.space(title=f"{own} {side}") for side in ("north", "south"))
    for wanted in (north, south):
        same_members(ids(list_of(client.admin, title=wanted["title"])), [wanted["id"]], "the list by title")


# Letters among what is special in SQL, in a pattern or in a query.
tricky = st.text("ab%_&+#'\"\\.*?=;/", min_size=1, max_size=8)
wildcards = st.tuples(tricky, st.sampled_from("%_")).map("".join)
AS_LETTERS = str.maketrans(dict.fromkeys("%_*?.", "x"))


@check(
    "LIST-TITLE-CONTAINS",
    writes=True,
    given={"before": wildcards, "after": tricky, "cut": st.integers(0, 7)},
    always={"before": ("a%", "_", "a+b &#%"), "after": ("\\", "'%", "*?."), "cut": (0, 1, 2)},
    examples=8,
)
def a_title_that_contains_the_text_is_listed_and_no_other(client: Client, before: str, after: str, cut: int) -> None:
    """LIST-TITLE-CONTAINS: wherever the text stands, and every character for itself."""
    own = mark(client)
    wanted = client.space(title=f"{before}{own}{after}")
    # A second one, which only a server finds that takes "%", "_" or "*" for a wildcard.
    client.space(title=wanted["title"].translate(AS_LETTERS))
    end = len(wanted["title"]) - cut % len(after)
    for text in (wanted["title"], wanted["title"][cut % len(before) :], wanted["title"][:end], own, before):
        found = list_of(client.admin, title=text)
        wrong = [item["title"] for item in found if text.casefold() not in item["title"].casefold()]
        if wrong:
            raise WrongList(f"the titles listed with title={text}", expected=f"each with {text}", received=wrong)
        if own in text:
            holds(ids(found), wanted["id"], f"the list with title={text}")


@check("LIST-DEACTIVATED", writes=True)
def spaces_of_deactivated_owners_are_told_apart(client: Client) -> None:
    """LIST-DEACTIVATED: a space is in one of the two lists, by its owner."""
    left = client.now(client.target.offer("space_of_deactivated"))
    # TRANSFER-FROM-DEACTIVATED gives that very space away, for good.
    if left["owner"]["userId"] != client.target.offer("deactivated_user"):
        raise TargetLacks("a space of a deactivated owner: it was given to somebody else")
    new = client.space(title=mark(client))
    for space, wanted in ((left, "true"), (new, "false")):
        for value in ("true", "false"):
            found = ids(list_of(client.admin, title=space["title"], isOwnerDeactivated=value))
            test = holds if value == wanted else lacks
            test(found, space["id"], f"the list with isOwnerDeactivated={value}")


moments = st.one_of(st.sampled_from((0, 1, -1)), st.integers(-86_400_000, 60_000))


@check("LIST-SINCE", writes=True, given={"moment": moments}, always={"moment": (0, 1, -1)}, examples=8)
def a_list_since_a_time_holds_what_was_active_then_or_later(client: Client, moment: int) -> None:
    """LIST-SINCE: the time itself belongs to it."""
    space = client.now(client.space(title=mark(client))["id"])
    if space["lastActivityAt"] is None:
        raise TargetLacks("a time of activity of a new space")  # as it may be (SPACE-ACTIVITY-NULL)
    activity = datetime.fromisoformat(space["lastActivityAt"])
    since = activity + timedelta(milliseconds=moment)
    found = list_of(client.admin, lastActivitySince=shown(since), title=space["title"])
    same_members(ids(found), [space["id"]] if moment <= 0 else [], f"the list since {moment} ms after the activity")


@check("LIST-SINCE")
def a_list_since_a_time_holds_nothing_older(client: Client) -> None:
    """LIST-SINCE: of all that is listed."""
    latest = list_of(client.admin, sort="-lastActivityAt", limit=10)
    for since in {item["lastActivityAt"] for item in latest if item["lastActivityAt"] is not None}:
        for item in list_of(client.admin, lastActivitySince=since, limit=50, sort="lastActivityAt"):
            # What becomes of spaces without any activity (SPACE-ACTIVITY-NULL) is not said.
            if item["lastActivityAt"] is not None and item["lastActivityAt"] < since:
                raise WrongValue("lastActivityAt", expected=f"{since} or later", received=item["lastActivityAt"])


def some(actors: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Return every choice of one or more of them."""
    for number in range(1, len(actors) + 1):
        yield from itertools.combinations(actors, number)


@check("LIST-OWNER", writes=True)
def a_list_by_owners_holds_what_they_own(client: Client) -> None:
    """LIST-OWNER: for one owner, and for several with commas between them."""
    own, spaces = owned_by(client, "owner", "participant")
    for chosen in some(spaces):
        owners = ",".join(client.target.user_id(actor) for actor in chosen)
        found = list_of(client.admin, title=own, ownerUserId=owners)
        same_members(ids(found), [spaces[actor] for actor in chosen], f"the list of what {chosen} own")


@check("LIST-USER", writes=True)
def a_list_by_users_holds_the_spaces_they_own_in_the_role_asked_for(client: Client) -> None:
    """LIST-USER: OWNER and ANY hold the spaces that any of them owns, PARTICIPANT does not."""
    own, spaces = owned_by(client, "owner", "participant")
    for value, chosen in itertools.product(ROLES, some(spaces)):
        users = ",".join(client.target.user_id(actor) for actor in chosen)
        found = list_of(client.admin, title=own, userId=users, **role("userRole", value))
        expected = [] if value == "PARTICIPANT" else [spaces[actor] for actor in chosen]
        same_members(ids(found), expected, f"the list of {chosen} as {value}")


def in_roles(client: Client, space: dict[str, Any], name: str, among: tuple[str | None, ...], **params: str) -> None:
    """A space is listed in these roles and in no other."""
    for value in ROLES:
        found = ids(list_of(client.admin, title=space["title"], **params, **role(name, value)))
        test = holds if value in among else lacks
        test(found, space["id"], f"the list with {params} and {name} {value}")


@check("LIST-USER")
def a_list_by_users_holds_the_spaces_in_which_they_take_part(client: Client) -> None:
    """LIST-USER: PARTICIPANT and ANY hold it, OWNER does not."""
    in_roles(client, joined(client), "userRole", ("PARTICIPANT", "ANY", None), userId=client.target.user_id("owner"))


@check("LIST-MANAGER", writes=True)
def a_list_by_manager_holds_what_the_team_owns(client: Client) -> None:
    """LIST-MANAGER: for the manager as `mine`, for an administrator by id, and no space of people outside the team."""
    own, spaces = owned_by(client, "owner", "participant")
    manager = client.target.user_id("manager")
    for caller, managed in ((client.as_("manager"), "mine"), (client.admin, manager)):
        for value in ROLES:
            found = list_of(caller, title=own, managerId=managed, **role("teamRole", value))
            expected = [] if value == "PARTICIPANT" else [spaces["owner"]]
            same_members(ids(found), expected, f"the list of the team with {managed} and teamRole {value}")


@check("LIST-MANAGER")
def a_list_by_manager_holds_the_spaces_in_which_the_team_takes_part(client: Client) -> None:
    """LIST-MANAGER: a report takes part in a space of somebody outside the team."""
    manager = client.target.user_id("manager")
    in_roles(client, joined(client), "teamRole", ("PARTICIPANT", "ANY", None), managerId=manager)


@check("LIST-MANAGER-403")
def somebody_elses_team_is_refused(client: Client) -> None:
    """LIST-MANAGER-403: to everybody but administrators."""
    for actor, other in (("manager", "admin"), ("owner", "manager")):
        expect.refused(client.as_(actor).get(SPACES, params={"managerId": client.target.user_id(other)}), 403)


@check("LIST-GROUP", writes=True)
def a_list_by_group_holds_what_its_members_own(client: Client) -> None:
    """LIST-GROUP: and no space of people outside the group."""
    group = client.target.offer("user_group")
    own, spaces = owned_by(client, "owner", "participant", "manager")
    for value in ROLES:
        found = list_of(client.admin, title=own, usergroupId=group, **role("usergroupRole", value))
        expected = [] if value == "PARTICIPANT" else [spaces["owner"], spaces["participant"]]
        same_members(ids(found), expected, f"the list of the group with usergroupRole {value}")


@check("LIST-GROUP")
def a_list_by_group_holds_the_spaces_in_which_its_members_take_part(client: Client) -> None:
    """LIST-GROUP: one member owns the space and another takes part in it, so it is there in every role."""
    in_roles(client, joined(client), "usergroupRole", ("OWNER", *ROLES), usergroupId=client.target.offer("user_group"))


NOBODY = ("participantEmail", "ownerEmail", "userId", "ownerUserId", "usergroupId", "managerId")


@check("LIST-NOBODY", always={"unknown": ("f" * 32,), "name": NOBODY})
def a_filter_by_nobody_lists_nothing(client: Client, unknown: str, name: str) -> None:
    """LIST-NOBODY: an id or an address that nobody has, or a text that is no address."""
    for value in (unknown, f"{unknown}@example.com") if name.endswith("Email") else (unknown,):
        expect.equal(list_of(client.admin, **{name: value}), [], f"the list with an unknown {name}")


@check("LIST-NOBODY", writes=True)
def a_space_must_pass_every_filter(client: Client) -> None:
    """LIST-NOBODY: filters that hold for it one by one, and one that does not."""
    own, spaces = owned_by(client, "owner")
    user, other = client.target.user_id("owner"), client.target.user_id("participant")
    for owner, active, expected in ((user, "false", 1), (other, "false", 0), (user, "true", 0)):
        found = list_of(client.admin, title=own, userId=user, ownerUserId=owner, isOwnerDeactivated=active)
        same_members(ids(found), list(spaces.values())[:expected], "the list with several filters")
