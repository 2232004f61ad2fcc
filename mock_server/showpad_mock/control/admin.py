"""The vendors' admin operations: what a test may read or change in a tenant that no route of the vendor can."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..state.tenants import Tenants
from ..web.render import Answer, json_answer, no_content
from ..web.vendor import AdminOperation, Vendor
from .operation import Asked, Operation
from .tenants import ONE

NOT_IN_NAMES = re.compile(r"[^a-z]+")


def admin_operations(tenants: Tenants, vendors: Sequence[Vendor]) -> list[Operation]:
    """Return one operation of the control API for each of the vendors' admin operations."""
    return [_operation(tenants, vendor.name, one) for vendor in vendors for one in vendor.admin_operations]


def _operation(tenants: Tenants, vendor: str, operation: AdminOperation) -> Operation:
    async def act(asked: Asked) -> Answer:
        given = () if operation.body is None else (asked.body,)
        with tenants.transaction(asked.tenant) as unit:
            result = operation.act(unit, asked.params, *given)
        return no_content() if result is None else json_answer(result, 201 if operation.method == "POST" else 200)

    return Operation(
        method=operation.method,
        path=ONE + operation.path,
        name=f"{vendor}-{operation.method.lower()}" + NOT_IN_NAMES.sub("-", operation.path.lower()).rstrip("-"),
        summary=operation.summary,
        act=act,
        status={"POST": 201, "DELETE": 204}.get(operation.method, 200),
        body=operation.body,
    )
