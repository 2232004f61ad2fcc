"""A check: a function that bears the ids of the rules it holds a target to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `run(api, **drawn)` raises a Failure, TargetLacks or Undecided, or returns.

    `given` are the Hypothesis strategies for what it draws: with any, it runs once an example. `writes` says that it
    changes the tenant's spaces, `shares` that it creates Shares, which nothing can delete. `examples` caps the examples
    of a check that is dear. One that is `sweeping` holds many rules at once and runs Hypothesis itself, as `Draws` has
    it: a breach says nothing of its other rules, which have checks of their own.
    """

    name: str
    rules: tuple[str, ...]
    run: Callable[..., None]
    writes: bool = False
    shares: bool = False
    given: Mapping[str, SearchStrategy[Any]] = field(default_factory=dict)
    examples: int | None = None
    sweeping: bool = False

    @property
    def sentence(self) -> str:
        """What the check says, from its name."""
        return self.name.replace("_", " ")


def check(
    *rules: str,
    writes: bool = False,
    shares: bool = False,
    examples: int | None = None,
    given: Mapping[str, SearchStrategy[Any]] | None = None,
) -> Callable[[Callable[..., None]], Check]:
    """Make a check of a function `def what_it_says(api, ...)`; the first rule is the one it is about."""
    if not rules:
        raise ValueError("a check bears the id of at least one rule")

    def make(function: Callable[..., None]) -> Check:
        return Check(
            name=function.__name__,
            rules=rules,
            run=function,
            writes=writes or shares,
            shares=shares,
            given=dict(given or {}),
            examples=examples,
        )

    return make
