"""What checks look at beside the answer itself: whether a refused request changed something, what a list shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..core import expect
from ..core.exchange import Exchange
from ..core.violation import StateChanged, TargetLacks, WrongList, WrongStatus
from ..transport.session import Caller
from .client import Client

STATE = (
    "title",
    "publicUri",
    "status",
    "archivedAt",
    "description",
    "isExternalDownloadAllowed",
    "isExternalInviteAllowed",
    "isExternalUploadAllowed",
    "isCommentAllowed",
    "isSearchAIAllowed",
    "owner",
    "theme",
)
"""The members of a space that only a request changes."""
PAGE = 1000
MOST_PAGES = 50
BYSTANDERS = ("manager", "participant", "outsider")
"""Who neither owns the spaces that checks create nor has admin right."""
NEWEST = 20
INSTANT_SECONDS = 0.002
"""Enough for what comes next to bear another time."""


def state(space: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a space that only a request changes."""
    return {name: space[name] for name in STATE if name in space}


def holds(received: Mapping[str, Any], sent: Mapping[str, Any], of: str) -> None:
    """Require what was sent with its values; an object may have more members than were sent."""
    for name, value in sent.items():
        found = expect.member(received, name, of=of)
        if isinstance(value, Mapping):
            holds(found, value, f"{name} of {of}")
        else:
            expect.equal(found, value, f"{name} of {of}")


def kept_in_every_place(client: Client, answered: Mapping[str, Any], sent: Mapping[str, Any]) -> None:
    """Require what was sent with its values: as answered, as read, and as the list of the newest shows it."""
    holds(answered, sent, "the space as answered")
    holds(client.now(answered["id"]), sent, "the space as read")
    shown = {name: value for name, value in sent.items() if name != "description"}  # SPACE-LISTED
    if shown:
        with expect.needed("the list of the newest spaces", "LIST-OK"):
            newest = client.admin.get("/shared-spaces", params={"limit": NEWEST, "sort": "-createdAt"})
            items = expect.member(expect.answered(newest, 200), "items")
        # Where others are at work too, it may be none of the newest by now, which breaks no rule.
        for item in items:
            if item.get("id") == answered["id"]:
                holds(item, shown, "the space as listed")


def unchanged(client: Client, space: Mapping[str, Any]) -> None:
    """Require that the space is still there and in the state it was in."""
    before, after = state(space), state(client.now(space["id"]))
    for name in before:
        if before[name] != after.get(name):
            raise StateChanged(
                f"{name} of the space afterwards", expected=f"{before[name]!r} as before", received=after.get(name)
            )


def nothing_created(client: Client, member: str, value: str) -> None:
    """Require that none of the newest spaces has this value; one that has is deleted at the end all the same."""
    newest = client.admin.get("/shared-spaces", params={"limit": NEWEST, "sort": "-createdAt"})
    with expect.needed("the list of the newest spaces", "LIST-OK"):
        spaces = expect.member(expect.answered(newest, 200), "items")
    for space in spaces:
        if space.get(member) == value:
            client.session.keep(space["id"], value)
            raise StateChanged("the spaces after a refused create", expected="no new one", received=space)


def refused_somehow(exchange: Exchange) -> Exchange:
    """Require a refusal, whichever 4xx says so."""
    if not 400 <= exchange.status < 500:
        raise WrongStatus(f"status of {exchange.name}", expected="4xx (a refusal)", received=exchange.status)
    return exchange


def listed(caller: Caller, space_id: str) -> dict[str, Any] | None:
    """Return a space as a page of the caller's list shows it, None when no page does."""
    return next((space for space in all_spaces(caller) if space.get("id") == space_id), None)


def all_spaces(caller: Caller) -> Iterator[dict[str, Any]]:
    """Return every space that the caller lists, page after page."""
    for page in range(MOST_PAGES):
        answer = caller.get("/shared-spaces", params={"limit": PAGE, "offset": page * PAGE})
        spaces = expect.member(expect.answered(answer, 200), "items")
        yield from spaces
        if len(spaces) < PAGE:
            return


def in_list(caller: Caller, space_id: str) -> dict[str, Any]:
    """Return the item of a space, which the caller's list must hold."""
    found = listed(caller, space_id)
    if found is None:
        raise WrongList(
            f"the list of {caller.name}", expected=f"the space {space_id} in it", received="it is not there"
        )
    return found


def not_in_list(caller: Caller, space_id: str) -> None:
    """Require that the caller's list does not hold the space."""
    found = listed(caller, space_id)
    if found is not None:
        raise WrongList(f"the list of {caller.name}", expected=f"no space {space_id} in it", received=found)


def with_each_token(client: Client, name: str) -> list[Caller]:
    """Return an actor as an integration, and in person where there is a token for that."""
    in_person = client.target.actor(name).oauth_token is not None
    return [client.as_(name), *([client.as_(name, oauth=True)] if in_person else [])]


def strangers(client: Client, *names: str) -> list[Caller]:
    """Return those of the actors whose API tokens are at hand, or the named skip when none is."""
    actors = client.target.actors
    found = [client.as_(name) for name in names if name in actors and actors[name].api_token is not None]
    if not found:
        raise TargetLacks(f"the API token of any of {', '.join(names)}")
    return found
