"""What tests may read and change of a tenant that no route of Showpad's can: people, assets, features, what happened.

Each operation names its records, asks the domain and shows the result; users and assets go by handle or id. The control
API and `MockShowpad`'s tenants use them alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from ..core.clock import iso
from ..core.redaction import redact_text
from ..state.unit import Unit
from ..web.vendor import AdminOperation
from .admin_around import AROUND_OPERATIONS
from .domain import assets, branding, invitations, organisation, participants, people, subscriptions
from .domain.assets import ASSETS, Asset, AssetChanges
from .domain.branding import TEMPLATES, THEMES, TemplateChanges
from .domain.content import items_of
from .domain.history import shown_initiator, shown_item, shown_participant
from .domain.lookups import counted
from .domain.organisation import DIVISIONS, FeatureChanges
from .domain.page import oldest_first
from .domain.participants import Outsider
from .domain.people import USERS, Participant, Role, User, UserChanges
from .domain.plan import ContextType, plan_of
from .domain.shares import SHARES
from .domain.space import SPACES, Space, public_url
from .domain.subscriptions import SUBSCRIPTIONS, Subscription
from .domain.timeline import timeline
from .hosts import local_path
from .oauth.admin import OAUTH_OPERATIONS
from .problems import NOBODY_NAMED, no_such
from .wire.lookups import asset_answer, division_answer, one_theme_answer, template_answer, user_answer
from .wire.milestones import whole_plan
from .wire.shares import share_answer
from .wire.subscriptions import created_answer, subscription_answer

Params = Mapping[str, str]


class UserChange(TypedDict, total=False):
    """What may be changed of a user."""

    isActive: bool
    hasContentLicense: bool
    role: Literal["ADMIN", "MANAGER", "USER"]


class AssetChange(TypedDict, total=False):
    """What may be changed of an asset."""

    isArchived: bool
    isShareable: bool
    isOnlyEntireDocumentShareable: bool


class TemplateChange(TypedDict, total=False):
    """What may be changed of a template."""

    isPublished: bool


class FeatureChange(TypedDict, total=False):
    """The features that may be switched on and off."""

    sharedSpaces: bool
    templates: bool
    collaboratePlus: bool
    apiAccess: bool


class NewParticipant(TypedDict):
    """Who is to take part: a user, or somebody from outside by e-mail."""

    user: NotRequired[str]
    email: NotRequired[str]
    firstName: NotRequired[str]
    lastName: NotRequired[str]
    company: NotRequired[str]
    jobTitle: NotRequired[str]


FEATURES = {
    "sharedSpaces": "shared_spaces",
    "templates": "templates",
    "collaboratePlus": "collaborate_plus",
    "apiAccess": "api_access",
}


def user_named(unit: Unit, name: str) -> User:
    """Return the user with that handle or id; raises NO_SUCH."""
    user = people.find_user(unit.store, name)
    if user is None:
        raise no_such("user", name, (user.handle for user in unit.store.all(USERS)))
    return user


def asset_named(unit: Unit, name: str) -> Asset:
    """Return the asset with that handle or id; raises NO_SUCH."""
    asset = assets.find_asset(unit.store, name)
    if asset is None:
        raise no_such("asset", name, (asset.handle for asset in unit.store.all(ASSETS)))
    return asset


def _space(unit: Unit, space_id: str) -> Space:
    space = unit.store.get(SPACES, space_id)
    if space is None:
        raise no_such("Shared Space", space_id, (space.id for space in unit.store.all(SPACES)))
    return space


def shown_user(user: User) -> dict[str, Any]:
    """Show a user with what the mock knows beyond Showpad's own object."""
    return {
        **user_answer(user),
        "handle": user.handle,
        "role": user.role,
        "managerId": user.manager_id,
        "divisionIds": list(user.division_ids),
        "isActive": user.is_active,
        "hasContentLicense": user.has_content_license,
    }


