"""Does each operation once with the client that openapi-python-client made: `each_operation.py BASE_URL TOKEN`."""

import sys
from typing import TypeVar

from showpad_client import AuthenticatedClient
from showpad_client.api.assets import get_asset, get_assets
from showpad_client.api.divisions import get_division_by_id, get_divisions
from showpad_client.api.shared_spaces import (
    shared_space_create,
    shared_space_delete,
    shared_space_get,
    shared_space_transfer_ownership,
    shared_space_update,
    shared_spaces_items_add,
    shared_spaces_list,
)
from showpad_client.api.shares import create_share
from showpad_client.api.templates import shared_space_templates_get, shared_space_templates_list
from showpad_client.api.themes import theme_get, theme_list
from showpad_client.api.users import get_user_by_id, get_users
from showpad_client.models import (
    AssetItem,
    FolderItem,
    ItemsAdd,
    Owner,
    OwnershipTransfer,
    Problem,
    Reference,
    ShareCreate,
    SharedAsset,
    SharedSpaceCreate,
    SharedSpacesListSort,
    SharedSpaceUpdate,
    Status,
)

T = TypeVar("T")


def answered(answer: T | Problem | None) -> T:
    """Return what an operation answered: the model of its success, and no problem."""
    if answer is None or isinstance(answer, Problem):
        raise SystemExit(f"refused: {answer}")
    return answer


def look_up(client: AuthenticatedClient) -> tuple[Owner, SharedAsset, Reference]:
    """Get each list and the first of it; return a user, an asset and a theme."""
    users = answered(get_users.sync(client=client))
    user = answered(get_user_by_id.sync(users.items[0].id, client=client))
    assets = answered(get_assets.sync(client=client, name="brochure"))
    asset = answered(get_asset.sync(assets.items[0].id, client=client))
    themes = answered(theme_list.sync(client=client))
    theme = answered(theme_get.sync(themes.items[0].id, client=client))
    templates = answered(shared_space_templates_list.sync(client=client))
    answered(shared_space_templates_get.sync(templates.items[0].id, client=client))
    divisions = answered(get_divisions.sync(client=client))
    answered(get_division_by_id.sync(divisions.items[0].id, client=client))
    return Owner(user_id=user.id), SharedAsset(id=asset.id), Reference(id=theme.id)


def use_a_space(client: AuthenticatedClient, owner: Owner, asset: SharedAsset, theme: Reference) -> None:
    creation = SharedSpaceCreate(title="Acme", owner=owner, theme=theme)
    made = answered(shared_space_create.sync(client=client, body=creation))
    page = answered(shared_spaces_list.sync(client=client, title="Acme", sort=SharedSpacesListSort.TITLE_DESCENDING))
    assert page.items[0].created_at == answered(shared_space_get.sync(made.id, client=client)).created_at
    folder = FolderItem(type_="folder", name="Read first", folder_items=[AssetItem(type_="asset", asset_id=asset.id)])
    added = answered(shared_spaces_items_add.sync(made.id, client=client, body=ItemsAdd(items=[folder])))
    assert (added.summary.asset_success_count, added.failed_items) == (1, [])
    transfer = OwnershipTransfer(user_id=owner.user_id)
    assert shared_space_transfer_ownership.sync_detailed(made.id, client=client, body=transfer).status_code == 204
    archiving = SharedSpaceUpdate(status=Status.ARCHIVED)
    assert answered(shared_space_update.sync(made.id, client=client, body=archiving)).archived_at is not None
    assert shared_space_delete.sync_detailed(made.id, client=client).status_code == 204


def main() -> None:
    with AuthenticatedClient(base_url=sys.argv[1], token=sys.argv[2], raise_on_unexpected_status=True) as client:
        owner, asset, theme = look_up(client)
        use_a_space(client, owner, asset, theme)
        share = ShareCreate(title="Acme", origin="Integration", assets=[asset])
        assert answered(create_share.sync(client=client, body=share)).expires_at is None


if __name__ == "__main__":
    main()
