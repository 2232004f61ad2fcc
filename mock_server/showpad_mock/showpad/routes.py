"""What is served: one list of routes, each named by the operationId that Showpad publishes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from starlette.routing import Route

from ..web.late import late
from .handlers import crm, items, lookups, milestones, ownership, plans, quick_actions, shares, spaces, subscriptions
from .hosts import BIZ, EXPORT, LINKS, OAUTH, V4

SPACES = V4 + "/shared-spaces"
SPACE = SPACES + "/{shareId}"
ACTIONS = SPACE + "/quick-actions"
ACTION = ACTIONS + "/{quickActionId}"
APPS = "/apps/v1"
PLANS = V4 + "/mutual-action-plan"
PLAN = PLANS + "/{mutualActionPlanId}"
MYSELF = PLAN + "/participants/self"
MILESTONES = PLAN + "/milestones"
MILESTONE = MILESTONES + "/{milestoneId}"
STEP = MILESTONE + "/actions/{actionId}"


def _route(method: str, path: str, name: str, endpoint: Callable[..., object]) -> Route:
    return Route(path, endpoint, methods=[method], name=name)


ROUTES = (
    _route("GET", SPACES, "shared-spaces-list", spaces.list_all),
    _route("POST", SPACES, "shared-space-create", spaces.create),
    _route("GET", SPACE, "shared-space-get", spaces.get),
    _route("PATCH", SPACE, "shared-space-update", spaces.update),
    _route("DELETE", SPACE, "shared-space-delete", spaces.delete),
    _route("POST", SPACE + "/transfer-ownership", "shared-space-transfer-ownership", ownership.transfer),
    _route("POST", SPACE + "/items", "shared-spaces-items-add", items.add),
    _route("POST", V4 + "/shares", "create-share", shares.create),
    _route("GET", V4 + "/users", "getUsers", lookups.list_users),
    _route("GET", V4 + "/users/{userId}", "getUserById", lookups.get_user),
    _route("GET", V4 + "/assets", "getAssets", lookups.list_assets),
    _route("GET", V4 + "/assets/{assetId}", "getAsset", lookups.get_asset),
    _route("GET", V4 + "/themes", "theme-list", lookups.list_themes),
    _route("GET", V4 + "/themes/{themeId}", "theme-get", lookups.get_theme),
    _route("GET", V4 + "/shared-space-templates", "shared-space-templates-list", lookups.list_templates),
    _route("GET", V4 + "/shared-space-templates/{templateId}", "shared-space-templates-get", lookups.get_template),
    _route("GET", V4 + "/divisions", "getDivisions", lookups.list_divisions),
    _route("GET", V4 + "/divisions/{divisionId}", "getDivisionById", lookups.get_division),
    _route("GET", ACTIONS, "shared-spaces-quick-actions-list", quick_actions.list_all),
    _route("POST", ACTIONS, "create-shared-space-quick-action", quick_actions.create),
    _route("GET", ACTION, "get-shared-spaces-quick-action", quick_actions.get),
    _route("PATCH", ACTION, "update-shared-spaces-quick-action", quick_actions.update),
    _route("DELETE", ACTION, "delete-shared-spaces-quick-action", quick_actions.delete),
    _route("GET", APPS + "/shared-space-extensions", "shared-space-extensions-list", quick_actions.list_extensions),
    _route("POST", PLANS, "postMap", plans.create),
    _route("GET", PLANS, "gesMaps", plans.list_all),
    _route("DELETE", PLAN, "deleteMap", plans.delete),
    _route("GET", PLAN + "/participants", "getParticipants", plans.participants),
    _route("GET", MYSELF, "getParticipantSelf", plans.myself),
    _route("GET", MYSELF + "/settings", "getParticipantSettings", plans.settings),
    _route("PATCH", MYSELF + "/settings", "updateParticipantSettings", plans.change_settings),
    _route("POST", MILESTONES, "postMilestone", milestones.create_milestone),
    _route("PATCH", MILESTONE, "updateMilestone", milestones.update_milestone),
    _route("DELETE", MILESTONE, "deleteMilestone", milestones.delete_milestone),
    _route("POST", MILESTONE + "/actions", "postAction", milestones.create_action),
    _route("PATCH", STEP, "updateAction", milestones.update_action),
    _route("DELETE", STEP, "deleteAction", milestones.delete_action),
    _route("POST", STEP + "/assignees", "postAssignee", milestones.create_assignee),
    _route("DELETE", STEP + "/assignees/{assigneeId}", "deleteAssignee", milestones.delete_assignee),
    _route("GET", V4 + "/crm/shared-space-records/{sharedSpaceId}", "shared-space-records-list", crm.of_space),
    _route("GET", V4 + "/crm/share-records/{shareId}", "share-records-list", crm.of_share),
)


SUBSCRIPTIONS = "/webhooks/v1/subscriptions"
SUBSCRIPTION = SUBSCRIPTIONS + "/{id}"
# No names are published for these.
WEBHOOKS = (
    _route("GET", SUBSCRIPTIONS, "webhook-subscriptions-list", subscriptions.list_all),
    _route("POST", SUBSCRIPTIONS, "webhook-subscription-create", subscriptions.create),
    _route("GET", SUBSCRIPTION, "webhook-subscription-get", subscriptions.get),
    _route("POST", SUBSCRIPTION, "webhook-subscription-update", subscriptions.update),
    _route("DELETE", SUBSCRIPTION, "webhook-subscription-delete", subscriptions.delete),
    _route("GET", SUBSCRIPTION + "/logs", "webhook-subscription-logs", subscriptions.logs),
)
"""Subscriptions to webhooks, which lie beside v4 (AROUND-WEBHOOKS)."""


def _late(method: str, path: str, name: str, handler: str) -> Route:
    """Return a route whose handlers are loaded at its first call: what few clients use costs no start."""
    return _route(method, path, name, late(__package__, handler))


# Here, too, no names are published.
EXPORTS = (
    _late("GET", EXPORT + "/sharedspaces.json", "export-sharedspaces", "exports.spaces"),
    _late("GET", EXPORT + "/sharedspaceparticipants.json", "export-sharedspaceparticipants", "exports.participants"),
    _late("GET", EXPORT + "/sharedspace-items.json", "export-sharedspace-items", "exports.items"),
    _late("GET", EXPORT + "/shares.json", "export-shares", "exports.shares"),
)
"""What can be read back, at the `.showpad.biz` hosts (AROUND-EXPORTS)."""

LOGINS = (
    _late("GET", OAUTH + "/authorize", "oauth2-authorize", "oauth.ask"),
    _late("POST", OAUTH + "/authorize", "oauth2-authorize-decide", "oauth.decide"),
    _late("POST", OAUTH + "/token", "oauth2-token", "oauth.token"),
)
"""How a user's programs get their tokens (AROUND-OAUTH)."""


