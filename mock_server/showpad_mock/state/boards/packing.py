"""An entry of the journal as bytes that other servers read, whatever their version of Python."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain
from operator import attrgetter
from typing import Any

from ...core.journal import Entry

# Raised whenever the fields of Entry change: what another version has added is not read.
FORM = 3
TEXTS = (
    "method",
    "path",
    "tenant",
    "user",
    "status",
    "rules",
    "ignored",
    "detail",
    "milliseconds",
    "at",
    "cut",
    "fault",
    "token",
)
BYTES = ("query", "request_body", "response_body")
HEADERS = ("request_headers", "response_headers")
_texts, _bytes, _headers = attrgetter(*TEXTS), attrgetter(*BYTES), attrgetter(*HEADERS)


def packed(entry: Entry) -> bytes:
    """Return an entry without its number: a line of JSON that says where the bytes are which follow it."""
    requested, answered = map(_flat, _headers(entry))
    parts = [*_bytes(entry), *requested, *answered]
    # Not Pydantic's: a text may hold half of a surrogate pair, which it refuses.
    told = json.dumps([_texts(entry), len(requested), list(map(len, parts))])
    return b"".join((told.encode(), b"\n", *parts))


def unpacked(number: int, body: bytes) -> Entry:
    """Return an entry with the number that the board gave it."""
    told, _, rest = body.partition(b"\n")
    texts, requested, sizes = json.loads(told)
    parts, start = [], 0
    for size in sizes:
        parts.append(rest[start : start + size])
        start += size
    headers = parts[len(BYTES) :]
    values: dict[str, Any] = dict(zip((*TEXTS, *BYTES), (*texts, *parts), strict=False))
    values |= {name: tuple(values[name]) for name in ("rules", "ignored")}
    values |= dict(zip(HEADERS, (_pairs(headers[:requested]), _pairs(headers[requested:])), strict=True))
    return Entry(**values, number=number, size=len(body))


def _flat(headers: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    return list(chain.from_iterable(headers))


def _pairs(flat: list[bytes]) -> list[tuple[bytes, bytes]]:
    return list(zip(flat[::2], flat[1::2], strict=True))
