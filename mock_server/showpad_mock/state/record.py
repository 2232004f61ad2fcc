"""How records are declared: as values that nobody changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a dataclass with slots whose fields are given by name and are never set again.

    mypy holds that; at run time nothing does, because a frozen dataclass takes two to three times as long to make, and
    a request makes several. Change one with `dataclasses.replace`.
    """
    return dataclass(slots=True, kw_only=True)(cls)
