"""Reading bodies and queries: Pydantic's compiled core finds the faults, this module tells them as Showpad does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, Generic, TypedDict, TypeVar, Unpack, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, SchemaValidator

from ..problem import Fault, Held, Problem, Refusal
from .call import Call

T = TypeVar("T")
D = TypeVar("D")

JSON_DEPTH = 100
INDEX = re.compile(r"\[[0-9]+\]")
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
SURROGATE = re.compile("[\ud800-\udfff]")
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
    is_partial: bool


class Form(Generic[T, D]):
    """One body or query: its Pydantic type, what it becomes, and the rule behind each fault.

    `rules` maps `path:category` to a rule id: the whole path without indexes, else its last member, else `*`; `*` alone
    stands for the rest. `tags` are the names of union members, which Pydantic tells in paths and users do not write.
    `also` finds faults that a type cannot tell; `companions` are names that mean nothing without another. With
    `is_partial` no member is needed to make a value, so that a faulty body can be looked at without its faulty members.
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
        self._is_partial = more.get("is_partial", False)

    @cached_property
    def _validator(self) -> SchemaValidator:
        return cast("SchemaValidator", TypeAdapter(self._shape).validator)

    def read_body(self, call: Call) -> Held[D]:
        """Read the call's JSON body; the refusal of a faulty one is held back."""
        call.tell_unread_query()
        body = call.body
        try:
            value: T = self._validator.validate_json(body, strict=True, extra="forbid")
            faults: list[Fault] = []
        except ValidationError as error:
            faults = self._faults(call, "body", error)
            if not faults:
                value = self._validator.validate_json(body, strict=True, extra="ignore")
        if any(fault.category == "json" for fault in faults):
            return Held(refusal=self._refused(faults))
        if self._also is not None:
            faults += self._also(call, json.loads(body) if faults else cast("Mapping[str, Any]", value))
        if faults:
            refusal = self._refused(faults)
            sound = cast("T", _without_faults(json.loads(body), faults))
            return Held(self._become(sound) if self._is_partial else None, refusal)
        if b"NaN" in body or b"Infinity" in body:  # Pydantic lets them pass in members that nobody reads
            try:
                json.loads(body, parse_constant=self._no_constant)
            except Refusal as refusal:
                return Held(refusal=refusal)
        return self._held(call, value)

    def read_query(self, call: Call) -> Held[D]:
        """Read the call's query; of a parameter given twice the last value counts."""
        given: dict[str, str] = {}
        call.is_query_read = True
        for name, text in call.parameters():
            if name in given:
                call.ignored.append(f"query.{name}")
            given[name] = text
        for name, needed in self._companions.items():
            if name in given and needed not in given:
                call.ignored.append(f"query.{name}")
        try:
            value: T = self._validator.validate_python(given, strict=True, extra="forbid")
            refusal = None
        except ValidationError as error:
            faults = self._faults(call, "query", error)
            refusal = self._refused(faults) if faults else None
            sound = _without_faults(given, faults)
            value = self._validator.validate_python(sound, strict=True, extra="ignore")
        return self._held(call, value) if refusal is None else Held(self._become(value), refusal)

    def _held(self, call: Call, value: T) -> Held[D]:
        refusal = STRICT.error(names=", ".join(call.ignored)) if call.strict and call.ignored else None
        return Held(self._become(value), refusal)

    def _faults(self, call: Call, where: str, error: ValidationError) -> list[Fault]:
        """Sort out what Pydantic found: members that mean nothing are noted as ignored, the rest are faults."""
        unknown: list[ErrorDetails] = []
        wrong: list[ErrorDetails] = []
        for detail in error.errors(include_url=False):
            (unknown if detail["type"] == "extra_forbidden" else wrong).append(detail)
        call.ignored += (f"{where}.{path_of(detail['loc'], self._tags)}" for detail in unknown)
        faults = [self._fault(detail) for detail in wrong]
        if faults and faults[0].category == "json" and (surrogates := self._surrogates(call.body)):
            return [*surrogates, *self._faults_beside(call, surrogates)]
        return faults

    def _faults_beside(self, call: Call, found: Sequence[Fault]) -> list[Fault]:
        """Give the faults of the other members, which Pydantic does not look at when one cannot be read."""
        if not self._is_partial:
            return []  # what remains lacks members that were sent
        try:
            self._validator.validate_python(_without_faults(json.loads(call.body), found), strict=True, extra="forbid")
        except ValidationError as error:
            return self._faults(call, "body", error)
        return []

    def _refused(self, faults: Sequence[Fault]) -> Refusal:
        first = faults[0]
        told = f"{first.name}: {first.reason}" if first.name else first.reason
        if len(faults) > 1:
            told += f" (meta tells {len(faults) - 1} more)"
        return Refusal(self._refusal, told, faults)

    def _fault(self, detail: ErrorDetails) -> Fault:
        path, given = path_of(detail["loc"], self._tags), detail["input"]
        category = CATEGORIES.get(detail["type"], "propertyType")
        reason = detail["msg"].removeprefix("Value error, ")
        if detail["type"].startswith("union_tag"):
            path, given = f"{path}.type", given.get("type", ...)
            category = "propertyRequired" if given is ... else "propertyEnum"
            reason = "Field required" if given is ... else f"Input should be {' or '.join(map(repr, self._tags))}"
        if not path:
            category = "json"
        elif given is None:
            category = "propertyNull"
        return Fault(path, reason, category, self._rule(path, category))

    def _surrogates(self, body: bytes) -> list[Fault]:
        """Tell the texts with half a surrogate pair: JSON's grammar has them, no character is one (CONV-TYPES)."""
        try:
            value = json.loads(body.decode())
        except ValueError:
            return []
        found = _surrogate_paths(value, "") if isinstance(value, dict) else ()
        rule = self._rule("", "propertyType")
        return [Fault(path, "Input should be text without lone surrogates", "propertyType", rule) for path in found]

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


def _without_faults(given: Mapping[str, Any], faults: Iterable[Fault]) -> dict[str, Any]:
    """Leave out the members with a fault, whole."""
    faulty = {re.split(r"[.\[]", fault.name, maxsplit=1)[0] for fault in faults}
    return {name: value for name, value in given.items() if name not in faulty and not SURROGATE.search(name)}


def _surrogate_paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, str) and SURROGATE.search(value):
        yield path
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from _surrogate_paths(part, f"{path}[{position}]")
    elif isinstance(value, dict):
        for name, part in value.items():
            shown = name.encode("ascii", "backslashreplace").decode() if SURROGATE.search(name) else name
            inside = f"{path}.{shown}" if path else shown
            yield from [inside] if SURROGATE.search(name) else _surrogate_paths(part, inside)


def check_depth(body: bytes) -> None:
    """Refuse with 400 what nests deeper than JSON_DEPTH, before any parser recurses into it."""
    if body.count(b"[") + body.count(b"{") <= JSON_DEPTH:
        return
    brackets = STRINGS.sub(b"", body).translate(None, NOT_BRACKETS)
    if max(accumulate(1 if bracket in b"[{" else -1 for bracket in brackets), default=0) > JSON_DEPTH:
        raise TOO_DEEP.error()
