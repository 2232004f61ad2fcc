"""Shares: what a request must and may say, and what the answer tells (SHARE-). Nothing can delete one: they expire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.failure import TargetLacks, WrongForm, WrongValue
from ..client import Api
from ..observe import barred
from ..operations import NO_ID
from ..strategies import shares as drawing
from ..strategies.items import no_pages, unknown_ids
from ..strategies.text import TO_KEEP, at_the_limit, beyond_the_limit
from .conventions import STATUSES

FEW = 4
"""Examples of a check that leaves Shares behind."""
TEXTS = ("id", "title", "origin", "theme.id", "anonymousUrl", "untrackedUrl", "dynamicUrl")
FIELDS = ("id", "isDownloadAllowed", "expiresAt", "theme.id", "anonymousUrl", "untrackedUrl", "dynamicUrl", "createdAt")


def body(api: Api, **fields: Any) -> dict[str, Any]:
    """Give the body of a Share of one good asset that soon expires, changed by `fields`; None leaves one out."""
    least = {
        "title": "A share",
        "assets": [{"id": api.target.offer("good_assets")[0]}],
        "origin": "contract-kit",
        "expiresAt": drawing.shown(drawing.in_minutes(30)),
    }
    given = {name: value for name, value in {**least, **fields}.items() if value is not None}
    if isinstance(given.get("title"), str) and len(given["title"]) <= drawing.MOST_TITLE:
        given["title"] = f"{api.session.run_id} {given['title']}"[: drawing.MOST_TITLE]
    return given


def share(api: Api, **fields: Any) -> dict[str, Any]:
    """Create a Share that must succeed and give its object."""
    return expect.answered(api.share(body(api, **fields)), 201)


def some_assets(api: Api, number: int, page: int | None) -> list[dict[str, Any]]:
    """Give so many of the target's good assets, if it has them, and the document among them first with a page."""
    document = api.target.offer("document")
    first = {"id": document["id"]} if page is None else {"id": document["id"], "page": 1 + page % document["pages"]}
    others = [{"id": asset} for asset in api.target.offer("good_assets") if asset != document["id"]]
    return [first, *others[:number]]


VALID: dict[str, st.SearchStrategy[Any]] = {
    "fields": drawing.share_fields,
    "number": st.integers(0, 5),
    "page": st.none() | st.integers(0, 500),
}


@check("SHARE-OK", shares=True, given=VALID, examples=6)
def a_share_is_answered_201(api: Api, fields: dict[str, Any], number: int, page: int | None) -> None:
    """SHARE-OK: over all that may be said of one."""
    expect.status(api.share(body(api, assets=some_assets(api, number, page), **fields)), 201)


@check(
    "SHARE-FIELDS",
    shares=True,
    given=VALID,
    always={"fields": [{"title": "A Share", "origin": "Kit"}], "number": (5, 0), "page": (0, None)},
    examples=6,
)
def a_share_tells_what_was_asked_for(api: Api, fields: dict[str, Any], number: int, page: int | None) -> None:
    """SHARE-FIELDS: title, assets in their order, origin; and what it got beside."""
    sent = body(api, assets=some_assets(api, number, page), **fields)
    told = expect.answered(api.share(sent), 201)
    for name in ("title", "origin"):
        expect.equal(expect.member(told, name), sent[name], f"{name} of the Share")
    assets = [{name: one[name] for name in ("id", "page") if name in one} for one in expect.member(told, "assets")]
    expect.equal(assets, sent["assets"], "assets of the Share")
    expect.members(told, FIELDS, "the Share")
    for name in TEXTS:
        expect.of_type(expect.member(told, name), str, f"{name} of the Share")
    expect.of_type(told["isDownloadAllowed"], bool, "isDownloadAllowed of the Share")
    expect.time(told["createdAt"], "createdAt of the Share")


