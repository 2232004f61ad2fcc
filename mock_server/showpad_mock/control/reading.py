"""Bodies and queries of the control API as values; what does not fit, an unknown member too, is refused with 400."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import from_json
from starlette.requests import Request
from typing_extensions import TypedDict

from ..core.refusals import FieldError, shortened
from ..web.json_body import check_depth
from ..web.steps.match import BODY_TOO_LARGE
from ..web.steps.read import BODY_CAP, read_body
from ..web.validation import CATEGORIES, Findings, Validator, path_of, reason_of, refusal
from .operation import Operation
from .problems import INVALID_REQUEST


class Nothing(TypedDict):
    """The query of an operation that takes none."""


@lru_cache(maxsize=256)
def validator(shape: Any) -> Validator[Any]:
    """Return what reads values of a type, made once."""
    return Validator(shape)


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
    try:
        given = from_json(body)  # a number that is none is told with its place
    except ValueError as error:
        raise refusal(INVALID_REQUEST, [FieldError("", f"Invalid JSON: {error}", "json")], within="body") from None
    return _checked("body", validator(operation.body).read(given, size=len(body)))


def query_of(request: Request, operation: Operation) -> Any:
    """Read the request's query as its operation wants it; each parameter may be given once."""
    given: dict[str, str] = {}
    for name, text in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        # Unlike a vendor's queries: whoever gives one twice means something that we would miss.
        if name in given:
            field_error = FieldError(shortened(name), "must be given once", "propertyTwice")
            raise refusal(INVALID_REQUEST, [field_error], within="query")
        given[name] = text
    return _checked("query", validator(operation.query or Nothing).read(given, strict=False))


def _checked(where: str, value: Any) -> Any:
    if not isinstance(value, Findings):
        return value
    field_errors = [
        FieldError(path_of(error["loc"]), reason_of(error), CATEGORIES.get(error["type"], "propertyType"))
        for error in value.errors
    ]
    field_errors += (
        FieldError(path_of(place), "Extra inputs are not permitted", "propertyType") for place in value.unknown
    )
    raise refusal(INVALID_REQUEST, field_errors, are_more=value.are_more or value.more_unknown > 0, within=where)
