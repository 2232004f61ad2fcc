"""The mock's levels and the kit's catalogue are two readings of the same reference: they must agree."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from showpad_mock.app import VENDORS

ROOT = Path(__file__).parent.parent.parent
LEVELS = {vendor.name: vendor.levels for vendor in VENDORS}
APIS = pytest.mark.parametrize("api", LEVELS)


def catalogue(api: str) -> Mapping[str, Any]:
    file = ROOT / "contracts" / "showpad_contracts" / api / "rules.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@APIS
def test_mock_and_catalogue_know_the_same_rules_at_the_same_levels(api: str) -> None:
    assert {rule: entry["level"] for rule, entry in catalogue(api).items()} == dict(LEVELS[api])


@APIS
def test_every_entry_tells_source_and_one_sentence(api: str) -> None:
    for rule, entry in catalogue(api).items():
        assert entry["level"] in ("D", "S", "A"), rule
        assert entry["source"], rule
        assert entry["sentence"].endswith("."), rule


@APIS
def test_the_mock_has_each_rule_in_words_too_with_a_source_unless_it_is_assumed(api: str) -> None:
    vendor = next(one for one in VENDORS if one.name == api)
    assert vendor.explained is not None
    told = tomllib.loads(vendor.explained().sentences.read_text(encoding="utf-8"))
    assert list(told) == list(vendor.levels)
    assert [rule for rule, one in told.items() if not one["sentence"].endswith(".")] == []
    assert {rule for rule, one in told.items() if "source" not in one} == {
        rule for rule, level in vendor.levels.items() if level == "A"
    }


@APIS
def test_an_assumption_has_no_source_but_itself(api: str) -> None:
    assert {entry["source"] for entry in catalogue(api).values() if entry["level"] == "A"} == {"assumption"}
