"""Assets, as far as what can be put into spaces and Shares depends on them (AROUND-ASSETS)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import WrongForm, WrongList
from ..client import Client
from ..forms import ASSET
from ..lists import holds, ids, list_of, same_members
from .lookups import UNKNOWN, complete, one, parts_of_a_list

ASSETS = "/assets"


@check("AROUND-ASSETS")
def every_answer_about_assets_is_complete(client: Client) -> None:
    """AROUND-ASSETS: in lists and alone, for administrators and others."""
    complete(client, ASSETS, ASSET, ASSET)
    ASSET(one(client.admin, ASSETS, client.target.offer("document")["id"]), "the document")


@check("AROUND-ASSETS")
def an_asset_tells_what_bars_it_from_being_shared(client: Client) -> None:
    """AROUND-ASSETS: whether it is archived, may be shared at all, or only as a whole."""
    told: dict[str, Callable[[dict[str, Any]], bool]] = {
        "archived_asset": lambda asset: asset["isArchived"],
        "non_shareable_asset": lambda asset: not asset["permissions"]["isShareable"],
        "entire_only_asset": lambda asset: asset["isOnlyEntireDocumentShareable"],
    }
    good = one(client.admin, ASSETS, client.target.offer("document")["id"])
    for name, tells in told.items():
        offer = client.target.offer(name)
        asset = one(client.admin, ASSETS, offer if isinstance(offer, str) else offer["id"])
        expect.equal((tells(asset), tells(good)), (True, False), f"what {name} and a good one tell")


@check("AROUND-ASSETS")
def an_asset_tells_its_pages_and_which_go_together(client: Client) -> None:
    """AROUND-ASSETS: how many there are, the locked ranges, and the enforced ones before and after; listed too."""
    for name in ("document", "locked_asset", "enforced_asset"):
        offer = client.target.offer(name)
        [listed] = list_of(client.admin, ASSETS, ids=offer["id"])
        for asset in (one(client.admin, ASSETS, offer["id"]), listed):
            _has_pages(asset, offer, name)


def _has_pages(asset: dict[str, Any], offer: dict[str, Any], name: str) -> None:
    expect.equal(asset["pageCount"], offer["pages"], f"pageCount of {name}")
    locked = [{"start": offer["start"], "end": offer["end"]}] if "start" in offer else []
    expect.equal(asset["lockedPages"], locked, f"lockedPages of {name}")
    enforced = asset["enforcedPages"] or {"prepend": [], "append": []}
    expect.members(enforced, ("prepend", "append"), "enforcedPages")
    pages = {page for one in enforced["prepend"] + enforced["append"] for page in range(one["start"], one["end"] + 1)}
    expect.equal(pages, set(offer.get("enforced", ())), f"the pages of enforcedPages of {name}")


def passes(asset: dict[str, Any], name: str, value: str) -> bool:
    """Return whether an asset has what a filter asks for."""
    if name == "divisionIds":
        return bool(asset["division"]["id"] == value)
    if name == "tagIds":
        return value in ids(asset["tags"])
    return bool(asset[{"ids": "id", "externalIds": "externalId", "slugs": "slug"}[name]] == value)


@check("AROUND-ASSETS", always={"unknown": ("f" * 32,)})
def assets_are_found_by_what_names_them(client: Client, unknown: str) -> None:
    """AROUND-ASSETS: by ids, divisionIds and slugs, and by externalIds and tagIds where the document has them."""
    asset = one(client.admin, ASSETS, client.target.offer("document")["id"])
    values = {"ids": asset["id"], "divisionIds": asset["division"]["id"], "slugs": asset["slug"]}
    values |= {"externalIds": asset["externalId"]} if asset["externalId"] else {}
    values |= {"tagIds": asset["tags"][0]["id"]} if asset["tags"] else {}
    for name, value in values.items():
        for several in (f"{value},{unknown}", f"{unknown},{value}"):
            found = list_of(client.admin, ASSETS, limit=1000, **{name: several})
            if len(found) < 1000:
                holds(ids(found), asset["id"], f"the assets by {name}")
            wrong = [other for other in found if not passes(other, name, value)]
            if wrong:
                raise WrongList(f"the assets by {name}", expected=f"only those with {value}", received=ids(wrong))
        parts_of_a_list(client, ASSETS, is_counted=True, **{name: value})


@check(
    "AROUND-ASSETS",
    given={"start": st.integers(0, 40), "length": st.integers(1, 8)},
    always={"start": (0, 1, 3, 40), "length": (3, 4, 8)},
    examples=5,
)
def assets_are_found_by_a_part_of_their_name(client: Client, start: int, length: int) -> None:
    """AROUND-ASSETS: and no others."""
    asset = one(client.admin, ASSETS, client.target.offer("document")["id"])
    start %= len(asset["name"])
    part = asset["name"][start : start + length].strip() or asset["name"]
    found = list_of(client.admin, ASSETS, name=part, limit=1000)
    wrong = [other["name"] for other in found if part.casefold() not in (other["name"] or "").casefold()]
    if wrong:
        raise WrongForm(f"the names of assets with name={part}", expected=f"each with {part}", received=wrong)
    if len(found) < 1000:
        holds(ids(found), asset["id"], f"the assets with name={part}")


@check("AROUND-ASSETS")
def a_list_of_assets_comes_in_pages(client: Client) -> None:
    """AROUND-ASSETS: of 50 when nothing is said; a page of none is one too."""
    assets = client.target.offer("good_assets")
    parts_of_a_list(client, ASSETS, is_counted=True, ids=",".join(assets))
    name = one(client.admin, ASSETS, client.target.offer("document")["id"])["name"]
    parts_of_a_list(client, ASSETS, is_counted=True, name=name[:2])
    same_members(ids(list_of(client.admin, ASSETS, ids=",".join(assets[:50]))), assets[:50], "the assets by ids")
    expect.equal(list_of(client.admin, ASSETS, limit=0), [], "the assets with limit=0")
    if len(list_of(client.admin, ASSETS)) > 50:
        raise WrongList("the assets without a limit", expected="50 at most", received="more")


@check("AROUND-ASSETS", given=UNKNOWN, examples=2)
def an_asset_that_is_not_there_is_answered_404(client: Client, unknown: str) -> None:
    """AROUND-ASSETS: and listed nowhere."""
    expect.refused(client.admin.get(f"{ASSETS}/{unknown}"), 404)
    expect.equal(list_of(client.admin, ASSETS, ids=unknown), [], "the assets by an unknown id")
