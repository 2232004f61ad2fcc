"""How bodies, queries and ids are read: what RSpace coerces, and what it cannot read at all (RS-BODY, RS-ID)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Annotated, TypeVar

from pydantic import BeforeValidator, Field

from ...web.call import Call
from ...web.form import Form, refuse_ignored
from ..problems import ID_MALFORMED, MEDIA_TYPE, UNREADABLE

T = TypeVar("T")

MOST = 2**63 - 1
INTEGER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)


def _number(given: object) -> object:
    if isinstance(given, str) and INTEGER.fullmatch(given):
        return int(given)
    return int(given) if isinstance(given, float) and given.is_integer() else given


Number = Annotated[int, BeforeValidator(_number), Field(ge=-MOST - 1, le=MOST)]
"""A 64-bit integer; `"1234"` is one, too (RS-JSON)."""


def body_form(shape: type[T]) -> Form[T, T]:
    """Make the form of a JSON body; what does not fit it cannot be read, whatever is wrong (RS-BODY)."""
    return Form(shape, lambda body: body, refusal=UNREADABLE, rules={"*": "RS-BODY"})


def read_body(call: Call, form: Form[T, T]) -> T:
    """Return the body; refuses with 415 what is not said to be JSON, with 400 what cannot be read."""
    media_type = (call.header(b"content-type") or "").partition(";")[0].strip().lower()
    # Nothing at all, of no stated type, is a missing body, not one of another type (RS-BODY).
    is_missing = not call.body and not media_type
    if not is_missing and media_type != "application/json" and not media_type.endswith("+json"):
        raise MEDIA_TYPE.error(given=media_type or "of no stated type")
    return form.read_body(call).require()


def path_id(call: Call) -> int:
    """Return the id in the path; refuses with 400 what is no integer."""
    given = call.params["id"]
    if INTEGER.fullmatch(given) is None:
        raise ID_MALFORMED.error(id=given)
    return int(given)


def read_query(call: Call, names: Collection[str]) -> Mapping[str, list[str]]:
    """Return the parameters of these names, each with all its values; others mean nothing."""
    call.is_query_read = True
    found: dict[str, list[str]] = {}
    for name, text in call.parameters():
        if name in names:
            found.setdefault(name, []).append(text)
        else:
            call.ignored.add(f"query.{name}")
    if call.strict and call.ignored.names:
        raise refuse_ignored(call.ignored, names)
    return found
