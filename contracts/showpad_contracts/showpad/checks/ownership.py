"""Transferring ownership: who may, to whom, and what it does (TRANSFER-)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import Check, check
from ...core.exchange import Exchange
from ...core.violation import TargetLacks, WrongValue
from ...transport.session import Caller
from ..assertions import BYSTANDERS, INSTANT_SECONDS, in_list, state, strangers, unchanged, with_each_token
from ..client import Client
from ..operations import NO_ID
from ..strategies.spaces import UNKNOWN_IDS


@check("TRANSFER-OK", writes=True, always={"who": ("admin", "owner")})
def a_transfer_makes_the_user_the_owner(client: Client, who: str) -> None:
    """TRANSFER-OK: 204 without a body; the rest of the space stays."""
    space = client.space()
    new_owner = client.target.user_id("participant")
    expect.nothing(client.transfer(space["id"], new_owner, by=client.as_(who)))
    after = client.now(space["id"])
    expect.equal(expect.member(after, "owner.userId"), new_owner, "owner.userId after the transfer")
    expect.equal({**state(after), "owner": space["owner"]}, state(space), "the space but for its owner")


@check("TRANSFER-OK", writes=True)
def the_new_owner_may_do_what_owners_may(client: Client) -> None:
    """TRANSFER-OK: the space can be updated, passed on, and is in the new owner's list."""
    space = client.space()
    new_owner = client.as_("participant")
    expect.status(client.transfer(space["id"], client.target.user_id("participant"), by=client.owner), 204)
    in_list(new_owner, space["id"])
    expect.status(new_owner.patch(f"/shared-spaces/{space['id']}", {"title": "Mine"}), 200)
    expect.status(client.transfer(space["id"], client.target.user_id("owner"), by=new_owner), 204)
    expect.equal(client.now(space["id"])["owner"]["userId"], client.target.user_id("owner"), "owner.userId at the end")


def _handed_over(client: Client) -> dict[str, Any]:
    """Return a space of the participant's that was the owner's."""
    space = client.space()
    with expect.needed("a space that was handed over", "TRANSFER-OK"):
        expect.status(client.transfer(space["id"], client.target.user_id("participant")), 204)
        return client.now(space["id"])


FORMER: dict[str, Callable[[Client, str, Caller], Exchange]] = {
    "PATCH-403": lambda _, space_id, by: by.patch(f"/shared-spaces/{space_id}", {"title": "Still mine"}),
    "TRANSFER-403": lambda client, space_id, by: client.transfer(space_id, client.target.user_id("owner"), by=by),
    "DELETE-403": lambda client, space_id, by: client.delete(space_id, by=by),
}
"""Rule -> what it refuses to a former owner."""


def _refused_to_the_former_owner(rule: str) -> Check[Client]:
    def run(client: Client) -> None:
        space = _handed_over(client)
        for former in with_each_token(client, "owner"):
            expect.status(FORMER[rule](client, space["id"], former), 403)
            unchanged(client, space)

    name = f"a_former_owner_is_refused_by_{rule.lower().replace('-', '_')}"
    return Check(name=name, rules=(rule,), run=run, writes=True)


@check("TRANSFER-OK", writes=True)
def the_new_owner_fills_and_deletes_the_space(client: Client) -> None:
    """TRANSFER-OK: as an integration and in person."""
    for owner in with_each_token(client, "participant"):
        space = _handed_over(client)
        expect.status(client.add_items(space["id"], [{"type": "folder", "name": "Folder"}], by=owner), 201)
        expect.status(owner.patch(f"/shared-spaces/{space['id']}", {"title": "Mine"}), 200)
        expect.nothing(client.delete(space["id"], by=owner))


REFUSED_TO_THE_FORMER_OWNER = tuple(map(_refused_to_the_former_owner, FORMER))


@check(
    "TRANSFER-USERID",
    writes=True,
    given={"more": st.dictionaries(st.sampled_from(["id", "owner", "userid"]), UNKNOWN_IDS)},
    examples=6,
)
def a_transfer_without_a_user_is_refused(client: Client, more: dict[str, str]) -> None:
    """TRANSFER-USERID: 400, and the owner stays; members of other names make up for nothing."""
    space = client.space()
    expect.status(client.admin.post(f"/shared-spaces/{space['id']}/transfer-ownership", more), 400)
    unchanged(client, space)


def _refused(client: Client, user: str) -> tuple[Exchange, str]:
    space = client.space()
    exchange = client.transfer(space["id"], user)
    detail: str = expect.member(expect.refused(exchange, 400), "detail", of="the refusal")
    unchanged(client, space)
    return exchange, detail