def list_users(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the tenant's users with their handles and roles."""
    return [shown_user(user) for user in oldest_first(unit.store.all(USERS))]


def change_user(unit: Unit, params: Params, body: UserChange) -> dict[str, Any]:
    """Deactivate or activate a user, give or take the content licence, change the role."""
    changes = UserChanges(
        is_active=body.get("isActive"),
        has_content_license=body.get("hasContentLicense"),
        role=Role(body["role"]) if "role" in body else None,
    )
    return shown_user(people.change_user(unit, user_named(unit, params["user"]), changes))


def shown_asset(asset: Asset) -> dict[str, Any]:
    """Show an asset with its handle."""
    return {**asset_answer(asset), "handle": asset.handle}


def list_assets(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the tenant's assets with their handles."""
    return [shown_asset(asset) for asset in oldest_first(unit.store.all(ASSETS))]


def change_asset(unit: Unit, params: Params, body: AssetChange) -> dict[str, Any]:
    """Archive an asset or bring it back, restrict its sharing."""
    changes = AssetChanges(
        is_archived=body.get("isArchived"),
        is_shareable=body.get("isShareable"),
        is_only_entire_document_shareable=body.get("isOnlyEntireDocumentShareable"),
    )
    return shown_asset(assets.change_asset(unit, asset_named(unit, params["asset"]), changes))


def list_templates(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the tenant's templates, published or not."""
    return [template_answer(counted(unit.store, template)) for template in oldest_first(unit.store.all(TEMPLATES))]


def list_themes(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the tenant's themes."""
    return [one_theme_answer(theme) for theme in oldest_first(unit.store.all(THEMES))]


def list_divisions(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the tenant's divisions."""
    return [division_answer(division) for division in oldest_first(unit.store.all(DIVISIONS))]


def change_template(unit: Unit, params: Params, body: TemplateChange) -> dict[str, Any]:
    """Publish a template, or take it back."""
    template = unit.store.get(TEMPLATES, params["template"])
    if template is None:
        raise no_such("template", params["template"], (one.id for one in unit.store.all(TEMPLATES)))
    changed = branding.change_template(unit, template, TemplateChanges(is_published=body.get("isPublished")))
    return {"id": changed.id, "name": changed.name, "isPublished": changed.is_published}


def show_features(unit: Unit, _: Params) -> dict[str, bool]:
    """Show which features the tenant has."""
    features = organisation.organisation(unit).features
    return {name: getattr(features, field) for name, field in FEATURES.items()}


def change_features(unit: Unit, params: Params, body: FeatureChange) -> dict[str, bool]:
    """Switch features on or off."""
    changes = FeatureChanges(
        shared_spaces=body.get("sharedSpaces"),
        templates=body.get("templates"),
        collaborate_plus=body.get("collaboratePlus"),
        api_access=body.get("apiAccess"),
    )
    organisation.change_features(unit, changes)
    return show_features(unit, params)


def list_participants(unit: Unit, params: Params) -> list[dict[str, Any]]:
    """List who takes part in a space, the owner among them."""
    return [shown_participant(one) for one in _space(unit, params["space"]).participants]


def add_participant(unit: Unit, params: Params, body: NewParticipant) -> dict[str, Any]:
    """Add a user or somebody from outside to a space's participants; an event tells of it."""
    space = _space(unit, params["space"])
    # Either, not both: with both, one of them would be ignored without a word.
    if ("user" in body) == bool(body.get("email")):
        raise NOBODY_NAMED.error(at="user")
    person = user_named(unit, body["user"]) if "user" in body else _outsider(body)
    return shown_participant(participants.add(unit, space, person))


def _outsider(body: NewParticipant) -> Outsider:
    return Outsider(
        email=body.get("email", ""),
        first_name=body.get("firstName"),
        last_name=body.get("lastName"),
        company=body.get("company"),
        job_title=body.get("jobTitle"),
    )


def invite(unit: Unit, params: Params) -> dict[str, str]:
    """Return the link by which a participant opens the space: Showpad's own address, and its path on this server."""
    space = _space(unit, params["space"])
    invitation = invitations.invite(unit, space, _participant(space, params["participant"]))
    url = f"{public_url(unit.tenant.name, space.public_uri)}?invitation={invitation.token}"
    return {"url": url, "localPath": local_path(url)}


def _participant(space: Space, participant_id: str) -> Participant:
    found = next((one for one in space.participants if one.id == participant_id), None)
    if found is None:
        raise no_such("participant", participant_id, (one.id for one in space.participants))
    return found


def remove_participant(unit: Unit, params: Params) -> None:
    """Remove a participant from a space."""
    space = _space(unit, params["space"])
    participants.remove(unit, space, _participant(space, params["participant"]))


def list_items(unit: Unit, params: Params) -> list[dict[str, Any]]:
    """List what a space holds, in the order it was added; `folderItemId` is the folder an item lies in."""
    return [shown_item(item) for item in items_of(unit.store, _space(unit, params["space"]))]


def show_plan(unit: Unit, params: Params) -> dict[str, Any]:
    """Show a space's mutual action plan with its milestones and actions, which no route of Showpad's reads back."""
    space = _space(unit, params["space"])
    plan = plan_of(unit.store, ContextType.SPACE, space.id)
    if plan is None:
        raise no_such("mutual action plan of the space", space.id, ())
    return whole_plan(unit.store, plan)


def show_timeline(unit: Unit, params: Params) -> dict[str, Any]:
    """Show a space's activity timeline, oldest first, and how many entries had to make room."""
    space = _space(unit, params["space"])
    entries, dropped = timeline(unit.store, space)
    shown = [
        {"time": iso(entry.at), "text": entry.text, "initiator": shown_initiator(entry.initiator)} for entry in entries
    ]
    return {"dropped": dropped, "entries": shown}


def _with_paths(shown: dict[str, Any]) -> dict[str, Any]:
    """Add the paths under which this server opens the links."""
    addresses = {name: shown[f"{name}Url"] for name in ("anonymous", "untracked", "dynamic")}
    return {**shown, "localPaths": {name: local_path(address) for name, address in addresses.items()}}


def list_shares(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List the tenant's Shares, and whether recipients still get anything (SHARE-EXPIRED)."""
    return [
        {**_with_paths(share_answer(share, unit.tenant.name)), "isExpired": share.is_expired(unit.now)}
        for share in oldest_first(unit.store.all(SHARES))
    ]


def _subscription(unit: Unit, params: Params) -> Subscription:
    found = unit.store.get(SUBSCRIPTIONS, params["subscription"])
    if found is None:
        raise no_such("subscription", params["subscription"], (one.id for one in unit.store.all(SUBSCRIPTIONS)))
    return found


def list_subscriptions(unit: Unit, _: Params) -> list[dict[str, Any]]:
    """List who is told of events; neither keys nor secrets in addresses are shown, but how many keys sign."""
    return [
        {**subscription_answer(one), "url": redact_text(one.url), "keys": len(one.keys)}
        for one in oldest_first(unit.store.all(SUBSCRIPTIONS))
    ]


def rotate_key(unit: Unit, params: Params) -> dict[str, Any]:
    """Let a new key sign beside the present ones, as in a rotation; this answer alone shows it."""
    return created_answer(subscriptions.rotate(unit, _subscription(unit, params)))


def drop_former_keys(unit: Unit, params: Params) -> None:
    """End a rotation."""
    subscriptions.drop_former_keys(unit, _subscription(unit, params))


ADMIN_OPERATIONS = (
    AdminOperation("GET", "/users", "List users with handle, role and state", list_users),
    AdminOperation("PATCH", "/users/{user}", "Deactivate, license or promote a user", change_user, UserChange),
    AdminOperation("GET", "/assets", "List assets with handle", list_assets),
    AdminOperation("PATCH", "/assets/{asset}", "Archive an asset or restrict its sharing", change_asset, AssetChange),
    AdminOperation("GET", "/templates", "List templates, published or not", list_templates),
    AdminOperation(
        "PATCH", "/templates/{template}", "Publish a template or take it back", change_template, TemplateChange
    ),
    AdminOperation("GET", "/themes", "List themes", list_themes),
    AdminOperation("GET", "/divisions", "List divisions", list_divisions),
    AdminOperation("GET", "/features", "Show the features", show_features),
    AdminOperation("PATCH", "/features", "Switch features on or off", change_features, FeatureChange),
    AdminOperation("GET", "/shared-spaces/{space}/participants", "List participants", list_participants),
    AdminOperation("POST", "/shared-spaces/{space}/participants", "Add a participant", add_participant, NewParticipant),
    AdminOperation(
        "DELETE", "/shared-spaces/{space}/participants/{participant}", "Remove a participant", remove_participant
    ),
    AdminOperation(
        "POST", "/shared-spaces/{space}/participants/{participant}/link", "Return a participant's own link", invite
    ),
    AdminOperation("GET", "/shared-spaces/{space}/items", "List a space's items", list_items),
    AdminOperation("GET", "/shared-spaces/{space}/plan", "Show a space's mutual action plan", show_plan),
    AdminOperation("GET", "/shared-spaces/{space}/timeline", "Show a space's timeline", show_timeline),
    AdminOperation("GET", "/shares", "List Shares", list_shares),
    AdminOperation("GET", "/webhooks/subscriptions", "List subscriptions to webhooks", list_subscriptions),
    AdminOperation(
        "POST",
        "/webhooks/subscriptions/{subscription}/keys",
        "Let a new key sign beside the present ones, and show it",
        rotate_key,
    ),
    AdminOperation(
        "DELETE",
        "/webhooks/subscriptions/{subscription}/keys",
        "Let the newest key sign alone from now on",
        drop_former_keys,
    ),
    *AROUND_OPERATIONS,
    *OAUTH_OPERATIONS,
)
"""In the order of the control API's documentation."""