def _links(before: str) -> tuple[Route, ...]:
    """Return the routes of buyers' links, on Showpad's own hosts or, with the tenant in the path, on any."""
    return (
        *(
            _late(method, f"{before}{way}/{{token}}{after}", f"link-{name}", f"links.{handler}")
            for way in ("/share", "/catalog/link")
            for method, after, name, handler in (
                ("GET", "", "share", "show_share"),
                ("POST", "/reshare", "reshare", "reshare"),
                ("GET", "/assets/{assetId}/download", "download", "download"),
            )
        ),
        _late("GET", f"{before}/s/{{publicUri}}", "link-space", "links.show_space"),
    )


LINKED = (*_links(""), *_links(LINKS + "/{tenant}"))
"""What buyers open (SHARE-URLS, SPACE-URL)."""


def _under_biz(routes: Iterable[Route]) -> tuple[Route, ...]:
    """Return the routes of the API once more, under the base path of the `.showpad.biz` hosts (CONV-BASE-BIZ)."""
    return tuple(
        Route(BIZ + route.path.removeprefix(V4), route.endpoint, methods=route.methods, name=route.name)
        for route in routes
        if route.path.startswith(V4 + "/")
    )


SERVED = (*ROUTES, *_under_biz(ROUTES), *WEBHOOKS, *LOGINS, *LINKED, *EXPORTS)