def _refused_in_its_own_words(client: Client, user: str, *others: str) -> None:
    detail = _refused(client, user)[1]
    for other in others:
        if _refused(client, other)[1] == detail:
            raise WrongValue("detail of the refusal", expected="words of its own", received=detail)


def _at_hand(client: Client, *names: str) -> list[str]:
    return [client.target.offers[name] for name in names if name in client.target.offers]


@check("TRANSFER-NOT-FOUND", writes=True, given={"user": UNKNOWN_IDS}, examples=3)
def a_transfer_to_nobody_is_refused(client: Client, user: str) -> None:
    """TRANSFER-NOT-FOUND: 400, the owner stays."""
    _refused(client, user)


@check("TRANSFER-NOT-FOUND", writes=True)
def a_transfer_to_nobody_is_refused_in_words_of_its_own(client: Client) -> None:
    """TRANSFER-NOT-FOUND: told apart from the two other refusals of a new owner."""
    _refused_in_its_own_words(client, NO_ID, *_at_hand(client, "deactivated_user", "unlicensed_user"))


@check("TRANSFER-DEACTIVATED", writes=True)
def a_transfer_to_a_deactivated_user_is_refused(client: Client) -> None:
    """TRANSFER-DEACTIVATED: 400 in words of its own, the owner stays."""
    _refused_in_its_own_words(
        client, client.target.offer("deactivated_user"), NO_ID, *_at_hand(client, "unlicensed_user")
    )


@check("TRANSFER-UNLICENSED", writes=True)
def a_transfer_to_a_user_without_content_licence_is_refused(client: Client) -> None:
    """TRANSFER-UNLICENSED: 400 in words of its own, the owner stays."""
    _refused_in_its_own_words(
        client, client.target.offer("unlicensed_user"), NO_ID, *_at_hand(client, "deactivated_user")
    )


@check("TRANSFER-403", writes=True)
def a_transfer_by_somebody_else_is_forbidden(client: Client) -> None:
    """TRANSFER-403: who may see the space (the owner's manager) and who may not alike; the owner stays."""
    space = client.space()
    for stranger in strangers(client, *BYSTANDERS):
        expect.status(client.transfer(space["id"], client.target.user_id("admin"), by=stranger), 403)
    unchanged(client, space)


@check("TRANSFER-403", writes=True)
def nobody_takes_a_space_for_themselves(client: Client) -> None:
    """TRANSFER-403: also in person, also to oneself."""
    space = client.space()
    name = "participant"
    taken = client.transfer(space["id"], client.target.user_id(name), by=client.as_(name))
    expect.status(taken, 403)
    unchanged(client, space)


@check("TRANSFER-404", writes=True, given={"space_id": UNKNOWN_IDS}, examples=3)
def a_transfer_of_an_unknown_space_finds_nothing(client: Client, space_id: str) -> None:
    """TRANSFER-404: to a user who could own it."""
    expect.status(client.transfer(space_id, client.target.user_id("owner")), 404)


@check("TRANSFER-FROM-DEACTIVATED", writes=True)
def a_space_of_a_deactivated_user_can_be_transferred(client: Client) -> None:
    """TRANSFER-FROM-DEACTIVATED: the offered space belongs to the owner afterwards, for good."""
    space_id, former = client.target.offer("space_of_deactivated"), client.target.offer("deactivated_user")
    if expect.member(client.now(space_id), "owner.userId") != former:
        raise TargetLacks("a space whose owner is still deactivated")
    expect.nothing(client.transfer(space_id, client.target.user_id("owner")))
    expect.equal(
        client.now(space_id)["owner"]["userId"], client.target.user_id("owner"), "owner.userId after the transfer"
    )


@check("TRANSFER-MEMBERS", writes=True)
def both_owners_are_members_afterwards(client: Client) -> None:
    """TRANSFER-MEMBERS: the former owner still lists the space, the new one does too."""
    space = client.space()
    expect.status(client.transfer(space["id"], client.target.user_id("participant")), 204)
    in_list(client.as_("participant"), space["id"])
    in_list(client.owner, space["id"])


@check("TRANSFER-SAME", writes=True)
def a_transfer_to_the_present_owner_changes_nothing(client: Client) -> None:
    """TRANSFER-SAME: 204, no time moves."""
    space = client.now(client.space()["id"])
    client.session.pause(INSTANT_SECONDS)
    expect.nothing(client.transfer(space["id"], client.target.user_id("owner")))
    expect.equal(client.now(space["id"]), space, "the space after a transfer to its owner")
