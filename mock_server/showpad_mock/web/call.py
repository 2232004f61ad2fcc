"""One call of a vendor's route, from its arrival to its answer."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from ..core.refusals import shortened
from ..state.tenant import Tenant
from ..state.unit import Unit
from .validation import NAMES_TOLD
from .vendor import Vendor

IGNORED_SHOWN = 200


class Ignored:
    """The names of what a request holds and nothing is made of: the first NAMES_TOLD, and how many more there are."""

    names: Sequence[str] = ()
    more = 0

    def __bool__(self) -> bool:
        return bool(self.names)

    def __str__(self) -> str:
        return ", ".join(self.told())

    def add(self, name: str) -> None:
        """Note a name, shortened; beyond NAMES_TOLD it is only counted."""
        if len(self.names) < NAMES_TOLD:
            self.names = (*self.names, shortened(name, IGNORED_SHOWN))
        else:
            self.more += 1

    def told(self) -> tuple[str, ...]:
        """Return the names, then how many there are more."""
        return (*self.names, f"and {self.more} more") if self.more else tuple(self.names)


class Call:
    """A request: what came in, then who asks, then what the answer will say of itself.

    `tenant`, `caller` and `user` (the caller's name, for the journal) are set by the vendor's `admit`; `unit` is the
    unit of work that the handler runs in; `rules` decided the answer, and `detail` tells why it is a refusal.
    """

    __slots__ = (
        "_header",
        "body",
        "caller",
        "detail",
        "has_innocent_names",
        "headers",
        "ignored",
        "is_query_read",
        "method",
        "params",
        "path",
        "query",
        "rules",
        "strict",
        "tenant",
        "unit",
        "user",
        "vendor",
    )

    unit: Unit

    def __init__(self, scope: MutableMapping[str, Any], body: bytes, *, strict: bool) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: bytes = scope["query_string"]
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self._header = dict(reversed(self.headers))
        self.body = body
        self.has_innocent_names = False
        """Whether no member of the body goes by a secret's name, as who has read it knows."""
        self.strict = strict
        self.params: dict[str, str] = {}
        self.ignored = Ignored()
        self.is_query_read = False
        self.tenant: Tenant | None = None
        self.user: str | None = None
        self.caller: Any = None
        self.vendor: Vendor | None = None
        self.rules: tuple[str, ...] = ()
        self.detail: str | None = None

    def parameters(self) -> list[tuple[str, str]]:
        """Return the query's parameters as they were sent."""
        return parse_qsl(self.query.decode("latin-1"), keep_blank_values=True) if self.query else []

    def tell_unread_query(self) -> None:
        """Note every parameter as ignored, where the operation takes none."""
        if self.query and not self.is_query_read:
            for name, _ in self.parameters():
                self.ignored.add(f"query.{name}")
        self.is_query_read = True

    def header(self, name: bytes) -> str | None:
        """Return a header's first value by its lower-case name."""
        value = self._header.get(name)
        return value.decode("latin-1") if value is not None else None
