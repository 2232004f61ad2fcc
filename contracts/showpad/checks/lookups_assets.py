"""Assets, as far as what can be put into spaces and Shares depends on them (AROUND-ASSETS)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from ... import expect
from ...check import Check, check
from ...failure import WrongForm, WrongList
from ..api import Api
from .lists import holds, ids, list_of, only, same_members
from .lookups import UNKNOWN, described, one, parts_of_a_list

ASSETS = "/assets"
ASSET = (
    *("id", "name", "type", "status", "division.id", "isArchived", "isOnlyEntireDocumentShareable", "lockedPages"),
    *(f"permissions.{name}" for name in ("isShareable", "isAnnotatable", "isEditable")),
    *("enforcedPages", "pageCount", "externalId", "slug", "description", "createdAt", "updatedAt"),
    *("tags", "languages", "countries"),
)


@check("AROUND-ASSETS")
def an_asset_is_the_same_alone_and_listed(api: Api) -> None:
    """AROUND-ASSETS: with all members."""
    asset = one(api, ASSETS, api.target.offer("document")["id"])
    described(asset, ASSET, "the asset")
    listed = only(list_of(api.admin, ASSETS, ids=asset["id"]), asset["id"], "the assets by one id")
    names = {name.partition(".")[0] for name in ASSET}
    expect.equal({name: listed.get(name) for name in names}, {name: asset[name] for name in names}, "the listed asset")
    for other in list_of(api.admin, ASSETS, limit=5):
        described(other, ASSET, "a listed asset")


@check("AROUND-ASSETS")
def an_asset_tells_what_bars_it_from_being_shared(api: Api) -> None:
    """AROUND-ASSETS: whether it is archived, may be shared at all, or only as a whole."""
    told: dict[str, Callable[[dict[str, Any]], bool]] = {
        "archived_asset": lambda asset: asset["isArchived"],
        "non_shareable_asset": lambda asset: not asset["permissions"]["isShareable"],
        "entire_only_asset": lambda asset: asset["isOnlyEntireDocumentShareable"],
    }
    good = one(api, ASSETS, api.target.offer("document")["id"])
    for name, tells in told.items():
        offer = api.target.offer(name)
        asset = one(api, ASSETS, offer if isinstance(offer, str) else offer["id"])
        expect.equal((tells(asset), tells(good)), (True, False), f"what {name} and a good one tell")


@check("AROUND-ASSETS")
def an_asset_tells_its_pages_and_which_go_together(api: Api) -> None:
    """AROUND-ASSETS: how many there are, the locked ranges, and the enforced ones before and after."""
    for name in ("document", "locked_asset", "enforced_asset"):
        offer = api.target.offer(name)
        asset = one(api, ASSETS, offer["id"])
        expect.equal(asset["pageCount"], offer["pages"], f"pageCount of {name}")
        locked = [{"start": offer["start"], "end": offer["end"]}] if "start" in offer else []
        expect.equal(asset["lockedPages"] or [], locked, f"lockedPages of {name}")
        enforced = asset["enforcedPages"] or {"prepend": [], "append": []}
        expect.members(enforced, ("prepend", "append"), "enforcedPages")
        pages = {
            page for one in enforced["prepend"] + enforced["append"] for page in range(one["start"], one["end"] + 1)
        }
        expect.equal(pages, set(offer.get("enforced", ())), f"the pages of enforcedPages of {name}")


def passes(asset: dict[str, Any], name: str, value: str) -> bool:
    """Say whether an asset has what a filter asks for."""
    if name == "divisionIds":
        return bool(asset["division"]["id"] == value)
    return bool(asset[{"ids": "id", "externalIds": "externalId", "slugs": "slug"}[name]] == value)


@check("AROUND-ASSETS")
def assets_are_found_by_what_names_them(api: Api) -> None:
    """AROUND-ASSETS: by ids, divisionIds, and by externalIds and slugs where the document has them."""
    asset = one(api, ASSETS, api.target.offer("document")["id"])
    values = {"ids": asset["id"], "divisionIds": asset["division"]["id"]}
    values |= {name: asset[key] for name, key in (("externalIds", "externalId"), ("slugs", "slug")) if asset[key]}
    for name, value in values.items():
        found = list_of(api.admin, ASSETS, limit=1000, **{name: value})
        if len(found) < 1000:
            holds(ids(found), asset["id"], f"the assets by {name}")
        wrong = [other for other in found if not passes(other, name, value)]
        if wrong:
            raise WrongList(f"the assets by {name}", expected=f"only those with {value}", received=ids(wrong))


@check("AROUND-ASSETS", given={"start": st.integers(0, 40), "length": st.integers(1, 8)}, examples=5)
def assets_are_found_by_a_part_of_their_name(api: Api, start: int, length: int) -> None:
    """AROUND-ASSETS: and no others."""
    asset = one(api, ASSETS, api.target.offer("document")["id"])
    start %= len(asset["name"])
    part = asset["name"][start : start + length].strip() or asset["name"]
    found = list_of(api.admin, ASSETS, name=part, limit=1000)
    wrong = [other["name"] for other in found if part.casefold() not in (other["name"] or "").casefold()]
    if wrong:
        raise WrongForm(f"the names of assets with name={part}", expected=f"each with {part}", received=wrong)
    if len(found) < 1000:
        holds(ids(found), asset["id"], f"the assets with name={part}")


@check("AROUND-ASSETS")
def a_list_of_assets_comes_in_pages(api: Api) -> None:
    """AROUND-ASSETS: of 50 when nothing is said; a page of none is one too."""
    assets = api.target.offer("good_assets")
    parts_of_a_list(api, ASSETS, ids=",".join(assets))
    same_members(ids(list_of(api.admin, ASSETS, ids=",".join(assets[:50]))), assets[:50], "the assets by ids")
    expect.equal(list_of(api.admin, ASSETS, limit=0), [], "the assets with limit=0")
    if len(list_of(api.admin, ASSETS)) > 50:
        raise WrongList("the assets without a limit", expected="50 at most", received="more")


@check("AROUND-ASSETS", given=UNKNOWN, examples=2)
def an_asset_that_is_not_there_is_answered_404(api: Api, unknown: str) -> None:
    """AROUND-ASSETS: and listed nowhere."""
    expect.refused(api.admin.get(f"{ASSETS}/{unknown}"), 404)
    expect.equal(list_of(api.admin, ASSETS, ids=unknown), [], "the assets by an unknown id")


CHECKS: tuple[Check, ...] = (
    an_asset_is_the_same_alone_and_listed,
    an_asset_tells_what_bars_it_from_being_shared,
    an_asset_tells_its_pages_and_which_go_together,
    assets_are_found_by_what_names_them,
    assets_are_found_by_a_part_of_their_name,
    a_list_of_assets_comes_in_pages,
    an_asset_that_is_not_there_is_answered_404,
)
