"""Reading bodies and queries: Pydantic's compiled core finds the field errors, this module tells them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypedDict, TypeVar, Unpack, cast

from pydantic_core import ErrorDetails

from ..core.names import nearest
from ..core.redaction import is_secret
from ..core.refusals import FieldError, Parsed, Problem, Refusal
from . import json_body
from .call import Call, Ignored
from .validation import CATEGORIES, ERRORS_TOLD, Findings, Validator, path_of, reason_of, refusal

T = TypeVar("T")
D = TypeVar("D")

# A rule holds for every item of a list: where it stands in there does not matter.
INDEX = re.compile(r"\[[0-9]+\]")

STRICT = Problem(
    "",
    400,
    "/mock-server/ignored-input",
    "Bad Request",
    "This server runs with --strict, and parts of the request mean nothing here: {names}.",
)


def refuse_ignored(ignored: Ignored, known: Iterable[str] = ()) -> Refusal:
    """Return the refusal of a strict server; each name that means nothing is told with the nearest of those known."""
    names = list(known)
    field_errors = [
        FieldError(path, f"This means nothing here{nearest(path.rpartition('.')[2], names)}.", "propertyInvalid")
        for _, _, path in (name.partition(".") for name in ignored.names)
    ]
    return Refusal(STRICT, STRICT.error(names=ignored).detail, field_errors)


class _More(TypedDict, total=False):
    tags: tuple[str, ...]
    also: Callable[[Call, Mapping[str, Any]], list[FieldError]] | None
    companions: Mapping[str, str] | None
    is_partial: bool


class Prepared(NamedTuple):
    """What a form `made` of a sound body; of any other the value as it was given, and as it was read."""

    made: Any = None
    given: Any = None
    value: Any = None
    is_sound: bool = False


class Form(Generic[T, D]):
    """One body or query: its Pydantic type, what it becomes, and the rule behind each field error.

    `rules` maps `path:category` to a rule id: the whole path without indexes, else its last member, else `*`; `*` alone
    stands for the rest. `tags` are the names of union members, which Pydantic tells in paths and users do not write.
    `also` finds field errors that a type cannot tell; `companions` are names that mean nothing without another. With
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

    def read_body(self, call: Call) -> Parsed[D]:
        """Read the call's JSON body; the refusal of a faulty one is held back."""
        # Before the body is judged, so that also a refusal tells which parameters mean nothing.
        call.tell_unread_query()
        # Taken out of the call, which lives until its answer has left.
        prepared, call.prepared = call.prepared, None
        try:
            made, given, value, is_sound = prepared or self.prepare(call.body)
        except ValueError as error:
            return self._read_unparsed(call, error)
        if is_sound:
            return self._sound(call, made)
        field_errors, are_more = [], False
        if isinstance(value, Findings):
            found = value
            field_errors, are_more = self._told(call, "body", found), found.are_more
            # No member is sound in what is no object: nothing is left for `partial`.
            if not isinstance(given, dict):
                return Parsed(refusal=refusal(self._refusal, field_errors))
            if not field_errors:
                value = self._validator.read_known(given)
        # Of what was given, not of the value: a member of the wrong type is there, and not missing.
        if self._also is not None:
            field_errors += self._also(call, given)
        if field_errors:
            return self._faulty(given, field_errors, are_more=are_more)
        return self._sound(call, self._become(cast("T", value)))

    def prepare(self, body: bytes) -> Prepared:
        """Read a JSON body, as far as that needs no call; raises ValueError for what is none."""
        given = json_body.parse(body)
        value = self._validator.read(given, size=len(body))
        if isinstance(value, Findings) or self._also is not None:
            return Prepared(given=given, value=value)
        return Prepared(self._become(value), is_sound=True)

    def _sound(self, call: Call, made: D) -> Parsed[D]:
        # An ignored member may have any name, a secret's among them.
        call.has_innocent_names = self._has_innocent_names and not call.ignored.names
        return self._parsed(call, made)

    @cached_property
    def _has_innocent_names(self) -> bool:
        return not any(is_secret(name) or name == "value" for name in self._validator.names())

    def _read_unparsed(self, call: Call, error: ValueError) -> Parsed[D]:
        """Read a body that does not parse: where only lone surrogates are in the way, the other members are read."""
        surrogates = json_body.lone_surrogates(call.body, ERRORS_TOLD)
        if surrogates is None:
            field_error = FieldError("", f"Invalid JSON: {error}", "json", self._rule("", "json"))
            return Parsed(refusal=refusal(self._refusal, [field_error]))
        rule = self._rule("", "propertyType")
        reason = "Input should be text without lone surrogates"
        field_errors = [FieldError(path_of(place), reason, "propertyType", rule) for place in surrogates.places]
        if not self._is_partial:  # what remains lacks members that were sent
            return Parsed(refusal=refusal(self._refusal, field_errors, are_more=surrogates.are_more))
        value = self._validator.read(surrogates.sound, size=len(call.body))
        if isinstance(value, Findings):
            field_errors += self._told(call, "body", value)
        if self._also is not None:
            field_errors += self._also(call, surrogates.whole)
        return self._faulty(surrogates.sound, field_errors, are_more=surrogates.are_more)

    def read_query(self, call: Call) -> Parsed[D]:
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
            field_errors = self._told(call, "query", value)
            value = self._validator.read_known(_without_faulty(given, field_errors))
            if field_errors:
                return Parsed(self._become(value), refusal(self._refusal, field_errors))
        return self._parsed(call, self._become(value))

    def _parsed(self, call: Call, made: D) -> Parsed[D]:
        # Held back like any 400: who may not act is told that first.
        is_refused = call.strict and call.ignored.names
        strict = refuse_ignored(call.ignored, self._validator.names()) if is_refused else None
        return Parsed(made, strict)

    def _faulty(self, given: Mapping[str, Any], field_errors: Sequence[FieldError], *, are_more: bool) -> Parsed[D]:
        told = field_errors[:ERRORS_TOLD]
        refused = refusal(self._refusal, told, are_more=are_more or len(told) < len(field_errors))
        # Where not all was looked at, nothing is known to be sound.
        if not self._is_partial or are_more:
            return Parsed(refusal=refused)
        return Parsed(self._become(self._validator.read_known(_without_faulty(given, field_errors))), refused)

    def _told(self, call: Call, where: str, found: Findings) -> list[FieldError]:
        """Note members that mean nothing as ignored; return the rest of what was found."""
        for place in found.unknown:
            call.ignored.add(f"{where}.{path_of(place, self._tags)}")
        call.ignored.more += found.more_unknown
        return [self._field_error(error) for error in found.errors]

    def _field_error(self, error: ErrorDetails) -> FieldError:
        path, given, reason = path_of(error["loc"], self._tags), error["input"], reason_of(error)
        category = CATEGORIES.get(error["type"], "propertyType")
        # Pydantic tells of the item that its `type` is missing or another; users look for the member.
        if error["type"].startswith("union_tag"):
            path, given = f"{path}.type", given.get("type", ...)
            category = "propertyRequired" if given is ... else "propertyEnum"
            reason = "Field required" if given is ... else f"Input should be {' or '.join(map(repr, self._tags))}"
        if not path:
            category = "json"
        # Whatever type was asked for: that it is null is what is wrong.
        elif given is None:
            category = "propertyNull"
        return FieldError(path, reason, category, self._rule(path, category))

    def _rule(self, path: str, category: str) -> str:
        whole = INDEX.sub("[]", path)
        # The most particular first: one member may have a rule that others of its name do not.
        names = (f"{whole}:{category}", f"{whole.rpartition('.')[2]}:{category}", f"*:{category}", "*")
        return next((self._rules[name] for name in names if name in self._rules), "")


def _without_faulty(given: Mapping[str, Any], field_errors: Iterable[FieldError]) -> dict[str, Any]:
    """Leave out the members with a field error, whole."""
    faulty = {re.split(r"[.\[]", field_error.name, maxsplit=1)[0] for field_error in field_errors}
    return {name: value for name, value in given.items() if name not in faulty}
