"""What wrong servers are made of: a small ASGI wrapper around the right one that changes a request or an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from ...harness import asgi

App = asgi.App
BASES = ("/v4", "/api/v1", "/apps/v1", "/api/v3", "/webhooks/v1", "/links")
"""Under which the APIs and buyers' pages lie."""


@dataclass
class Seen:
    """One exchange on its way through the wrapper; what is changed here is what the server gets or the client sees.

    `path` lies under `base`, without the query. `body` and `answer` are JSON values (None where there is none).
    """

    method: str
    path: str
    query: str
    headers: list[tuple[bytes, bytes]]
    body: Any = None
    raw_body: bytes = b""
    status: int = 0
    answer: Any = None
    answer_headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    raw_answer: bytes | None = None
    """Set to send these bytes instead of `answer`."""
    base: str = ""

    def is_(self, method: str, path: str) -> bool:
        """Say whether this is that operation; `path` is a pattern: `/shared-spaces/[^/]+`."""
        return self.method == method and re.fullmatch(path, self.path) is not None


Ask = Callable[[str, str, Any], Awaitable[tuple[int, Any]]]
"""Send a request of the wrapper's own to the right server, with the caller's token: (method, path, body).

The path lies under the base of what is answered, unless it begins with another.
"""


class Wrong:
    """A server that is right but for what a subclass changes in `before` (the request) or `after` (the answer).

    `acted` says whether it has been wrong yet: sent on or answered something else, or changed something by itself.
    """

    def __init__(self, right: App) -> None:
        self._right = right
        self.acted = False

    async def before(self, seen: Seen, ask: Ask) -> None:
        """Change the request."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        """Change the answer."""

    async def __call__(self, scope: asgi.Message, receive: asgi.Receive, send: asgi.Send) -> None:
        base = next((base for base in BASES if scope["path"].startswith(base)), None)
        if scope["type"] != "http" or base is None:
            await self._right(scope, receive, send)
            return
        raw = b""
        more = True
        while more:
            message = await receive()
            raw += message.get("body", b"")
            more = message.get("more_body", False)
        seen = Seen(
            method=scope["method"],
            path=scope["path"].removeprefix(base),
            query=scope["query_string"].decode("latin-1"),
            headers=list(scope["headers"]),
            body=_json(raw),
            raw_body=raw,
            base=base,
        )

        async def ask(method: str, path: str, body: Any) -> tuple[int, Any]:
            at = next((one for one in BASES if path.startswith(f"{one}/")), base)
            bare, _, query = path.removeprefix(at).partition("?")
            other = Seen(method, bare, query, seen.headers, body, base=at)
            await self._exchange(scope, other, raw=b"" if body is None else json.dumps(body).encode())
            self.acted = self.acted or (method != "GET" and 200 <= other.status < 300)
            return other.status, other.answer

        sent = raw if type(self).before is Wrong.before else await self._sent_on(seen, ask)
        if seen.status == 0:  # `before` may answer by itself
            await self._exchange(scope, seen, raw=sent)
        answered = "" if self.acted else _answer_of(seen)
        await self.after(seen, ask)
        self.acted = self.acted or _answer_of(seen) != answered
        await _reply(seen, send)

    async def _sent_on(self, seen: Seen, ask: Ask) -> bytes:
        """Let `before` change the request, and give the body to send on."""
        asked = "" if self.acted else _request_of(seen)
        await self.before(seen, ask)
        self.acted = self.acted or seen.status != 0 or _request_of(seen) != asked
        return seen.raw_body if seen.body == _json(seen.raw_body) else json.dumps(seen.body).encode()

    async def _exchange(self, scope: asgi.Message, seen: Seen, *, raw: bytes) -> None:
        path = seen.base + seen.path
        inner = {
            **scope,
            "method": seen.method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": seen.query.encode("latin-1"),
            "headers": seen.headers,
        }
        answer = await asgi.answer_to(self._right, inner, raw)
        seen.status = answer.status
        seen.answer_headers = [(name, value) for name, value in answer.headers if name != b"content-length"]
        seen.answer = _json(answer.content)
        if answer.content and seen.answer is None:
            seen.raw_answer = answer.content


def _request_of(seen: Seen) -> str:
    return repr((seen.method, seen.path, seen.query, seen.headers, seen.body, seen.raw_body))


def _answer_of(seen: Seen) -> str:
    return repr((seen.status, seen.answer_headers, seen.raw_answer, seen.answer))


async def _reply(seen: Seen, send: asgi.Send) -> None:
    content = seen.raw_answer
    if content is None:
        content = b"" if seen.answer is None else json.dumps(seen.answer).encode()
    headers = [*seen.answer_headers, (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": seen.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


@dataclass(frozen=True)
class Broken:
    """A wrong server: the rule it breaks, what is wrong with it, and how it is made from the right one."""

    rule: str
    story: str
    make: Callable[[App], App]
    kind: str = "by hand"
    """The class it belongs to."""
    shown_by: str = ""
    """What is likely to show it, among the values that the check which is likely to catch it always tries."""
