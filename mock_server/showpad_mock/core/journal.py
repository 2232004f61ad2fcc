"""The journal: every exchange of a server, redacted where it is captured, bounded by dropping the oldest.

It keeps JOURNAL_ENTRIES entries and JOURNAL_BYTES of bodies for the server, and the last TENANT_ENTRIES of each tenant
for reports; of these the ones of the tenants longest quiet go first when they pass JOURNAL_BYTES, too.
"""

from __future__ import annotations

import json
import marshal
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from threading import Lock
from typing import Any

from .redaction import Headers, are_texts_innocent, redact, redact_answer, redact_headers, redact_text

# Both limits: a thousand entries with bodies of 64 KiB each way would take 128 MiB.
JOURNAL_ENTRIES = 1000
JOURNAL_BYTES = 32 * 1024 * 1024
# One busy test must not push another's last exchanges out of its report.
TENANT_ENTRIES = 20
BODY_SHOWN = 64 * 1024
# At most 4 MiB are remembered: larger answers are looked through each time.
CLEAN_CAP, CLEAN_BYTES = 1000, 4096


@dataclass(slots=True)
class Entry:
    """One exchange: `Journal.add` takes it whole, redacts it, cuts its bodies at BODY_SHOWN bytes and numbers it.

    `at` is real time in milliseconds; `number` counts up from 1; `fault` names the one that was met; `token` is
    one of the mock's own form, no secret, that let nobody in; `size` is what counts against JOURNAL_BYTES.
    """

    method: str
    path: str
    query: bytes
    tenant: str | None
    user: str | None
    status: int
    rules: tuple[str, ...]
    ignored: tuple[str, ...]
    detail: str | None
    request_headers: Headers
    request_body: bytes
    response_headers: Headers
    response_body: bytes
    milliseconds: float
    at: int = 0
    cut: bool = False
    number: int = 0
    fault: str | None = None
    token: str | None = None
    size: int = 0

    @property
    def request_json(self) -> Any:
        """What was sent, as JSON, secrets taken out; None for nothing. Raises ValueError where it is no JSON or cut."""
        return json.loads(self.request_body) if self.request_body else None

    @property
    def response_json(self) -> Any:
        """What was answered as JSON, as `request_json`."""
        return json.loads(self.response_body) if self.response_body else None


# An entry is kept in one piece. A thousand entries of a dozen small values each would hold so much of the memory that
# requests take and give back that each request found cold memory instead, which took it a tenth longer.
_values = attrgetter(*(one.name for one in fields(Entry) if one.name != "size"))


def _packed(entry: Entry) -> bytes:
    # In one piece: thousands of small values would lie among what requests take and give back, and keep it cold.
    # marshal, since only this process reads it: the form need not last.
    return marshal.dumps(_values(entry))


def _unpacked(packed: bytes) -> Entry:
    entry = Entry(*marshal.loads(packed))
    entry.size = len(packed)
    return entry


def _redact_told(entry: Entry) -> None:
    entry.query = redact(entry.query)
    entry.path = redact_text(entry.path)
    if entry.detail:
        entry.detail = redact_text(entry.detail)


