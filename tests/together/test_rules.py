"""The mock's levels and the kit's catalogue are two readings of the same reference: they must agree."""

from __future__ import annotations

import tomllib
from pathlib import Path

from showpad_mock.showpad.rules import LEVELS

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = tomllib.loads((ROOT / "contracts/showpad_contracts/showpad/rules.toml").read_text(encoding="utf-8"))


def test_mock_and_catalogue_know_the_same_rules_at_the_same_levels() -> None:
    assert {rule: entry["level"] for rule, entry in CATALOGUE.items()} == dict(LEVELS)


def test_every_entry_tells_source_and_one_sentence() -> None:
    for rule, entry in CATALOGUE.items():
        assert entry["level"] in ("D", "S", "A"), rule
        assert entry["source"], rule
        assert entry["sentence"].endswith("."), rule


def test_an_assumption_has_no_source_but_itself() -> None:
    assert {entry["source"] for entry in CATALOGUE.values() if entry["level"] == "A"} == {"assumption"}
