"""What checks say of an answer; each raises one Violation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .exchange import NOTHING, Exchange
from .violation import ExtraMember, MissingMember, PreconditionFailed, Violation, WrongForm, WrongStatus, WrongValue

_JSON_NAMES = {str: "string", bool: "boolean", int: "integer", list: "array", dict: "object"}


@contextmanager
def needed(need: str, rule: str) -> Iterator[None]:
    """Prepare a check in the block: a violation there breaks `rule`, and says nothing of what the check is about."""
    try:
        yield
    except Violation as violation:
        raise PreconditionFailed(need, violation.rule or rule, violation) from violation


def status(exchange: Exchange, *expected: int) -> Exchange:
    """Require one of these statuses."""
    if exchange.status not in expected:
        wanted = " or ".join(map(str, expected))
        raise WrongStatus(f"status of {exchange.name}", expected=wanted, received=_told(exchange))
    return exchange


def _told(exchange: Exchange) -> str:
    told = exchange.received if isinstance(exchange.received, Mapping) else {}
    detail = told.get("detail", told.get("message"))
    return f"{exchange.status} ({detail})" if isinstance(detail, str) else str(exchange.status)


def json_object(exchange: Exchange) -> dict[str, Any]:
    """Return the body, which must be a JSON object."""
    if not isinstance(exchange.received, dict):
        raise WrongForm(f"body of {exchange.name}", expected="a JSON object", received=exchange.text[:200])
    return exchange.received


def answered(exchange: Exchange, code: int) -> dict[str, Any]:
    """Return the body: a JSON object, under this status."""
    return json_object(status(exchange, code))


def nothing(exchange: Exchange, code: int = 204) -> None:
    """Require this status and no body."""
    status(exchange, code)
    # A body that is no JSON is one, too.
    if exchange.received is not NOTHING or exchange.text:
        raise ExtraMember(f"body of {exchange.name}", expected="no body", received=exchange.text[:200])


def refused(exchange: Exchange, code: int) -> dict[str, Any]:
    """Return the problem of a request that must be refused with this status (its own rule checks the form)."""
    return answered(exchange, code)


def member(value: Mapping[str, Any], name: str, *, of: str = "the answer") -> Any:
    """Return a member that the object must have. `name` may be a path such as `owner.userId`."""
    found: Any = value
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise MissingMember(f"{name} of {of}", expected="the member", received=found)
        found = found[part]
    return found


def equal(received: Any, expected: Any, what: str) -> None:
    """Require exactly this value, 1 and true told apart at every depth."""
    if not alike(received, expected):
        raise WrongValue(what, expected=expected, received=received)


def alike(one: Any, other: Any) -> bool:
    """Return whether two JSON values are the same, 1 and true told apart at every depth."""
    if type(one) is not type(other):  # Python takes True for 1, and 1.0 for 1
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other)


def of_type(received: Any, kind: type, what: str) -> None:
    """Require a value of this JSON type, which Python's type stands for; true is no integer."""
    if type(received) is not kind:
        raise WrongForm(what, expected=f"a JSON {_JSON_NAMES[kind]}", received=received)


def members(value: Mapping[str, Any], expected: Collection[str], what: str) -> None:
    """Require at least these members."""
    for name in expected:
        member(value, name, of=what)


def matches(received: Any, pattern: str | re.Pattern[str], what: str) -> None:
    """Require a text of this form, the whole of it."""
    if not isinstance(received, str) or re.fullmatch(pattern, received) is None:
        raise WrongForm(what, expected=getattr(pattern, "pattern", pattern), received=received)
