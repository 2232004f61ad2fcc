"""Shares: what a request must and may say, and what the answer tells (SHARE-). Nothing can delete one: they expire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import TargetLacks, WrongForm, WrongValue
from ...strategies.text import TO_KEEP, at_the_limit, beyond_the_limit
from .. import forms
from ..addresses import require_own
from ..assertions import refused_somehow
from ..client import Client
from ..operations import NO_ID
from ..strategies import shares as drawing
from ..strategies.items import no_pages, unknown_ids
from .conventions import STATUSES

FEW = 4
"""Examples of a check that leaves Shares behind."""
TEXTS = ("id", "title", "origin", "theme.id", "anonymousUrl", "untrackedUrl", "dynamicUrl")
FIELDS = ("id", "isDownloadAllowed", "expiresAt", "theme.id", "anonymousUrl", "untrackedUrl", "dynamicUrl", "createdAt")


def body(client: Client, **fields: Any) -> dict[str, Any]:
    """Return the body of a Share of one good asset that soon expires, changed by `fields`; None leaves one out."""
    least = {
        "title": "A share",
        "assets": [{"id": client.target.offer("good_assets")[0]}],
        "origin": "contract-kit",
        "expiresAt": drawing.shown(drawing.in_minutes(30)),
    }
    given = {name: value for name, value in {**least, **fields}.items() if value is not None}
    if isinstance(given.get("title"), str) and len(given["title"]) <= drawing.MOST_TITLE:
        # Nothing can delete it: at least its title says which run left it there.
        given["title"] = f"{client.session.run_id} {given['title']}"[: drawing.MOST_TITLE]
    return given


def share(client: Client, **fields: Any) -> dict[str, Any]:
    """Create a Share that must succeed and give its object."""
    return expect.answered(client.share(body(client, **fields)), 201)


def some_assets(client: Client, number: int, page: int | None) -> list[dict[str, Any]]:
    """Return so many of the target's good assets, if it has them, and the document among them first with a page."""
    document = client.target.offer("document")
    first = {"id": document["id"]} if page is None else {"id": document["id"], "page": 1 + page % document["pages"]}
    others = [{"id": asset} for asset in client.target.offer("good_assets") if asset != document["id"]]
    return [first, *others[:number]]


VALID: dict[str, st.SearchStrategy[Any]] = {
    "fields": drawing.share_fields,
    "number": st.integers(0, 5),
    "page": st.none() | st.integers(0, 500),
}


@check("SHARE-OK", shares=True, given=VALID, examples=6)
def a_share_is_answered_201(client: Client, fields: dict[str, Any], number: int, page: int | None) -> None:
    """SHARE-OK: over all that may be said of one."""
    expect.status(client.share(body(client, assets=some_assets(client, number, page), **fields)), 201)


@check(
    "SHARE-FIELDS",
    shares=True,
    given=VALID,
    always={"fields": [{"title": "A Share", "origin": "Kit"}], "number": (5, 0), "page": (0, None)},
    examples=6,
)
def a_share_tells_what_was_asked_for(client: Client, fields: dict[str, Any], number: int, page: int | None) -> None:
    """SHARE-FIELDS: title, assets in their order, origin; and what it got beside."""
    sent = body(client, assets=some_assets(client, number, page), **fields)
    told = expect.answered(client.share(sent), 201)
    for name in ("title", "origin"):
        expect.equal(expect.member(told, name), sent[name], f"{name} of the Share")
    assets = [{name: one[name] for name in ("id", "page") if name in one} for one in expect.member(told, "assets")]
    expect.equal(assets, sent["assets"], "assets of the Share")
    expect.members(told, FIELDS, "the Share")
    for name in TEXTS:
        expect.of_type(expect.member(told, name), str, f"{name} of the Share")
    expect.of_type(told["isDownloadAllowed"], bool, "isDownloadAllowed of the Share")
    forms.TIME(told["createdAt"], "createdAt of the Share")


@check("SHARE-FIELDS", shares=True, always={"text": TO_KEEP})
def a_share_keeps_texts_character_by_character(client: Client, text: str) -> None:
    """SHARE-FIELDS: its title and its origin."""
    # At both ends: a server that trims may do so at either.
    sent = {**body(client, origin=text), "title": f"{text}{client.session.run_id}{text}"}
    told = expect.answered(client.share(sent), 201)
    for name in ("title", "origin"):
        expect.equal(expect.member(told, name), sent[name], f"{name} of the Share")


