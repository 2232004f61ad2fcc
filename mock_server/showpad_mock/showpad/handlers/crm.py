"""The lists of a CRM's records."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer, json_answer
from ..domain import crm
from ..wire import crm as wire
from ..wire.callers import caller_of
from ..wire.lookups import page_answer


def of_space(call: Call) -> Answer:
    """Answer `GET /crm/shared-space-records/{sharedSpaceId}`."""
    page = crm.of_space(call.unit, caller_of(call), call.params["sharedSpaceId"], wire.LIST.read_query(call))
    return json_answer(page_answer(page, wire.record_answer))


def of_share(call: Call) -> Answer:
    """Answer `GET /crm/share-records/{shareId}`."""
    page = crm.of_share(call.unit, caller_of(call), call.params["shareId"], wire.LIST.read_query(call))
    return json_answer(page_answer(page, wire.record_answer))
