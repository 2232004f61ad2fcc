"""An operation of the control API: the one description that routing, reading and its OpenAPI document share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from ..core.names import is_tenant_name
from .problems import INVALID_NAME


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, read and checked as far as its operation's description goes."""

    request: Request
    params: Mapping[str, str]
    query: Any
    body: Any

    @property
    def tenant(self) -> str:
        """The tenant's name in the path; refuses with 400 what cannot be one."""
        name = self.params["name"]
        if not is_tenant_name(name):
            raise INVALID_NAME.error(name=name)
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path. `body`, `query` and `answer` are types that Pydantic can read.

    `act` gives what is answered as JSON, None for 204, or a whole response. Without a `body` it may read the request
    itself; a body that may be left out is read as an empty object.
    """

    method: str
    path: str
    name: str
    summary: str
    act: Callable[[Asked], Awaitable[Any]]
    status: int = 200
    body: Any = None
    is_body_optional: bool = False
    takes_snapshot: bool = False
    query: Any = None
    answer: Any = None
