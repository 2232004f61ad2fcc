"""Validation by Pydantic's compiled core, where a hostile value costs little more than to parse it.

A body of 10 MiB may hold three million faulty items. It was parsed once, into Python values, since Pydantic's own tree
of it takes up to eight times as much. A value is read by a validator that leaves a list at its first faulty item. Where
it finds something, another one looks at all items until ERRORS_TOLD field errors are found; it hands on the items after
these unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, SchemaValidator, core_schema

from ..core.refusals import FieldError, Problem, Refusal, shortened

T = TypeVar("T")

# A body of 10 MiB may hold three million field errors; nobody reads more than some of them.
ERRORS_TOLD = 100
NAMES_TOLD = 20
NAME_SHOWN = 100
# In a smaller body errors about unknown names cost little: it needs no second way of reading.
LARGE = 64 * 1024

CATEGORIES = {
    "missing": "propertyRequired",
    "union_tag_not_found": "propertyRequired",
    "union_tag_invalid": "propertyEnum",
    "literal_error": "propertyEnum",
    "enum": "propertyEnum",
    "string_too_short": "propertyLength",
    "string_too_long": "propertyLength",
    "too_short": "propertyLength",
    "too_long": "propertyLength",
    "string_pattern_mismatch": "propertyPattern",
    "greater_than_equal": "propertyRange",
    "less_than_equal": "propertyRange",
    "value_error": "propertyFormat",
    "json_invalid": "json",
}
# What Pydantic says of values from Python, in the words of JSON.
JSON_WORDS = {
    "list_type": "Input should be a valid array",
    "dict_type": "Input should be an object",
    "model_attributes_type": "Input should be an object",
}

Place = tuple[int | str, ...]


@dataclass(slots=True)
class Findings:
    """What is wrong in a value: at most ERRORS_TOLD `errors`, and `are_more` where there may be others.

    `unknown` has the places of at most NAMES_TOLD members that are not in the type, `more_unknown` counts the others
    that were seen.
    """

    errors: list[ErrorDetails] = field(default_factory=list)
    are_more: bool = False
    unknown: list[Place] = field(default_factory=list)
    more_unknown: int = 0


@dataclass(slots=True)
class _Search:
    """How much the second look may still find; each unknown name that it tells counts as an error, too."""

    errors_left: int = ERRORS_TOLD + NAMES_TOLD
    names_left: int = NAMES_TOLD
    more_unknown: int = 0
    is_cut: bool = False


class Validator(Generic[T]):
    """Reads values of one type, strictly."""

    def __init__(self, shape: Any) -> None:
        self._shape = shape

    @cached_property
    def _schema(self) -> Any:
        return TypeAdapter(self._shape).core_schema

    @cached_property
    def _first_look(self) -> SchemaValidator:
        return SchemaValidator(_leaving_lists_early(self._schema))

    @cached_property
    def _second_look(self) -> SchemaValidator:
        return SchemaValidator(_counting(self._schema))

    def names(self) -> Iterator[str]:
        """Yield the names of all members in the type, at every depth."""
        return _names_in(self._schema)

    def read(self, given: object, *, strict: bool = True, size: int = 0) -> T | Findings:
        """Return the value, or what is wrong in it; members that are not in the type are among that.

        `size` is how many bytes of JSON it was.
        """
        try:
            if size < LARGE:
                return cast("T", self._first_look.validate_python(given, strict=strict, extra="forbid"))
            value = self._first_look.validate_python(given, strict=strict, extra="ignore")
            if value == given:  # errors about a million unknown names would take three times what the names take
                return cast("T", value)
        except ValidationError:  # let go before the second look
            pass
        found = self._find(given, strict=strict)
        return found if found.errors or found.unknown else self.read_known(given)

    def read_known(self, given: object) -> T:
        """Return the value without the members that are not in the type; all others are known to be right."""
        return cast("T", self._first_look.validate_python(given, strict=True, extra="ignore"))

    def _find(self, given: object, *, strict: bool) -> Findings:
        search, findings = _Search(), Findings()
        try:
            self._second_look.validate_python(given, strict=strict, extra="forbid", context=search)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_context=False):
                if detail["type"] == "extra_forbidden":
                    findings.unknown.append(detail["loc"])
                else:
                    findings.errors.append(detail)
        findings.more_unknown = search.more_unknown
        findings.are_more = search.is_cut or len(findings.errors) > ERRORS_TOLD
        del findings.errors[ERRORS_TOLD:]
        return findings


def _names_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if schema.get("type") == "typed-dict":
            yield from schema["fields"]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _names_in(part)


def _leaving_lists_early(schema: Any) -> Any:
    """Return the schema with lists that end at their first faulty item."""
    if isinstance(schema, list):
        return [_leaving_lists_early(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {name: _leaving_lists_early(part) for name, part in schema.items()}
    return {**changed, "fail_fast": True} if schema.get("type") == "list" else changed


def _counting(schema: Any) -> Any:
    """Return the schema with lists that stop at enough errors, and objects that keep few unknown members."""
    if isinstance(schema, list):
        return [_counting(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    changed: Any = {name: _counting(part) for name, part in schema.items()}
    if schema.get("type") == "list" and "items_schema" in schema:
        items = core_schema.with_info_wrap_validator_function(_read_item, changed["items_schema"])
        return {**changed, "items_schema": items}
    if schema.get("type") == "typed-dict":
        # The ref goes outside: a recursive schema (items within items) refers to it, and must not pass by the counting.
        ref, known = changed.pop("ref", None), frozenset(schema["fields"])
        return core_schema.with_info_before_validator_function(partial(_with_few_unknown, known), changed, ref=ref)
    return changed


def _read_item(item: Any, read: core_schema.ValidatorFunctionWrapHandler, info: Any) -> Any:
    search: _Search = info.context
    left = search.errors_left
    if left <= 0:
        search.is_cut = True
        return item
    try:
        return read(item)
    except ValidationError as error:
        search.errors_left = left - error.error_count()  # those of the lists within the item are among these
        raise


def _with_few_unknown(known: frozenset[str], value: Any, info: Any) -> Any:
    """Return an object without the unknown members that there is no room to tell."""
    # No object at all is for the schema itself to refuse.
    if not isinstance(value, dict) or value.keys() <= known:
        return value
    search: _Search = info.context
    unknown = [name for name in value if name not in known]
    told = unknown[: search.names_left]
    search.names_left -= len(told)
    search.more_unknown += len(unknown) - len(told)
    return {name: value[name] for name in (*(known & value.keys()), *told)}


def reason_of(error: ErrorDetails) -> str:
    """Return what is wrong, in a sentence."""
    return JSON_WORDS.get(error["type"]) or error["msg"].removeprefix("Value error, ")


def path_of(place: Place, tags: tuple[str, ...] = ()) -> str:
    """Return a place as users write it: `items[2].folderItems[0].assetId`."""
    path = ""
    before: int | str = ""
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        # Behind an index Pydantic writes which of a union's types it tried; the sender wrote no such member.
        elif not (isinstance(before, int) and step in tags):
            # A member's name may hold half a surrogate pair, which no answer could be encoded with.
            name = shortened(step, NAME_SHOWN).encode("utf-8", "backslashreplace").decode()
            path += f".{name}" if path else name
        before = step
    return shortened(path)


def refusal(
    problem: Problem, field_errors: Sequence[FieldError], *, are_more: bool = False, within: str = ""
) -> Refusal:
    """Return the refusal of a value with these field errors, the first of which its detail tells."""
    first = field_errors[0]
    place = ".".join(part for part in (within, first.name) if part)
    told = f"{place}: {first.reason}" if place else first.reason
    if len(field_errors) > 1:
        told += f" (meta tells {len(field_errors) - 1} more"
        told += f"; there may be others, no more than {len(field_errors)} are told)" if are_more else ")"
    return Refusal(problem, told, field_errors)
