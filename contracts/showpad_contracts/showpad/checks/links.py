"""What buyers open: pages of the Shares and spaces that the run itself made, without any token (LINK-, SHARE-TRACK)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urljoin

from ...core import expect
from ...core.check import check
from ...core.violation import ExtraMember, Inconclusive, MissingMember, WrongForm, WrongList, WrongStatus
from ..assertions import refused_somehow
from ..client import Client
from ..control import Control
from ..links import HTML, Page, open_page, page_at, pages_of, says, says_nothing_of, shown
from ..strategies import shares as drawing
from .shares import share

WAYS = ("anonymousUrl", "untrackedUrl", "dynamicUrl")
TRACKED = ("anonymousUrl", "dynamicUrl")
NO_TOKEN = "contractKitNeverMade1"
ELEMENT = "contract-kit"
MARKUP: Mapping[str, str] = {
    "an element": f'<b id="{ELEMENT}">bold</b>',
    "a script": f'<script id="{ELEMENT}">alert(1)</script>',
    "an end of the title": f'</title><img id="{ELEMENT}" src="x" onerror="alert(1)">',
    "an end of an attribute": f'"\'><i id="{ELEMENT}">',
    "what is escaped already": "R&amp;D &lt;b&gt; &#65;",
    "a template": "{{ 7 * 7 }} ${7 * 7} <%= 7 * 7 %>",
}
HOUR = 3600
LASTS, MARGIN = 2.0, 0.5
"""Seconds for which a Share that is to expire lasts, and for how much longer it is waited."""


def opened(client: Client, made: Mapping[str, Any], way: str, **query: str) -> Page:
    """Open a Share by one of its addresses."""
    return open_page(client, page_at(expect.member(made, way), client.target, rule="SHARE-URLS"), **query)


def name_of(client: Client, asset_id: str) -> str:
    """Return what an asset is called: its name, or its id where it has none."""
    with expect.needed("the name of an asset", "AROUND-ASSETS"):
        asset = expect.answered(client.admin.get(f"/assets/{asset_id}"), 200)
    return str(asset.get("name") or asset_id)


@check("LINK-PAGE", shares=True, always={"way": WAYS})
def an_address_of_a_share_opens_a_page_of_what_is_shared(client: Client, way: str) -> None:
    """LINK-PAGE: its title and each of its assets."""
    good = client.target.offer("good_assets")
    made = share(client, assets=[{"id": one} for one in good])
    page = shown(opened(client, made, way))
    says(page, made["title"], "the Share's title")
    for one in good:
        says(page, name_of(client, one), "the name of an asset")


@check("LINK-PAGE", shares=True)
def a_page_shows_nothing_that_is_not_shared(client: Client) -> None:
    """LINK-PAGE: no other asset than those of its Share."""
    one, other = client.target.offer("good_assets")[:2]
    name = name_of(client, other)
    page = shown(opened(client, share(client, assets=[{"id": one}]), "anonymousUrl"))
    says_nothing_of(page, name, "the name of an asset that is not shared")


@check("LINK-PAGE", shares=True, always={"markup": tuple(MARKUP)})
def a_title_is_a_text_on_its_page(client: Client, markup: str) -> None:
    """LINK-PAGE: whatever is written there, no element comes of it."""
    made = share(client, title=MARKUP[markup])
    page = shown(opened(client, made, "anonymousUrl"))
    says(page, made["title"], "the Share's title")
    for element, attributes in page.elements:
        if attributes.get("id") == ELEMENT:
            raise ExtraMember("elements of the page", expected="none out of a title", received=f"<{element}>")


@check("LINK-PAGE", shares=True)
def a_page_tells_at_which_page_an_asset_opens(client: Client) -> None:
    """LINK-PAGE: the first as well as the last; nothing of the kind where none is said."""
    document = client.target.offer("document")
    for number in (1, document["pages"]):
        page = shown(opened(client, share(client, assets=[{"id": document["id"], "page": number}]), "dynamicUrl"))
        if re.search(rf"\bpage {number}\b", page.text, re.IGNORECASE) is None:
            raise WrongForm("the page at which the asset opens", expected=f"page {number}", received=page.text[:500])
    page = shown(opened(client, share(client, assets=[{"id": document["id"]}]), "dynamicUrl"))
    if found := re.search(r"\bopens at page \d+", page.text, re.IGNORECASE):
        raise WrongForm("the page at which the asset opens", expected="none", received=found[0])


# Downloads


@check("LINK-PAGE", shares=True, always={"way": WAYS})
def what_may_be_downloaded_can_be_downloaded(client: Client, way: str) -> None:
    """LINK-PAGE: each of the assets."""
    good = client.target.offer("good_assets")
    page = shown(opened(client, share(client, assets=[{"id": one} for one in good]), way))
    if len(page.downloads()) != len(good):
        raise WrongList("downloads on the page", expected=f"{len(good)}", received=page.downloads())
    for address in filter(client.target.is_named, page.downloads()):
        expect.status(client.nobody.get(address), 200)


@check("LINK-PAGE", shares=True)
def what_may_not_be_downloaded_cannot_be(client: Client) -> None:
    """LINK-PAGE: neither by the page, nor as what may be is downloaded."""
    allowed, barred = (opened(client, share(client, isDownloadAllowed=said), "anonymousUrl") for said in (True, False))
    if shown(barred).downloads():
        raise WrongList("downloads on the page", expected="none", received=barred.downloads())
    for address in filter(client.target.is_named, shown(allowed).downloads()):
        if allowed.address in address:
            refused_somehow(client.nobody.get(address.replace(allowed.address, barred.address)))


@check("LINK-PAGE", shares=True)
def nothing_but_what_is_shared_can_be_downloaded(client: Client) -> None:
    """LINK-PAGE: no other asset by the address of one that is."""
    one, other = client.target.offer("good_assets")[:2]
    page = shown(opened(client, share(client, assets=[{"id": one}]), "anonymousUrl"))
    for address in filter(client.target.is_named, page.downloads()):
        if one in address:
            refused_somehow(client.nobody.get(address.replace(one, other)))


# Passing it on


def passing_on(page: Page) -> tuple[str, str] | None:
    """Return where a page's form sends an e-mail address, and as what; None where it has no such form."""
    names = [one.get("name", "") for element, one in page.elements if element == "input" and one.get("type") == "email"]
    actions = [
        one.get("action", "")
        for element, one in page.elements
        if element == "form" and one.get("method", "").casefold() == "post"
    ]
    return (urljoin(page.address, actions[0]), names[0]) if names and actions else None


