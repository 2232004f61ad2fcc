"""The operations on Shared Spaces."""

from __future__ import annotations

from typing import Any

from ...web.call import Call
from ...web.render import Answer, no_content, rendered, rendered_answer
from ..domain import listing, spaces
from ..domain.space import Space
from ..wire import spaces as wire
from ..wire.callers import caller_of
from ..wire.pages import page_answer


def _shown(call: Call, space: Space, status: int = 200) -> Answer:
    name = call.unit.tenant.name
    shown = rendered(call.unit.tenants.shown, name, space.id, space, lambda one: wire.space_answer(one, name))
    return rendered_answer(status, shown)


def list_all(call: Call) -> Answer:
    """Answer `GET /shared-spaces`."""
    query = wire.LIST.read_query(call)
    page = listing.list_spaces(call.unit, caller_of(call), query)
    name, kept = call.unit.tenant.name, call.unit.tenants.listed

    def show(space: Space) -> dict[str, Any]:
        return wire.listed_answer(space, name)

    return page_answer(page.count, [rendered(kept, name, space.id, space, show) for space in page.items])


def create(call: Call) -> Answer:
    """Answer `POST /shared-spaces`."""
    space = spaces.create(call.unit, caller_of(call), wire.CREATE.read_body(call))
    return _shown(call, space, 201)


def get(call: Call) -> Answer:
    """Answer `GET /shared-spaces/{shareId}`."""
    space = spaces.get(call.unit, caller_of(call), call.params["shareId"])
    return _shown(call, space)


def update(call: Call) -> Answer:
    """Answer `PATCH /shared-spaces/{shareId}`."""
    space = spaces.update(call.unit, caller_of(call), call.params["shareId"], wire.UPDATE.read_body(call))
    return _shown(call, space)


def delete(call: Call) -> Answer:
    """Answer `DELETE /shared-spaces/{shareId}`."""
    spaces.delete(call.unit, caller_of(call), call.params["shareId"])
    return no_content()
