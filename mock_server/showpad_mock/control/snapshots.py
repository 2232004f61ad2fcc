"""A tenant's state as a document: given out, and put in place of what the tenant holds."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from starlette.requests import Request
from starlette.responses import Response

from ..state.snapshot import SnapshotError, restore, take
from ..state.store import RecordType
from ..state.tenants import Tenants
from ..web.steps.read import DISCARDED
from .operation import Asked, Operation
from .problems import INVALID_SNAPSHOT, SNAPSHOT_TOO_LARGE

SNAPSHOT_CAP = 2 * 1024**3
SPOOLED = 16 * 1024**2
STATE = "/__admin/tenants/{name}/state"


class SnapshotControl:
    """The operations on snapshots; a larger document than `cap` bytes is refused."""

    def __init__(self, tenants: Tenants, record_types: Sequence[RecordType[Any]], *, cap: int = SNAPSHOT_CAP) -> None:
        self._tenants = tenants
        self._record_types = record_types
        self.cap = cap

    def operations(self) -> list[Operation]:
        """Return them in the order of the documentation."""
        return [
            Operation(
                method="GET",
                path=STATE,
                name="take-snapshot",
                summary="Give everything that a tenant holds: records, clock, logs, the position of its chance",
                act=self.take_snapshot,
                answer=dict[str, Any],
            ),
            Operation(
                method="PUT",
                path=STATE,
                name="restore-snapshot",
                summary="Put a snapshot, of this tenant or another, in place of what a tenant holds",
                act=self.restore_snapshot,
                status=204,
                takes_snapshot=True,
            ),
        ]

    async def take_snapshot(self, asked: Asked) -> Response:
        """Answer with a tenant's snapshot."""
        with self._tenants.transaction(asked.tenant) as unit:
            document = take(unit.tenant, self._record_types)
        return Response(document, media_type="application/json")

    async def restore_snapshot(self, asked: Asked) -> None:
        """Put a snapshot in place whole; refuses with 400 what is none, and then changes nothing."""
        name = asked.tenant
        document = await self._received(asked.request)
        try:
            restored = restore(self._tenants, name, document, self._record_types)
        except SnapshotError as error:
            raise INVALID_SNAPSHOT.error(told=error) from None
        self._tenants.replace(restored)

    async def _received(self, request: Request) -> bytes:
        with SpooledTemporaryFile(max_size=SPOOLED) as file:
            if not await _receive_into(file, request, self.cap):
                raise SNAPSHOT_TOO_LARGE.error(cap=self.cap)
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
