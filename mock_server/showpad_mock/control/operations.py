"""The operations of the control API: one table, from which dispatch, the index and the OpenAPI document are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..explaining.explanation import Explanation
from ..web.vendor import Vendor
from . import about, explain, faults, openapi, rate_limits, requests, snapshots, tenants, webhooks
from .admin import ONE, admin_operations
from .operation import Operation

ALL = "/__admin/tenants"
REQUESTS = "/__admin/requests"
FAULTS = f"{ONE}/faults"
FAULT = f"{FAULTS}/{{fault}}"
RATE_LIMIT = f"{ONE}/rate-limit"

# fmt: off
TENANTS = (
    Operation("GET", ALL, "list-tenants", "List the tenants that have been opened",
              tenants.list_tenants, answer=list[tenants.ListedTenant]),
    Operation("POST", ALL, "open-tenant", "Open a tenant, under a name that is not in use yet",
              tenants.open_tenant, status=201, body=tenants.NewTenant, is_body_optional=True,
              answer=tenants.ShownTenant),
    Operation("GET", ONE, "show-tenant", "Show a tenant, where to call it and with which tokens",
              tenants.show_tenant, answer=tenants.ShownTenant),
    Operation("PATCH", ONE, "change-tenant", "Freeze or shift a tenant's clock, or let it show real time",
              tenants.change_tenant, body=tenants.TenantChange, answer=tenants.ShownClock),
    Operation("POST", f"{ONE}/advance", "advance-clock",
              "Advance a tenant's clock; what falls due meanwhile is done in its order",
              webhooks.advance_clock, body=webhooks.Advance, answer=webhooks.Advanced),
    Operation("DELETE", ONE, "delete-tenant", "Delete a tenant and all it holds",
              tenants.delete_tenant, status=204),
    Operation("POST", f"{ONE}/reset", "reset-tenant",
              "Set a tenant back to its seed data; its ids start again from the first",
              tenants.reset_tenant, status=204),
    Operation("GET", f"{ONE}/outbox", "show-outbox", "Show the notifications that the tenant sent, or wait for one",
              tenants.show_outbox, query=tenants.OutboxQuery, answer=tenants.ShownOutbox),
    Operation("GET", f"{ONE}/events", "show-events", "Show the events that the tenant recorded for webhooks",
              tenants.show_events, answer=tenants.ShownLog),
    Operation("GET", f"{ONE}/webhooks/attempts", "list-webhook-attempts",
              "List what was sent to subscribers and what came of it, or wait for an attempt",
              webhooks.list_attempts, query=webhooks.AttemptQuery, answer=webhooks.ShownAttempts),
    Operation("GET", f"{ONE}/webhooks/deliveries", "list-webhook-deliveries", "List deliveries by how far they are",
              webhooks.list_deliveries, query=webhooks.DeliveryQuery, answer=webhooks.ShownDeliveries),
    Operation("POST", f"{ONE}/webhooks/deliveries/{{delivery}}/redeliver", "redeliver-webhook",
              "Make a delivery once more, with its id",
              webhooks.redeliver_one, answer=webhooks.ShownDelivery),
    Operation("POST", f"{ONE}/webhooks/deliver", "deliver-webhooks", "Wait until all that is due is delivered",
              webhooks.deliver, body=webhooks.Patience, is_body_optional=True, answer=webhooks.ShownPending),
    Operation("POST", f"{ONE}/webhooks/replay", "replay-webhooks",
              "Make all deliveries of events since a time once more",
              webhooks.replay_all, body=webhooks.Replay, answer=webhooks.Replayed),
    Operation("GET", f"{ONE}/state", "take-snapshot",
              "Return everything that a tenant holds: records, clock, logs, the position of its chance",
              snapshots.take_snapshot, answer=dict[str, Any]),
    Operation("PUT", f"{ONE}/state", "restore-snapshot",
              "Put a snapshot, of this tenant or another, in place of what a tenant holds",
              snapshots.restore_snapshot, status=204, takes_snapshot=True),
    Operation("GET", FAULTS, "list-faults", "List a tenant's faults, in the order in which they are tried",
              faults.list_faults, answer=list[faults.ShownFault]),
    Operation("POST", FAULTS, "set-fault", "Let calls of a tenant, or deliveries of its webhooks, meet trouble",
              faults.set_fault, status=201, body=faults.NewFault, answer=faults.ShownFault),
    Operation("DELETE", FAULTS, "remove-faults", "Remove all faults of a tenant",
              faults.remove_faults, status=204),
    Operation("GET", FAULT, "show-fault", "Show a fault, and how often it has acted",
              faults.show_fault, answer=faults.ShownFault),
    Operation("PATCH", FAULT, "change-fault", "Change a fault; what it has counted stays counted",
              faults.change_fault, body=faults.FaultChange, answer=faults.ShownFault),
    Operation("DELETE", FAULT, "remove-fault", "Remove a fault",
              faults.remove_fault, status=204),
    Operation("GET", RATE_LIMIT, "show-rate-limit", "Show a tenant's rate limit, which is off unless it is set",
              rate_limits.show_rate_limit, answer=rate_limits.ShownRateLimit),
    Operation("PUT", RATE_LIMIT, "set-rate-limit", "Switch a tenant's rate limit on; everybody begins anew",
              rate_limits.set_rate_limit, body=rate_limits.NewRateLimit, is_body_optional=True,
              answer=rate_limits.ShownRateLimit),
    Operation("DELETE", RATE_LIMIT, "remove-rate-limit", "Switch a tenant's rate limit off",
              rate_limits.remove_rate_limit, status=204),
)
SERVER = (
    Operation("GET", REQUESTS, "list-requests", "List the requests that came in and their answers, or wait for one",
              requests.list_requests, query=requests.RequestQuery, answer=requests.ShownRequests),
    Operation("DELETE", REQUESTS, "clear-requests", "Forget all requests; numbers go on counting",
              requests.clear_requests, status=204),
    Operation("GET", f"{REQUESTS}/{{number}}/explain", "explain-request",
              "Tell why a request was answered as it was, and what is nearest to what it named",
              explain.explain_request, answer=Explanation),
    Operation("GET", "/__admin/rules", "list-rules", "List the rules and how often each has decided an answer",
              about.list_rules, answer=list[about.ShownRule]),
    Operation("GET", "/__admin/version", "show-version", "Show the server's version",
              about.show_version, answer=about.ShownVersion),
    Operation("POST", "/__admin/shutdown", "shut-down", "End the server once this is answered",
              about.shut_down, status=202, answer=about.Health),
    Operation("GET", "/livez", "show-livez", "Say that the server answers; asks for no token",
              about.show_health, answer=about.Health),
    Operation("GET", "/readyz", "show-readyz", "Say that the server reaches its state, too; asks for no token",
              about.show_readiness, answer=about.Health),
    Operation("GET", "/__admin/", "show-index", "List what the control API offers",
              openapi.show_index, answer=openapi.Index),
    Operation("GET", "/__admin/openapi.json", "show-openapi", "Return the control API as an OpenAPI document",
              openapi.show_openapi, answer=dict[str, Any]),
)
# fmt: on


def operations_with(vendors: Sequence[Vendor]) -> Sequence[Operation]:
    """Return all operations in the order of the documentation; the vendors' are behind those of tenants."""
    return (*TENANTS, *admin_operations(vendors), *SERVER)
