"""An entry of the journal as bytes that other servers read, whatever their version of Python."""

from __future__ import annotations

import json
from typing import Any

from ...core.journal import Entry
from ...core.redaction import Headers

# Raised whenever the fields of Entry change: what another version has added is not read.
FORM = 1
BYTES = ("query", "request_body", "response_body")
HEADERS = ("request_headers", "response_headers")
TEXTS = ("method", "path", "tenant", "user", "status", "rules", "ignored", "detail", "milliseconds", "at", "cut")


def packed(entry: Entry) -> bytes:
    """Return an entry as JSON, without its number; bytes are text there, a character a byte."""
    values = [getattr(entry, name) for name in TEXTS]
    values += [getattr(entry, name).decode("latin-1") for name in BYTES]
    values += [[part.decode("latin-1") for pair in getattr(entry, name) for part in pair] for name in HEADERS]
    # Not Pydantic's: a text may hold half of a surrogate pair, which it refuses.
    return json.dumps(values, separators=(",", ":")).encode()


def unpacked(number: int, body: bytes) -> Entry:
    """Return an entry with the number that the board gave it."""
    told: dict[str, Any] = dict(zip((*TEXTS, *BYTES, *HEADERS), json.loads(body), strict=True))
    told |= {name: told[name].encode("latin-1") for name in BYTES}
    told |= {name: _headers(told[name]) for name in HEADERS}
    told |= {name: tuple(told[name]) for name in ("rules", "ignored")}
    return Entry(**told, number=number, size=len(body))


def _headers(parts: list[str]) -> Headers:
    flat = [part.encode("latin-1") for part in parts]
    return list(zip(flat[::2], flat[1::2], strict=True))
