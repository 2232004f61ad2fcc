"""Assets that cannot be added: what is told of them, and the reasons that are not about pages (ITEMS-)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import Inconclusive, WrongList, WrongValue
from ..client import Client
from ..strategies.items import Item, asset_items, assets, chain, placed, unknown_ids
from .items import MIXED, add


def failures(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the failed items of an answer."""
    failed = expect.member(answer, "failedItems")
    return [dict(one) for one in failed]


def in_person(client: Client, space_id: str, items: list[Item]) -> dict[str, Any]:
    """Add items as the space's owner, who is no administrator; returns the answer."""
    exchange = client.add_items(space_id, items, by=client.as_("owner", oauth=True))
    if exchange.status == 403:
        # That participants may is assumed (ITEMS-403): where it is not so, no rule of this check is broken.
        raise Inconclusive("the owner may add no items to the space (ITEMS-403)")
    return expect.answered(exchange, 201)


def fails_with(client: Client, offer: str, reason: str, depth: int) -> None:
    """An asset of the target fails, alone for this reason, and one beside it is added."""
    asset, good = client.target.offer(offer), client.target.offer("good_assets")[0]
    item: Item = {"type": "asset", "assetId": asset}
    other: Item = {"type": "asset", "assetId": good}
    answer = add(client, [item if depth == 0 else chain(depth, [item]), other])
    told = [(one.get("assetId"), one.get("reason")) for one in failures(answer)]
    expect.equal(told, [(asset, reason)], "what failed, and why")


DEPTHS = {"depth": (0, 1, 2)}


@check("ITEMS-FAILED-FIELDS", writes=True, given=MIXED)
def each_failed_item_has_type_asset_and_reason(client: Client, drawn: list[Item]) -> None:
    """ITEMS-FAILED-FIELDS: the asset is one that was sent, and only assets fail."""
    tree = placed(drawn, client.target)
    sent = {item["assetId"] for item in asset_items(tree.items)}
    for one in failures(add(client, tree.items)):
        expect.members(one, ("type", "assetId", "reason"), "a failed item")
        expect.equal(one["type"], "asset", "type of a failed item")
        expect.matches(one["reason"], "[A-Z_]+", "reason of a failed item")
        if one["assetId"] not in sent:
            raise WrongValue("assetId of a failed item", expected=f"one of {sorted(sent)}", received=one["assetId"])


@check("ITEMS-FAILED-NAME", writes=True, given=MIXED, examples=5)
def the_name_of_a_failed_item_is_the_assets(client: Client, drawn: list[Item]) -> None:
    """ITEMS-FAILED-NAME: where it is told; what does not exist has none."""
    for one in failures(add(client, placed(drawn, client.target).items)):
        if one.get("name") is None:
            continue
        asset = client.admin.get(f"/assets/{one['assetId']}")
        known = asset.received.get("name") if expect.status(asset, 200, 404).status == 200 else None
        expect.equal(one["name"], known, f"name of the failed item {one['assetId']}")


@check("ITEMS-ORDER", writes=True, given=MIXED)
def failed_items_come_in_the_order_of_the_request(client: Client, drawn: list[Item]) -> None:
    """ITEMS-ORDER: depth first."""
    tree = placed(drawn, client.target)
    told = [one["assetId"] for one in failures(add(client, tree.items))]
    expected = [asset for asset, _ in tree.failing]
    if told != expected:
        raise WrongList("the failed items", expected=expected, received=told)


@check("ITEMS-NOT-FOUND", writes=True, given={"unknown": st.lists(unknown_ids, min_size=1, max_size=3, unique=True)})
def an_asset_that_is_not_there_fails_with_asset_not_found(client: Client, unknown: list[str]) -> None:
    """ITEMS-NOT-FOUND: ids that no asset has."""
    answer = add(client, [{"type": "asset", "assetId": one} for one in unknown])
    told = {one.get("assetId"): one.get("reason") for one in failures(answer)}
    expect.equal(told, dict.fromkeys(unknown, "ASSET_NOT_FOUND"), "what failed, and why")


@check("ITEMS-ARCHIVED", writes=True, always=DEPTHS)
def an_archived_asset_fails_with_archived(client: Client, depth: int) -> None:
    """ITEMS-ARCHIVED: at whatever level."""
    fails_with(client, "archived_asset", "ARCHIVED", depth)


@check("ITEMS-NON-SHAREABLE", writes=True, always=DEPTHS)
def an_asset_with_restrictions_fails_with_non_shareable(client: Client, depth: int) -> None:
    """ITEMS-NON-SHAREABLE: at whatever level."""
    fails_with(client, "non_shareable_asset", "NON_SHAREABLE", depth)


@check("ITEMS-INACCESSIBLE", writes=True, given={"drawn": st.lists(assets("good"), max_size=2)}, examples=4)
def an_asset_out_of_reach_fails_with_inaccessible(client: Client, drawn: list[Item]) -> None:
    """ITEMS-INACCESSIBLE: for the owner, who lacks the permissions on it, and alone."""
    asset = client.target.offer("inaccessible_asset")
    items = [{"type": "asset", "assetId": asset}, *placed(drawn, client.target).items]
    told = [(one.get("assetId"), one.get("reason")) for one in failures(in_person(client, client.space()["id"], items))]
    expect.equal(told, [(asset, "INACCESSIBLE")], "what failed, and why")
