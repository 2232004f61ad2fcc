"""The way of every vendor request: found, read, admitted, answered, written down.

What the mock alone refuses (unknown path, wrong method, not emulated, body too large) comes before the vendor's 401.
From admission to answer nothing awaits, under the tenants' lock: an answer and its changes are one unit of work.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from starlette.requests import ClientDisconnect

from ..core.journal import Entry, Journal
from ..core.refusals import Problem, Refusal
from ..state.tenants import Tenants
from .call import Call
from .dispatch import Dispatcher
from .encoding import refuse_encoded
from .form import STRICT
from .json_body import check_depth
from .render import Answer, RulesHeader, ignored_header, problem_answer
from .vendor import Vendor

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_CAP = 10 * 1024 * 1024
# A client that is still sending may miss an answer that comes too early: this much is read on and thrown away.
DISCARDED = 10 * BODY_CAP
BODY_HEADERS = frozenset({b"content-length", b"transfer-encoding"})

BODY_TOO_LARGE = Problem(
    "", 413, "/mock-server/body-too-large", "Content Too Large", "The body is larger than {cap} bytes (10 MiB)."
)
NOT_EMULATED = Problem(
    "", 501, "/mock-server/not-emulated", "Not Implemented", "{method} {path} is published, but not emulated yet."
)
BROKEN = Problem(
    "", 500, "/mock-server/internal-error", "Internal Server Error", "The mock itself failed; its log tells where."
)

logger = logging.getLogger("showpad_mock")


async def read_body(receive: Receive) -> bytes | None:
    """Read a request's body; None when it is larger than BODY_CAP. Raises ClientDisconnect for half a body."""
    chunks: list[bytes] = []
    size, more = 0, True
    while more and size <= DISCARDED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size <= BODY_CAP:
            chunks.append(chunk)
    return b"".join(chunks) if size <= BODY_CAP else None


def _may_have_body(scope: Scope) -> bool:
    """Return whether a body may come; to wait for none costs a read a twentieth."""
    return scope["method"] != "GET" or not BODY_HEADERS.isdisjoint(dict(scope["headers"]))


class Gateway:
    """Answers every request to the vendors' routes."""

    def __init__(self, vendors: Sequence[Vendor], tenants: Tenants, journal: Journal, *, strict: bool) -> None:
        self._tenants = tenants
        self._journal = journal
        self._strict = strict
        self._dispatcher: Dispatcher[Vendor] = Dispatcher(
            (route, vendor) for vendor in vendors for route in (*vendor.routes, *vendor.not_emulated)
        )
        self._not_emulated = {id(route) for vendor in vendors for route in vendor.not_emulated}
        self._rules_header = RulesHeader({rule: level for vendor in vendors for rule, level in vendor.levels.items()})
        self.decided: Counter[str] = Counter()
        """How many answers each rule has decided since the start."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        started = time.perf_counter()
        try:
            body = await read_body(receive) if _may_have_body(scope) else b""
        except ClientDisconnect:
            return  # half a request asks for nothing, and nobody is there to be answered
        call = Call(scope, body or b"", strict=self._strict)
        with self._tenants.lock:
            try:
                answer = self._answer(call, scope.get("raw_path") or b"", too_large=body is None)
            except Refusal as refusal:
                answer = self._refuse(call, refusal)
            except Exception:
                logger.exception("%s %r failed", call.method, call.path)
                answer = problem_answer(BROKEN.error())
        self._label(call, answer)
        self._journal.add(
            Entry(
                method=call.method,
                path=call.path,
                query=call.query,
                tenant=call.tenant.name if call.tenant is not None else None,
                user=call.user,
                status=answer.status,
                rules=call.rules,
                ignored=call.ignored.told() if call.ignored else (),
                detail=call.detail,
                request_headers=call.headers,
                request_body=call.body,
                response_headers=answer.headers,
                response_body=answer.body,
                milliseconds=(time.perf_counter() - started) * 1000,
            ),
            has_innocent_names=call.has_innocent_names,
            is_answer_innocent=answer.is_innocent,
        )
        await answer(scope, receive, send)

    def _answer(self, call: Call, raw_path: bytes, *, too_large: bool) -> Answer:
        is_preflight = call.method == "OPTIONS" and call.header(b"access-control-request-method") is not None
        match = self._dispatcher.match(None if is_preflight else call.method, call.path, raw_path)
        if id(match.route) in self._not_emulated:
            raise NOT_EMULATED.error(method=call.method, path=match.route.path)
        if too_large:
            raise BODY_TOO_LARGE.error(cap=BODY_CAP)
        if call.body:
            if not call.body.startswith(b"{"):  # what is compressed begins otherwise: the usual body is not asked about
                refuse_encoded(call.header(b"content-encoding"))
            check_depth(call.body)
        vendor = call.vendor = match.owner
        if is_preflight:
            granted: Answer
            granted, call.rules = vendor.preflight(call, self._dispatcher.allowed(call.path, raw_path))
            return granted
        call.params = match.params
        vendor.authenticate(call, self._tenants)
        assert call.tenant is not None
        with self._tenants.unit(call.tenant) as call.unit:
            # Starlette types an endpoint for its own Request; a vendor's takes a Call and gives an Answer.
            endpoint: Callable[[Call], Answer] = match.route.endpoint
            answer = endpoint(call)
            if call.query and not call.is_query_read:
                call.tell_unread_query()
                if self._strict:
                    raise STRICT.error(names=call.ignored)
        call.rules = tuple(dict.fromkeys(call.unit.rules))
        return answer

    def _refuse(self, call: Call, refusal: Refusal) -> Answer:
        call.rules, call.detail = refusal.rules, refusal.detail
        occurrence = call.tenant.problem_ids.uuid() if call.tenant is not None else None
        return problem_answer(refusal, occurrence)

    def _label(self, call: Call, answer: Answer) -> None:
        if call.rules:
            for rule in call.rules:
                self.decided[rule] += 1
            answer.headers.append((b"x-mock-rules", self._rules_header.write(call.rules)))
        if call.ignored:
            answer.headers.append((b"x-mock-ignored", ignored_header(call.ignored)))
        if call.vendor is not None and (origin := call.header(b"origin")) is not None:
            answer.headers += call.vendor.cross_origin(call, origin)