class Journal:
    """Keeps the last exchanges. Never fails a request; safe to use from any thread."""

    def __init__(self, *, entries: int = JOURNAL_ENTRIES, size: int = JOURNAL_BYTES) -> None:
        self._entries: deque[bytes] = deque()
        self._of_tenant: OrderedDict[str, deque[bytes]] = OrderedDict()
        self._most_entries = entries
        self._most_bytes = size
        self._bytes = 0
        self._tenant_bytes = 0
        self._lock = Lock()
        self._clean: set[bytes] = set()
        self._listeners: list[Callable[[Entry], None]] = []
        self.last = 0
        self.dropped = 0

    def listen(self, listener: Callable[[Entry], None]) -> Callable[[], None]:
        """Call the listener with every entry to come, in their order; return what ends that.

        It is called in the thread that answered, while others wait: it must do little, and not ask the journal.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def add(self, entry: Entry, *, has_innocent_names: bool = False, is_answer_innocent: bool = False) -> None:
        """Record an exchange; drops the oldest where there is no room.

        Two flags save a search: the request's JSON is known to have no member with a secret's name, and the answer to
        hold no secret.
        """
        entry.at = time.time_ns() // 1_000_000
        entry.cut = len(entry.request_body) > BODY_SHOWN or len(entry.response_body) > BODY_SHOWN
        entry.request_headers = redact_headers(entry.request_headers)
        entry.response_headers = redact_headers(entry.response_headers)
        # A path without `=` names no secret; most requests have no query and no detail, either.
        if entry.query or entry.detail or "=" in entry.path:
            _redact_told(entry)
        if entry.request_body:
            # Cut first: to look through 10 MiB for what is not kept anyway would cost the request.
            shown = entry.request_body[:BODY_SHOWN]
            entry.request_body = shown if has_innocent_names and are_texts_innocent(shown) else redact(shown)
        if entry.response_body:
            shown = entry.response_body[:BODY_SHOWN]
            entry.response_body = shown if is_answer_innocent else self._redacted_answer(entry.method, shown)
        # Redacted before the lock is taken: what takes longest holds nobody up.
        with self._lock:
            self.last += 1
            entry.number = self.last
            packed = _packed(entry)
            entry.size = len(packed)
            self._entries.append(packed)
            self._bytes += len(packed)
            while len(self._entries) > self._most_entries or (self._bytes > self._most_bytes and self._entries):
                self._bytes -= len(self._entries.popleft())
                self.dropped += 1
            if entry.tenant is not None:
                self._keep_for_tenant(entry.tenant, packed)
            if self._listeners:
                # Within the lock: listeners get entries in their order. A copy: one may end itself meanwhile.
                for listener in tuple(self._listeners):
                    listener(entry)

    def _redacted_answer(self, method: str, body: bytes) -> bytes:
        # What a change answers is new each time: to remember it would only push out what is asked for again.
        return self._redact_again(body) if method == "GET" and len(body) <= CLEAN_BYTES else redact_answer(body)

    def _redact_again(self, body: bytes) -> bytes:
        """Redact an answer to a read, which mostly is that of an earlier one: where nothing was found is remembered."""
        if body in self._clean:
            return body
        shown = redact_answer(body)
        if shown == body:
            if len(self._clean) >= CLEAN_CAP:
                self._clean.clear()
            self._clean.add(body)
        return shown

    def _keep_for_tenant(self, tenant: str, packed: bytes) -> None:
        kept = self._of_tenant.get(tenant)
        if kept is None:
            kept = self._of_tenant[tenant] = deque()
        # The order is that of last use: the first is the one longest quiet.
        self._of_tenant.move_to_end(tenant)
        kept.append(packed)
        self._tenant_bytes += len(packed)
        if len(kept) > TENANT_ENTRIES:
            self._tenant_bytes -= len(kept.popleft())
        # Never the tenant that has just asked.
        while self._tenant_bytes > self._most_bytes and len(self._of_tenant) > 1:
            self._drop_tenant(next(iter(self._of_tenant)))

    def _drop_tenant(self, tenant: str) -> None:
        self._tenant_bytes -= sum(map(len, self._of_tenant.pop(tenant, ())))

    def read(self, *, since: int = 0) -> Iterator[Entry]:
        """Return the entries numbered above `since`, oldest first."""
        with self._lock:
            seen = max(0, since - (self.last - len(self._entries)))  # the numbers have no gaps
            kept = tuple(islice(self._entries, min(seen, len(self._entries)), None))
        # Unpacked outside the lock, and one at a time: who looks for one entry need not hold a thousand.
        return map(_unpacked, kept)

    def last_of(self, tenant: str) -> list[Entry]:
        """Return the last entries of a tenant, oldest first."""
        with self._lock:
            kept = tuple(self._of_tenant.get(tenant, ()))
        return list(map(_unpacked, kept))

    def forget_tenant(self, tenant: str) -> None:
        """Drop what is kept for a tenant alone."""
        with self._lock:
            self._drop_tenant(tenant)

    def clear(self) -> None:
        """Drop every entry; numbers go on counting."""
        with self._lock:
            self._entries.clear()
            self._of_tenant.clear()
            self._bytes = self._tenant_bytes = 0
            self.dropped = 0
