"""The server itself: its rules, its version, its end, and whether it is alive."""

from __future__ import annotations

import platform

from starlette.background import BackgroundTask
from starlette.responses import Response
from typing_extensions import TypedDict

from ..core.version import installed_version
from ..state.documents import SNAPSHOT_VERSION
from .operation import ControlRequest, Server
from .problems import CANNOT_SHUT_DOWN


class ShownRule(TypedDict):
    """A rule, how sure it is (D, S or A), and how many answers it has decided, of all servers on the log."""

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
    """That the server answers, or can do what it is asked."""

    status: str


async def list_rules(server: Server, _: ControlRequest) -> list[ShownRule]:
    """List the rules of all vendors."""
    decided = await server.exchanges.decided()
    return [
        {"id": rule, "level": level, "vendor": vendor.name, "decided": decided.get(rule, 0)}
        for vendor in server.vendors
        for rule, level in vendor.levels.items()
    ]


async def show_version(_: Server, __: ControlRequest) -> ShownVersion:
    """Show the versions of the server, of its snapshots and of Python."""
    return {
        "version": installed_version(),
        "snapshotVersion": SNAPSHOT_VERSION,
        "python": platform.python_version(),
    }


async def shut_down(server: Server, _: ControlRequest) -> Response:
    """Answer, then end the server."""
    shutdown = server.shutdown
    if shutdown is None:
        raise CANNOT_SHUT_DOWN.error()

    # async: a plain function Starlette would run in a thread of its own.
    async def end() -> None:
        shutdown()

    # In the background, after the answer: otherwise the caller might see its connection cut.
    return Response(b'{"status":"ending"}', 202, media_type="application/json", background=BackgroundTask(end))


async def show_health(_: Server, __: ControlRequest) -> Health:
    """Answer that the server is alive, to whoever asks otherwise than health checks do."""
    return {"status": "ok"}


async def show_readiness(server: Server, _: ControlRequest) -> Health:
    """Answer that the server is alive and reaches the log of its tenants, where it has one."""
    await server.tenants.check()
    return {"status": "ok"}