@check("LINK-PAGE", shares=True)
def a_tracked_share_may_be_passed_on_and_an_untracked_one_not(client: Client) -> None:
    """LINK-PAGE: by a form that takes an e-mail address. Nothing is sent."""
    made = share(client)
    for way in TRACKED:
        if passing_on(shown(opened(client, made, way))) is None:
            raise MissingMember(f"the page of {way}", expected="a form for an e-mail address", received="none")
    if passing_on(shown(opened(client, made, "untrackedUrl"))) is not None:
        raise ExtraMember("the page of untrackedUrl", expected="no form for an e-mail address", received="one")


@check("LINK-PAGE", shares=True, always={"way": TRACKED})
def who_passes_a_share_on_is_told_to_whom(client: Client, way: str) -> None:
    """LINK-PAGE: to whom the target offers alone; what is no address is refused."""
    recipient = client.target.offer("recipient")
    page = shown(opened(client, share(client), way))
    form = passing_on(page)
    if form is None:
        raise MissingMember(f"the page of {way}", expected="a form for an e-mail address", received="none")
    address, name = form
    kind = {**HTML, "Content-Type": "application/x-www-form-urlencoded"}
    sent = (urlencode({name: text}).encode() for text in ("nobody at all", recipient))
    wrong, right = (client.nobody.request("POST", address, body, headers=kind) for body in sent)
    refused_somehow(wrong)
    says(shown(Page(right, address)), recipient, "whom it was shared with")


@check("SHARE-TRACK", shares=True)
def the_dynamic_address_takes_a_recipient_and_a_platform(client: Client) -> None:
    """SHARE-TRACK: and opens the same page; what it reports shows elsewhere."""
    made = share(client)
    with expect.needed("a page that shows the title of its Share", "LINK-PAGE"):
        says(shown(opened(client, made, "dynamicUrl")), made["title"], "the Share's title")
    for query in ({"recipient": "reader@example.org", "platform": "mail"}, {"recipient": "x"}, {"platform": "CRM"}):
        says(shown(opened(client, made, "dynamicUrl", **query)), made["title"], "the Share's title")


# Where nothing is shown


@check("LINK-404", always={"path": ("/share/", "/catalog/link/", "/s/")})
def an_address_of_nothing_is_404(client: Client, path: str) -> None:
    """LINK-404: of each kind, as a page."""
    shown(open_page(client, f"{pages_of(client.target)}{path}{NO_TOKEN}"), 404)


@check("LINK-404", shares=True)
def the_untracked_token_is_none_of_the_dynamic_address(client: Client) -> None:
    """LINK-404: nor is a token with another letter any."""
    made = share(client)
    untracked, dynamic = (page_at(made[way], client.target, rule="SHARE-URLS") for way in WAYS[1:])
    token = untracked.rpartition("/")[2]
    other = token[:-1] + ("a" if token[-1] != "a" else "b")
    for address in (dynamic.rpartition("/")[0] + f"/{token}", untracked.rpartition("/")[0] + f"/{other}"):
        shown(open_page(client, address), 404)


@check("SHARE-EXPIRED", "LINK-EXPIRED", shares=True)
def a_share_that_has_expired_shows_nothing_at_any_address(client: Client) -> None:
    """SHARE-EXPIRED: and each address is 410 (LINK-EXPIRED). Waits some seconds where it cannot set the clock."""
    with expect.needed("pages that show the title of their Share", "LINK-PAGE"):
        live = share(client)
        says(shown(opened(client, live, "anonymousUrl")), live["title"], "the Share's title")
    with expired(client) as made:
        for way in WAYS:
            page = opened(client, made, way)
            says_nothing_of(page, made["title"], "the title of an expired Share")
            if page.exchange.status != 410:
                what = f"status of {page.exchange.name}"
                raise WrongStatus(what, expected="410", received=page.exchange.status, rule="LINK-EXPIRED")


@contextmanager
def expired(client: Client) -> Iterator[dict[str, Any]]:
    """Give a Share that has expired in the block."""
    if "control" not in client.target.offers:
        yield waited_for(client)
        return
    made = share(client)
    with Control(client).later(HOUR):
        yield made


def waited_for(client: Client) -> dict[str, Any]:
    """Return a Share that has expired by the target's own clock, which a Share tells when it is created."""
    ends = created_at(share(client)) + timedelta(seconds=LASTS)
    with expect.needed("a Share that expires soon", "SHARE-EXPIRES"):
        made = share(client, expiresAt=drawing.shown(ends))
    client.session.pause(LASTS + MARGIN)
    if created_at(share(client)) <= ends:
        raise Inconclusive("the target's clock does not go on, so that nothing expires")
    return made


def created_at(made: Mapping[str, Any]) -> datetime:
    """Return when a Share was created."""
    return datetime.fromisoformat(expect.member(made, "createdAt"))
