"""The exports of v3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.refusals import Parsed
from ...state.unit import Unit
from ...web.call import Call
from ...web.render import Answer, ComposedAnswer
from ..domain import exports
from ..domain.access import Caller
from ..domain.exports import Export, ExportQuery
from ..wire import exports as wire
from ..wire.callers import caller_of

Choose = Callable[[Unit, Caller, Parsed[ExportQuery]], Export]


def _export(choose: Choose, show: Callable[[Any], dict[str, Any]]) -> Callable[[Call], Answer]:
    def handle(call: Call) -> Answer:
        found = choose(call.unit, caller_of(call), wire.QUERY.read_query(call))
        return ComposedAnswer(wire.pieces(found, show, call.unit.now))

    return handle


spaces = _export(exports.spaces, wire.space_row)
participants = _export(exports.participants, wire.participant_row)
items = _export(exports.items, wire.item_row)
shares = _export(exports.shares, wire.share_row)
