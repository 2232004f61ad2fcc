"""The control API as one ASGI app: guarded, routed, read, answered."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from ..core.journal import Journal
from ..core.refusals import Refusal
from ..state.tenants import Tenants
from ..web.call import Receive, Scope, Send
from ..web.dispatch import Dispatcher
from ..web.encoding import refuse_encoded
from ..web.gateway import BROKEN
from ..web.render import Answer, json_answer, no_content, problem_answer
from ..web.vendor import Vendor
from . import health
from .about import ServerControl
from .admin import admin_operations
from .guard import Guard
from .openapi import describing_operations
from .operation import Asked, Operation
from .reading import body_of, query_of
from .requests import RequestControl
from .snapshots import SnapshotControl
from .tenants import TenantControl

logger = logging.getLogger("showpad_mock")


class Control:
    """Serves /__admin, and what App leaves it of /livez and /readyz.

    `on_shutdown` is what ends the server, set by whoever runs it; it is called once `POST /__admin/shutdown` is
    answered.
    """

    def __init__(
        self,
        tenants: Tenants,
        journal: Journal,
        vendors: Sequence[Vendor],
        decided: Counter[str],
        admin_token: str | None,
    ) -> None:
        self.on_shutdown: Callable[[], None] | None = None
        self.snapshots = SnapshotControl(tenants, [one for vendor in vendors for one in vendor.record_types])
        self._requests = RequestControl(journal)
        self._guard = Guard(admin_token)
        # The first vendor is the one the server is named after: a tenant's baseUrl and tokens are that one's.
        self.operations: list[Operation] = [
            *TenantControl(tenants, journal, vendors[0]).operations(),
            *self.snapshots.operations(),
            *admin_operations(tenants, vendors),
            *self._requests.operations(),
            *ServerControl(vendors, decided, lambda: self.on_shutdown).operations(),
        ]
        self.operations += describing_operations(self.operations)
        self._dispatcher = Dispatcher(
            (Route(one.path, one.act, methods=[one.method], name=one.name), one) for one in self.operations
        )

    def open(self) -> None:
        """Let requests wait for others, after a `close`."""
        self._requests.open()

    def close(self) -> None:
        """Answer who waits for a request, now and from now on, so that nobody delays a shutdown; safe in any thread."""
        self._requests.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        request = Request(scope, receive)
        try:
            response: Response | Answer = await self._answer(request)
        except Refusal as refusal:
            response = problem_answer(refusal)
        except ClientDisconnect:
            return  # nobody is there to answer, and half a body changes nothing
        except Exception:
            logger.exception("%s %r failed", request.method, scope["path"])
            response = problem_answer(BROKEN.error())
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response | Answer:
        path, method = request.scope["path"], request.method
        if path not in health.PATHS:
            self._guard.check(request)
        elif method == "HEAD":  # many health checks ask so
            method = "GET"
        match = self._dispatcher.match(method, path, request.scope.get("raw_path") or b"")
        operation = match.owner
        refuse_encoded(request.headers.get("content-encoding"))
        asked = Asked(
            request,
            match.params,
            query_of(request, operation),
            None if operation.takes_snapshot else await body_of(request, operation),
        )
        return _rendered(await operation.act(asked), operation.status)


def _rendered(value: Any, status: int) -> Response | Answer:
    if isinstance(value, Response | Answer):
        return value
    return no_content() if value is None else json_answer(value, status)
