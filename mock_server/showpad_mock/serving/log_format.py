"""Exchanges as people and programs read them: one line a request, or whole."""

from __future__ import annotations

import json

from ..core.clock import iso
from ..core.journal import Entry
from ..core.printable import printable
from ..core.refusals import shortened

BODY_CHARACTERS = 1000
COLOURS = {2: "32", 3: "36", 4: "33", 5: "31"}


def request_line(entry: Entry, *, colour: bool = False) -> str:
    """Return one line: `POST /v4/shared-spaces 400 CREATE-URI-TAKEN "marketing" is in use`."""
    status = str(entry.status)
    if colour:
        status = f"\033[{COLOURS.get(entry.status // 100, '0')}m{status}\033[0m"
    ignored = f"(ignored: {', '.join(entry.ignored)})" if entry.ignored else ""
    fault = f"(fault: {entry.fault})" if entry.fault else ""
    parts = [", ".join(entry.rules), entry.detail or "", ignored, fault]
    told = [printable(f"{entry.method} {_target(entry)}"), status, *(printable(part) for part in parts if part)]
    return " ".join(told)


def json_line(entry: Entry) -> str:
    """Return the same as one JSON object, in ASCII alone, so that every character is safe to show."""
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
        "fault": entry.fault,
        "milliseconds": round(entry.milliseconds, 3),
    }
    return json.dumps(told)


def exchange_text(entry: Entry) -> str:
    """Return a whole exchange: who asked what, what came back, and which rules decided it."""
    lines = [
        f"#{entry.number} {request_line(entry)}",
        printable(f"   as {entry.user or 'nobody'} of {entry.tenant or 'no tenant'}"),
    ]
    if entry.request_body:
        lines.append(f"   sent     {_body(entry.request_body)}")
    if entry.response_body:
        lines.append(f"   received {_body(entry.response_body)}")
    return "\n".join(lines)


def _target(entry: Entry) -> str:
    query = entry.query.decode("ascii", "replace")
    # A target may have 64 KiB, which no terminal line is for.
    return shortened(entry.path + (f"?{query}" if query else ""))


def _body(body: bytes) -> str:
    text = printable(body.decode("utf-8", "replace"))
    return text if len(text) <= BODY_CHARACTERS else f"{text[:BODY_CHARACTERS]}... ({len(body)} bytes)"
