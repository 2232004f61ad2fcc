"""Events of Shares: made, viewed by each of their addresses, passed on (SHARE-EVENTS, SHARE-TRACK)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ...core import expect
from ...core.check import check
from ...core.violation import ExtraMember, Inconclusive, MissingMember, WrongList
from ...transport.receiver import Delivery
from ..client import Client
from ..links import HTML, shown
from ..webhooks import RESHARED, SHARED, VIEWED, Hook, came, event_of, hook
from .links import TRACKED, opened, passing_on
from .shares import share

READER, PLATFORM = "reader@example.org", "kit-of-contracts"


def about(made: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an event may name a Share by."""
    return str(made["id"]), *(str(made[way]).rpartition("/")[2] for way in TRACKED)


def seen(client: Client, to: Hook, made: Mapping[str, Any], count: int = 1) -> list[Delivery]:
    """Return the events of what a buyer did on a page; where a page may need its scripts nothing follows from none."""
    try:
        return came(client, to, *about(made), count=count)
    except WrongList:
        if client.target.is_own:
            raise
        raise Inconclusive(
            "no event came: whether a page that is opened without its scripts counts, cannot be told"
        ) from None


@check("SHARE-EVENTS", shares=True)
def a_new_share_is_told(client: Client) -> None:
    """SHARE-EVENTS: link-share-created, once."""
    to, made = hook(client, SHARED), share(client)
    for delivery in came(client, to, *about(made)):
        event_of(delivery, SHARED)
    expect.equal(len(to.about(*about(made))), 1, f"how often {SHARED} is told of one Share")


@check("SHARE-EVENTS", shares=True, always={"way": TRACKED})
def a_view_of_a_share_is_told(client: Client, way: str) -> None:
    """SHARE-EVENTS: link-share-viewed."""
    to, made = hook(client, VIEWED), share(client)
    shown(opened(client, made, way))
    for delivery in seen(client, to, made):
        event_of(delivery, VIEWED)


@check("SHARE-EVENTS", shares=True)
def a_share_that_is_passed_on_is_told(client: Client) -> None:
    """SHARE-EVENTS: link-share-reshared; to whom the target offers alone."""
    recipient = client.target.offer("recipient")
    to, made = hook(client, RESHARED), share(client)
    with expect.needed("a form to pass a Share on", "LINK-PAGE"):
        form = passing_on(shown(opened(client, made, "dynamicUrl")))
        if form is None:
            raise MissingMember("the page of dynamicUrl", expected="a form for an e-mail address", received="none")
    address, name = form
    kind = {**HTML, "Content-Type": "application/x-www-form-urlencoded"}
    client.nobody.request("POST", address, urlencode({name: recipient}).encode(), headers=kind)
    for delivery in seen(client, to, made):
        event_of(delivery, RESHARED)


@check("SHARE-TRACK", shares=True)
def the_dynamic_address_reports_who_and_where(client: Client) -> None:
    """SHARE-TRACK: the recipient and the platform that it is opened with."""
    to, made = hook(client, VIEWED), share(client)
    shown(opened(client, made, "dynamicUrl", recipient=READER, platform=PLATFORM))
    event = event_of(seen(client, to, made)[0], VIEWED)
    for said in (READER, PLATFORM):
        if said not in str(event["data"]):
            raise MissingMember(f"the delivery of {VIEWED}", expected=said, received=event["data"])


@check("SHARE-TRACK", shares=True)
def the_anonymous_address_does_not_say_whose_and_the_untracked_says_nothing(client: Client) -> None:
    """SHARE-TRACK: whatever they are opened with."""
    to, made = hook(client, VIEWED), share(client)
    for way in ("untrackedUrl", "anonymousUrl", "dynamicUrl"):
        shown(opened(client, made, way, recipient=f"{way}@example.org"))
    told = [str(event_of(one, VIEWED)["data"]) for one in seen(client, to, made, count=2)]
    for way in ("untrackedUrl", "anonymousUrl"):
        if f"{way}@example.org" in "".join(told):
            raise ExtraMember(f"the delivery of {VIEWED}", expected=f"nothing of who opened {way}", received=told)
    expect.equal(len(to.about(*about(made))), 2, f"how often {VIEWED} is told of three addresses")
