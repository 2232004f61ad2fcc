"""The conventions that all bodies and queries share: their types, and the rule behind a field error (CONV-)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field
from typing_extensions import TypedDict

from ...core.clock import time_text
from ...core.refusals import FieldError
from ...web.call import Call
from ...web.form import Form
from ..problems import MALFORMED

T = TypeVar("T")
D = TypeVar("D")

MOST_DIGITS = 4300  # as in JSON: more are read neither there nor by Python


def _digits(text: object) -> object:
    # `int` alone would take spaces, underscores and digits of other scripts.
    if not (isinstance(text, str) and text.isascii() and text.removeprefix("-").isdigit()):
        raise ValueError("must be an integer")
    if len(text) > MOST_DIGITS:
        raise ValueError(f"must be an integer of at most {MOST_DIGITS:,} digits")
    return int(text)


def _whole(number: object) -> object:
    # Anything else goes on as it is, and is refused by its type: `"3"` is no 3 (CONV-TYPES, assumed).
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _comma_separated(text: object) -> object:
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text


def _true_or_false(text: object) -> object:
    if text in ("true", "false"):
        return text == "true"
    raise ValueError("must be true or false")


Time = Annotated[str, AfterValidator(time_text)]
"""A time in a request, kept as text: RFC 3339 with an offset (CONV-TIME-IN)."""
Whole = Annotated[int, BeforeValidator(_whole)]
"""An integer in a body; `3.0` is one, as JSON Schema has it (CONV-TYPES)."""
Integer = Annotated[int, BeforeValidator(_digits)]
"""An integer in a query."""
Offset = Annotated[Integer, Field(ge=0)]
Several = Annotated[list[str], BeforeValidator(_comma_separated)]
"""Comma-separated values in a query."""
YesNo = Annotated[bool, BeforeValidator(_true_or_false)]
"""`true` or `false` in a query."""
UserRole = Literal["OWNER", "PARTICIPANT", "ANY"]
Limit50 = Annotated[Integer, Field(ge=1, le=1000)]
LimitFrom0 = Annotated[Integer, Field(ge=0, le=1000)]


class Id(TypedDict):
    """A reference by id."""

    id: str


class UserRef(TypedDict):
    """A reference to a user."""

    userId: str


CONVENTIONS = {
    "*:json": "CONV-JSON",
    "*:propertyNull": "CONV-NULL",
    "*:propertyType": "CONV-TYPES",
    "*:propertyFormat": "CONV-TIME-IN",
    "*": "CONV-PROBLEM-META",
}


def body_form(
    shape: Any,
    become: Callable[[T], D],
    *,
    rules: Mapping[str, str],
    tags: tuple[str, ...] = (),
) -> Form[T, D]:
    """Make the form of a JSON body; `rules` names what decides beyond the conventions."""
    return Form(shape, become, refusal=MALFORMED, rules={**CONVENTIONS, **rules}, tags=tags)


def partial_body_form(
    shape: Any,
    become: Callable[[T], D],
    *,
    rules: Mapping[str, str],
    also: Callable[[Call, Mapping[str, Any]], list[FieldError]] | None = None,
) -> Form[T, D]:
    """Make the form of a JSON body whose members may all be left out."""
    every = {**CONVENTIONS, **rules}
    return Form(shape, become, refusal=MALFORMED, rules=every, also=also, is_partial=True)


def query_form(
    shape: Any, become: Callable[[T], D], *, rule: str, companions: Mapping[str, str] | None = None
) -> Form[T, D]:
    """Make the form of a query; `rule` decides every field error."""
    return Form(shape, become, refusal=MALFORMED, rules={"*": rule}, companions=companions, is_partial=True)
