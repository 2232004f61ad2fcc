"""Reading bodies and queries: Pydantic's compiled core finds the faults, this module tells them as Showpad does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypedDict, TypeVar, Unpack, cast

from pydantic_core import ErrorDetails

from ..core.redaction import is_secret
from ..core.refusals import Fault, Held, Problem
from . import json_body
from .call import Call
from .validation import CATEGORIES, ERRORS_TOLD, Findings, Validator, path_of, reason_of, refusal

T = TypeVar("T")
D = TypeVar("D")

INDEX = re.compile(r"\[[0-9]+\]")

STRICT = Problem(
    "",
    400,
    "/mock-server/ignored-input",
    "Bad Request",
    "This server runs with --strict, and parts of the request mean nothing here: {names}.",
)


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
    def _validator(self) -> Validator[T]:
        return Validator(self._shape)

    def read_body(self, call: Call) -> Held[D]:
        """Read the call's JSON body; the refusal of a faulty one is held back."""
        call.tell_unread_query()
        try:
            given = json_body.parse(call.body)
        except ValueError as error:
            return self._read_unparsed(call, error)
        value = self._validator.read(given, size=len(call.body))
        faults, are_more = [], False
        if isinstance(value, Findings):
            found = value
            faults, are_more = self._told(call, "body", found), found.are_more
            if not isinstance(given, dict):
                return Held(refusal=refusal(self._refusal, faults))
            if not faults:
                value = self._validator.read_known(given)
        if self._also is not None:
            faults += self._also(call, given)
        if faults:
            return self._faulty(given, faults, are_more=are_more)
        call.has_innocent_names = self._has_innocent_names and not call.ignored
        return self._held(call, cast("T", value))

    @cached_property
    def _has_innocent_names(self) -> bool:
        return not any(map(is_secret, self._validator.names()))

    def _read_unparsed(self, call: Call, error: ValueError) -> Held[D]:
        """Read a body that does not parse: where only lone surrogates are in the way, the other members are read."""
        surrogates = json_body.lone_surrogates(call.body, ERRORS_TOLD)
        if surrogates is None:
            fault = Fault("", f"Invalid JSON: {error}", "json", self._rule("", "json"))
            return Held(refusal=refusal(self._refusal, [fault]))
        rule = self._rule("", "propertyType")
        reason = "Input should be text without lone surrogates"
        faults = [Fault(path_of(place), reason, "propertyType", rule) for place in surrogates.places]
        if not self._is_partial:  # what remains lacks members that were sent
            return Held(refusal=refusal(self._refusal, faults, are_more=surrogates.are_more))
        value = self._validator.read(surrogates.sound, size=len(call.body))
        if isinstance(value, Findings):
            faults += self._told(call, "body", value)
        if self._also is not None:
            faults += self._also(call, surrogates.whole)
        return self._faulty(surrogates.sound, faults, are_more=surrogates.are_more)

    def read_query(self, call: Call) -> Held[D]:
        """Read the call's query; of a parameter given twice the last value counts."""
        given: dict[str, str] = {}
        call.is_query_read = True
        for name, text in call.parameters():
            if name in given:
                call.ignored.add(f"query.{name}")
            given[name] = text
        for name, needed in self._companions.items():
            if name in given and needed not in given:
                call.ignored.add(f"query.{name}")
        value = self._validator.read(given)
        if isinstance(value, Findings):
            faults = self._told(call, "query", value)
            value = self._validator.read_known(_without_faults(given, faults))
            if faults:
                return Held(self._become(value), refusal(self._refusal, faults))
        return self._held(call, value)

    def _held(self, call: Call, value: T) -> Held[D]:
        strict = STRICT.error(names=call.ignored) if call.strict and call.ignored else None
        return Held(self._become(value), strict)

    def _faulty(self, given: Mapping[str, Any], faults: Sequence[Fault], *, are_more: bool) -> Held[D]:
        told = faults[:ERRORS_TOLD]
        refused = refusal(self._refusal, told, are_more=are_more or len(told) < len(faults))
        sound = cast("T", _without_faults(given, faults))
        return Held(self._become(sound) if self._is_partial else None, refused)

    def _told(self, call: Call, where: str, found: Findings) -> list[Fault]:
        """Note members that mean nothing as ignored; return the rest of what was found."""
        for place in found.unknown:
            call.ignored.add(f"{where}.{path_of(place, self._tags)}")
        call.ignored.more += found.more_unknown
        return [self._fault(error) for error in found.errors]

    def _fault(self, error: ErrorDetails) -> Fault:
        path, given, reason = path_of(error["loc"], self._tags), error["input"], reason_of(error)
        category = CATEGORIES.get(error["type"], "propertyType")
        if error["type"].startswith("union_tag"):
            path, given = f"{path}.type", given.get("type", ...)
            category = "propertyRequired" if given is ... else "propertyEnum"
            reason = "Field required" if given is ... else f"Input should be {' or '.join(map(repr, self._tags))}"
        if not path:
            category = "json"
        elif given is None:
            category = "propertyNull"
        return Fault(path, reason, category, self._rule(path, category))

    def _rule(self, path: str, category: str) -> str:
        whole = INDEX.sub("[]", path)
        names = (f"{whole}:{category}", f"{whole.rpartition('.')[2]}:{category}", f"*:{category}", "*")
        return next((self._rules[name] for name in names if name in self._rules), "")


def _without_faults(given: Mapping[str, Any], faults: Iterable[Fault]) -> dict[str, Any]:
    """Leave out the members with a fault, whole."""
    faulty = {re.split(r"[.\[]", fault.name, maxsplit=1)[0] for fault in faults}
    return {name: value for name, value in given.items() if name not in faulty}
