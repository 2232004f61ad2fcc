"""The control API as one ASGI app: guarded, routed, read, answered."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from ..core.refusals import Refusal
from ..web.call import Receive, Scope, Send
from ..web.dispatch import Dispatcher
from ..web.encoding import refuse_encoded
from ..web.gateway import BROKEN
from ..web.render import Answer, json_answer, no_content, problem_answer
from . import health
from .guard import Guard
from .operation import ControlRequest, Server
from .operations import operations_with
from .reading import body_of, query_of

logger = logging.getLogger("showpad_mock")


class Control:
    """Serves /__admin, and what App leaves it of /livez and /readyz."""

    def __init__(self, server: Server, admin_token: str | None) -> None:
        self._server = server
        self.operations = server.operations = operations_with(server.vendors)
        self.snapshots = self._server.snapshots
        self._guard = Guard(admin_token)
        self._dispatcher = Dispatcher(
            (Route(one.path, one.handler, methods=[one.method], name=one.name), one) for one in self.operations
        )

    def end_with(self, stop: Callable[[], None] | None) -> None:
        """Let `POST /__admin/shutdown` call this once it is answered; with None it is refused."""
        self._server.shutdown = stop

    def open(self) -> None:
        """Let requests wait for others, after a `close`."""
        self._server.waiting.open()

    def close(self) -> None:
        """Answer who waits for a request, now and from now on, so that nobody delays a shutdown; safe in any thread."""
        self._server.waiting.close()

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
        # Health checks come from orchestrators, which have no token and any host.
        if path not in health.PATHS:
            self._guard.check(request)
        elif method == "HEAD":  # many health checks ask so
            method = "GET"
        match = self._dispatcher.match(method, path, request.scope.get("raw_path") or b"")
        operation = match.owner
        refuse_encoded(request.headers.get("content-encoding"))
        asked = ControlRequest(
            request,
            match.params,
            query_of(request, operation),
            # A snapshot may have 2 GiB: its handler reads it to a file.
            None if operation.takes_snapshot else await body_of(request, operation),
        )
        return _rendered(await operation.handler(self._server, asked), operation.status)


def _rendered(value: Any, status: int) -> Response | Answer:
    if isinstance(value, Response | Answer):
        return value
    return no_content() if value is None else json_answer(value, status)
