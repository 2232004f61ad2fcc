"""Whether the server answers: health checks ask so early and so often that a plain one needs no more than this."""

from __future__ import annotations

from ..web.call import Receive, Scope, Send
from ..web.render import json_answer
from ..web.steps.read import BODY_HEADERS

LIVEZ, READYZ = "/livez", "/readyz"
PATHS = (LIVEZ, READYZ)


def is_plain(scope: Scope) -> bool:
    """Return whether a request to one of the paths asks what health checks ask, without a query or a body."""
    return (
        scope["method"] in ("GET", "HEAD")
        and not scope["query_string"]
        and not any(name in BODY_HEADERS for name, _ in scope["headers"])
    )


async def tell(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer that the server is alive."""
    await json_answer({"status": "ok"})(scope, receive, send)
