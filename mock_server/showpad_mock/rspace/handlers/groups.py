"""The look-ups of groups."""

from __future__ import annotations

from ...web.call import Call
from ...web.render import Answer
from ..domain import groups
from ..wire.answers import answer
from ..wire.callers import caller_of
from ..wire.forms import path_id
from ..wire.groups import group_answer


def list_groups(call: Call) -> Answer:
    """Answer `GET /groups`: an array, without pages."""
    return answer([group_answer(one, call.unit.store) for one in groups.list_groups(call.unit, caller_of(call))])


def get_group(call: Call) -> Answer:
    """Answer `GET /groups/{id}`."""
    return answer(group_answer(groups.get_group(call.unit, caller_of(call), path_id(call)), call.unit.store))
