"""Items that are not well formed: what is required, how long a name may be, and that nothing is added (ITEMS-)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...core import expect
from ...core.check import check
from ...core.violation import StateChanged
from ...strategies.text import at_the_limit, beyond_the_limit, texts_of
from ..assertions import refused_somehow
from ..client import Client
from ..strategies.items import (
    MOST_LEVELS,
    MOST_NAME,
    Item,
    incomplete_items,
    item_trees,
    malformed_items,
    placed,
    with_one,
)
from .items import add

PLACES: dict[str, st.SearchStrategy[Any]] = {
    "drawn": st.one_of(st.just([]), item_trees("good")),
    "at": st.integers(0, 4),
    "depth": st.integers(0, MOST_LEVELS - 1),
}
"""Where among well-formed items a faulty one stands."""


@check("ITEMS-REQUIRED", writes=True, given={"one": incomplete_items, **PLACES})
def an_item_that_lacks_what_is_required_is_refused(
    client: Client, one: Item, drawn: list[Item], at: int, depth: int
) -> None:
    """ITEMS-REQUIRED: type, an asset's assetId and a folder's name, wherever the item stands."""
    items = placed(drawn, client.target).items if drawn else []
    refused_somehow(client.add_items(client.space()["id"], with_one(items, one, at=at, depth=depth)))


@check("ITEMS-REQUIRED", writes=True)
def a_request_without_items_is_refused(client: Client) -> None:
    """ITEMS-REQUIRED: an object without the member."""
    path = f"/shared-spaces/{client.space()['id']}/items"
    for body in ({}, {"item": [{"type": "folder", "name": "Misspelt"}]}):
        refused_somehow(client.admin.post(path, body))


@check("ITEMS-EMPTY", writes=True)
def an_empty_array_of_items_is_refused(client: Client) -> None:
    """ITEMS-EMPTY: with 400."""
    expect.refused(client.add_items(client.space()["id"], []), 400)


@check("ITEMS-400", writes=True, given={"one": malformed_items, **PLACES})
def one_malformed_item_refuses_the_whole_request(
    client: Client, one: Any, drawn: list[Item], at: int, depth: int
) -> None:
    """ITEMS-400: with 400, and the space tells of no activity, for nothing was added."""
    items = placed(drawn, client.target).items if drawn else []
    space = client.now(client.space()["id"])
    expect.refused(client.add_items(space["id"], with_one(items, one, at=at, depth=depth)), 400)
    after = client.now(space["id"])
    # The times are compared as well: no operation shows what is in a space, and adding moves them (SPACE-ACTIVITY-SET).
    if after != space:
        raise StateChanged("the space after a refused request", expected=space, received=after)


@check(
    "ITEMS-NAME",
    writes=True,
    given={"name": texts_of(MOST_NAME), "depth": st.integers(0, 1)},
    always={"name": at_the_limit(MOST_NAME), "depth": (0, 1)},
    examples=3,
)
def a_name_of_255_characters_is_accepted(client: Client, name: str, depth: int) -> None:
    """ITEMS-NAME: characters, whatever number of bytes they take."""
    add(client, with_one([], {"type": "folder", "name": name}, at=0, depth=depth))


@check(
    "ITEMS-NAME",
    writes=True,
    given={"name": texts_of(MOST_NAME + 1), "depth": st.integers(0, 1)},
    always={"name": beyond_the_limit(MOST_NAME), "depth": (0, 1)},
    examples=3,
)
def a_name_of_more_than_255_characters_is_refused(client: Client, name: str, depth: int) -> None:
    """ITEMS-NAME: at whatever level the folder is."""
    refused_somehow(
        client.add_items(client.space()["id"], with_one([], {"type": "folder", "name": name}, at=0, depth=depth))
    )
