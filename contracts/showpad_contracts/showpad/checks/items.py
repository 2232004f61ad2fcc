"""Items: what is added, that one failure keeps nothing else out, and that the counts add up (ITEMS-)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import TargetLacks, WrongForm, WrongValue
from ..client import Client
from ..strategies.items import MOST_LEVELS, Item, assets, chain, folders, item_trees, mixed_trees, placed, unknown_ids

EMPTY: tuple[list[Item], ...] = (
    [{"type": "folder", "name": "Empty"}],
    [{"type": "folder", "name": "Empty", "folderItems": []}],
)
"""Folders that are empty in either way."""
TREES = {"drawn": st.one_of(item_trees(), mixed_trees())}
"""Trees of assets that can be added and assets that cannot."""
MIXED = {"drawn": mixed_trees()}
"""Trees with both."""


def add(client: Client, items: list[Item], *, space_id: str | None = None) -> dict[str, Any]:
    """Add items that are well formed, to a new space unless one is named; returns the answer."""
    return expect.answered(client.add_items(space_id or client.space()["id"], items), 201)


def successes(answer: dict[str, Any], number: int, what: str = "the assets added") -> None:
    """So many assets were added."""
    expect.equal(expect.member(answer, "summary.assetSuccessCount"), number, what)


@check("ITEMS-OK", writes=True, given={"drawn": item_trees("good")})
def items_that_can_be_added_are_answered_201(client: Client, drawn: list[Item]) -> None:
    """ITEMS-OK: assets and folders within three levels."""
    expect.status(client.add_items(client.space()["id"], placed(drawn, client.target).items), 201)


@check("ITEMS-ANSWER", writes=True, given=TREES)
def the_answer_has_a_summary_and_the_failed_items(client: Client, drawn: list[Item]) -> None:
    """ITEMS-ANSWER: two counts, and an array that is there also when nothing failed."""
    answer = add(client, placed(drawn, client.target).items)
    for name in ("assetSuccessCount", "assetFailureCount"):
        count = expect.member(answer, f"summary.{name}")
        expect.of_type(count, int, name)
        if count < 0:
            raise WrongForm(name, expected="a number of assets", received=count)
    failed = expect.member(answer, "failedItems")
    if not isinstance(failed, list) or not all(isinstance(one, dict) for one in failed):
        raise WrongForm("failedItems", expected="an array of objects", received=failed)


@check("ITEMS-COUNT", writes=True, given=TREES)
def counts_add_up_to_the_assets_sent(client: Client, drawn: list[Item]) -> None:
    """ITEMS-COUNT: successes and failures are as many as the asset items, folders not among them."""
    tree = placed(drawn, client.target)
    answer = add(client, tree.items)
    summary = expect.member(answer, "summary")
    expect.equal(
        summary["assetSuccessCount"] + summary["assetFailureCount"],
        tree.assets,
        "the two counts of the summary together",
    )
    expect.equal(len(expect.member(answer, "failedItems")), summary["assetFailureCount"], "the number of failed items")


@check("ITEMS-PARTIAL", writes=True, given=MIXED)
def assets_that_fail_do_not_stop_the_others(client: Client, drawn: list[Item]) -> None:
    """ITEMS-PARTIAL: what can be added is, and of what cannot each is told."""
    tree = placed(drawn, client.target)
    answer = add(client, tree.items)
    successes(answer, tree.good)
    failed = [one["assetId"] for one in expect.member(answer, "failedItems")]
    expect.equal(sorted(failed), sorted(asset for asset, _ in tree.failing), "the assets that failed")


@check("ITEMS-PARTIAL", writes=True, given={"drawn": st.lists(assets("unknown"), min_size=1, max_size=4)}, examples=4)
def a_request_of_which_every_asset_fails_succeeds(client: Client, drawn: list[Item]) -> None:
    """ITEMS-PARTIAL: it is answered as one that added something."""
    successes(add(client, placed(drawn, client.target).items), 0)


@check("ITEMS-NEST", writes=True, given={"drawn": st.lists(assets("good"), min_size=1, max_size=2)}, examples=6)
def assets_are_added_at_every_level(client: Client, drawn: list[Item]) -> None:
    """ITEMS-NEST: in a folder, and in a folder of that folder."""
    within = placed(drawn, client.target).items
    for depth in range(1, MOST_LEVELS):
        successes(add(client, [chain(depth, within)]), len(within), f"the assets added within {depth} folders")


@check("ITEMS-NEST-DEEP", writes=True)
def folders_nest_deeper_than_is_published(client: Client) -> None:
    """ITEMS-NEST-DEEP: where the target's file asks for it."""
    deepest = int(client.target.offer("folder_levels"))
    asset = {"type": "asset", "assetId": client.target.offer("good_assets")[0]}
    space = client.space()
    for depth in (MOST_LEVELS, (MOST_LEVELS + deepest) // 2, deepest):
        successes(
            add(client, [chain(depth, [asset])], space_id=space["id"]), 1, f"the assets added within {depth} folders"
        )


@check(
    "ITEMS-EMPTY-FOLDER",
    writes=True,
    given={"drawn": st.lists(folders(), min_size=1, max_size=3)},
    always={"drawn": EMPTY},
    examples=8,
)
def empty_folders_are_created(client: Client, drawn: list[Item]) -> None:
    """ITEMS-EMPTY-FOLDER: folderItems may be empty or left out, within another folder too."""
    answer = add(client, [*drawn, chain(1, drawn)])
    expect.equal(
        [expect.member(answer, "summary.assetFailureCount"), expect.member(answer, "failedItems")],
        [0, []],
        "what failed",
    )


@check("ITEMS-SAME-NAME", writes=True, given={"folder": folders()}, examples=5)
def a_name_in_use_keeps_no_folder_out(client: Client, folder: Item) -> None:
    """ITEMS-SAME-NAME: neither in the same request nor in a later one, and what is in the folder is added."""
    good = client.target.offer("good_assets")
    holding = [{**folder, "folderItems": [{"type": "asset", "assetId": asset}]} for asset in (good[0], good[-1])]
    space = client.space()
    successes(add(client, holding, space_id=space["id"]), 2, "the assets added in two folders of one name")
    successes(add(client, holding[:1], space_id=space["id"]), 1, "the assets added in a third folder of that name")


@check("ITEMS-TWICE", writes=True, always={"times": (2, 5), "depth": (0, 1, 2)})
def an_asset_sent_twice_is_added_twice(client: Client, times: int, depth: int) -> None:
    """ITEMS-TWICE: each counts as a success, in one folder or in two."""
    asset: Item = {"type": "asset", "assetId": client.target.offer("good_assets")[0]}
    again = [asset] if depth == 0 else [chain(depth, [asset])]
    successes(add(client, [asset] * (times - 1) + again), times)


@check("ITEMS-BATCH", writes=True, always={"number": (99, 100, 150)})
def more_than_a_hundred_items_are_accepted(client: Client, number: int) -> None:
    """ITEMS-BATCH: assets that nobody has, which are cheap, and one that can be added as the last."""
    last = client.target.offer("good_assets")[0]
    unknown = [f"{count:032x}" for count in range(number)]
    answer = add(client, [{"type": "asset", "assetId": asset} for asset in (*unknown, last)])
    counts = [expect.member(answer, f"summary.{name}") for name in ("assetSuccessCount", "assetFailureCount")]
    expect.equal(counts, [1, number], "the counts of the summary")


@check(
    "ITEMS-404",
    writes=True,
    given={"unknown": unknown_ids, "drawn": st.lists(folders(), min_size=1, max_size=2)},
    examples=5,
)
def items_for_a_space_that_is_not_there_are_answered_404(client: Client, unknown: str, drawn: list[Item]) -> None:
    """ITEMS-404: an id that no space has."""
    expect.refused(client.add_items(unknown, drawn), 404)


@check("ITEMS-403", writes=True)
def items_from_somebody_without_a_part_in_the_space_are_refused(client: Client) -> None:
    """ITEMS-403: neither an administrator nor a participant."""
    items = [{"type": "asset", "assetId": client.target.offer("good_assets")[0]}]
    space = client.space()
    for actor in ("outsider", "participant"):
        expect.refused(client.add_items(space["id"], items, by=client.as_(actor)), 403)
    try:
        owner = client.as_("owner", oauth=True)
    except TargetLacks:
        return
    expect.status(client.add_items(space["id"], items, by=owner), 201)


@check("ITEMS-ARCHIVED-SPACE", writes=True)
def items_for_an_archived_space_are_refused(client: Client) -> None:
    """ITEMS-ARCHIVED-SPACE: 400, and it stays as it was."""
    space = client.space()
    client.archive(space["id"])
    before = client.now(space["id"])
    expect.refused(client.add_items(space["id"], [{"type": "folder", "name": "Late"}]), 400)
    if client.now(space["id"]) != before:
        raise WrongValue("the archived space", expected=before, received=client.now(space["id"]))
