"""What the control API refuses. No vendor sends these, so that no rule is behind them."""

from __future__ import annotations

from ..core.names import TENANT_NAME_RULE
from ..core.refusals import Problem

FOREIGN_HOST = Problem(
    "",
    403,
    "/mock-server/foreign-host",
    "Forbidden",
    'On loopback the control API answers to localhost and loopback addresses only, not to the host "{host}".',
)
FOREIGN_ORIGIN = Problem(
    "",
    403,
    "/mock-server/foreign-origin",
    "Forbidden",
    'Pages of "{origin}" may not use the control API; only this server\'s own may.',
)
FOREIGN_SITE = Problem(
    "",
    403,
    "/mock-server/foreign-site",
    "Forbidden",
    "Pages of other sites may not use the control API; the browser says that one asks (Sec-Fetch-Site: {site}).",
)
ADMIN_TOKEN_NEEDED = Problem(
    "",
    401,
    "/mock-server/admin-token-needed",
    "Unauthorized",
    "This server listens beyond loopback, so that its control API asks for the admin token "
    "(SHOWPAD_MOCK_ADMIN_TOKEN, or what it printed at its start): Authorization: Bearer TOKEN.",
)
INVALID_REQUEST = Problem("", 400, "/mock-server/invalid-request", "Bad Request", "{told}")
INVALID_NAME = Problem(
    "",
    400,
    "/mock-server/invalid-tenant-name",
    "Bad Request",
    f'The path names no tenant: {TENANT_NAME_RULE}, not "{{name}}".',
)
INVALID_SNAPSHOT = Problem("", 400, "/mock-server/invalid-snapshot", "Bad Request", "{told}")
SNAPSHOT_TOO_LARGE = Problem(
    "", 413, "/mock-server/snapshot-too-large", "Content Too Large", "The snapshot is larger than {cap} bytes."
)
TENANT_EXISTS = Problem("", 409, "/mock-server/tenant-exists", "Conflict", 'The tenant "{name}" is open already.')
TENANT_NOT_OPEN = Problem("", 404, "/mock-server/tenant-not-open", "Not Found", 'No tenant "{name}" has been opened.')
DELIVERY_UNKNOWN = Problem("", 404, "/mock-server/delivery-unknown", "Not Found", 'There is no delivery "{id}".')
CANNOT_SHUT_DOWN = Problem(
    "",
    409,
    "/mock-server/cannot-shut-down",
    "Conflict",
    "This server is part of another program, which alone may end it.",
)
NO_EXCHANGE = Problem(
    "",
    404,
    "/mock-server/no-such-exchange",
    "Not Found",
    "The journal has no exchange {number}; GET /__admin/requests lists those it has.",
)
