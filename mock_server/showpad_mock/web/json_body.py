"""A body's JSON, parsed within limits; where half a surrogate pair keeps it from parsing, what else it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import accumulate, filterfalse, islice
from typing import Any, NamedTuple

from pydantic_core import from_json

from ..core.refusals import Problem
from .validation import Place

JSON_DEPTH = 100
TOO_DEEP = Problem(
    "",
    400,
    "/mock-server/too-deep",
    "Bad Request",
    f"The body nests deeper than {JSON_DEPTH} levels, which is the most this server reads.",
)

SURROGATE = re.compile("[\ud800-\udfff]")
STRING = re.compile(rb'"[^"]*"?')
NOT_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))
# Looked up by byte: a body of 10 MiB may be nothing but brackets.
STEPS = [1 if byte in b"[{" else -1 for byte in range(256)]


def check_depth(body: bytes) -> None:
    """Refuse with 400 what nests deeper than JSON_DEPTH, before any parser recurses into it."""
    # Nearly every body ends here, without a look at its strings.
    if body.count(b"[") + body.count(b"{") <= JSON_DEPTH:
        return
    # Without escaped quotes, `""` is an empty text, or where one ends and the next begins: what is inside stays inside.
    quoted = body.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, NOT_STRUCTURE).replace(b'""', b"")
    brackets = STRING.sub(b"", quoted)
    depths = accumulate(map(STEPS.__getitem__, brackets))
    # The first depth outside is that of the value's end, or of no JSON.
    if next(filterfalse(range(1, JSON_DEPTH + 1).__contains__, depths), 0) > JSON_DEPTH:
        raise TOO_DEEP.error()


def parse(body: bytes) -> Any:
    """Return the body's value; raises ValueError, which says what is wrong and where, for no JSON."""
    return from_json(body, allow_inf_nan=False)


class Surrogates(NamedTuple):
    """Where a body's texts and names hold lone surrogates, as far as asked for; the body and its sound members."""

    places: list[Place]
    are_more: bool
    whole: dict[str, Any]
    sound: dict[str, Any]


def lone_surrogates(body: bytes, most: int) -> Surrogates | None:
    """Return the texts with half a surrogate pair; None when something else keeps the body from parsing.

    JSON's grammar allows half a pair, which is no character.
    """
    try:
        # The standard library's, since Pydantic's parser takes no lone surrogate; it recurses, within JSON_DEPTH.
        value = json.loads(body.decode())
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    places: list[Place] = []
    are_more = False
    sound: dict[str, Any] = {}
    for name, part in value.items():
        room = most - len(places)
        # One more than there is room for tells that there are more.
        found = list(islice(_surrogates_in({name: part}, ()), room + 1))
        if not found:
            sound[name] = part
        are_more = are_more or len(found) > room
        places += map(_flat, found[:room])
    return Surrogates(places, are_more, value, sound) if places else None


_Nested = tuple[Any, ...]  # the place around, then the last step: of long places most are never told


def _surrogates_in(value: Any, place: _Nested) -> Iterator[_Nested]:
    if isinstance(value, str):
        if SURROGATE.search(value):
            yield place
        return
    for step, part in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(step, str) and SURROGATE.search(step):
            yield (place, step)
        elif isinstance(part, str | list | dict):
            yield from _surrogates_in(part, (place, step))


def _flat(nested: _Nested) -> Place:
    steps: list[int | str] = []
    while nested:
        nested, step = nested
        steps.append(step)
    return tuple(reversed(steps))
