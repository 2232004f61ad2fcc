"""Items on the wire: the tree that comes in, what could not be added as it goes out."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, Union

from pydantic import Discriminator, Field
from typing_extensions import TypedDict

from ..domain.items import Added, FailedItem, NewItems, RequestedAsset, RequestedFolder
from .forms import Whole, body_form


class AssetItem(TypedDict):
    """An asset, or one page of it."""

    type: Literal["asset"]
    assetId: str
    page: NotRequired[Annotated[Whole, Field(ge=1)]]


class FolderItem(TypedDict):
    """A folder and what is in it."""

    type: Literal["folder"]
    name: Annotated[str, Field(max_length=255)]
    description: NotRequired[str]
    folderItems: NotRequired[list[Item]]


# Pydantic resolves the recursion through this name, so it is no `X | Y` of strings.
Item = Annotated[Union[AssetItem, FolderItem], Discriminator("type")]  # noqa: UP007


class ItemsBody(TypedDict):
    """What `POST .../items` takes."""

    items: Annotated[list[Item], Field(min_length=1)]
    folderItemId: NotRequired[str]


def _requested(item: AssetItem | FolderItem) -> RequestedAsset | RequestedFolder:
    if item["type"] == "asset":
        return RequestedAsset(item["assetId"], item.get("page"))
    return RequestedFolder(
        item["name"], item.get("description"), [_requested(one) for one in item.get("folderItems", ())]
    )


def _new_items(body: ItemsBody) -> NewItems:
    return NewItems(items=[_requested(item) for item in body["items"]], folder_id=body.get("folderItemId"))


REQUIRED = "ITEMS-REQUIRED"
# A field error lies at any depth: the paths of the rules name the last member alone.
ADD = body_form(
    ItemsBody,
    _new_items,
    rules={
        "items:propertyRequired": REQUIRED,
        "items:propertyLength": "ITEMS-EMPTY",
        "type:propertyRequired": REQUIRED,
        "type:propertyEnum": REQUIRED,
        "assetId:propertyRequired": REQUIRED,
        "name:propertyRequired": REQUIRED,
        "name:propertyLength": "ITEMS-NAME",
        "page:propertyRange": "ITEMS-PAGE",
        "page:propertyType": "ITEMS-PAGE",
    },
    tags=("asset", "folder"),
)


def _failed(item: FailedItem) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": "asset", "assetId": item.asset_id, "reason": item.reason}
    # Only where the item had one, whatever the reason (ITEMS-FAILED-PAGE).
    if item.page is not None:
        shown["page"] = item.page
    if item.name is not None:
        shown["name"] = item.name
    return shown


def added_answer(added: Added) -> dict[str, Any]:
    """Show how a request ended (ITEMS-ANSWER)."""
    return {
        "summary": {"assetSuccessCount": added.succeeded, "assetFailureCount": len(added.failed)},
        "failedItems": [_failed(item) for item in added.failed],
    }