@check("SHARE-FIELDS", shares=True, always={"text": TO_KEEP})
def a_share_keeps_texts_character_by_character(api: Api, text: str) -> None:
    """SHARE-FIELDS: its title and its origin."""
    sent = {**body(api, origin=text), "title": f"{text}{api.session.run_id}{text}"}
    told = expect.answered(api.share(sent), 201)
    for name in ("title", "origin"):
        expect.equal(expect.member(told, name), sent[name], f"{name} of the Share")


@check("SHARE-OK", shares=True)
def the_same_share_can_be_made_again(api: Api) -> None:
    """SHARE-OK: it is another one."""
    sent = body(api)
    first, second = (expect.answered(api.share(sent), 201) for _ in range(2))
    if expect.member(first, "id") == expect.member(second, "id"):
        raise WrongValue("id of the second Share", expected=f"another than {first['id']!r}", received=second["id"])


@check("SHARE-TITLE", shares=True, always={"title": at_the_limit(drawing.MOST_TITLE)})
def a_title_of_1_to_200_characters_is_accepted(api: Api, title: str) -> None:
    """SHARE-TITLE: and is the Share's."""
    told = expect.answered(api.share({**body(api), "title": title}), 201)
    expect.equal(expect.member(told, "title"), title, "title of the Share")


@check("SHARE-TITLE", shares=True, always={"title": beyond_the_limit(drawing.MOST_TITLE)})
def a_share_without_a_title_or_with_one_too_long_is_refused(api: Api, title: str) -> None:
    """SHARE-TITLE: with 400; too long by one, and by far."""
    for wrong in (None, title, title * 2):
        expect.refused(api.share(body(api, title=wrong)), 400)


@check("SHARE-ORIGIN", shares=True, always={"origin": at_the_limit(drawing.MOST_ORIGIN)})
def an_origin_of_1_to_20_characters_is_accepted(api: Api, origin: str) -> None:
    """SHARE-ORIGIN: and is the Share's."""
    expect.equal(expect.member(share(api, origin=origin), "origin"), origin, "origin of the Share")


@check("SHARE-ORIGIN", shares=True, always={"origin": beyond_the_limit(drawing.MOST_ORIGIN)})
def a_share_without_an_origin_or_with_one_too_long_is_refused(api: Api, origin: str) -> None:
    """SHARE-ORIGIN: whichever 4xx says so; too long by one, and by far."""
    for wrong in (None, origin, origin * 2):
        barred(api.share(body(api, origin=wrong)))


@check("SHARE-ASSETS-LIMIT", shares=True, always={"beyond": (1, 20)})
def a_share_of_no_asset_or_of_more_than_300_is_refused(api: Api, beyond: int) -> None:
    """SHARE-ASSETS-LIMIT: also without the member."""
    asset = {"id": api.target.offer("good_assets")[0]}
    for assets in (None, [], [asset] * (drawing.MOST_ASSETS + beyond)):
        barred(api.share(body(api, assets=assets)))


@check("SHARE-ASSETS-LIMIT", shares=True)
def a_share_may_have_as_many_assets_as_there_are_up_to_300(api: Api) -> None:
    """SHARE-ASSETS-LIMIT: all the good assets that the target offers."""
    good = [{"id": asset} for asset in api.target.offer("good_assets")][: drawing.MOST_ASSETS]
    for number in {1, len(good)}:
        expect.equal(len(expect.member(share(api, assets=good[:number]), "assets")), number, "the number of assets")


@check("SHARE-ASSETS-LIMIT", shares=True, always={"number": (drawing.MOST_ASSETS - 1, drawing.MOST_ASSETS)})
def a_share_may_have_300_assets(api: Api, number: int) -> None:
    """SHARE-ASSETS-LIMIT: where one may be there more than once, which is not said."""
    asset = {"id": api.target.offer("good_assets")[0]}
    if api.share(body(api, assets=[asset, asset])).status != 201:
        raise TargetLacks("so many assets, or Shares with one asset twice")
    expect.equal(len(expect.member(share(api, assets=[asset] * number), "assets")), number, "the number of assets")


