"""Reading bodies and queries: Pydantic's compiled core finds the faults, this module tells them as Showpad does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, Generic, TypedDict, TypeVar, Unpack, cast
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from ..problem import Fault, Held, Problem, Refusal
from .call import Call

T = TypeVar("T")
D = TypeVar("D")

JSON_DEPTH = 100
INDEX = re.compile(r"\[[0-9]+\]")
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))

TOO_DEEP = Problem(
    "",
    400,
    "/mock-server/too-deep",
    "Bad Request",
    f"The body nests deeper than {JSON_DEPTH} levels, which is the most this server reads.",
)
STRICT = Problem(
    "",
    400,
    "/mock-server/ignored-input",
    "Bad Request",
    "This server runs with --strict, and parts of the request mean nothing here: {names}.",
)

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


class _More(TypedDict, total=False):
    tags: tuple[str, ...]
    also: Callable[[Call, Mapping[str, Any]], list[Fault]] | None
    companions: Mapping[str, str] | None


class Form(Generic[T, D]):
    """One body or query: its Pydantic type, what it becomes, and the rule behind each fault.

    `rules` maps `path:category` to a rule id: the whole path without indexes, else its last member, else `*`; `*` alone
    stands for the rest. `tags` are the names of union members, which Pydantic tells in paths and users do not write.
    `also` finds faults that a type cannot tell; `companions` are names that mean nothing without another.
    """

    def __init__(
        self,
        shape: Any,
        become: Callable[[T], D],
        *,
        refusal: Problem,
        rules: Mapping[str, str],
        **more: Unpack[_More],
    ) -> None:
        self._shape = shape
        self._become = become
        self._refusal = refusal
        self._rules = rules
        self._tags = more.get("tags", ())
        self._also = more.get("also")
        self._companions = more.get("companions") or {}

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._shape)

    def read_body(self, call: Call) -> Held[D]:
        """Read the call's JSON body; the refusal of a faulty one is held back."""
        body = call.body
        try:
            check_depth(body)
            value = self._read(
                call,
                "body",
                lambda extra: self._adapter.validate_json(body, strict=True, extra=extra),
                lambda: from_json(body),
            )
            if b"NaN" in body or b"Infinity" in body:  # Pydantic lets them pass in fields that nobody reads
                json.loads(body, parse_constant=self._no_constant)
            return Held(self._become(value))
        except Refusal as refusal:
            return Held(refusal=refusal)

    def read_query(self, call: Call) -> Held[D]:
        """Read the call's query; of a parameter given twice the last value counts."""
        given: dict[str, str] = {}
        for name, text in parse_qsl(call.query.decode("latin-1"), keep_blank_values=True) if call.query else ():
            if name in given:
                call.ignored.append(f"query.{name}")
            given[name] = text
        for name, needed in self._companions.items():
            if name in given and needed not in given:
                call.ignored.append(f"query.{name}")
        try:
            value = self._read(
                call,
                "query",
                lambda extra: self._adapter.validate_python(given, strict=True, extra=extra),
                lambda: given,
            )
            return Held(self._become(value))
        except Refusal as refusal:
            return Held(refusal=refusal)

    def _read(self, call: Call, where: str, validate: Callable[[Any], T], raw: Callable[[], Any]) -> T:
        faults: list[Fault] = []
        try:
            value = validate("forbid")
        except ValidationError as error:
            unknown: list[ErrorDetails] = []
            wrong: list[ErrorDetails] = []
            for detail in error.errors(include_url=False):
                (unknown if detail["type"] == "extra_forbidden" else wrong).append(detail)
            call.ignored += (f"{where}.{path_of(detail['loc'], self._tags)}" for detail in unknown)
            faults = [self._fault(detail) for detail in wrong]
            if not faults:
                value = validate("ignore")
        is_object = all(fault.category != "json" for fault in faults)
        if self._also is not None and is_object:
            faults += self._also(call, raw() if faults else cast("Mapping[str, Any]", value))
        if faults:
            raise self._refused(faults)
        if call.strict and call.ignored:
            raise STRICT.error(names=", ".join(call.ignored))
        return value

    def _refused(self, faults: Sequence[Fault]) -> Refusal:
        first = faults[0]
        told = f"{first.name}: {first.reason}" if first.name else first.reason
        if len(faults) > 1:
            told += f" (meta tells {len(faults) - 1} more)"
        return Refusal(self._refusal, told, faults)

    def _fault(self, detail: ErrorDetails) -> Fault:
        path = path_of(detail["loc"], self._tags)
        if detail["type"].startswith("union_tag"):
            path += ".type"
        category = CATEGORIES.get(detail["type"], "propertyType")
        if not path:
            category = "json"
        elif detail["input"] is None:
            category = "propertyNull"
        reason = detail["msg"].removeprefix("Value error, ")
        return Fault(path, reason, category, self._rule(path, category))

    def _rule(self, path: str, category: str) -> str:
        whole = INDEX.sub("[]", path)
        names = (f"{whole}:{category}", f"{whole.rpartition('.')[2]}:{category}", f"*:{category}", "*")
        return next((self._rules[name] for name in names if name in self._rules), "")

    def _no_constant(self, name: str) -> object:
        fault = Fault("", f"Invalid JSON: {name} is no JSON value", "json", self._rule("", "json"))
        raise Refusal(self._refusal, fault.reason, (fault,))


def path_of(location: tuple[int | str, ...], tags: tuple[str, ...] = ()) -> str:
    """Show where a fault is as users write it: `items[2].folderItems[0].assetId`."""
    path = ""
    before: int | str = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        elif not (isinstance(before, int) and step in tags):
            path += f".{step}" if path else step
        before = step
    return path


def check_depth(body: bytes) -> None:
    """Refuse with 400 what nests deeper than JSON_DEPTH, before any parser recurses into it."""
    if body.count(b"[") + body.count(b"{") <= JSON_DEPTH:
        return
    brackets = STRINGS.sub(b"", body).translate(None, NOT_BRACKETS)
    if max(accumulate(1 if bracket in b"[{" else -1 for bracket in brackets), default=0) > JSON_DEPTH:
        raise TOO_DEEP.error()
