"""A tenant's state as a document: taken, and put in place of what the tenant holds."""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.requests import Request
from starlette.responses import Response

from ..core.turns import joined
from ..state.documents import SnapshotError
from ..state.snapshot import Document, document_of, restore
from ..web.steps.read import DISCARDED
from .operation import ControlRequest, Server
from .problems import INVALID_SNAPSHOT, SNAPSHOT_TOO_LARGE

SPOOLED = 16 * 1024**2


async def take_snapshot(server: Server, request: ControlRequest) -> Response:
    """Answer with a tenant's snapshot."""

    def act() -> Document:
        with server.tenants.transaction(request.tenant) as unit:
            return document_of(unit.tenant, server.record_types)

    document = await server.tenants.run(request.tenant, act)
    # Without the lock: what it is made of never changes.
    return Response(await joined(document.pieces()), media_type="application/json")


async def restore_snapshot(server: Server, request: ControlRequest) -> None:
    """Put a snapshot in place whole; refuses with 400 what is none, and then changes nothing."""
    name = request.tenant
    document = await _received(request.http, server.snapshots.cap)
    try:
        # In a thread and without the lock, which only putting it in place takes: reading a large one may take seconds.
        restored = await asyncio.to_thread(restore, server.tenants, name, document, server.record_types)
    except SnapshotError as error:
        raise INVALID_SNAPSHOT.error(told=error) from None
    await server.tenants.run(name, lambda: server.tenants.replace(restored))


async def _received(request: Request, cap: int) -> bytes:
    # On disk beyond 16 MiB: pieces of gigabytes and their joined copy would be in memory together.
    with SpooledTemporaryFile(max_size=SPOOLED) as file:
        if not await _receive_into(file, request, cap):
            raise SNAPSHOT_TOO_LARGE.error(cap=cap)
        file.seek(0)
        return file.read()


async def _receive_into(file: IO[bytes], request: Request, cap: int) -> bool:
    """Write a body to a file; false when it is larger than `cap`, of which no more is kept than fits."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > cap + DISCARDED:
            return False
        # A client that is still sending may miss an answer that comes too early: some more is read and thrown away.
        if size <= cap:
            file.write(chunk)
    return size <= cap
