"""The operations that are emulated and checked, each as one request that is valid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..core.exchange import NOTHING, Exchange
from ..transport.session import Caller
from .client import Client
from .strategies.shares import in_minutes, shown

NO_ID = "0" * 32
"""An id of the form that most have, and that nothing has."""
LISTS = {
    "shared-spaces-list": "/shared-spaces",
    "getUsers": "/users",
    "getAssets": "/assets",
    "theme-list": "/themes",
    "shared-space-templates-list": "/shared-space-templates",
    "getDivisions": "/divisions",
}
"""The operations that list, and their paths."""
ON_A_SPACE = (
    "shared-space-get",
    "shared-space-update",
    "shared-space-delete",
    "shared-space-transfer-ownership",
    "shared-spaces-items-add",
)
"""The operations on one space."""
SINGLES = ("getUserById", "getAsset", "theme-get", "shared-space-templates-get", "getDivisionById")
ON_ACTIONS = (
    "shared-spaces-quick-actions-list",
    "create-shared-space-quick-action",
    "get-shared-spaces-quick-action",
    "update-shared-spaces-quick-action",
    "delete-shared-spaces-quick-action",
)
ALL = (*LISTS, *ON_A_SPACE, *SINGLES, "shared-space-create", "create-share", *ON_ACTIONS)


@dataclass(frozen=True, slots=True)
class Operation:
    """One request: where it goes and what it sends."""

    name: str
    method: str
    path: str
    body: Any = NOTHING

    def send(self, client: Client, caller: Caller, **headers: str) -> Exchange:
        """Send it; a space that it creates is taken on, a Share is noted."""
        if self.name == "shared-space-create" and not headers:
            return client.create(self.body, by=caller)
        if self.name == "create-share" and not headers:
            return client.share(self.body, by=caller)
        return caller.request(self.method, self.path, self.body, headers=headers)


def on_a_space(client: Client, space_id: str) -> dict[str, Operation]:
    """Return the operations on a space."""
    path = f"/shared-spaces/{space_id}"
    # An unknown asset fails by itself, and the request succeeds all the same (ITEMS-PARTIAL).
    items = [{"type": "asset", "assetId": (client.target.offers.get("good_assets") or [NO_ID])[0]}]
    made = (
        Operation("shared-space-get", "GET", path),
        Operation("shared-space-update", "PATCH", path, {"title": "Changed"}),
        Operation("shared-space-delete", "DELETE", path),
        Operation(
            "shared-space-transfer-ownership",
            "POST",
            f"{path}/transfer-ownership",
            {"userId": client.target.user_id("admin")},
        ),
        Operation("shared-spaces-items-add", "POST", f"{path}/items", {"items": items}),
    )
    return {one.name: one for one in made}


def on_actions(client: Client, space_id: str) -> dict[str, Operation]:
    """Return the operations on a space's quick actions; those on one are about one that does not exist."""
    path = f"/shared-spaces/{space_id}/quick-actions"
    extension = client.target.offers.get("extension", NO_ID)
    body = {"title": "Open", "url": "https://example.com/open", "sharedSpaceExtensionId": extension}
    asked: tuple[tuple[str, str, Any], ...] = (
        ("GET", path, NOTHING),
        ("POST", path, body),
        ("GET", f"{path}/{NO_ID}", NOTHING),
        ("PATCH", f"{path}/{NO_ID}", {"title": "Changed"}),
        ("DELETE", f"{path}/{NO_ID}", NOTHING),
    )
    return {name: Operation(name, *one) for name, one in zip(ON_ACTIONS, asked, strict=True)}


def everything(client: Client, space_id: str) -> dict[str, Operation]:
    """Return every operation; the Share would be of an asset that does not exist, so that none comes about."""
    offers = client.target.offers
    template = offers.get("published_template", {}).get("id", NO_ID)
    singles = {
        "getUserById": f"/users/{client.target.user_id('owner')}",
        "getAsset": f"/assets/{(offers.get('good_assets') or [NO_ID])[0]}",
        "theme-get": f"/themes/{offers.get('global_theme', NO_ID)}",
        "shared-space-templates-get": f"/shared-space-templates/{template}",
        "getDivisionById": f"/divisions/{offers.get('division', NO_ID)}",
    }
    share = {
        "title": f"{client.session.run_id} not to be",
        "origin": "contract-kit",
        "assets": [{"id": NO_ID}],
        "expiresAt": shown(in_minutes(30)),
    }
    return {
        **{name: Operation(name, "GET", path) for name, path in {**LISTS, **singles}.items()},
        **on_a_space(client, space_id),
        **on_actions(client, space_id),
        "shared-space-create": Operation("shared-space-create", "POST", "/shared-spaces", client.new_space()),
        "create-share": Operation("create-share", "POST", "/shares", share),
    }
