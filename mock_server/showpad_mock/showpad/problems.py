"""Every refusal that the emulated API sends, by name, with the rule that asks for it (CONV-PROBLEM)."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.names import nearest
from ..core.refusals import Problem, Refusal


def _bad_request(rule: str, detail: str) -> Problem:
    return Problem(rule, 400, "/errors/bad-request", "Bad Request", detail)


def _unauthorized(rule: str, detail: str) -> Problem:
    return Problem(rule, 401, "/errors/unauthorized", "Unauthorized", detail)


def _forbidden(rule: str, detail: str) -> Problem:
    return Problem(rule, 403, "/errors/forbidden", "Forbidden", detail)


def _not_found(rule: str, detail: str) -> Problem:
    return Problem(rule, 404, "/errors/not-found", "Not Found", detail)


# Field errors; the rule of each is found by its place (wire/forms.py).
MALFORMED = Problem("CONV-PROBLEM-META", 400, "/errors/validation", "Bad Request", "The request is malformed.")

# Authentication
TOKEN_MISSING = _unauthorized("CONV-AUTH-401", "The Authorization header is missing.")
TOKEN_MALFORMED = _unauthorized("CONV-AUTH-401", "The Authorization header is not of the form: Bearer <token>.")
TOKEN_EXPIRED = _unauthorized("AROUND-OAUTH-401", "The access token has expired; its refresh token gets another.")
TOKEN_UNKNOWN = _unauthorized("CONV-AUTH-401", "The token is not known.")
TOKEN_DEACTIVATED = _unauthorized("CONV-AUTH-DEACTIVATED", "The token's user is deactivated.")
TOKEN_ELSEWHERE = _unauthorized("CONV-AUTH-DEACTIVATED", "The token belongs to another tenant than the host names.")
ORIGIN_FOREIGN = _forbidden("CONV-CORS", "Only the tenant's own Showpad domain may call from a browser, not {origin}.")
SPACES_NOT_ENABLED = _forbidden("CONV-PLAN-403", "Shared Spaces are not enabled for this organisation.")

# Sent once the limit of a tenant is switched on, or by a fault
TOO_MANY_REQUESTS = Problem(
    "CONV-RATE", 429, "/errors/too-many-requests", "Too Many Requests", "Too many requests; try again later."
)

# Shared Spaces
SPACE_UNKNOWN = _not_found("GET-404", "No Shared Space has the id {id}.")
SPACE_HIDDEN = _not_found("CONV-HIDE", "No Shared Space has the id {id}.")
CREATE_OWNER_OTHER = _forbidden("CREATE-OWNER-ADMIN-403", "Only an administrator may name another owner.")
CREATE_OWNER_UNKNOWN = _bad_request("CREATE-OWNER-UNKNOWN", "The owner is not found.")
CREATE_OWNER_DEACTIVATED = _bad_request("CREATE-OWNER-DEACTIVATED", "The owner is a deactivated user.")
CREATE_OWNER_UNLICENSED = _bad_request("CREATE-OWNER-UNLICENSED", "The owner has no content license.")
CREATE_TITLE_NEEDED = _bad_request("CREATE-TITLE-REQUIRED", "title is required, unless the template has one.")
CREATE_URI_TAKEN = _bad_request("CREATE-URI-TAKEN", 'The publicUri "{uri}" is already in use.')
UPLOAD_NEEDS_ADDON = _forbidden("CREATE-UPLOAD-403", "External upload requires the Collaborate+ add-on.")
CREATE_THEME_UNKNOWN = _bad_request("CREATE-THEME-UNKNOWN", "No theme has the id {id}.")
CREATE_TEMPLATE_UNKNOWN = _bad_request("CREATE-TEMPLATE-INVALID", "No template has the id {id}.")
CREATE_TEMPLATE_UNPUBLISHED = _bad_request("CREATE-TEMPLATE-INVALID", "The template {id} is not active.")
TEMPLATES_NOT_ACTIVATED = _forbidden("CREATE-TEMPLATE-FEATURE-403", "Shared Space templates are not activated.")
LIST_OTHER_MANAGER = _forbidden("LIST-MANAGER-403", "Only an administrator may name another manager.")
PATCH_UNKNOWN = _not_found("PATCH-404", "No Shared Space has the id {id}.")
PATCH_NOT_YOURS = _forbidden("PATCH-403", "Only an administrator or the owner may update the Shared Space.")
PATCH_URI_CHANGED = _bad_request("PATCH-URI-400", "publicUri cannot be changed after creation.")
PATCH_OWNER_CHANGED = _bad_request("PATCH-OWNER", "The owner changes by transfer-ownership only.")
DELETE_UNKNOWN = _not_found("DELETE-404", "No Shared Space has the id {id}.")
DELETE_NOT_YOURS = _forbidden("DELETE-403", "Only an administrator or the owner may delete the Shared Space.")

# Ownership
TRANSFER_UNKNOWN = _not_found("TRANSFER-404", "Shared space not found.")
TRANSFER_NOT_YOURS = _forbidden(
    "TRANSFER-403", "Requester has no admin right and is not owner of requested shared-space."
)
TRANSFER_TO_NOBODY = _bad_request("TRANSFER-NOT-FOUND", "New owner is not found.")
TRANSFER_TO_DEACTIVATED = _bad_request("TRANSFER-DEACTIVATED", "New owner is deactivated user.")
TRANSFER_TO_UNLICENSED = _bad_request("TRANSFER-UNLICENSED", "New owner has no content license.")

# Items
ITEMS_UNKNOWN = _not_found("ITEMS-404", "No Shared Space has the id {id}.")
ITEMS_NOT_YOURS = _forbidden("ITEMS-403", "Only an administrator or a participant may add content.")
ITEMS_SPACE_ARCHIVED = _bad_request("ITEMS-ARCHIVED-SPACE", "Content cannot be added to an archived Shared Space.")
ITEMS_FOLDER_UNKNOWN = _bad_request("ITEMS-UNDER", "The Shared Space holds no folder with the id {id}.")

# Shares
SHARES_NOT_ENABLED = _forbidden("SHARE-403", "API access is not enabled for the division.")
SHARE_EXPIRES_PAST = _bad_request("SHARE-EXPIRES-PAST", "expiresAt lies in the past.")
SHARE_THEME_UNKNOWN = _bad_request("SHARE-THEME-UNKNOWN", "No theme has the id {id}.")
SHARE_ASSET_UNKNOWN = _bad_request("SHARE-ASSET-UNKNOWN", "The asset {id} does not exist or is not accessible.")
SHARE_ASSET_BARRED = _bad_request("SHARE-ASSET-400", "The asset {id} is archived or may not be shared.")

# Subscriptions to webhooks
SUBSCRIPTION_UNKNOWN = _not_found("AROUND-WEBHOOKS-404", "No subscription has the id {id}.")
SUBSCRIPTIONS_FOR_ADMINS = _forbidden("AROUND-WEBHOOKS-403", "Only an administrator may manage subscriptions.")
SUBSCRIPTIONS_FULL = Problem(
    "",
    503,
    "/mock-server/subscriptions-full",
    "Service Unavailable",
    "The tenant has {cap} subscriptions, which is the most this server keeps.",
)

# Quick actions
ACTION_SPACE_UNKNOWN = _not_found("AROUND-QUICK-ACTIONS-404", "No Shared Space has the id {id}.")
ACTION_UNKNOWN = _not_found("AROUND-QUICK-ACTIONS-404", "The Shared Space has no quick action with the id {id}.")
ACTION_NOT_YOURS = _forbidden(
    "AROUND-QUICK-ACTIONS-403", "Only an administrator or a participant may change quick actions."
)
ACTION_EXTENSION_UNKNOWN = _bad_request("AROUND-QUICK-ACTIONS-FORM", "No Shared Space extension has the id {id}.")

# Records of a CRM
CRM_SPACE_UNKNOWN = _bad_request("AROUND-CRM-WHO", "No Shared Space has the id {id}.")
CRM_SHARE_UNKNOWN = _bad_request("AROUND-CRM-WHO", "No Share has the id {id}.")
CRM_NOT_YOURS = _forbidden("AROUND-CRM-WHO", "The requester may not see what the records belong to.")

# Exports
EXPORTS_FOR_ADMINS = _forbidden("AROUND-EXPORTS-403", "Only an administrator may export.")

# Mutual action plans
MAP_UNKNOWN = _not_found("AROUND-MAP-404", "No mutual action plan has the id {id}.")
MAP_HIDDEN = _not_found("AROUND-MAP-WHO", "No mutual action plan has the id {id}.")
MAP_CONTEXT_UNKNOWN = _not_found("AROUND-MAP-WHO", "There is nothing with the id {id} that has a mutual action plan.")
MAP_CONTEXT_NEEDED = _bad_request("AROUND-MAP", "A list is of one space, which contextType and contextId tell.")
MAP_TWICE = _bad_request("AROUND-MAP-ONE", "It has a mutual action plan already.")
MAP_SOURCE_UNKNOWN = _bad_request("AROUND-MAP-COPY", "No mutual action plan has the id {id}.")
MAP_NO_PART = _not_found("AROUND-MAP-PARTICIPANTS", "The requester takes no part in the mutual action plan.")
MAP_MILESTONE_UNKNOWN = _not_found("AROUND-MAP-404", "The plan has no milestone with the id {id}.")
MAP_ACTION_UNKNOWN = _not_found("AROUND-MAP-404", "The milestone has no action with the id {id}.")
MAP_ASSIGNEE_UNKNOWN = _not_found("AROUND-MAP-404", "The action has no assignee with the id {id}.")
MAP_TARGET_UNKNOWN = _bad_request("AROUND-MAP-POSITION", "The plan has no milestone with the id {id}.")
MAP_PARTICIPANT_UNKNOWN = _bad_request("AROUND-MAP-ASSIGNEES", "The plan has no participant with the id {id}.")
MAP_ASSIGNED_TWICE = _bad_request("AROUND-MAP-ASSIGNEES", "The participant is to do the action already.")
MAP_FULL = Problem(
    "",
    503,
    "/mock-server/plan-full",
    "Service Unavailable",
    "The plan has {cap} {what}, which is the most this server keeps of one.",
)

# Look-ups
USER_UNKNOWN = _not_found("AROUND-USERS", "No user has the id {id}.")
ASSET_UNKNOWN = _not_found("AROUND-ASSETS", "No asset has the id {id}.")
THEME_UNKNOWN = _not_found("AROUND-THEMES", "No theme has the id {id}.")
TEMPLATE_UNKNOWN = _not_found("AROUND-TEMPLATES", "No template has the id {id}.")
DIVISION_UNKNOWN = _not_found("AROUND-DIVISIONS", "No division has the id {id}.")

# Buyers' links
LINK_UNKNOWN = _not_found("LINK-404", "There is nothing behind this link.")
LINK_NOWHERE = _not_found("LINK-404", "This host names no tenant; its links are here: /links/TENANT/...")
LINK_EXPIRED = Problem("LINK-EXPIRED", 410, "/errors/gone", "Gone", "This link has expired.")
LINK_ARCHIVED = _forbidden("LINK-ARCHIVED", "This Shared Space is archived.")
LINK_UNINVITED = _forbidden("SPACE-INVITE", "This Shared Space is open by invitation only.")
LINK_OWNERLESS = _forbidden("AROUND-LEAVERS", "The owner of this Shared Space has left.")
LINK_NO_DOWNLOAD = _forbidden("SHARE-DOWNLOAD", "This Share allows no downloads.")
LINK_RECIPIENT = _bad_request("LINK-PAGE", "Give the e-mail address of whom to share it with.")

# Admin operations. No route of Showpad's sends these, so that no rule is behind them.
NO_SUCH = Problem("", 404, "/mock-server/no-such-record", "Not Found", "The tenant has no {what} {name}{nearest}.")
ALREADY_MEMBER = Problem(
    "", 409, "/mock-server/already-a-participant", "Conflict", "{email} takes part in the space already."
)
NOBODY_NAMED = Problem(
    "", 400, "/mock-server/nobody-named", "Bad Request", "Name either user (a user) or email (an outside person)."
)
CLIENT_EXISTS = Problem(
    "", 409, "/mock-server/client-exists", "Conflict", "The tenant has an OAuth client {id} already."
)
OWNER_STAYS = Problem(
    "", 409, "/mock-server/owner-stays", "Conflict", "The owner takes part in the space; transfer the ownership first."
)


def no_such(what: str, name: str, known: Iterable[str]) -> Refusal:
    """Refuse a name that the tenant has not, and tell the nearest that it has."""
    return NO_SUCH.error(what=what, name=name, nearest=nearest(name, known))
