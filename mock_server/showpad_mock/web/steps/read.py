"""The body, read whole, within BODY_CAP."""

from __future__ import annotations

from collections.abc import Awaitable

from starlette.requests import ClientDisconnect

from ..call import Call, Receive

BODY_CAP = 10 * 1024 * 1024
# A client that is still sending may miss an answer that comes too early: this much is read on and thrown away.
DISCARDED = 10 * BODY_CAP
BODY_HEADERS = frozenset({b"content-length", b"transfer-encoding"})


def read(call: Call) -> Awaitable[None] | None:
    """Read the body, if one may come: to wait for none costs a read a twentieth."""
    return _read(call) if call.method != "GET" or not BODY_HEADERS.isdisjoint(call.first_values) else None


async def _read(call: Call) -> None:
    body = await read_body(call.receive)
    call.body, call.is_too_large = body or b"", body is None


async def read_body(receive: Receive) -> bytes | None:
    """Return a request's body; None when it is larger than BODY_CAP. Raises ClientDisconnect for half a body."""
    chunks: list[bytes] = []
    size, more = 0, True
    # Read on beyond the cap, without keeping it.
    while more and size <= DISCARDED:
        message = await receive()
        # A half-read body would be refused as invalid JSON, and stand in the journal as if it had been sent so.
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size <= BODY_CAP:
            chunks.append(chunk)
    return b"".join(chunks) if size <= BODY_CAP else None
