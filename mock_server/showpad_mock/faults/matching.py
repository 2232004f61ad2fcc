"""Whether texts, JSON and calls fit a match. Patterns know `*` alone: none is slow, however it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from pydantic_core import from_json

from ..web.call import Call
from .record import Match

MISSING = object()
COMPARED = 4096
"""So many characters of a text are held against a pattern."""


def fits_pattern(pattern: str, text: str) -> bool:
    """Return whether a text fits a pattern, in which each `*` stands for any characters, or none."""
    text = text[:COMPARED]
    first, *middle = pattern.split("*")
    if not middle:
        return pattern == text
    last = middle.pop()
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    place, end = len(first), len(text) - len(last)
    # The first place where a piece is found is right: no later one leaves more room for the rest.
    for piece in middle:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def fits_path(pattern: str, paths: Sequence[Sequence[str]]) -> bool:
    """Return whether one of the paths, in segments, fits a pattern: `*` stands within one segment."""
    wanted = pattern.split("/")
    return any(len(wanted) == len(given) and all(map(fits_pattern, wanted, given)) for given in paths)


def paths_of(path: str, base_path: str) -> list[list[str]]:
    """Return a path in segments, and without the API's base path, where it has one."""
    given, base = path.split("/"), base_path.split("/")[1:]
    # A vendor may be served under a longer base, too, which ends alike.
    for start in range(1, len(given) - len(base) + 1):
        if given[start : start + len(base)] == base:
            return [given, ["", *given[start + len(base) :]]]
    return [given]


def holds(document: Any, wanted: Mapping[str, Any]) -> bool:
    """Return whether a document has, at each of the places, what fits the pattern or is the value."""
    return all(_fits_value(_at(document, place.split(".")), value) for place, value in wanted.items())


def _at(value: Any, steps: Iterable[str]) -> Any:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value


def _fits_value(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return isinstance(value, str) and fits_pattern(wanted, value)
    # In Python True is 1, in JSON it is not.
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def parsed(body: bytes | str) -> Any:
    """Return a body as JSON; what is none holds nothing."""
    try:
        return from_json(body)
    except ValueError:
        return MISSING


class Asked:
    """What a call asks, for faults to be held against it; its body is parsed once, and only if one wants it."""

    def __init__(self, call: Call) -> None:
        self._call = call

    @cached_property
    def _body(self) -> Any:
        return parsed(self._call.body)

    @cached_property
    def _paths(self) -> list[list[str]]:
        return paths_of(self._call.path, self._call.vendor.base_path if self._call.vendor is not None else "")

    def fits(self, match: Match) -> bool:
        """Return whether the call fits all that is given, but for its number."""
        call = self._call
        return (
            match.operation in (None, call.route.name)
            and match.method in (None, call.method)
            and (match.path is None or fits_path(match.path, self._paths))
            and (not match.headers or self._fits_headers(match.headers))
            and (not match.body or holds(self._body, match.body))
        )

    def _fits_headers(self, patterns: Mapping[str, str]) -> bool:
        given = ((self._call.header(name.lower().encode("latin-1")), pattern) for name, pattern in patterns.items())
        return all(text is not None and fits_pattern(pattern, text) for text, pattern in given)
