"""A rule: one documented promise, how sure it is, and where it comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How sure a rule is: documented in a guide, stated by published descriptions, or assumed."""

    DOCUMENTED = "D"
    STATED = "S"
    ASSUMED = "A"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a catalogue. `untestable` says why no check can see it from outside, None where one can."""

    id: str
    level: Level
    source: str
    sentence: str
    operation: str = ""
    untestable: str | None = None
    place: int = 0
    """Where it stands in its catalogue."""


def read_catalogue(text: str) -> dict[str, Rule]:
    """Read a rules.toml; raises ValueError naming the rule whose entry is not as it should be."""
    rules = {}
    for place, (rule_id, entry) in enumerate(tomllib.loads(text).items()):
        try:
            # Unknown members are refused by Rule itself: a typing error would silently switch something off.
            rules[rule_id] = Rule(id=rule_id, place=place, **{**entry, "level": Level(entry["level"])})
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{rule_id}: {error}") from None
    return rules


def levels_of(catalogue: Mapping[str, Rule]) -> dict[str, Level]:
    """Return the level of each rule."""
    return {rule.id: rule.level for rule in catalogue.values()}