@check("SHARE-PAGE", shares=True, given={"page": st.integers(0, 500)}, always={"page": (0, -1)}, examples=2)
def the_page_to_open_is_kept(api: Api, page: int) -> None:
    """SHARE-PAGE: any page of the document."""
    assets = some_assets(api, 0, page)
    expect.equal(expect.member(share(api, assets=assets)["assets"][0], "page"), assets[0]["page"], "page of the asset")


@check("SHARE-PAGE", shares=True, given={"number": no_pages}, always={"number": (0, -1, 1.5)}, examples=5)
def what_is_no_page_number_is_refused(api: Api, number: float) -> None:
    """SHARE-PAGE: pages are integers and count from 1."""
    barred(api.share(body(api, assets=[{"id": api.target.offer("document")["id"], "page": number}])))


@check("SHARE-PAGE-IGNORED", shares=True, always={"page": (1, 1000)})
def a_page_of_a_picture_does_not_make_a_share_fail(api: Api, page: int) -> None:
    """SHARE-PAGE-IGNORED: whether the answer tells it is not said."""
    picture = api.target.offer("picture")
    told = share(api, assets=[{"id": picture, "page": page}])
    expect.equal([asset["id"] for asset in told["assets"]], [picture], "assets of the Share")


@check("SHARE-PAGE-BEYOND", shares=True, always={"beyond": (1, 1000)})
def a_page_after_the_last_is_accepted_in_a_share(api: Api, beyond: int) -> None:
    """SHARE-PAGE-BEYOND: pages count only where content is added to a space."""
    document = api.target.offer("document")
    share(api, assets=[{"id": document["id"], "page": document["pages"] + beyond}])


@check("SHARE-DOWNLOAD", shares=True, always={"said": (None, True, False)})
def downloads_are_allowed_unless_it_is_said_otherwise(api: Api, *, said: bool | None) -> None:
    """SHARE-DOWNLOAD: said or not."""
    told = expect.member(share(api, isDownloadAllowed=said), "isDownloadAllowed")
    expect.equal(told, said is not False, f"isDownloadAllowed when {said} was said")


@check("SHARE-EXPIRES", shares=True, given={"minutes": drawing.minutes}, always={"minutes": (5, 55)}, examples=2)
def a_share_expires_when_it_was_told_to(api: Api, minutes: int) -> None:
    """SHARE-EXPIRES: at the same instant, in whichever way of ISO 8601 it was written."""
    for way in drawing.WRITINGS.values():
        sent = way(drawing.in_minutes(minutes))
        told = expect.member(share(api, expiresAt=sent), "expiresAt")
        if not isinstance(told, str) or datetime.fromisoformat(told) != datetime.fromisoformat(sent):
            raise WrongValue("expiresAt of the Share", expected=sent, received=told)


@check("SHARE-EXPIRES", shares=True)
def a_share_without_a_time_does_not_expire(api: Api) -> None:
    """SHARE-EXPIRES: expiresAt is null then. The one Share that stays for good."""
    told = expect.answered(api.share(body(api, expiresAt=None)), 201)
    expect.equal(expect.member(told, "expiresAt"), None, "expiresAt of the Share")


@check("SHARE-EXPIRES", shares=True, always={"time": drawing.BAD_TIMES})
def what_is_no_time_is_refused(api: Api, time: str) -> None:
    """SHARE-EXPIRES: expiresAt is in ISO 8601."""
    barred(api.share(body(api, expiresAt=time)))


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
def every_refusal_of_a_share_has_a_status_in_use(api: Api, what: str) -> None:
    """CONV-STATUS: whatever is wrong with it."""
    expect.status(api.share(body(api, **WRONG[what])), *STATUSES)


@check("SHARE-EXPIRES-PAST", shares=True, always={"minutes": (1, 60, 1_000_000)})
def a_time_that_has_passed_is_refused(api: Api, minutes: int) -> None:
    """SHARE-EXPIRES-PAST: with 400."""
    expect.refused(api.share(body(api, expiresAt=drawing.shown(drawing.in_minutes(-minutes)))), 400)


