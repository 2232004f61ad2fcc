"""One call of a vendor's route, from its arrival to its answer."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from ..state.tenant import Tenant
from ..state.unit import Unit


class Call:
    """A request: what came in, then who asks, then what the answer will say of itself.

    `tenant`, `caller` and `user` (the caller's name, for the journal) are set by the vendor's `admit`; `unit` is the
    unit of work that the handler runs in.
    """

    __slots__ = (
        "body",
        "caller",
        "headers",
        "ignored",
        "method",
        "params",
        "path",
        "query",
        "strict",
        "tenant",
        "unit",
        "user",
    )

    unit: Unit

    def __init__(self, scope: MutableMapping[str, Any], body: bytes, *, strict: bool) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.body = body
        self.strict = strict
        self.params: dict[str, str] = {}
        self.ignored: list[str] = []
        self.tenant: Tenant | None = None
        self.user: str | None = None
        self.caller: Any = None

    def header(self, name: bytes) -> str | None:
        """Give a header's value by its lower-case name."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return None
