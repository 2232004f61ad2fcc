"""The rules of RSpace's sharing side, by id."""

from __future__ import annotations

from importlib.resources import files

from ..core.rule import read_catalogue

CATALOGUE = read_catalogue((files(__package__) / "rules.toml").read_text(encoding="utf-8"))
"""Rule id -> Rule, in the order of the reference."""