@check("SHARE-OK", shares=True)
def the_same_share_can_be_made_again(client: Client) -> None:
    """SHARE-OK: it is another one."""
    sent = body(client)
    first, second = (expect.answered(client.share(sent), 201) for _ in range(2))
    if expect.member(first, "id") == expect.member(second, "id"):
        raise WrongValue("id of the second Share", expected=f"another than {first['id']!r}", received=second["id"])


@check("SHARE-TITLE", shares=True, always={"title": at_the_limit(drawing.MOST_TITLE)})
def a_title_of_1_to_200_characters_is_accepted(client: Client, title: str) -> None:
    """SHARE-TITLE: and is the Share's."""
    told = expect.answered(client.share({**body(client), "title": title}), 201)
    expect.equal(expect.member(told, "title"), title, "title of the Share")


@check("SHARE-TITLE", shares=True, always={"title": beyond_the_limit(drawing.MOST_TITLE)})
def a_share_without_a_title_or_with_one_too_long_is_refused(client: Client, title: str) -> None:
    """SHARE-TITLE: with 400; too long by one, and by far."""
    for wrong in (None, title, title * 2):
        expect.refused(client.share(body(client, title=wrong)), 400)


@check("SHARE-ORIGIN", shares=True, always={"origin": at_the_limit(drawing.MOST_ORIGIN)})
def an_origin_of_1_to_20_characters_is_accepted(client: Client, origin: str) -> None:
    """SHARE-ORIGIN: and is the Share's."""
    expect.equal(expect.member(share(client, origin=origin), "origin"), origin, "origin of the Share")


@check("SHARE-ORIGIN", shares=True, always={"origin": beyond_the_limit(drawing.MOST_ORIGIN)})
def a_share_without_an_origin_or_with_one_too_long_is_refused(client: Client, origin: str) -> None:
    """SHARE-ORIGIN: whichever 4xx says so; too long by one, and by far."""
    for wrong in (None, origin, origin * 2):
        refused_somehow(client.share(body(client, origin=wrong)))


@check("SHARE-ASSETS-LIMIT", shares=True, always={"beyond": (1, 20)})
def a_share_of_no_asset_or_of_more_than_300_is_refused(client: Client, beyond: int) -> None:
    """SHARE-ASSETS-LIMIT: also without the member."""
    asset = {"id": client.target.offer("good_assets")[0]}
    for assets in (None, [], [asset] * (drawing.MOST_ASSETS + beyond)):
        refused_somehow(client.share(body(client, assets=assets)))


@check("SHARE-ASSETS-LIMIT", shares=True)
def a_share_may_have_as_many_assets_as_there_are_up_to_300(client: Client) -> None:
    """SHARE-ASSETS-LIMIT: all the good assets that the target offers."""
    good = [{"id": asset} for asset in client.target.offer("good_assets")][: drawing.MOST_ASSETS]
    for number in {1, len(good)}:
        expect.equal(len(expect.member(share(client, assets=good[:number]), "assets")), number, "the number of assets")


@check("SHARE-ASSETS-LIMIT", shares=True, always={"number": (drawing.MOST_ASSETS - 1, drawing.MOST_ASSETS)})
def a_share_may_have_300_assets(client: Client, number: int) -> None:
    """SHARE-ASSETS-LIMIT: where one may be there more than once, which is not said."""
    asset = {"id": client.target.offer("good_assets")[0]}
    if client.share(body(client, assets=[asset, asset])).status != 201:
        raise TargetLacks("so many assets, or Shares with one asset twice")
    expect.equal(len(expect.member(share(client, assets=[asset] * number), "assets")), number, "the number of assets")


@check("SHARE-PAGE", shares=True, given={"page": st.integers(0, 500)}, always={"page": (0, -1)}, examples=2)
def the_page_to_open_is_kept(client: Client, page: int) -> None:
    """SHARE-PAGE: any page of the document."""
    assets = some_assets(client, 0, page)
    expect.equal(
        expect.member(share(client, assets=assets)["assets"][0], "page"), assets[0]["page"], "page of the asset"
    )


