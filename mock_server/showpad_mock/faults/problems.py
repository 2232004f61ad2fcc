"""What is refused about faults. No vendor sends these, so that no rule is behind them."""

from __future__ import annotations

from ..core.refusals import Problem

FAULT_UNKNOWN = Problem(
    "", 404, "/mock-server/no-such-fault", "Not Found", "The tenant {tenant} has no fault {name}{nearest}."
)
FAULT_EXISTS = Problem(
    "", 409, "/mock-server/fault-exists", "Conflict", 'The tenant {tenant} has a fault "{name}" already.'
)
FAULTS_FULL = Problem(
    "",
    409,
    "/mock-server/too-many-faults",
    "Conflict",
    "The tenant {tenant} has {most} faults, which is the most; delete some.",
)
FAULT_NAMED_UNKNOWN = Problem(
    "",
    400,
    "/mock-server/unknown-fault",
    "Bad Request",
    "The token asks for a fault {name}, which is none of the tenant's for calls, none that is built in, and no rule "
    "that refuses"
    "{nearest}.",
)
WRONG = Problem("", 400, "/mock-server/invalid-fault", "Bad Request", "{told}")
