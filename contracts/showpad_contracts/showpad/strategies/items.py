"""Items to add to a space: trees with assets that can be added and assets that cannot, and malformed items.

They are drawn without knowing a target: an asset is drawn by its kind, `good:<id>`, and `placed` puts an asset of the
target in its stead, or the unknown id that was drawn with it where the target offers none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...core.target import Target
from ...strategies.text import texts, texts_of, texts_within

Item = dict[str, Any]
"""An item as a request has it."""

MOST_LEVELS = 3
"""How many arrays of items lie within each other in what is published."""
MOST_NAME = 255

FAILING = {
    "archived": ("archived_asset", "ARCHIVED"),
    "non-shareable": ("non_shareable_asset", "NON_SHAREABLE"),
}
"""Kind of an asset that nobody can add -> the target's offer of one, and the reason it fails for."""

unknown_ids: SearchStrategy[str] = st.uuids(version=4).map(lambda one: one.hex)
"""Ids that nothing has."""


def assets(*kinds: str) -> SearchStrategy[Item]:
    """Draw an asset of one of these kinds: `good`, `unknown`, or one of FAILING."""
    kind = st.sampled_from(kinds or ("good", "unknown", *FAILING))
    return st.builds(lambda kind, spare: {"type": "asset", "assetId": f"{kind}:{spare}"}, kind, unknown_ids)


def folders(content: SearchStrategy[Item] | None = None) -> SearchStrategy[Item]:
    """Draw a folder: an empty one, or one with some of the content."""
    optional: dict[str, SearchStrategy[Any]] = {
        "description": texts(),
        "folderItems": st.lists(content, max_size=3) if content is not None else st.just([]),
    }
    return st.fixed_dictionaries({"type": st.just("folder"), "name": texts_within(MOST_NAME)}, optional=optional)


def item_trees(*kinds: str, levels: int = MOST_LEVELS) -> SearchStrategy[list[Item]]:
    """Draw what `items` may be: assets of these kinds (any when none is named) and folders, nested within `levels`."""
    item = st.one_of(assets(*kinds), folders())
    for _ in range(levels - 1):
        item = st.one_of(assets(*kinds), folders(item))
    return st.lists(item, min_size=1, max_size=4)


def mixed_trees() -> SearchStrategy[list[Item]]:
    """Draw trees with one asset at least that can be added and one that cannot, in either order."""
    ends = st.permutations([assets("good"), assets("unknown", *FAILING)]).flatmap(lambda two: st.tuples(*two))
    return st.builds(lambda two, tree: [two[0], *tree, two[1]], ends, item_trees())


def chain(depth: int, innermost: Sequence[Item]) -> Item:
    """Return `depth` folders within each other around some items."""
    items = list(innermost)
    for level in range(depth, 0, -1):
        items = [{"type": "folder", "name": f"Level {level}", "folderItems": items}]
    return items[0]


@dataclass(frozen=True, slots=True)
class Placed:
    """A drawn tree on a target. `failing` are its assets that fail, by (id, reason), in the request's order."""

    items: list[Item]
    good: int
    failing: Sequence[tuple[str, str]]

    @property
    def assets(self) -> int:
        """How many asset items there are at every depth."""
        return self.good + len(self.failing)


def placed(items: Sequence[Item], target: Target) -> Placed:
    """Put assets of the target into a drawn tree, none of them twice."""
    placing = _Placing(target)
    done = placing.items(items)
    return Placed(done, placing.good, placing.failing)


class _Placing:
    def __init__(self, target: Target) -> None:
        self._left = {kind: [target.offers[offer]] for kind, (offer, _) in FAILING.items() if offer in target.offers}
        self._left["good"] = list(target.offer("good_assets"))
        self.good = 0
        self.failing: list[tuple[str, str]] = []

    def items(self, items: Sequence[Item]) -> list[Item]:
        return [self._item(item) for item in items]

    def _item(self, item: Item) -> Item:
        if item["type"] == "folder":
            return {**item, "folderItems": self.items(item["folderItems"])} if "folderItems" in item else item
        kind, _, spare = item["assetId"].partition(":")
        if self._left.get(kind):
            # Each once: that the same asset twice is added twice is assumed (ITEMS-TWICE).
            asset = self._left[kind].pop(0)
        else:
            # The end counts up: shrinking makes drawn ids alike, and none is to be there twice.
            kind, asset = "unknown", f"{spare[:24]}{len(self.failing):08x}"
        if kind == "good":
            self.good += 1
        else:
            self.failing.append((asset, FAILING[kind][1] if kind in FAILING else "ASSET_NOT_FOUND"))
        return {**item, "assetId": asset}


