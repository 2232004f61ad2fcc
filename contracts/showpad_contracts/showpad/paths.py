"""Where each operation lies, by its operationId."""

from __future__ import annotations

from collections.abc import Mapping

from ..core import operations
from ..core.target import is_whole, origin

TEMPLATES: Mapping[str, tuple[str, str]] = {
    "shared-spaces-list": ("GET", "/shared-spaces"),
    "shared-space-create": ("POST", "/shared-spaces"),
    "shared-space-get": ("GET", "/shared-spaces/{}"),
    "shared-space-update": ("PATCH", "/shared-spaces/{}"),
    "shared-space-delete": ("DELETE", "/shared-spaces/{}"),
    "shared-space-transfer-ownership": ("POST", "/shared-spaces/{}/transfer-ownership"),
    "shared-spaces-items-add": ("POST", "/shared-spaces/{}/items"),
    "create-share": ("POST", "/shares"),
    "getUsers": ("GET", "/users"),
    "getUserById": ("GET", "/users/{}"),
    "getAssets": ("GET", "/assets"),
    "getAsset": ("GET", "/assets/{}"),
    "theme-list": ("GET", "/themes"),
    "theme-get": ("GET", "/themes/{}"),
    "shared-space-templates-list": ("GET", "/shared-space-templates"),
    "shared-space-templates-get": ("GET", "/shared-space-templates/{}"),
    "getDivisions": ("GET", "/divisions"),
    "getDivisionById": ("GET", "/divisions/{}"),
    "shared-spaces-quick-actions-list": ("GET", "/shared-spaces/{}/quick-actions"),
    "create-shared-space-quick-action": ("POST", "/shared-spaces/{}/quick-actions"),
    "get-shared-spaces-quick-action": ("GET", "/shared-spaces/{}/quick-actions/{}"),
    "update-shared-spaces-quick-action": ("PATCH", "/shared-spaces/{}/quick-actions/{}"),
    "delete-shared-spaces-quick-action": ("DELETE", "/shared-spaces/{}/quick-actions/{}"),
    "shared-space-extensions-list": ("GET", "/shared-space-extensions"),
    "shared-space-records-list": ("GET", "/crm/shared-space-records/{}"),
    "share-records-list": ("GET", "/crm/share-records/{}"),
    "export-sharedspaces": ("GET", "/exports/sharedspaces.json"),
    "export-sharedspaceparticipants": ("GET", "/exports/sharedspaceparticipants.json"),
    "export-sharedspace-items": ("GET", "/exports/sharedspace-items.json"),
    "export-shares": ("GET", "/exports/shares.json"),
    "postMap": ("POST", "/mutual-action-plan"),
    "gesMaps": ("GET", "/mutual-action-plan"),
    "deleteMap": ("DELETE", "/mutual-action-plan/{}"),
    "getParticipants": ("GET", "/mutual-action-plan/{}/participants"),
    "getParticipantSelf": ("GET", "/mutual-action-plan/{}/participants/self"),
    "getParticipantSettings": ("GET", "/mutual-action-plan/{}/participants/self/settings"),
    "updateParticipantSettings": ("PATCH", "/mutual-action-plan/{}/participants/self/settings"),
    "postMilestone": ("POST", "/mutual-action-plan/{}/milestones"),
    "updateMilestone": ("PATCH", "/mutual-action-plan/{}/milestones/{}"),
    "deleteMilestone": ("DELETE", "/mutual-action-plan/{}/milestones/{}"),
    "postAction": ("POST", "/mutual-action-plan/{}/milestones/{}/actions"),
    "updateAction": ("PATCH", "/mutual-action-plan/{}/milestones/{}/actions/{}"),
    "deleteAction": ("DELETE", "/mutual-action-plan/{}/milestones/{}/actions/{}"),
    "postAssignee": ("POST", "/mutual-action-plan/{}/milestones/{}/actions/{}/assignees"),
    "deleteAssignee": ("DELETE", "/mutual-action-plan/{}/milestones/{}/actions/{}/assignees/{}"),
}
APPS = "/apps/v1"
V3 = "/api/v3"
WEBHOOKS = "/webhooks/v1"
"""Where webhooks are subscribed to, from the host on."""
EXTENSIONS = APPS + "/shared-space-extensions"
"""Where the extensions are listed, from the host on: beside the base URL."""


def operation_of(method: str, path: str) -> str:
    """Return the operationId of a request, empty where it is none of these; `path` may bear a query."""
    if is_whole(path):
        path = path.removeprefix(origin(path)).removeprefix(APPS).removeprefix(V3)
    return operations.operation_of(TEMPLATES, method, path)
