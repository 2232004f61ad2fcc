"""The vendors' levers: what a test may read or change in a tenant that no route of the vendor can."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..state.tenants import Tenants
from ..web.render import Answer, json_answer, no_content
from ..web.vendor import Lever, Vendor
from .operation import Asked, Operation
from .tenants import ONE

NOT_IN_NAMES = re.compile(r"[^a-z]+")


def lever_operations(tenants: Tenants, vendors: Sequence[Vendor]) -> list[Operation]:
    """Give one operation a lever."""
    return [_operation(tenants, vendor, lever) for vendor in vendors for lever in vendor.levers]


def _operation(tenants: Tenants, vendor: Vendor, lever: Lever) -> Operation:
    async def act(asked: Asked) -> Answer:
        given = () if lever.body is None else (asked.body,)
        with tenants.lock, tenants.unit(tenants.open(asked.tenant)) as unit:
            result = lever.act(unit, asked.params, *given)
        return no_content() if result is None else json_answer(result, 201 if lever.method == "POST" else 200)

    return Operation(
        method=lever.method,
        path=ONE + lever.path,
        name=f"{vendor.name}-{lever.method.lower()}" + NOT_IN_NAMES.sub("-", lever.path.lower()).rstrip("-"),
        summary=lever.summary,
        act=act,
        status={"POST": 201, "DELETE": 204}.get(lever.method, 200),
        body=lever.body,
    )