def asset_items(items: Sequence[Item]) -> Iterator[Item]:
    """Return the asset items of a tree, depth first."""
    for item in items:
        if item["type"] == "asset":
            yield item
        else:
            yield from asset_items(item.get("folderItems", ()))


_asset: Item = {"type": "asset", "assetId": "0" * 32}

INCOMPLETE: Mapping[str, SearchStrategy[Item]] = {
    "an asset without its type": st.just({"assetId": _asset["assetId"]}),
    "a folder without its type": st.builds(lambda name: {"name": name}, texts()),
    "an asset without assetId": st.just({"type": "asset"}),
    "a folder without name": st.builds(lambda text: {"type": "folder", "description": text}, texts()),
}
"""Items that lack just one required field."""

no_pages: SearchStrategy[Any] = st.one_of(
    st.integers(-(2**31), 0), st.floats(0.1, 100, allow_nan=False).filter(lambda number: not number.is_integer())
)
"""Numbers that are no page: none from 1, or no integer."""

MALFORMED: Mapping[str, SearchStrategy[Item]] = {
    **INCOMPLETE,
    "a type that is none": texts().map(lambda text: {**_asset, "type": f"no {text}"}),
    "a null": st.sampled_from(("type", "assetId")).map(lambda name: {**_asset, name: None}),
    "an assetId that is no text": st.sampled_from((7, True, [], {})).map(lambda value: {**_asset, "assetId": value}),
    "a name that is too long": texts_of(MOST_NAME + 1).map(lambda name: {"type": "folder", "name": name}),
    "a name that is no text": st.sampled_from((7, False, None, [])).map(lambda name: {"type": "folder", "name": name}),
    "a page that is no integer from 1": no_pages.map(lambda page: {**_asset, "page": page}),
    "a page of another type": st.sampled_from(("3", "", True, None, [1])).map(lambda page: {**_asset, "page": page}),
    "folderItems that are no array": st.sampled_from(({}, "x", 1, None)).map(
        lambda value: {"type": "folder", "name": "Folder", "folderItems": value}
    ),
    "an item that is no object": st.sampled_from((None, 3, "asset", [])),
}
"""Items that are malformed in just one way."""

INCOMPLETE_ITEMS: tuple[Item, ...] = (
    {"assetId": _asset["assetId"]},
    {"type": "asset"},
    {"name": "A folder without its type"},
    {"type": "folder"},
    {"type": "folder", "description": "without a name"},
)
"""Items that lack a required field, one of each sort."""
_folder: Item = {"type": "folder", "name": "Folder"}
_WRONG_VALUES: tuple[tuple[Item, str, tuple[Any, ...]], ...] = (
    (_asset, "type", ("page", None)),
    (_asset, "assetId", (None, 7, True, [])),
    (_asset, "page", (0, -1, 1.5, "3", True, None)),
    (_folder, "name", (None, 7, "a" * (MOST_NAME + 1))),
    (_folder, "folderItems", (None, {}, "x")),
)
MALFORMED_ITEMS: tuple[Any, ...] = (
    *INCOMPLETE_ITEMS,
    *({**item, name: value} for item, name, values in _WRONG_VALUES for value in values),
    *(None, 3, "asset", []),
)
"""Items that are malformed, one of each sort."""

malformed_items: SearchStrategy[Item] = st.sampled_from(list(MALFORMED)).flatmap(MALFORMED.__getitem__)
incomplete_items: SearchStrategy[Item] = st.sampled_from(list(INCOMPLETE)).flatmap(INCOMPLETE.__getitem__)


def with_one(items: Sequence[Item], one: Any, *, at: int, depth: int) -> list[Item]:
    """Return the items with one more among them, at a place and within `depth` folders."""
    inserted = one if depth == 0 else chain(depth, [one])
    place = at % (len(items) + 1)
    return [*items[:place], inserted, *items[place:]]
