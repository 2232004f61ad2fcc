"""Events of webhooks: which come about, and what they tell (AROUND-EVENT-TYPES, ITEMS-EVENT, ITEMS-WHO)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import ExtraMember, MissingMember, NotPermitted, WrongList
from ...transport.session import Caller
from ..client import Client
from ..forms import TEXT, or_null, with_members
from ..webhooks import (
    ADDED,
    CONTENT,
    CREATED,
    TYPES,
    Hook,
    came,
    event_of,
    found_in,
    hook,
    naming,
    subscription,
)

MOST_OF_AN_EVENT = 1000
INITIATORS = {
    "APP": with_members({"userId": TEXT}),
    "ADMIN": with_members({"userId": TEXT}),
    "PARTICIPANT": with_members(
        {
            "participant": with_members(
                {"id": TEXT, "email": TEXT}
                | dict.fromkeys(("userId", "firstName", "lastName", "company", "jobTitle"), or_null(TEXT))
            )
        }
    ),
}
"""What an initiator has beside its type."""
INVITER = with_members(dict.fromkeys(("userId", "shareActorId", "email"), or_null(TEXT)))
"""What of it may be null is not published: an integration takes no part in a space."""
INVITEE = with_members({"userId": or_null(TEXT), "shareActorId": TEXT, "email": TEXT})


def asset(client: Client, place: int = 0) -> dict[str, Any]:
    """Return a good asset to add."""
    return {"type": "asset", "assetId": client.target.offer("good_assets")[place]}


def _added(client: Client, by: Caller | None = None) -> tuple[Hook, str]:
    """Add two assets to a new space, and return who is told and the space's id."""
    items = [asset(client, place) for place in range(2)]
    to, space_id = hook(client, CONTENT), str(client.space()["id"])
    with expect.needed("items in a space", "ITEMS-OK"):
        expect.answered(client.add_items(space_id, items, by=by), 201)
    return to, space_id


def _transferred(client: Client) -> tuple[Hook, Mapping[str, Any]]:
    """Give a new space to somebody who took no part in it, and return who is told and the space."""
    to, space = hook(client, ADDED), client.space()
    with expect.needed("a transfer", "TRANSFER-OK"):
        expect.status(client.transfer(space["id"], client.target.user_id("participant")), 204)
    return to, space


@check("CREATE-EVENT", writes=True)
def a_new_space_is_told(client: Client) -> None:
    """CREATE-EVENT: once."""
    to = hook(client, CREATED)
    about = client.space()["id"]
    for delivery in came(client, to, about):
        event_of(delivery, CREATED)
    expect.equal(len(to.about(about)), 1, f"how often {CREATED} is told of one space")


@check("TRANSFER-EVENT", writes=True)
def a_new_owner_who_took_no_part_is_told(client: Client) -> None:
    """TRANSFER-EVENT: as a user who was added to the space."""
    to, space = _transferred(client)
    event = event_of(came(client, to, space["id"])[0], ADDED)
    if not naming(event, client.target.user_id("participant")):
        raise MissingMember(f"the delivery of {ADDED}", expected="the new owner", received=event["data"])


@check("AROUND-EVENT-TYPES", writes=True)
def the_event_of_an_added_user_tells_who_and_where(client: Client) -> None:
    """AROUND-EVENT-TYPES: inviter, invitee and sharedSpace."""
    to, space = _transferred(client)
    with expect.needed("an added user", "TRANSFER-EVENT"):
        event = event_of(came(client, to, space["id"])[0], ADDED)
    data, what = event["data"], f"data of {ADDED}"
    for name, form in (("inviter", INVITER), ("invitee", INVITEE)):
        form(expect.member(data, name, of=what), f"{name} of {what}")
    user_id = client.target.user_id("participant")
    expect.equal(data["invitee"]["userId"], user_id, f"userId of the invitee in {what}")
    for name, value in (("id", space["id"]), ("name", space["title"])):
        expect.equal(expect.member(data, f"sharedSpace.{name}", of=what), value, f"{name} of the space in {what}")


