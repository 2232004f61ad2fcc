"""Seed data as users give it: found, shared out among the vendors, read; what is wrong in it is told with its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..state.tenant import Seed
from .validation import path_of
from .vendor import SeedSource

D = TypeVar("D")

ERRORS_SHOWN = 20
BUILT_IN = ("demo", "guides")


class SeedError(ValueError):
    """Seed data that cannot be used; the message names the file and, of each error, the path and what was expected."""


class Part(dict[str, Any]):
    """One vendor's part of a document; errors in it begin with `name`."""

    def __init__(self, name: str, members: Mapping[str, Any]) -> None:
        super().__init__(members)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedReader(Generic[D]):
    """Reads one vendor's seed data: a file, a dictionary, or what is built in by name; raises SeedError.

    `checked` reads a document whole or raises Pydantic's ValidationError, `unchecked` one that is known to be right;
    `seed_of` makes records of it, and raises SeedError with one argument an error.
    """

    built_in: Mapping[str, Path]
    checked: Callable[[bytes], D]
    unchecked: Callable[[bytes], D]
    seed_of: Callable[[D], Seed]

    def __call__(self, source: SeedSource) -> Seed:
        """Return the seed; each error begins with the source's name."""
        name = source.name if isinstance(source, Part) else "data" if isinstance(source, Mapping) else str(source)
        path = self.built_in.get(name)
        try:
            content = _as_json(source) if isinstance(source, Mapping) else (path or Path(source)).read_bytes()
            return self.seed_of(self.checked(content) if path is None else self.unchecked(content))
        except OSError as error:
            raise SeedError(f"{name}: cannot be read: {error.strerror}") from None
        except ValidationError as error:
            raise SeedError(_told(name, list(map(_form_error, error.errors(include_url=False))))) from None
        except SeedError as error:
            raise SeedError(_told(name, list(map(str, error.args)))) from None


def _as_json(document: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(document, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise SeedError(f"must hold nothing but JSON values: {error}") from None


def _form_error(details: ErrorDetails) -> str:
    return f"{path_of(details['loc']) or 'the document'}: {details['msg'].removeprefix('Value error, ')}"


def _told(name: str, errors: Sequence[str]) -> str:
    if len(errors) == 1:
        return f"{name}: {errors[0]}"
    more = [f"and {len(errors) - ERRORS_SHOWN} more"] if len(errors) > ERRORS_SHOWN else []
    return "\n  ".join([f"{name}: {len(errors)} errors:", *errors[:ERRORS_SHOWN], *more])


def parts_of(source: SeedSource, vendors: Sequence[str]) -> list[SeedSource]:
    """Share a source out: a document's member with a vendor's name is that vendor's, the rest is the first one's.

    Who has no part in a document starts from what is built in.
    """
    first_alone: list[SeedSource] = [source, *(BUILT_IN[0] for _ in vendors[1:])]
    if len(vendors) == 1 or source in BUILT_IN:
        return [source for _ in vendors]
    document = source if isinstance(source, Mapping) else _parsed(Path(source))
    named = [vendor for vendor in vendors[1:] if vendor in document]
    if not named:
        return first_alone
    name = "data" if isinstance(source, Mapping) else str(source)
    rest = Part(name, {member: value for member, value in document.items() if member not in named})
    return [rest, *(_part(document, name, one) if one in named else BUILT_IN[0] for one in vendors[1:])]


def _parsed(file: Path) -> Mapping[str, Any]:
    # What is no document is left to the first vendor, who tells why.
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _part(document: Mapping[str, Any], name: str, vendor: str) -> Part:
    if not isinstance(document[vendor], Mapping):
        raise SeedError(f"{name}: {vendor}: must be an object")
    return Part(f"{name}: {vendor}", document[vendor])
