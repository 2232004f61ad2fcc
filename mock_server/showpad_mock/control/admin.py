"""The vendors' admin operations: what a test may read or change in a tenant that no route of the vendor can."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..web.vendor import AdminOperation, Vendor
from .operation import ControlRequest, Handler, Operation, Server

ONE = "/__admin/tenants/{name}"
STATUSES = {"POST": 201, "DELETE": 204}
NOT_IN_NAMES = re.compile(r"[^a-z]+")


def admin_operations(vendors: Sequence[Vendor]) -> Iterator[Operation]:
    """Return one operation of the control API for each of the vendors' admin operations."""
    for vendor in vendors:
        for one in vendor.admin_operations:
            yield Operation(
                one.method,
                ONE + one.path,
                f"{vendor.name}-{one.method.lower()}" + NOT_IN_NAMES.sub("-", one.path.lower()).rstrip("-"),
                one.summary,
                _handler(one),
                status=STATUSES.get(one.method, 200),
                body=one.body,
            )


def _handler(operation: AdminOperation) -> Handler:
    async def handle(server: Server, request: ControlRequest) -> object:
        given = () if operation.body is None else (request.body,)

        def act() -> object:
            with server.tenants.transaction(request.tenant) as unit:
                return operation.act(unit, request.params, *given)

        return await server.tenants.run(request.tenant, act)

    return handle
