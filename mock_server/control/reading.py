"""Bodies and queries of the control API as values; what does not fit, an unknown member too, is refused with 400."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from typing_extensions import TypedDict

from ..problem import Fault, Refusal
from ..web.form import CATEGORIES, check_depth, path_of
from ..web.gateway import BODY_CAP, BODY_TOO_LARGE, read_body
from .operation import Operation
from .problems import INVALID_REQUEST


class Nothing(TypedDict):
    """The query of an operation that takes none."""


@lru_cache(maxsize=256)
def adapter(shape: Any) -> TypeAdapter[Any]:
    """Give what reads values of a type, made once."""
    return TypeAdapter(shape)


async def body_of(request: Request, operation: Operation) -> Any:
    """Read the request's body as its operation wants it."""
    body = await read_body(request.receive)
    if body is None:
        raise BODY_TOO_LARGE.error(cap=BODY_CAP)
    if operation.body is None:
        return None
    if not body and operation.is_body_optional:
        body = b"{}"
    check_depth(body)
    return _checked("body", lambda: adapter(operation.body).validate_json(body, strict=True, extra="forbid"))


def query_of(request: Request, operation: Operation) -> Any:
    """Read the request's query as its operation wants it; each parameter may be given once."""
    given: dict[str, str] = {}
    for name, text in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name in given:
            raise _refused("query", [Fault(name, "must be given once", "propertyTwice")])
        given[name] = text
    return _checked("query", lambda: adapter(operation.query or Nothing).validate_python(given, extra="forbid"))


def _checked(where: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        faults = [
            Fault(
                path_of(detail["loc"]),
                detail["msg"].removeprefix("Value error, "),
                CATEGORIES.get(detail["type"], "propertyType"),
            )
            for detail in details
        ]
        raise _refused(where, faults) from None


def _refused(where: str, faults: list[Fault]) -> Refusal:
    first = faults[0]
    more = f" (meta tells {len(faults) - 1} more)" if len(faults) > 1 else ""
    place = f"{where}.{first.name}" if first.name else where
    return Refusal(INVALID_REQUEST, f"{place}: {first.reason}{more}", faults)
