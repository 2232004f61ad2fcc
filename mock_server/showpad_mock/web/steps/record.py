"""The journal's entry: the whole exchange, as it was asked and answered."""

from __future__ import annotations

import time

from ...core.journal import Entry, Journal
from ..call import Call


class Record:
    """Writes each exchange into the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __call__(self, call: Call) -> None:
        """Write the exchange down."""
        answer = call.answer
        assert answer is not None
        self._journal.add(
            Entry(
                method=call.method,
                path=call.path,
                query=call.query,
                tenant=call.tenant.name if call.tenant is not None else None,
                user=call.user,
                status=answer.status,
                rules=call.rules,
                ignored=call.ignored.told() if call.ignored.names else (),
                detail=call.detail,
                request_headers=call.headers,
                request_body=call.body,
                response_headers=answer.headers,
                response_body=answer.body,
                token=call.token,
                fault=call.fault.name if call.fault is not None else None,
                milliseconds=(time.perf_counter() - call.started) * 1000,
            ),
            has_innocent_names=call.has_innocent_names,
            is_answer_innocent=answer.is_innocent,
        )
