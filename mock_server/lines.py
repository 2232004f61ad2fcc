"""Exchanges as people and programs read them: one line a request, or whole."""

from __future__ import annotations

import json

from .clock import iso
from .journal import Entry

BODY_CHARACTERS = 1000
COLOURS = {2: "32", 3: "36", 4: "33", 5: "31"}


def request_line(entry: Entry, *, colour: bool = False) -> str:
    """Give one line: `POST /v4/shared-spaces 400 CREATE-URI-TAKEN "marketing" is in use`."""
    status = str(entry.status)
    if colour:
        status = f"\033[{COLOURS.get(entry.status // 100, '0')}m{status}\033[0m"
    parts = [entry.method, _target(entry), status, ", ".join(entry.rules), _printable(entry.detail or "")]
    if entry.ignored:
        parts.append(f"(ignored: {_printable(', '.join(entry.ignored))})")
    return " ".join(part for part in parts if part)


def json_line(entry: Entry) -> str:
    """Give the same as one JSON object."""
    told = {
        "time": iso(entry.at),
        "method": entry.method,
        "path": _target(entry),
        "tenant": entry.tenant,
        "user": entry.user,
        "status": entry.status,
        "rules": entry.rules,
        "ignored": entry.ignored,
        "detail": entry.detail,
        "milliseconds": round(entry.milliseconds, 3),
    }
    return json.dumps(told, ensure_ascii=False)


def exchange_text(entry: Entry) -> str:
    """Give a whole exchange: who asked what, what came back, and which rules decided it."""
    lines = [
        f"#{entry.number} {request_line(entry)}",
        f"   as {entry.user or 'nobody'} of {entry.tenant or 'no tenant'}",
    ]
    if entry.request_body:
        lines.append(f"   sent     {_body(entry.request_body)}")
    if entry.response_body:
        lines.append(f"   received {_body(entry.response_body)}")
    return "\n".join(lines)


def _target(entry: Entry) -> str:
    query = entry.query.decode("ascii", "replace")
    return _printable(entry.path + (f"?{query}" if query else ""))


def _body(body: bytes) -> str:
    text = _printable(body.decode("utf-8", "replace"))
    return text if len(text) <= BODY_CHARACTERS else f"{text[:BODY_CHARACTERS]}... ({len(body)} bytes)"


def _printable(text: str) -> str:
    """Escape what would move a terminal's cursor: paths and details hold what a client sent."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
