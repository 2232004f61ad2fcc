"""The server itself: its rules, its version, its end, and whether it is alive."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Callable, Sequence

from starlette.background import BackgroundTask
from starlette.responses import Response
from typing_extensions import TypedDict

from ..core.version import installed_version
from ..state.snapshot import SNAPSHOT_VERSION
from ..web.vendor import Vendor
from . import health
from .operation import Asked, Operation
from .problems import CANNOT_SHUT_DOWN


class ShownRule(TypedDict):
    """A rule, how sure it is (D, S or A), and how many answers it has decided since the start."""

    id: str
    level: str
    vendor: str
    decided: int


class ShownVersion(TypedDict):
    """What runs here."""

    version: str
    snapshotVersion: int
    python: str


class Health(TypedDict):
    """That the server answers."""

    status: str


class ServerControl:
    """The operations on the server. `shutdown` gives what ends it, or None where nothing may."""

    def __init__(
        self, vendors: Sequence[Vendor], decided: Counter[str], shutdown: Callable[[], Callable[[], None] | None]
    ) -> None:
        self._vendors = vendors
        self._decided = decided
        self._shutdown = shutdown

    def operations(self) -> list[Operation]:
        """Return them in the order of the documentation."""
        return [
            Operation(
                method="GET",
                path="/__admin/rules",
                name="list-rules",
                summary="List the rules and how often each has decided an answer",
                act=self.list_rules,
                answer=list[ShownRule],
            ),
            Operation(
                method="GET",
                path="/__admin/version",
                name="show-version",
                summary="Show the server's version",
                act=self.show_version,
                answer=ShownVersion,
            ),
            Operation(
                method="POST",
                path="/__admin/shutdown",
                name="shut-down",
                summary="End the server once this is answered",
                act=self.shut_down,
                status=202,
                answer=Health,
            ),
            *(
                Operation(
                    method="GET",
                    path=path,
                    name=f"show-{path[1:]}",
                    summary="Say that the server answers; asks for no token",
                    act=self.show_health,
                    answer=Health,
                )
                for path in health.PATHS
            ),
        ]

    async def list_rules(self, _: Asked) -> list[ShownRule]:
        """List the rules of all vendors."""
        return [
            {"id": rule, "level": level, "vendor": vendor.name, "decided": self._decided[rule]}
            for vendor in self._vendors
            for rule, level in vendor.levels.items()
        ]

    async def show_version(self, _: Asked) -> ShownVersion:
        """Show the versions of the server, of its snapshots and of Python."""
        return {
            "version": installed_version(),
            "snapshotVersion": SNAPSHOT_VERSION,
            "python": platform.python_version(),
        }

    async def shut_down(self, _: Asked) -> Response:
        """Answer, then end the server."""
        shutdown = self._shutdown()
        if shutdown is None:
            raise CANNOT_SHUT_DOWN.error()

        async def end() -> None:
            shutdown()

        return Response(b'{"status":"ending"}', 202, media_type="application/json", background=BackgroundTask(end))

    async def show_health(self, _: Asked) -> Health:
        """Say that the server answers, to who asks otherwise than health checks do."""
        return {"status": "ok"}
