"""Partial changes of records: what is None was not asked for."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def given(changes: DataclassInstance) -> dict[str, Any]:
    """Return the fields that a change gives a value, by name."""
    return {one.name: value for one in fields(changes) if (value := getattr(changes, one.name)) is not None}