@check("AROUND-EVENT-TYPES", writes=True, always={"event_type": TYPES})
def each_type_of_event_may_be_subscribed_to(client: Client, event_type: str) -> None:
    """AROUND-EVENT-TYPES: alone; the name of that of added content is assumed."""
    exchange = subscription(client, types=[event_type])[1]
    expect.equal(expect.member(expect.json_object(exchange), "types"), [event_type], "types of the subscription")


@check("ITEMS-EVENT", writes=True)
def added_content_is_told_with_its_details(client: Client) -> None:
    """ITEMS-EVENT: each asset that was added, and who did it."""
    to, space_id = _added(client)
    event = event_of(came(client, to, space_id)[0], CONTENT)
    for place in range(2):
        if not naming(event, asset(client, place)["assetId"]):
            raise MissingMember(f"the delivery of {CONTENT}", expected=asset(client, place), received=event["data"])
    _initiator(event)


@check("ITEMS-EVENT", writes=True)
def content_is_told_in_batches(client: Client) -> None:
    """ITEMS-EVENT: at most 1000 items an event, each in one; on the kit's own mock alone."""
    if not client.target.is_own:
        raise NotPermitted("it adds more than 1000 items at once: only on the kit's own mock")
    to, space_id = hook(client, CONTENT), str(client.space()["id"])
    asset_id, number = asset(client)["assetId"], MOST_OF_AN_EVENT + 1
    with expect.needed("items in a space", "ITEMS-OK"):
        expect.answered(client.add_items(space_id, [asset(client)] * number), 201)
    told = [len(naming(event_of(one, CONTENT), asset_id)) for one in came(client, to, space_id, count=2)]
    if sum(told) != number or max(told) > MOST_OF_AN_EVENT:
        expected = f"{number} in all, at most {MOST_OF_AN_EVENT} an event"
        raise WrongList(f"the items that events tell of {number}", expected=expected, received=told)


def _initiator(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return who did something, as its event tells it, in the form of its type."""
    found = list(found_in(event, lambda part: isinstance(part, dict) and "initiator" in part))
    if not found:
        raise MissingMember(f"initiator of {event['type']}", expected="the member", received=event["data"])
    initiator, what = found[0]["initiator"], f"initiator of {event['type']}"
    with_members({"type": TEXT})(initiator, what)
    expect.matches(initiator["type"], "|".join(INITIATORS), f"type of the {what}")
    INITIATORS[initiator["type"]](initiator, what)
    return dict(initiator)


WHO: Mapping[str, tuple[str, Callable[[Client], Caller]]] = {
    "APP": ("admin", lambda client: client.admin),
    "PARTICIPANT": ("owner", lambda client: client.as_("owner", oauth=True)),
    "ADMIN": ("admin", lambda client: client.as_("admin", oauth=True)),
}
"""Type of initiator -> whose it is, and who acts so."""


def _told_of(client: Client, kind: str) -> dict[str, Any]:
    """Return the event of what somebody added."""
    to, space_id = _added(client, WHO[kind][1](client))
    with expect.needed("an event of added content", "ITEMS-EVENT"):
        return event_of(came(client, to, space_id)[0], CONTENT)


@check("ROLE-KINDS", writes=True, always={"kind": tuple(WHO)})
def an_initiator_is_what_its_token_makes_it(client: Client, kind: str) -> None:
    """ROLE-KINDS: an integration, a participant in person, or an administrator who takes no part."""
    event = _told_of(client, kind)
    with expect.needed("an initiator", "ITEMS-WHO"):
        initiator = _initiator(event)
    expect.equal(initiator["type"], kind, "type of the initiator")


@check("ITEMS-WHO", writes=True, always={"kind": tuple(WHO)})
def events_name_who_acted(client: Client, kind: str) -> None:
    """ITEMS-WHO: in the form of its type, and in place of participant."""
    event = _told_of(client, kind)
    initiator = _initiator(event)
    who = initiator["participant"] if initiator["type"] == "PARTICIPANT" else initiator
    expect.equal(who["userId"], client.target.user_id(WHO[kind][0]), "userId of the initiator")
    if "participant" in event["data"]:
        raise ExtraMember(f"participant of {CONTENT}", expected="initiator in its place", received=event["data"])