@check("SHARE-PAGE", shares=True, given={"number": no_pages}, always={"number": (0, -1, 1.5)}, examples=5)
def what_is_no_page_number_is_refused(client: Client, number: float) -> None:
    """SHARE-PAGE: pages are integers and count from 1."""
    refused_somehow(client.share(body(client, assets=[{"id": client.target.offer("document")["id"], "page": number}])))


@check("SHARE-PAGE-IGNORED", shares=True, always={"page": (1, 1000)})
def a_page_of_a_picture_does_not_make_a_share_fail(client: Client, page: int) -> None:
    """SHARE-PAGE-IGNORED: whether the answer tells it is not said."""
    picture = client.target.offer("picture")
    told = share(client, assets=[{"id": picture, "page": page}])
    expect.equal([asset["id"] for asset in told["assets"]], [picture], "assets of the Share")


@check("SHARE-PAGE-BEYOND", shares=True, always={"beyond": (1, 1000)})
def a_page_after_the_last_is_accepted_in_a_share(client: Client, beyond: int) -> None:
    """SHARE-PAGE-BEYOND: pages count only where content is added to a space."""
    document = client.target.offer("document")
    share(client, assets=[{"id": document["id"], "page": document["pages"] + beyond}])


@check("SHARE-DOWNLOAD", shares=True, always={"said": (None, True, False)})
def downloads_are_allowed_unless_it_is_said_otherwise(client: Client, *, said: bool | None) -> None:
    """SHARE-DOWNLOAD: said or not."""
    told = expect.member(share(client, isDownloadAllowed=said), "isDownloadAllowed")
    expect.equal(told, said is not False, f"isDownloadAllowed when {said} was said")


@check("SHARE-EXPIRES", shares=True, given={"minutes": drawing.minutes}, always={"minutes": (5, 55)}, examples=2)
def a_share_expires_when_it_was_told_to(client: Client, minutes: int) -> None:
    """SHARE-EXPIRES: at the same instant, in whichever way of ISO 8601 it was written."""
    for way in drawing.WRITINGS.values():
        sent = way(drawing.in_minutes(minutes))
        told = expect.member(share(client, expiresAt=sent), "expiresAt")
        if not isinstance(told, str) or datetime.fromisoformat(told) != datetime.fromisoformat(sent):
            raise WrongValue("expiresAt of the Share", expected=sent, received=told)


@check("SHARE-EXPIRES", shares=True)
def a_share_without_a_time_does_not_expire(client: Client) -> None:
    """SHARE-EXPIRES: expiresAt is null then. The one Share that stays for good."""
    told = expect.answered(client.share(body(client, expiresAt=None)), 201)
    expect.equal(expect.member(told, "expiresAt"), None, "expiresAt of the Share")


@check("SHARE-EXPIRES", shares=True, always={"time": drawing.BAD_TIMES})
def what_is_no_time_is_refused(client: Client, time: str) -> None:
    """SHARE-EXPIRES: expiresAt is in ISO 8601."""
    refused_somehow(client.share(body(client, expiresAt=time)))


WRONG: Mapping[str, Mapping[str, Any]] = {
    "no title": {"title": None},
    "an empty title": {"title": ""},
    "a title too long": {"title": "a" * (drawing.MOST_TITLE + 1)},
    "no origin": {"origin": None},
    "an empty origin": {"origin": ""},
    "an origin too long": {"origin": "a" * (drawing.MOST_ORIGIN + 1)},
    "no assets": {"assets": None},
    "an empty array of assets": {"assets": []},
    "more than 300 assets": {"assets": [{"id": NO_ID}] * (drawing.MOST_ASSETS + 1)},
    "an unknown asset": {"assets": [{"id": NO_ID}]},
    "a page that is none": {"assets": [{"id": NO_ID, "page": 0}]},
    **{f"{time!r} for a time": {"expiresAt": time} for time in drawing.BAD_TIMES},
}
"""What makes a Share wrong, whichever 4xx says so."""


@check("CONV-STATUS", shares=True, always={"what": tuple(WRONG)})
def every_refusal_of_a_share_has_a_status_in_use(client: Client, what: str) -> None:
    """CONV-STATUS: whatever is wrong with it."""
    expect.status(client.share(body(client, **WRONG[what])), *STATUSES)


