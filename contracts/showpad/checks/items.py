"""Items: what can be added, what cannot and why, and that the counts add up (ITEMS-)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ... import expect
from ...check import Check, check
from ..api import Api


@check("ITEMS-COUNT", writes=True, given={"unknown": st.lists(st.uuids().map(str), min_size=1, max_size=5)})
def counts_add_up_to_the_assets_sent(api: Api, unknown: list[str]) -> None:
    """ITEMS-COUNT: successes and failures are as many as the asset items, folders not among them."""
    assets: list[str] = [*api.target.offer("good_assets"), *unknown]
    items: list[dict[str, Any]] = [{"type": "asset", "assetId": asset} for asset in assets]
    space = api.space()
    answer = expect.answered(api.add_items(space["id"], [{"type": "folder", "name": "All", "folderItems": items}]), 201)
    summary = expect.member(answer, "summary")
    expect.equal(sum(summary.values()), len(assets), "the sum of the summary")
    expect.equal(len(expect.member(answer, "failedItems")), summary["assetFailureCount"], "the failed items told")


CHECKS: tuple[Check, ...] = (counts_add_up_to_the_assets_sent,)
