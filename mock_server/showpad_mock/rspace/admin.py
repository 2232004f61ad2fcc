"""What tests may read and change of a tenant that no route of RSpace's can: behaviour, accounts, all shares.

Users go by username or id. The control API and `MockRSpace`'s tenants use these alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from ..core.names import nearest
from ..core.refusals import Refusal
from ..state.unit import Unit
from ..web.vendor import AdminOperation
from .domain.features import Behaviour, change_behaviour, features
from .domain.items import ITEMS, Item
from .domain.people import User, all_users, enable, find_user
from .domain.shares import SHARES
from .problems import NO_SUCH

Params = Mapping[str, str]


class FeatureChange(TypedDict):
    """What may be changed of the tenant itself."""

    behaviour: NotRequired[Literal["documented", "observed"]]


class UserChange(TypedDict):
    """What may be changed of a user."""

    isEnabled: NotRequired[bool]


def _no_such(what: str, name: str, known: Iterable[str]) -> Refusal:
    return NO_SUCH.error(what=what, name=name, nearest=nearest(name, known))


def user_named(unit: Unit, name: str) -> User:
    """Return the user with that username or id; raises NO_SUCH."""
    user = find_user(unit.store, name)
    if user is None:
        raise _no_such("user", name, (user.username for user in all_users(unit.store)))
    return user


def item_named(unit: Unit, name: str) -> Item:
    """Return the first item of that name; raises NO_SUCH."""
    items = sorted(unit.store.all(ITEMS), key=lambda item: item.id)
    found = next((item for item in items if item.name == name), None)
    if found is None:
        raise _no_such("item", name, (item.name for item in items))
    return found


def _shown_user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "homeFolderId": user.home_folder_id,
        "isEnabled": user.is_enabled,
        "isPi": user.is_pi,
        "isSysadmin": user.is_sysadmin,
    }


def show_features(unit: Unit, _: Params) -> dict[str, Any]:
    """Show how the tenant behaves."""
    return {"behaviour": features(unit.store).behaviour}


def change_features(unit: Unit, params: Params, change: FeatureChange) -> dict[str, Any]:
    """Change how the tenant behaves."""
    if "behaviour" in change:
        change_behaviour(unit, Behaviour(change["behaviour"]))
    return show_features(unit, params)


def list_users(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List all users."""
    return [_shown_user(user) for user in all_users(unit.store)]


def change_user(unit: Unit, params: Params, change: UserChange) -> dict[str, Any]:
    """Enable or disable an account."""
    user = user_named(unit, params["user"])
    return _shown_user(enable(unit, user, on=change["isEnabled"]) if "isEnabled" in change else user)


def list_shares(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List all shares of the tenant, whosoever they are."""
    return [
        {
            "id": share.id,
            "itemId": share.item_id,
            "targetType": share.target_type,
            "targetId": share.target_id,
            "permission": share.permission,
            "sharerId": share.sharer_id,
            "folderId": share.folder_id,
        }
        for share in sorted(unit.store.all(SHARES), key=lambda share: share.id)
    ]


ADMIN_OPERATIONS = (
    AdminOperation("GET", "/rspace/features", "Show how RSpace behaves", show_features),
    AdminOperation("PATCH", "/rspace/features", "Change how RSpace behaves", change_features, FeatureChange),
    AdminOperation("GET", "/rspace/users", "List RSpace's users", list_users),
    AdminOperation("PATCH", "/rspace/users/{user}", "Enable or disable an account", change_user, UserChange),
    AdminOperation("GET", "/rspace/shares", "List all shares of RSpace's", list_shares),
)