@check("SHARE-EXPIRES-PAST", shares=True, always={"minutes": (1, 60, 1_000_000)})
def a_time_that_has_passed_is_refused(client: Client, minutes: int) -> None:
    """SHARE-EXPIRES-PAST: with 400."""
    expect.refused(client.share(body(client, expiresAt=drawing.shown(drawing.in_minutes(-minutes)))), 400)


@check("SHARE-THEME", shares=True)
def a_share_has_the_global_theme_unless_another_is_asked_for(client: Client) -> None:
    """SHARE-THEME: the tenant's Global Theme without a theme, and the theme asked for with one."""
    expect.equal(expect.member(share(client), "theme.id"), client.target.offer("global_theme"), "theme of the Share")
    other = client.target.offer("other_theme")
    expect.equal(expect.member(share(client, theme={"id": other}), "theme.id"), other, "theme of the Share")


@check("SHARE-THEME-UNKNOWN", shares=True, given={"unknown": unknown_ids}, examples=4)
def a_theme_that_is_not_there_is_refused(client: Client, unknown: str) -> None:
    """SHARE-THEME-UNKNOWN: with 400."""
    expect.refused(client.share(body(client, theme={"id": unknown})), 400)


@check(
    "SHARE-ASSET-UNKNOWN",
    shares=True,
    given={"unknown": unknown_ids, "at": st.integers(0, 5)},
    always={"unknown": (NO_ID,), "at": (0, 1, 5)},
    examples=3,
)
def one_asset_that_is_not_there_makes_the_share_fail(client: Client, unknown: str, at: int) -> None:
    """SHARE-ASSET-UNKNOWN: wherever it stands among good ones."""
    assets = [{"id": asset} for asset in client.target.offer("good_assets")]
    assets.insert(at % (len(assets) + 1), {"id": unknown})
    refused_somehow(client.share(body(client, assets=assets)))
    refused_somehow(client.share(body(client, assets=[{"id": unknown}])))


@check("SHARE-ASSET-UNKNOWN", shares=True)
def an_asset_out_of_reach_makes_the_share_fail(client: Client) -> None:
    """SHARE-ASSET-UNKNOWN: for the owner, who may share the asset beside it."""
    good = {"id": client.target.offer("good_assets")[0]}
    refused_somehow(
        client.share(body(client, assets=[good, {"id": client.target.offer("inaccessible_asset")}]), by=client.owner)
    )
    expect.answered(client.share(body(client, assets=[good]), by=client.owner), 201)


@check("SHARE-ASSET-400", shares=True, given={"unknown": unknown_ids}, examples=2)
def a_share_with_an_asset_that_cannot_be_shared_is_refused_with_400(client: Client, unknown: str) -> None:
    """SHARE-ASSET-400: unknown, archived, non-shareable, and out of the owner's reach."""
    offer = client.target.offer
    for asset in (unknown, offer("archived_asset"), offer("non_shareable_asset")):
        expect.refused(client.share(body(client, assets=[{"id": asset}])), 400)
    expect.refused(client.share(body(client, assets=[{"id": offer("inaccessible_asset")}]), by=client.owner), 400)


# The guide's tokens are letters and digits; the usual generator of such ids has "_" and "-" too, which breaks nothing.
TOKEN = "([A-Za-z0-9_-]{21})"


@check("SHARE-URLS", shares=True, given={"fields": drawing.share_fields}, examples=3)
def a_share_has_three_addresses_of_two_tokens(client: Client, fields: dict[str, Any]) -> None:
    """SHARE-URLS: the dynamic one has the anonymous token, and no two Shares have a token in common."""
    host = f"https://{client.target.subdomain}.showpad.com"
    tokens: list[str] = []
    for told in (share(client, **fields), share(client, **fields)):
        require_own(told.get("anonymousUrl"), client.target)
        for name in ("anonymousUrl", "untrackedUrl"):
            url = expect.member(told, name)
            expect.matches(url, f"{host}/share/{TOKEN}", name)
            tokens.append(url.rpartition("/")[2])
        expect.equal(expect.member(told, "dynamicUrl"), f"{host}/catalog/link/{tokens[-2]}", "dynamicUrl")
    if len(set(tokens)) != len(tokens):
        raise WrongForm("the tokens of two Shares", expected="four different ones", received=tokens)