@check("SHARE-THEME", shares=True)
def a_share_has_the_global_theme_unless_another_is_asked_for(api: Api) -> None:
    """SHARE-THEME: the tenant's Global Theme without a theme, and the theme asked for with one."""
    expect.equal(expect.member(share(api), "theme.id"), api.target.offer("global_theme"), "theme of the Share")
    other = api.target.offer("other_theme")
    expect.equal(expect.member(share(api, theme={"id": other}), "theme.id"), other, "theme of the Share")


@check("SHARE-THEME-UNKNOWN", shares=True, given={"unknown": unknown_ids}, examples=4)
def a_theme_that_is_not_there_is_refused(api: Api, unknown: str) -> None:
    """SHARE-THEME-UNKNOWN: with 400."""
    expect.refused(api.share(body(api, theme={"id": unknown})), 400)


@check(
    "SHARE-ASSET-UNKNOWN",
    shares=True,
    given={"unknown": unknown_ids, "at": st.integers(0, 5)},
    always={"unknown": (NO_ID,), "at": (0, 1, 5)},
    examples=3,
)
def one_asset_that_is_not_there_makes_the_share_fail(api: Api, unknown: str, at: int) -> None:
    """SHARE-ASSET-UNKNOWN: wherever it stands among good ones."""
    assets = [{"id": asset} for asset in api.target.offer("good_assets")]
    assets.insert(at % (len(assets) + 1), {"id": unknown})
    barred(api.share(body(api, assets=assets)))
    barred(api.share(body(api, assets=[{"id": unknown}])))


@check("SHARE-ASSET-UNKNOWN", shares=True)
def an_asset_out_of_reach_makes_the_share_fail(api: Api) -> None:
    """SHARE-ASSET-UNKNOWN: for the owner, who may share the asset beside it."""
    good = {"id": api.target.offer("good_assets")[0]}
    barred(api.share(body(api, assets=[good, {"id": api.target.offer("inaccessible_asset")}]), by=api.owner))
    expect.answered(api.share(body(api, assets=[good]), by=api.owner), 201)


@check("SHARE-ASSET-400", shares=True, given={"unknown": unknown_ids}, examples=2)
def a_share_with_an_asset_that_cannot_be_shared_is_refused_with_400(api: Api, unknown: str) -> None:
    """SHARE-ASSET-400: unknown, archived, non-shareable, and out of the owner's reach."""
    offer = api.target.offer
    for asset in (unknown, offer("archived_asset"), offer("non_shareable_asset")):
        expect.refused(api.share(body(api, assets=[{"id": asset}])), 400)
    expect.refused(api.share(body(api, assets=[{"id": offer("inaccessible_asset")}]), by=api.owner), 400)


# The guide's tokens are letters and digits; the usual generator of such ids has "_" and "-" too, which breaks nothing.
TOKEN = "([A-Za-z0-9_-]{21})"


@check("SHARE-URLS", shares=True, given={"fields": drawing.share_fields}, examples=3)
def a_share_has_three_addresses_of_two_tokens(api: Api, fields: dict[str, Any]) -> None:
    """SHARE-URLS: the dynamic one has the anonymous token, and no two Shares have a token in common."""
    host = f"https://{api.target.subdomain}.showpad.com"
    tokens: list[str] = []
    for told in (share(api, **fields), share(api, **fields)):
        for name in ("anonymousUrl", "untrackedUrl"):
            url = expect.member(told, name)
            expect.matches(url, f"{host}/share/{TOKEN}", name)
            tokens.append(url.rpartition("/")[2])
        expect.equal(expect.member(told, "dynamicUrl"), f"{host}/catalog/link/{tokens[-2]}", "dynamicUrl")
    if len(set(tokens)) != len(tokens):
        raise WrongForm("the tokens of two Shares", expected="four different ones", received=tokens)
