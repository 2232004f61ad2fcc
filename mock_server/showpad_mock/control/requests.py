"""The journal: which requests came in and how they were answered, and waiting for one to come."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from pydantic_core import from_json
from typing_extensions import TypedDict

from ..core.clock import iso
from ..core.journal import Entry
from ..core.redaction import Headers
from .exchanges import Wanted
from .operation import ControlRequest, Server

LONGEST_WAIT = 60
SHOWN = 100


class RequestQuery(TypedDict, total=False):
    """Which entries: all that fit every given parameter, the newest `limit` of them."""

    tenant: str
    method: str
    path: Annotated[str, Field(description="how the path begins")]
    status: Annotated[
        str, Field(pattern=r"^[1-5]([0-9]{2}|xx)$", description="a status such as 404, or 4xx for a class")
    ]
    rule: Annotated[str, Field(description="a rule that decided the answer")]
    fault: Annotated[str, Field(description="a fault that was met")]
    since: Annotated[int, Field(ge=0, description="only entries with a higher number")]
    wait: Annotated[
        float,
        Field(ge=0, le=LONGEST_WAIT, allow_inf_nan=False, description="seconds to wait for an entry if there is none"),
    ]
    limit: Annotated[int, Field(ge=1, le=1000)]


class ShownMessage(TypedDict):
    """A request or an answer; secrets are taken out. A body is its JSON value, else text, null if empty."""

    headers: dict[str, str]
    body: Any


class ShownEntry(TypedDict):
    """One exchange. `isCut` tells that a body was too long to be kept whole, status 0 that nothing was answered."""

    number: int
    time: str
    milliseconds: float
    method: str
    path: str
    query: str
    tenant: str | None
    user: str | None
    status: int
    rules: list[str]
    ignored: list[str]
    detail: str | None
    fault: str | None
    request: ShownMessage
    response: ShownMessage
    isCut: bool


class ShownRequests(TypedDict):
    """Entries, oldest first; the number of the last one there is, for `since`; how many had to make room."""

    entries: list[ShownEntry]
    last: int
    dropped: int


def fits(entry: Entry, query: RequestQuery) -> bool:
    """Return whether an entry is one of those asked for."""
    status = str(entry.status)
    return (
        entry.number > query.get("since", 0)
        and query.get("tenant", entry.tenant) == entry.tenant
        and query.get("method", entry.method).upper() == entry.method
        and entry.path.startswith(query.get("path", ""))
        and query.get("status", status) in (status, status[0] + "xx")
        and ("rule" not in query or query["rule"] in entry.rules)
        and query.get("fault", entry.fault) == entry.fault
    )


def shown_entry(entry: Entry) -> ShownEntry:
    """Show an entry of the journal."""
    return {
        "number": entry.number,
        "time": iso(entry.at),
        "milliseconds": round(entry.milliseconds, 3),
        "method": entry.method,
        "path": entry.path,
        "query": entry.query.decode("utf-8", "replace"),
        "tenant": entry.tenant,
        "user": entry.user,
        "status": entry.status,
        "rules": list(entry.rules),
        "ignored": list(entry.ignored),
        "detail": entry.detail,
        "fault": entry.fault,
        "request": {"headers": _headers(entry.request_headers), "body": _body(entry.request_body)},
        "response": {"headers": _headers(entry.response_headers), "body": _body(entry.response_body)},
        "isCut": entry.cut,
    }


def _headers(headers: Headers) -> dict[str, str]:
    shown: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        # As RFC 9110 lets several of a name be joined.
        shown[key] = f"{shown[key]}, {text}" if key in shown else text
    return shown


def _body(body: bytes) -> Any:
    if not body:
        return None
    try:
        # NaN would be read, and could not be written into the answer as JSON.
        return from_json(body, allow_inf_nan=False)
    except ValueError:  # no JSON, or no longer: it was cut
        return body.decode("utf-8", "replace")


async def list_requests(server: Server, request: ControlRequest) -> ShownRequests:
    """List the entries asked for; if there are none, wait for one as long as asked."""
    query: RequestQuery = request.query
    wanted = Wanted(
        fits=lambda entry: fits(entry, query),
        since=query.get("since", 0),
        tenant=query.get("tenant"),
        limit=query.get("limit", SHOWN),
    )
    found = await server.exchanges.find(wanted)
    if not found.entries and (seconds := query.get("wait", 0)) > 0:
        async with server.waiting.at_most(seconds):
            found = await server.exchanges.next(wanted, found.last)
    return {"entries": [shown_entry(entry) for entry in found.entries], "last": found.last, "dropped": found.dropped}


async def clear_requests(server: Server, _: ControlRequest) -> None:
    """Forget all entries."""
    await server.exchanges.clear()
