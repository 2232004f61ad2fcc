"""Every refusal that the emulated API sends, by name, with the rule that asks for it (RS-ERROR).

A problem's type is RSpace's internal code, its title the name of the status.
"""

from __future__ import annotations

from ..core.refusals import Problem


def _unauthorized(rule: str, detail: str) -> Problem:
    # Acting on what one may not touch is 401, too: RSpace knows no 403 (RS-AUTH-401).
    return Problem(rule, 401, "40101", "Unauthorized", detail)


def _not_found(rule: str, detail: str) -> Problem:
    return Problem(rule, 404, "50301", "Not Found", detail)  # the code that begins like a 503 is RSpace's own


def _illegal(rule: str, detail: str) -> Problem:
    return Problem(rule, 422, "42201", "Unprocessable Entity", detail)


def _failure(rule: str, detail: str) -> Problem:
    return Problem(rule, 500, "50001", "Internal Server Error", detail)


# What is wrong with a body or a query; the rules are those of its violations (wire/violations.py).
INVALID = Problem("RS-ERROR-VALIDATION", 400, "40002", "Bad Request", "There are {count} validation errors.")
ID_MALFORMED = Problem("RS-ID-400", 400, "40006", "Bad Request", "{id} is no integer.")
UNREADABLE = Problem("RS-BODY", 400, "40009", "Bad Request", "The body cannot be read.")
MEDIA_TYPE = Problem("RS-BODY-TYPE", 415, "41501", "Unsupported Media Type", "A body must be JSON, not {given}.")

# Authentication
CREDENTIALS_MISSING = _unauthorized("RS-AUTH-401", "Neither an apiKey header nor a Bearer token was sent.")
KEY_MALFORMED = _unauthorized("RS-AUTH-KEY-FORM", "An API key holds letters, digits and underscores only.")
KEY_UNKNOWN = _unauthorized("RS-AUTH-UNKNOWN", "No account has the API key {start}...")
BEARER_MALFORMED = _unauthorized("RS-AUTH-BEARER", "The Authorization header is not of the form: Bearer <token>.")
TOKEN_UNKNOWN = _unauthorized("RS-AUTH-UNKNOWN", "No account has the access token {start}...")
ACCOUNT_DISABLED = _unauthorized("RS-AUTH-DISABLED", "The account {username} is disabled.")

# Sent once the limit of a tenant is switched on, or by a fault
TOO_MANY_REQUESTS = Problem("RS-RATE", 429, "42901", "Too Many Requests", "Too many requests; try again later.")

# Groups, documents, folders
GROUP_UNKNOWN = _not_found("RS-GROUP-404", "Group [{id}] is not available to you.")
DOCUMENT_UNKNOWN = _not_found("RS-DOC-404", "Document [{id}] is not available to you.")
DOCUMENT_NOT_YOURS = _not_found("RS-DOC-DELETE-404", "Document [{id}] is not available to you.")
PARENT_UNKNOWN = _not_found("RS-PARENT-404", "Folder [{id}] is not available to you.")
ORDER_SPACING = _illegal("RS-PAGE-ORDER-SPACING", "{order} is no order: one blank stands between its words.")
TWO_QUERIES = _illegal("RS-DOCS-TWO-QUERIES", "Give either query or advancedQuery, not both.")

# Sharing
SHARE_NOT_OWNER = _unauthorized("RS-SHARE-NOT-OWNER", "Item [{id}] is not yours to share.")
SHARE_NOT_SHAREABLE = _unauthorized("RS-SHARE-KIND", "Item [{id}] is of a kind that cannot be shared.")
SHARE_NOT_MEMBER = _unauthorized("RS-SHARE-NOT-MEMBER", "You are no member of the group [{id}].")
SHARE_NOT_COLLEAGUE = _unauthorized("RS-SHARE-NOT-COLLEAGUE", "The user [{id}] is in none of your groups.")
SHARE_ATOMIC = _unauthorized("RS-SHARE-ATOMIC", "{detail}")
SHARE_NONE_ALLOWED = _unauthorized("RS-SHARE-ALL-FAIL", "None of the items could be shared.")
SHARE_INTO_NOTEBOOK = _illegal("RS-SHARE-INTO-NOTEBOOK", "Nothing can be shared into the notebook [{id}].")
SHARE_SOME_FAILED = _failure("RS-SHARE-SOME-FAIL", "Transaction rolled back: some of the items cannot be shared.")
SHARE_ITEM_UNKNOWN = _failure("RS-SHARE-ITEM-UNKNOWN", "There is no item [{id}].")
SHARE_TARGET_UNKNOWN = _failure("RS-SHARE-TARGET-UNKNOWN", "There is no {target} [{id}].")
SHARE_FOLDER_UNKNOWN = _failure("RS-SHARE-FOLDER-UNKNOWN", "There is no folder [{id}].")
SHARE_UNKNOWN = _not_found("RS-UNSHARE-404", "Share [{id}] is not available to you.")
SHARE_NOT_YOURS = _not_found("RS-UNSHARE-FOREIGN", "Share [{id}] is not available to you.")
PERMISSION_UNKNOWN_SHARE = _not_found("RS-PERMISSION-404", "Share [{id}] is not available to you.")
PERMISSION_MISSING = _failure("RS-PERMISSION-NULL-OBSERVED", "permission is null.")
SHARES_UNREADABLE = _unauthorized("RS-SHARES-ITEMS-401", "Item [{id}] is not yours to read.")
SHARED_DOCUMENT_HIDDEN = _not_found("RS-DOC-SHARES-404", "Document [{id}] is not available to you.")
SHARED_DOCUMENT_UNKNOWN = _not_found("RS-DOC-SHARES-UNKNOWN", "Document [{id}] is not available to you.")
SHARED_DOCUMENT_FAILURE = _failure("RS-DOC-SHARES-UNKNOWN-OBSERVED", "There is no document [{id}].")

# Of the mock itself. No route of RSpace's sends these, so that no rule is behind them.
NO_SUCH = Problem("", 404, "/mock-server/no-such-record", "Not Found", "The tenant has no {what} {name}{nearest}.")
ADVANCED_QUERY = Problem(
    "",
    501,
    "/mock-server/not-emulated",
    "Not Implemented",
    "advancedQuery by {types} is published, but not emulated yet.",
)
