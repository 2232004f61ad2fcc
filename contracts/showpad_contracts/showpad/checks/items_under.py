"""Items that are added under a folder (ITEMS-UNDER). No operation tells a folder's id: a control API does."""

from __future__ import annotations

from typing import Any

from ...core import expect
from ...core.check import check
from ...core.violation import WrongList
from ..assertions import refused_somehow
from ..client import Client
from ..control import Control
from ..operations import NO_ID


def with_folder(client: Client) -> tuple[str, str]:
    """Return a space with a folder in another one, and the id of the inner one."""
    space_id = str(client.space()["id"])
    inner = {"type": "folder", "name": "Inner"}
    with expect.needed("a folder in a space", "ITEMS-OK"):
        outer = {"type": "folder", "name": "Outer", "folderItems": [inner]}
        expect.answered(client.add_items(space_id, [outer]), 201)
    return space_id, Control(client).folder(space_id, "Inner")


def add_under(client: Client, space_id: str, folder_id: Any, items: list[dict[str, Any]]) -> Any:
    """Send items that are to lie under a folder."""
    return client.admin.post(f"/shared-spaces/{space_id}/items", {"folderItemId": folder_id, "items": items})


@check("ITEMS-UNDER", writes=True)
def items_are_added_under_the_folder_that_is_named(client: Client) -> None:
    """ITEMS-UNDER: assets and folders, and nowhere else."""
    space_id, folder_id = with_folder(client)
    good = client.target.offer("good_assets")[0]
    items = [{"type": "asset", "assetId": good}, {"type": "folder", "name": "Innermost"}]
    expect.answered(add_under(client, space_id, folder_id, items), 201)
    added = [one for one in Control(client).items(space_id) if one.get("name") not in ("Outer", "Inner")]
    if [one.get("folderItemId") for one in added] != [folder_id, folder_id]:
        raise WrongList("the items under the folder", expected="the asset and the folder", received=added)


@check("ITEMS-UNDER", writes=True)
def items_under_no_folder_are_refused(client: Client) -> None:
    """ITEMS-UNDER: and nothing is added; nor under a folder of another space, or under what is none."""
    (_, folder_id), (other_id, _) = with_folder(client), with_folder(client)
    before = Control(client).items(other_id)
    for unknown in (NO_ID, folder_id, 7):
        refused_somehow(add_under(client, other_id, unknown, [{"type": "folder", "name": "Nowhere"}]))
    expect.equal(Control(client).items(other_id), before, "the items after refused requests")
